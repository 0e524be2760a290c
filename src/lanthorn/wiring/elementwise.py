"""Elementwise: each output element is a function of the input element at the same place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.wiring.arithmetic import Apply, At, Expr, Number, Param, Read, Weight
from lanthorn.wiring.base import NotDescribedError, Wiring
from lanthorn.wiring.functions import FUNCTIONS


@dataclass(frozen=True)
class Elementwise(Wiring):
    """`y[o] = function(x[o], weights at o, settings)`.

    along: the sample axes (counted without the batch) along which the weights differ.
    constants: numbers that stand where a weight could, in the same order, when it is not learnt.
    """

    kind: ClassVar[str] = "elementwise"
    function: str
    settings: tuple[tuple[str, Any], ...] = ()
    arguments: tuple[Weight | float, ...] = ()
    along: tuple[int, ...] = ()
    told: str = ""

    def element(self, at: At) -> Expr:
        if self.function not in FUNCTIONS:
            raise NotDescribedError(f"the function {self.function!r}")
        others = tuple(
            Param(argument.name, self._place(argument, at))
            if isinstance(argument, Weight)
            else Number(argument)
            for argument in self.arguments
        )
        if self.function == "linear":
            return Read(at)
        return Apply(self.function, (Read(at), *others), self.settings)

    def _place(self, weight: Weight, at: At) -> At:
        """Where a weight lies for an element: one index for each axis `along`, or, when the weight
        has all the sample's axes, 0 on those that it does not differ along."""
        if len(weight.axes) == len(self.along):
            return tuple(at[axis] for axis in self.along)
        return tuple(i if axis in self.along else 0 for axis, i in enumerate(at))

    @property
    def weights(self) -> tuple[Weight, ...]:
        return tuple(argument for argument in self.arguments if isinstance(argument, Weight))

    @property
    def variant(self) -> str:
        return self.told or self.function

    def facts(self) -> dict[str, Any]:
        known = FUNCTIONS.get(self.function)
        return {
            "function": self.function,
            "formula": known.formula if known else self.function,
            **dict(self.settings),
        }
