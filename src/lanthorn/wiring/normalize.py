"""Normalize: each output element is the input element measured against its own axis or axes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product as places
from typing import Any, ClassVar

from lanthorn.wiring.arithmetic import At, Expr, Read, Share
from lanthorn.wiring.base import NotDescribedError, Wiring, sizes


@dataclass(frozen=True)
class Normalize(Wiring):
    """`softmax`: `y[o] = exp(x[o]) / Σ exp(x)` over the sample axes `over`."""

    kind: ClassVar[str] = "normalize"
    function: str
    over: tuple[int, ...] = (-1,)

    def element(self, at: At) -> Expr:
        if self.function != "softmax":
            raise NotDescribedError(f"normalizing by {self.function!r}")
        shape = sizes(self.x)
        over = {axis % len(shape) for axis in self.over}
        ranges = [range(size) if axis in over else (at[axis],) for axis, size in enumerate(shape)]
        return Share(Read(at), tuple(Read(place) for place in places(*ranges)))

    @property
    def variant(self) -> str:
        return self.function

    def facts(self) -> dict[str, Any]:
        shape = self.x.sample
        names = [shape[axis] for axis in self.over]
        return {"over": tuple(axis.name for axis in names)}
