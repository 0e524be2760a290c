"""An activation at the end of a weighted sum: of the number alone, or of its whole axis."""

from __future__ import annotations

from collections.abc import Callable

from lanthorn.wiring.arithmetic import Apply, At, Expr, Share
from lanthorn.wiring.base import NotDescribedError
from lanthorn.wiring.functions import FUNCTIONS

SHARES = ("softmax", "log_softmax", "sparsemax")
"""Activations that look at a whole axis."""


def activated(activation: str, at: At, size: int, before: Callable[[At], Expr]) -> Expr:
    """The element at `at` after `activation`, `before(at)` being the number it is applied to.

    size: of the last axis, over which a softmax (or another of `SHARES`) takes its shares.
    """
    if activation == "linear":
        return before(at)
    if activation in SHARES:
        among = tuple(before((*at[:-1], place)) for place in range(size))
        return Share(among[at[-1]], among, activation)
    if activation not in FUNCTIONS:
        raise NotDescribedError(f"the activation {activation!r}")
    return Apply(activation, (before(at),))
