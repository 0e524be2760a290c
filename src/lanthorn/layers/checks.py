"""Settings that many layers check in the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

from lanthorn.engine import defaults
from lanthorn.engine.errors import LanthornError


class WrongKindError(LanthornError, TypeError):
    """A setting of another kind than asked for. Keras raises TypeError for some and ValueError for
    others: this is both, so that either is caught."""


def refusal(layer: Any, setting: str, wanted: str, value: Any) -> Exception:
    """What is raised for a setting that is not as `wanted`; a number of the wrong size is a
    ValueError, anything that is no such number a WrongKindError."""
    kind = LanthornError if is_whole(value) else WrongKindError
    return kind(f"{type(layer).__name__}: {setting} is {wanted}, not {value!r}.")


def is_whole(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Whether it is one real number, Python's or NumPy's; True is none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def number(layer: Any, setting: str, value: Any, wanted: str = "a number") -> Any:
    """A setting that is one real number, as Python's own, which files can keep.

    Raises: WrongKindError for anything else.
    """
    if not is_number(value):
        raise WrongKindError(f"{type(layer).__name__}: {setting} is {wanted}, not {value!r}.")
    return value if isinstance(value, int | float) else value.item()  # type: ignore[union-attr]


def positive(layer: Any, setting: str, value: Any) -> int:
    """A setting that counts something.

    Raises: ValueError unless it is a whole number of at least 1.
    """
    if not is_whole(value) or value < 1:
        raise refusal(layer, setting, "a whole number of 1 or more", value)
    return int(value)


def per_axis(
    layer: Any,
    setting: str,
    value: Any,
    rank: int,
    check: Callable[[Any, str, Any], int] = positive,
) -> tuple[int, ...]:
    """One whole number for each of `rank` axes; a single number serves them all.

    check: what each of them must be.
    Example:
        `per_axis(layer, "strides", 2, rank=2)` is `(2, 2)`.
    """
    values = tuple(value) if isinstance(value, Sequence) else (value,) * rank
    if len(values) != rank:
        raise ValueError(
            f"{type(layer).__name__}: {setting} is one whole number or {rank} of them, "
            f"not {value!r}."
        )
    return tuple(check(layer, setting, each) for each in values)


def one_of(layer: Any, setting: str, value: Any, known: Sequence[str]) -> str:
    """A setting that is one of a few words.

    Raises: ValueError with the words that are known, and the nearest.
    """
    name = str(value).lower()
    if name not in known:
        from lanthorn.words.nearest import did_you_mean

        raise ValueError(
            f"{type(layer).__name__}: {setting} is one of {', '.join(map(repr, known))}, "
            f"not {value!r}{did_you_mean(value, known)}"
        )
    return name


def natural(layer: Any, setting: str, value: Any) -> int:
    """A setting that counts something and may be 0.

    Raises: ValueError unless it is a whole number of at least 0.
    """
    if not is_whole(value) or value < 0:
        raise refusal(layer, setting, "a whole number of 0 or more", value)
    return int(value)


def edges(layer: Any, setting: str, value: Any, rank: int) -> tuple[tuple[int, int], ...]:
    """For each of `rank` axes how many rows at its beginning and at its end.

    A single number serves every edge, one number for an axis both of its ends.
    Example:
        `edges(layer, "padding", (1, (0, 2)), rank=2)` is `((1, 1), (0, 2))`.
    """
    if rank == 1:
        each = (value,)  # one axis: the pair itself is asked for
    else:
        each = tuple(value) if isinstance(value, Sequence) else (value,) * rank
    pairs = tuple(tuple(pair) if isinstance(pair, Sequence) else (pair, pair) for pair in each)
    if len(pairs) != rank or any(len(pair) != 2 for pair in pairs):
        raise ValueError(
            f"{type(layer).__name__}: {setting} is one whole number or "
            f"{'a pair' if rank == 1 else f'{rank} numbers or pairs'} of them, not {value!r}."
        )
    return tuple(
        (natural(layer, setting, first), natural(layer, setting, last)) for first, last in pairs
    )


def counted(count: int | None, noun: str) -> str:
    """`1 channel`, `3 channels`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def data_format(layer: Any, value: Any) -> str:
    """The order of the axes: "channels_last" (batch, …, channels) or "channels_first"; when none is
    said, that of `lanthorn.config`.

    Source: keras 3.15 `backend/config.py`, whose default this is.
    """
    return one_of(layer, "data_format", value or defaults.image_data_format(), defaults.ORDERS)
