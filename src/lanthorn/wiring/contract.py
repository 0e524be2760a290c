"""Contract: each output element is a weighted sum over one whole input axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.wiring.activation import activated
from lanthorn.wiring.arithmetic import At, Dot, Expr, Param, Read, Weight
from lanthorn.wiring.base import Wiring, sizes


@dataclass(frozen=True)
class Contract(Wiring):
    """`y[…, j] = activation(Σ_i x[…, i] · kernel[i, j] + bias[j])`.

    The same weights serve every place on the other axes.
    """

    kind: ClassVar[str] = "contract"
    kernel: Weight
    bias: Weight | None = None
    activation: str = "linear"

    def element(self, at: At) -> Expr:
        length = sizes(self.x)[-1]

        def weighted_sum(at: At) -> Expr:
            *others, unit = at
            terms = tuple(
                (Read((*others, i)), Param(self.kernel.name, (i, unit))) for i in range(length)
            )
            return Dot(terms, Param(self.bias.name, (unit,)) if self.bias else None)

        return activated(self.activation, at, sizes(self.output)[-1], weighted_sum)

    @property
    def weights(self) -> tuple[Weight, ...]:
        return (self.kernel, self.bias) if self.bias else (self.kernel,)

    @property
    def shared(self) -> tuple[Any, ...]:
        """The axes along which the same weights are used again."""
        return self.x.sample[:-1]

    @property
    def variant(self) -> str:
        return "shared" if self.shared else "whole"

    def facts(self) -> dict[str, Any]:
        return {"activation": self.activation}
