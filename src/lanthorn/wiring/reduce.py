"""Reduce: each output element is one statistic over whole input axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product as places
from typing import Any, ClassVar, Self

from lanthorn.wiring.arithmetic import At, Average, Expr, Largest, Read
from lanthorn.wiring.base import Wiring, sizes


@dataclass(frozen=True)
class Reduce(Wiring):
    """`y[kept] = mean (or largest) of x over the sample axes `over``.

    heeds_mask: whether places on the first axis that a mask leaves out do not count.
    counts: for one sample, which of them do; () when there is no mask.
    """

    kind: ClassVar[str] = "reduce"
    statistic: str
    over: tuple[int, ...]
    keepdims: bool = False
    heeds_mask: bool = False
    counts: tuple[bool, ...] = ()

    def under(self, mask: Sequence[bool] | None) -> Self:
        return replace(self, counts=tuple(mask)) if self.heeds_mask and mask is not None else self

    def element(self, at: At) -> Expr:
        shape = sizes(self.x)
        over = {axis % len(shape) for axis in self.over}
        kept = [i for axis, i in enumerate(at) if axis not in over] if self.keepdims else list(at)
        rest = iter(kept)
        ranges = [range(size) if axis in over else (next(rest),) for axis, size in enumerate(shape)]
        among = tuple(
            Read(place) for place in places(*ranges) if not self.counts or self.counts[place[0]]
        )
        return Largest(among) if self.statistic == "largest" else Average(among)

    @property
    def variant(self) -> str:
        return self.statistic

    def facts(self) -> dict[str, Any]:
        shape = self.x.sample
        gone = [shape[axis] for axis in self.over]
        count = 1
        for axis in gone:
            count = None if axis.size is None or count is None else count * axis.size
        return {"over": tuple(axis.name for axis in gone), "count": count}
