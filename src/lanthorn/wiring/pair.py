"""Pair: each output element is a sum of products of two lines, one from each of two inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.wiring.arithmetic import Apply, At, Dot, Expr, Read
from lanthorn.wiring.base import Wiring, sizes


@dataclass(frozen=True)
class Pair(Wiring):
    """`y[i…, j…] = Σ_k x1[i…, k] · x2[j…, k]`, k along sample axis `axes[0]` of the first input
    and `axes[1]` of the second.

    shortest: None, or divide by the lengths of both lines, taken for at least this: the cosine.
    """

    kind: ClassVar[str] = "pair"
    axes: tuple[int, int]
    shortest: float | None = None

    def element(self, at: At) -> Expr:
        first, second = self.axes
        rank = len(sizes(self.inputs[0])) - 1
        here, there = at[:rank], at[rank : rank + len(sizes(self.inputs[1])) - 1]
        length = sizes(self.inputs[0])[first]
        xs = [Read((*here[:first], k, *here[first:]), 0) for k in range(length)]
        ys = [Read((*there[:second], k, *there[second:]), 1) for k in range(length)]
        products = Dot(tuple(zip(xs, ys, strict=True)))
        if self.shortest is None:
            return products
        squares = (Dot(tuple((x, x) for x in xs)), Dot(tuple((y, y) for y in ys)))
        return Apply("cosine", (products, *squares), (("epsilon", self.shortest),))

    @property
    def variant(self) -> str:
        return "product" if self.shortest is None else "cosine"

    def facts(self) -> dict[str, Any]:
        return {"over": self.x.sample[self.axes[0]]}
