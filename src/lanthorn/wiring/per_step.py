"""PerStep: the same layer at each step by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from lanthorn.axes import Axes
from lanthorn.wiring.arithmetic import At, Expr, Inner, Read, Weight, relocated
from lanthorn.wiring.base import Wiring


@dataclass(frozen=True)
class PerStep(Wiring):
    """`y[t] = inner(x[t])`, the same weights at every step.

    masks: for each step its own mask, where the input has one on its further axes.
    """

    kind: ClassVar[str] = "per_step"
    inner: Wiring
    masks: tuple[tuple[bool, ...], ...] = ()

    def element(self, at: At) -> Expr:
        return self._at(at[0], self._inner(at[0]).element(at[1:]))

    def part(self, name: str, at: At) -> Expr:
        return self._at(at[0], self._inner(at[0]).part(name, at[1:]))

    def _inner(self, step: int) -> Wiring:
        return self.inner.under(self.masks[step]) if self.masks else self.inner

    def _at(self, step: int, expression: Expr) -> Expr:
        def placed(leaf: Any) -> Any:
            return leaf._replace(at=(step, *leaf.at)) if isinstance(leaf, Read | Inner) else leaf

        return relocated(expression, placed)

    def needs_first(self, name: str, at: At) -> Iterable[tuple[str, At]]:
        for found, place in self._inner(at[0]).needs_first(name, at[1:]):
            yield found, (at[0], *place)

    def under(self, mask: Sequence[Any] | None) -> Self:
        if mask is None or not all(isinstance(row, list | tuple) for row in mask):
            return self
        return replace(self, masks=tuple(tuple(row) for row in mask))

    @property
    def intermediates(self) -> dict[str, Axes]:
        batch, steps = self.output.axes[:2]
        return {
            name: Axes([batch, steps, *axes.sample])
            for name, axes in self.inner.intermediates.items()
        }

    @property
    def weights(self) -> tuple[Weight, ...]:
        return self.inner.weights

    @property
    def variant(self) -> str:
        return self.inner.variant

    def facts(self) -> dict[str, Any]:
        return {"steps": self.x.axes[1]}
