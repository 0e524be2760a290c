"""Wrapped: a wiring as it is, in a layer that keeps more weights or does more while training."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from lanthorn.axes import Axes
from lanthorn.wiring.arithmetic import At, Expr, Weight
from lanthorn.wiring.base import Wiring


@dataclass(frozen=True)
class Wrapped(Wiring):
    """`inner` makes every number.

    own: weights that play no part in it. told: what is said behind the inner sentence.
    """

    kind: ClassVar[str] = "wrapped"
    inner: Wiring
    own: tuple[Weight, ...] = ()
    told: str = ""

    def between(self, inputs: Sequence[Axes], output: Axes) -> Self:
        inner = self.inner.between(inputs, output)
        return replace(self, inner=inner, inputs=tuple(inputs), output=output)

    def element(self, at: At) -> Expr:
        return self.inner.element(at)

    def part(self, name: str, at: At) -> Expr:
        return self.inner.part(name, at)

    @property
    def intermediates(self) -> dict[str, Axes]:
        return self.inner.intermediates

    def needs_first(self, name: str, at: At) -> Iterable[tuple[str, At]]:
        return self.inner.needs_first(name, at)

    def under(self, mask: Sequence[bool] | None) -> Self:
        return replace(self, inner=self.inner.under(mask))

    @property
    def weights(self) -> tuple[Weight, ...]:
        return (*self.own, *self.inner.weights)

    @property
    def told_by(self) -> Wiring:
        return self.inner.told_by

    @property
    def variant(self) -> str:
        return self.told

    def facts(self) -> dict[str, Any]:
        return self.inner.facts()
