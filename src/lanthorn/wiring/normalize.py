"""Normalize: each output element is the input element measured against its own axis or axes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product as places
from typing import Any, ClassVar

from lanthorn.wiring.activation import SHARES
from lanthorn.wiring.arithmetic import (
    Apply,
    At,
    Average,
    Dot,
    Expr,
    Largest,
    Number,
    Param,
    Read,
    Share,
    Variance,
    Weight,
)
from lanthorn.wiring.base import NotDescribedError, Wiring, sizes
from lanthorn.wiring.rearrange import ravel, unravel


@dataclass(frozen=True)
class Normalize(Wiring):
    """What the numbers over the sample axes `over` say of each of them.

    softmax, log_softmax, sparsemax: its share of them.
    standardize: `(x - mean) / √(variance + epsilon) · gamma + beta`.
    spread: `x / √(variance + epsilon) · gamma`.
    root_mean_square: `x / √(mean(x²) + epsilon) · scale`.
    unit: `x / √(Σ x²)`.
    stretch: `(x - smallest) / (largest - smallest) · (high - low) + low`.

    arguments: gamma, beta or scale, or the numbers that stand for them; of stretch, low and high.
    along: the sample axes whose places have weights of their own.
    groups: how many groups of neighbours the first axis of `along` is shared out to; each number
        is measured against those of its own group.
    """

    kind: ClassVar[str] = "normalize"
    function: str
    over: tuple[int, ...] = (-1,)
    epsilon: float = 0.0
    arguments: tuple[Weight | float, ...] = ()
    along: tuple[int, ...] = ()
    groups: int = 1

    def element(self, at: At) -> Expr:
        among = self._among(at)
        if self.function in SHARES:
            return Share(Read(at), among, self.function)
        settings = (("epsilon", self.epsilon),)
        arguments = tuple(self._argument(argument, at) for argument in self.arguments)
        squares = Dot(tuple((read, read) for read in among))
        match self.function:
            case "standardize":
                measures: tuple[Expr, ...] = (Average(among), Variance(among))
            case "spread":
                measures = (Variance(among),)
            case "root_mean_square":
                measures = (squares,)
                settings = (("count", float(len(among))), *settings)
            case "unit":
                measures = (squares,)
            case "stretch":
                measures = (Apply("minimum", among), Largest(among))
                low, high = (n for n in self.arguments if not isinstance(n, Weight))
                settings, arguments = (("low", low), ("high", high)), ()
            case _:
                raise NotDescribedError(f"normalizing by {self.function!r}")
        return Apply(self.function, (Read(at), *measures, *arguments), settings)

    def _among(self, at: At) -> tuple[Read, ...]:
        """The numbers that the one at `at` is measured against."""
        shape = sizes(self.x)
        over = {axis % len(shape) for axis in self.over}
        ranges = [range(size) if axis in over else (at[axis],) for axis, size in enumerate(shape)]
        if self.groups > 1:
            axis = self.along[0]
            size = shape[axis] // self.groups
            first = at[axis] // size * size
            ranges[axis] = range(first, first + size)
        return tuple(Read(place) for place in places(*ranges))

    def _argument(self, argument: Weight | float, at: At) -> Expr:
        if not isinstance(argument, Weight):
            return Number(argument)
        # Keras lays weights along [-1, 1] in that order and reshapes them to the input's.
        shape = sizes(self.x)
        place = ravel(
            tuple(at[axis] for axis in self.along), tuple(shape[axis] for axis in self.along)
        )
        return Param(argument.name, unravel(place, tuple(argument.axes)))  # type: ignore[arg-type]

    @property
    def weights(self) -> tuple[Weight, ...]:
        return tuple(argument for argument in self.arguments if isinstance(argument, Weight))

    @property
    def variant(self) -> str:
        return self.function

    def facts(self) -> dict[str, Any]:
        shape = self.x.sample
        names = [shape[axis] for axis in self.over]
        return {"over": tuple(axis.name for axis in names)}
