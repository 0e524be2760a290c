"""How much is drawn: settings that layers of pictures check in the same way."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

Span = tuple[float, float]


def is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and not math.isnan(value)


def plain_number(value: Any) -> Any:
    """NumPy's numbers as Python's, which configs keep."""
    return value.item() if getattr(value, "shape", None) == () else value


def span(
    layer: Any, setting: str, value: Any, low: float, high: float, within: bool = False
) -> Span:
    """The least and the most that is drawn: two numbers, or of one number f from -f to f.

    low, high: what makes sense; -f stops at low. Of two numbers it is enough that some of what lies
        between them makes sense, as in Keras, unless they are to lie `within`.
    Raises: ValueError for anything else.
    """
    value = plain_number(value)
    if is_number(value) and low <= value <= high:
        return max(low, -abs(value)), abs(value)
    if isinstance(value, tuple | list) and len(value) == 2 and all(map(is_number, value)):
        least, most = sorted(value)
        if (low <= least and most <= high) if within else (least <= high and most >= low):
            return least, most
    raise ValueError(
        f"{type(layer).__name__}: {setting} is a number from {low} to {high} or two of them, the "
        f"least and the most, not {value!r}."
    )


def checked_range(layer: Any, value: Any) -> Span:
    """The darkest and the brightest number a picture may hold."""
    if not isinstance(value, tuple | list) or len(value) != 2 or not all(map(is_number, value)):
        raise ValueError(
            f"{type(layer).__name__}: value_range is two numbers, such as (0, 255) or (0, 1), "
            f"not {value!r}."
        )
    low, high = sorted(value)
    if low == high:
        raise ValueError(
            f"{type(layer).__name__}: value_range is two different numbers, not {value!r}."
        )
    return low, high


def ranged(images: Any, source: Span, target: Span) -> Any:
    """Numbers of one range as numbers of another."""
    if source == target:
        return images
    share = (images - source[0]) / (source[1] - source[0])
    return share * (target[1] - target[0]) + target[0]
