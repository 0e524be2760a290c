"""Texts as words: standardized, split, joined to n-grams. All in bytes, as in TensorFlow."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

from lanthorn.layers.checks import positive
from lanthorn.layers.preprocessing.data import as_text

SAME = bytes(range(256))
LOWER = SAME.lower()
"""What each byte becomes: A to Z change, other letters do not, as in TensorFlow."""

PUNCTUATION = string.punctuation.encode()

AsBytes = Callable[[Any], Any]
"""What makes an array of bytes of the text that a user's function returns."""


def standardized(texts: Any, how: Any, as_bytes: AsBytes) -> Any:
    """An array of texts in lower case, without punctuation, or as a function wants it."""
    import numpy as np

    if how is None:
        return texts
    flat = texts.ravel().tolist()
    if callable(how):
        return as_bytes(how(np.array(list(map(as_text, flat)), str).reshape(texts.shape)))
    table = LOWER if "lower" in how else SAME
    gone = PUNCTUATION if "punctuation" in how else b""
    changed = np.empty(len(flat), dtype=object)
    changed[:] = [text.translate(table, gone) for text in flat]
    return changed.reshape(texts.shape)


def split(texts: Any, how: Any, as_bytes: AsBytes) -> list[list[bytes]]:
    """The words of each text of a row."""
    import numpy as np

    if callable(how):
        rows: Any = how(np.array(list(map(as_text, texts.tolist())), str))
        return [as_bytes(list(row)).tolist() for row in rows]
    if how == "whitespace":
        return [text.split() for text in texts.tolist()]
    return [
        [character.encode() for character in text.decode("utf-8", "replace")]
        for text in texts.tolist()
    ]


def widths(layer: Any, ngrams: Any) -> tuple[int, ...] | None:
    """The numbers of words that are joined."""
    if ngrams is None:
        return None
    if isinstance(ngrams, int):
        return tuple(range(1, positive(layer, "ngrams", ngrams) + 1))
    return tuple(positive(layer, "ngrams", width) for width in ngrams)


def ngrams(words: list[bytes], widths: tuple[int, ...]) -> list[bytes]:
    """All runs of so many words, those of the first width first.

    Example:
        >>> ngrams([b"a", b"b", b"c"], (1, 2))
        [b'a', b'b', b'c', b'a b', b'b c']
    """
    return [
        b" ".join(words[start : start + width])
        for width in widths
        for start in range(len(words) - width + 1)
    ]
