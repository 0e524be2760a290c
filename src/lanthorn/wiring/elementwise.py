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
    arguments: weights, or numbers (nested tuples of them, along the same axes) that stand where a
        weight could.
    unread: weights that are kept beside these and that nothing is computed from.
    """

    kind: ClassVar[str] = "elementwise"
    function: str
    settings: tuple[tuple[str, Any], ...] = ()
    arguments: tuple[Weight | float | tuple[Any, ...], ...] = ()
    along: tuple[int, ...] = ()
    told: str = ""
    unread: tuple[Weight, ...] = ()

    def element(self, at: At) -> Expr:
        if self.function not in FUNCTIONS:
            raise NotDescribedError(f"the function {self.function!r}")
        others = tuple(self._argument(argument, at) for argument in self.arguments)
        if self.function == "linear":
            return Read(at)
        return Apply(self.function, (Read(at), *others), self.settings)

    def _argument(self, argument: Any, at: At) -> Param | Number:
        place = tuple(at[axis] for axis in self.along)
        if isinstance(argument, Weight):
            if len(argument.axes) > len(place):  # it has all the sample's axes, most of them 1 long
                place = tuple(i if axis in self.along else 0 for axis, i in enumerate(at))
            return Param(argument.name, place)
        number: Any = argument
        for index in place if isinstance(argument, tuple) else ():
            number = number[index]
        return Number(number)

    @property
    def weights(self) -> tuple[Weight, ...]:
        read = tuple(argument for argument in self.arguments if isinstance(argument, Weight))
        return read + self.unread

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
