"""ChannelsFirst: a wiring on axes whose channels come first, told as if they came last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from lanthorn.axes import Axes
from lanthorn.wiring.arithmetic import At, Expr, Read, Weight, relocated
from lanthorn.wiring.base import Wiring


@dataclass(frozen=True)
class ChannelsFirst(Wiring):
    """`inner` is the wiring between the same axes with the channels last."""

    kind: ClassVar[str] = "channels_first"
    inner: Wiring

    def element(self, at: At) -> Expr:
        return self._outside(self.inner.element(_last(at, self.output)))

    def part(self, name: str, at: At) -> Expr:
        return self._outside(self.inner.part(name, at))

    def _outside(self, expression: Expr) -> Expr:
        def moved(leaf: Any) -> Any:
            if isinstance(leaf, Read):
                return leaf._replace(at=_first(leaf.at, self.inputs[leaf.source]))
            return leaf

        return relocated(expression, moved)

    @property
    def intermediates(self) -> dict[str, Axes]:
        return self.inner.intermediates

    def needs_first(self, name: str, at: At) -> Iterable[tuple[str, At]]:
        return self.inner.needs_first(name, at)

    def under(self, mask: Sequence[bool] | None) -> Self:
        return replace(self, inner=self.inner.under(mask))

    @property
    def weights(self) -> tuple[Weight, ...]:
        return self.inner.weights

    @property
    def told_by(self) -> Wiring:
        return self.inner.told_by

    @property
    def variant(self) -> str:
        return self.inner.variant

    def facts(self) -> dict[str, Any]:
        return self.inner.facts()


def _last(at: At, axes: Axes) -> At:
    return (*at[1:], at[0]) if len(axes) >= 3 else at


def _first(at: At, axes: Axes) -> At:
    return (at[-1], *at[:-1]) if len(axes) >= 3 else at
