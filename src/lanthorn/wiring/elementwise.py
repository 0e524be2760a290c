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
        place = tuple(at[axis] for axis in self.along)
        others = tuple(
            Param(argument.name, place) if isinstance(argument, Weight) else Number(argument)
            for argument in self.arguments
        )
        if self.function == "linear":
            return Read(at)
        return Apply(self.function, (Read(at), *others), self.settings)

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
