"""An activation at the end of a weighted sum: of the number alone, or of its whole axis."""

from __future__ import annotations

from collections.abc import Callable

from lanthorn.wiring.arithmetic import Apply, At, Expr, Share
from lanthorn.wiring.base import NotDescribedError
from lanthorn.wiring.functions import FUNCTIONS

SHARES = ("softmax", "log_softmax", "sparsemax")
"""Activations that look at a whole axis."""


def activated(
    activation: str, at: At, size: int, before: Callable[[At], Expr], axis: int = -1
) -> Expr:
    """The element at `at` after `activation`, `before(at)` being the number it is applied to.

    axis, size: over which a softmax (or another of `SHARES`) takes its shares, and how long
        it is.
    """
    if activation == "linear":
        return before(at)
    if activation in SHARES:
        axis %= len(at)
        among = tuple(before((*at[:axis], place, *at[axis + 1 :])) for place in range(size))
        return Share(among[at[axis]], among, activation)
    if activation not in FUNCTIONS:
        raise NotDescribedError(f"the activation {activation!r}")
    return Apply(activation, (before(at),))
