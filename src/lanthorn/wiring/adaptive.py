"""Adaptive: each output element is one statistic of its nearly equal share of the axes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product as places
from typing import ClassVar

from lanthorn.wiring.arithmetic import At, Average, Expr, Largest, Read
from lanthorn.wiring.base import Wiring, sizes


@dataclass(frozen=True)
class Adaptive(Wiring):
    """`y[i, c] = largest (mean) of x[u, c]` for `⌊i·n/m⌋ <= u < ⌈(i + 1)·n/m⌉` along each axis.

    n is the axis's size before, m its size behind.
    """

    kind: ClassVar[str] = "adaptive"
    keep: str

    def element(self, at: At) -> Expr:
        *place, channel = at
        lines = zip(place, sizes(self.x)[:-1], sizes(self.output)[:-1], strict=True)
        ranges = [range(*share(i, before, behind)) for i, before, behind in lines]
        among = tuple(Read((*row, channel)) for row in places(*ranges))
        return Largest(among) if self.keep == "largest" else Average(among)

    @property
    def variant(self) -> str:
        return self.keep


def share(place: int, size: int, into: int) -> tuple[int, int]:
    """The first row of a place's share, and the one behind its last.

    Example:
        >>> [share(i, 7, 3) for i in range(3)]
        [(0, 3), (2, 5), (4, 7)]
    """
    return place * size // into, -(-(place + 1) * size // into)
