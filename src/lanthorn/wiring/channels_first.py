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
    """`inner` is the wiring between the same axes with the channels last.

    places: how many axes the channels stand before; what stands before them (steps) stays there.
        None: all others.
    """

    kind: ClassVar[str] = "channels_first"
    inner: Wiring
    places: int | None = None

    def element(self, at: At) -> Expr:
        return self._outside(self.inner.element(self._last(at, self.output)))

    def part(self, name: str, at: At) -> Expr:
        return self._outside(self.inner.part(name, at))

    def _outside(self, expression: Expr) -> Expr:
        def moved(leaf: Any) -> Any:
            if isinstance(leaf, Read):
                return leaf._replace(at=self._first(leaf.at, self.inputs[leaf.source]))
            return leaf

        return relocated(expression, moved)

    def _last(self, at: At, axes: Axes) -> At:
        front = self._front(axes)
        return at if front is None else (*at[:front], *at[front + 1 :], at[front])

    def _first(self, at: At, axes: Axes) -> At:
        front = self._front(axes)
        return at if front is None else (*at[:front], at[-1], *at[front:-1])

    def _front(self, axes: Axes) -> int | None:
        """How many axes of a sample stand before the channels; None where none are moved."""
        if len(axes) < 3:
            return None
        return 0 if self.places is None else len(axes) - self.places - 2

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
