"""Settings that many layers check in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def positive(layer: Any, setting: str, value: Any) -> int:
    """A setting that counts something.

    Raises: ValueError unless it is a whole number of at least 1.
    """
    if not hasattr(value, "__index__") or isinstance(value, bool) or value < 1:
        raise ValueError(
            f"{type(layer).__name__}: {setting} is a whole number of 1 or more, not {value!r}."
        )
    return int(value)


def per_axis(layer: Any, setting: str, value: Any, rank: int) -> tuple[int, ...]:
    """One whole number for each of `rank` axes; a single number serves them all.

    Example:
        `per_axis(layer, "strides", 2, rank=2)` is `(2, 2)`.
    """
    values = tuple(value) if isinstance(value, Sequence) else (value,) * rank
    if len(values) != rank:
        raise ValueError(
            f"{type(layer).__name__}: {setting} is one whole number or {rank} of them, "
            f"not {value!r}."
        )
    return tuple(positive(layer, setting, each) for each in values)


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


def channels_last(layer: Any, data_format: Any) -> str:
    """The order of axes: only (batch, …, channels) is computed so far."""
    name = one_of(
        layer, "data_format", data_format or "channels_last", ("channels_last", "channels_first")
    )
    if name == "channels_first":
        raise NotImplementedError(
            f"{type(layer).__name__}: data_format='channels_first' is not offered. Put the "
            "channels last with Permute, for example Permute((2, 3, 1)) for pictures."
        )
    return name
