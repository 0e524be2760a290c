"""AttendDirectly: one attention over the inputs as they are, without heads or projections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product as places
from typing import Any, ClassVar, Self

from lanthorn.axes import Axes
from lanthorn.wiring.arithmetic import (
    Apply,
    At,
    Dot,
    Expr,
    Inner,
    Number,
    Param,
    Read,
    Weight,
)
from lanthorn.wiring.attending import Attending, key_name
from lanthorn.wiring.base import NotDescribedError, sizes


@dataclass(frozen=True)
class AttendDirectly(Attending):
    """One attention over the inputs as they are: no heads, no projections.

    `dot`: `score[t, s] = Σ_f query[t, f] · key[s, f] · scale`;
    `concat`: `Σ_f tanh(scale · (query[t, f] + key[s, f])) · weight`;
    `additive`: `Σ_f tanh(query[t, f] + key[s, f]) · scale[f]`.
    `y[t, f] = Σ_s share[t, s] · value[s, f]`.
    answers: yes and no for each place that asks; where no, the output is 0. () for no such mask.
    """

    kind: ClassVar[str] = "attend_directly"
    score: str
    scale: Weight | None = None
    weight: Weight | None = None
    answers: tuple[Any, ...] = ()

    @property
    def key_input(self) -> int:
        return 2 if len(self.inputs) > 2 else 1

    def keys(self) -> Iterator[At]:
        return places(range(sizes(self.inputs[1])[-2]))

    def under(self, mask: Any) -> Self:
        if mask is None:
            return self
        visible, answers = mask
        return replace(self, visible=visible, answers=answers, awaits_mask=False)

    @property
    def intermediates(self) -> dict[str, Axes]:
        *asking, features = self.x.sample
        told = self.inputs[self.key_input].sample[-2]
        scores = self.x.with_sample([*asking, told._replace(name=key_name(told, 1))])
        found = {"scores": scores, "shares": scores}
        if self.score != "dot":
            found = {"compared": self.x.with_sample([*scores.sample, features])} | found
        return found

    def element(self, at: At) -> Expr:
        *row, feature = at
        *before, query = row
        if self._is_silent(tuple(row)):
            return Number(0.0)
        terms = tuple(
            (Read((*before, *key, feature), 1), Inner("shares", (*row, *key)))
            for key in self.counted(tuple(row), (query,))
        )
        return Dot(terms) if terms else Number(0.0)

    def _is_silent(self, row: At) -> bool:
        found: Any = self.answers
        if found == ():
            return False
        for place in row:
            found = found[0 if len(found) == 1 else place]
        return not found

    def part(self, name: str, at: At) -> Expr:
        if name == "shares":
            *row, key = at
            return self.share(tuple(row), (at[-2],), (key,))
        if name == "scores":
            return self._products(at) if self.score == "dot" else self._sum(at)
        if name == "compared" and self.score != "dot":
            return self._compared(at)
        raise NotDescribedError(f"attend_directly has no intermediate {name!r}")

    def _pair(self, at: At, feature: int) -> tuple[Read, Read]:
        *before, query, key = at
        return Read((*before, query, feature)), Read((*before, key, feature), self.key_input)

    def _products(self, at: At) -> Expr:
        dot = Dot(tuple(self._pair(at, f) for f in range(sizes(self.x)[-1])))
        return Apply("scaled", (dot, Param(self.scale.name, ()))) if self.scale else dot

    def _sum(self, at: At) -> Expr:
        terms = tuple(
            (Inner("compared", (*at, f)), self._weight_of(f)) for f in range(sizes(self.x)[-1])
        )
        return Dot(terms)

    def _weight_of(self, feature: int) -> Expr:
        if self.weight:
            return Param(self.weight.name, ())
        return Param(self.scale.name, (feature,)) if self.scale else Number(1.0)

    def _compared(self, at: At) -> Expr:
        pair: tuple[Expr, ...] = self._pair(at[:-1], at[-1])
        if self.score == "concat" and self.scale:
            pair = (*pair, Param(self.scale.name, ()))
        return Apply("tanh_of_sum", pair)

    @property
    def weights(self) -> tuple[Weight, ...]:
        return tuple(weight for weight in (self.scale, self.weight) if weight)

    @property
    def variant(self) -> str:
        return self.score
