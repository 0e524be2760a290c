"""What is raised when a model file cannot be used: one family, whatever part of the file is wrong.

A file is data from a stranger, so messages are short, name the file and the place in it, show its
words only quoted and cut, and never show other files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lanthorn.engine.errors import LanthornError

LONGEST_MESSAGE = 480
LONGEST_WORD = 80


class ModelFileError(LanthornError):
    """A model file that cannot be used.

    path: the file. where: the place in it (`"config.json: layer 'd1'"`). hint: what to do.
    """

    def __init__(
        self, what: str, *, where: str | None = None, hint: str | None = None, path: Any = None
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint
        self.path = path

    def __str__(self) -> str:
        file = None if self.path is None else cut(os.path.basename(os.fspath(self.path)))
        text = ": ".join(part for part in (file, self.where, self.what) if part)
        hint = f" {self.hint}" if self.hint else ""
        room = LONGEST_MESSAGE - len(hint)
        return (text if len(text) <= room else text[: room - 1] + "…") + hint


class UnsafeModelError(ModelFileError):
    """The file asks for code, a module, a path, an address, a link or a plug-in."""


class UnknownObjectError(ModelFileError):
    """The file names a class or function that is in no table."""


class ModelLimitError(ModelFileError):
    """Something in the file is over a limit on sizes, depths or counts."""


class DamagedModelError(ModelFileError):
    """The file is cut short, has changed bytes, or is not what its name says."""


class ModelMismatchError(ModelFileError):
    """The weights in the file are not those of the model."""


class ModelFileWarning(UserWarning):
    """A model file that was loaded, but not all of it.

    Silence it: `warnings.filterwarnings("ignore", category=lanthorn.saving.ModelFileWarning)`.
    """


def quoted(word: Any) -> str:
    """A word from a file as messages show it: by `repr`, so nothing in it acts, and cut.

    Example:
        >>> quoted("a\\x1b[31m" + 100 * "b")[:20]
        "'a\\\\x1b[31mbbbbbbbbbb"
    """
    return repr(cut(word)) if isinstance(word, str) else cut(repr(word))


def cut(text: str, length: int = LONGEST_WORD) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


@contextmanager
def inside(place: str) -> Iterator[None]:
    """Say of every refusal within that it happened in `place`, before what is already said."""
    try:
        yield
    except ModelFileError as error:
        error.where = place if error.where is None else f"{place}: {error.where}"
        raise


@contextmanager
def of_file(path: Any) -> Iterator[None]:
    """Say of every refusal within which file it is about."""
    try:
        yield
    except ModelFileError as error:
        if error.path is None:
            error.path = path
        raise


@contextmanager
def damage(what: str) -> Iterator[None]:
    """Take anything that goes wrong within, while foreign bytes are read, for damage to the file.

    what: what could not be read ("the list of members").
    """
    try:
        yield
    except ModelFileError:
        raise
    except MemoryError as error:
        raise ModelLimitError(f"{what} needs more memory than there is.") from error
    except Exception as error:
        raise DamagedModelError(f"{what} cannot be read ({type(error).__name__}).") from error
