"""Einsum: weighted sums by the letters of the axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product as places
from typing import Any, ClassVar

from lanthorn.axes import Axis
from lanthorn.wiring.activation import activated
from lanthorn.wiring.arithmetic import At, Dot, Expr, Param, Read, Weight
from lanthorn.wiring.base import Wiring, sizes


@dataclass(frozen=True)
class Einsum(Wiring):
    """`y[out] = activation(Σ x[in] · kernel[by] + bias[out])`, over the letters not in `out`.

    into, by, out: a letter for each axis of the sample, the kernel and the output; an axis of the
        same letter has the same place. The bias has the output's last axes, 1 where it serves all.
    """

    kind: ClassVar[str] = "einsum"
    into: str
    by: str
    out: str
    kernel: Weight
    bias: Weight | None = None
    activation: str = "linear"

    def element(self, at: At) -> Expr:
        sized = dict(zip(self.into, sizes(self.x), strict=True))
        over = [letter for letter in self.into if letter not in self.out]

        def weighted_sum(at: At) -> Expr:
            known = dict(zip(self.out, at, strict=True))
            terms = []
            for place in places(*(range(sized[letter]) for letter in over)):
                here = known | dict(zip(over, place, strict=True))
                read = Read(tuple(here[letter] for letter in self.into))
                terms.append((read, Param(self.kernel.name, tuple(here[c] for c in self.by))))
            return Dot(tuple(terms), self._bias(at))

        return activated(self.activation, at, sizes(self.output)[-1] if at else 1, weighted_sum)

    def _bias(self, at: At) -> Expr | None:
        if self.bias is None:
            return None
        along = self.bias.axes
        pairs = zip(along, at[len(at) - len(along) :], strict=True)
        return Param(self.bias.name, tuple(0 if size == 1 else i for size, i in pairs))

    @property
    def weights(self) -> tuple[Weight, ...]:
        return (self.kernel, self.bias) if self.bias else (self.kernel,)

    def groups(self) -> dict[str, tuple[Axis, ...]]:
        """The axes by what happens along them.

        over: summed up. own: new, each place with weights of its own. shared: kept, and the same
        weights serve every place. separate: kept, and every place has weights of its own.
        """
        here = dict(zip(self.into, self.x.sample, strict=True))
        there = dict(zip(self.out, self.output.sample, strict=True))
        return {
            "over": _axes(here, [c for c in self.into if c not in self.out]),
            "own": _axes(there, [c for c in self.out if c not in self.into]),
            "shared": _axes(here, [c for c in self.into if c in self.out and c not in self.by]),
            "separate": _axes(here, [c for c in self.into if c in self.out and c in self.by]),
        }

    @property
    def variant(self) -> str:
        return "sum" if any(c not in self.out for c in self.into) else "product"

    def facts(self) -> dict[str, Any]:
        return {"activation": self.activation}


def _axes(known: dict[str, Axis], letters: Sequence[str]) -> tuple[Axis, ...]:
    return tuple(known[letter] for letter in letters)
