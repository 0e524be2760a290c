"""Recur: a cell goes through the steps; each number is made of the step's and of the last ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product as places
from typing import Any, ClassVar, NamedTuple, Self

from lanthorn.axes import Axes
from lanthorn.wiring.activation import activated
from lanthorn.wiring.arithmetic import (
    Apply,
    At,
    Dot,
    Expr,
    Inner,
    Number,
    Param,
    Read,
    Weight,
    relocated,
)
from lanthorn.wiring.base import NotDescribedError, Wiring, sizes

NOW, BEFORE = (0,), (-1,)
"""In a template: a number of this step, and of the step before."""


class CellGate(NamedTuple):
    """`name = activation(what the step brings + times · what the last output brings)`.

    block: its place among the blocks of columns of the kernels and biases.
    reads: the number of this step that stands for the last output; "" the last output itself.
    times: the gate that what the last output brings is multiplied with; "" none.
    """

    name: str
    block: int
    activation: str
    reads: str = ""
    times: str = ""


class Made(NamedTuple):
    """A sum of gates and states, as a template: `Inner(name, NOW)`, `Inner(name, BEFORE)`.

    Each stands for the element at the same unit, of this step or of the step before.
    """

    name: str
    of: Dot


@dataclass(frozen=True)
class Recur(Wiring):
    """The output is the first of `states`, of the last step or (sequences) of every step.

    cell: what it is called ("lstm", "gru", "simple", "conv_lstm").
    seen, again: the weighted sums of what one step brings and of the last output, for all gates
        side by side: wirings of their own, without bias.
    bias: one row for both sums, or (2, …) a row for each.
    backwards: the last step comes first, and outputs come in that order; by_step: they do not.
    zero_where_masked: where the mask leaves a step out it puts out 0, not the last output.
    kept: it begins with states kept from the last batch. initial: or with these inputs.
    dropout, recurrent_dropout: rates while training; told, and no part of the arithmetic.
    mask: which steps count; empty when all do.
    """

    kind: ClassVar[str] = "recur"
    cell: str
    seen: Wiring
    again: Wiring
    gates: tuple[CellGate, ...]
    made: tuple[Made, ...]
    states: tuple[str, ...]
    bias: Weight | None = None
    sequences: bool = False
    backwards: bool = False
    by_step: bool = False
    zero_where_masked: bool = False
    kept: bool = False
    initial: tuple[int, ...] = ()
    dropout: float = 0.0
    recurrent_dropout: float = 0.0
    mask: tuple[bool, ...] = ()

    def element(self, at: At) -> Expr:
        last = 0 if self.backwards else self.steps - 1
        step, place = (at[0], at[1:]) if self.sequences else (last, at)
        if self.sequences and self.backwards and not self.by_step:
            step = self.steps - 1 - step
        if self.zero_where_masked and not self.counts(step):
            return Number(0.0)
        return self.part(self.states[0], (step, *place))

    def part(self, name: str, at: At) -> Expr:
        step, *place = at
        if name in self.states and not self.counts(step):
            return self._before(name, step, tuple(place))
        for gate in self.gates:
            if gate.name == name:
                return self._gate(gate, step, tuple(place))
        for made in self.made:
            if made.name == name:
                return self._filled(made.of, step, tuple(place))
        raise NotDescribedError(f"recur has no intermediate {name!r}")

    def _filled(self, template: Dot, step: int, place: At) -> Expr:
        """A template at one place; what was not there before the first step is left out."""

        def change(leaf: Any) -> Any:
            if leaf.at == BEFORE:
                return self._before(leaf.name, step, place)
            return Inner(leaf.name, (step, *place))

        whole = relocated(template, change)
        return Dot(tuple(term for term in whole.terms if not isinstance(term[0], Number)))

    def _gate(self, gate: CellGate, step: int, place: At) -> Expr:
        def before(at: At) -> Expr:
            column = gate.block * self.units + at[-1]
            new = self._brought(self.seen, (*at[:-1], column), lambda at: Read((step, *at)))
            old = self._remembered(gate, step, (*at[:-1], column))
            biases = self._biases(column)
            if gate.times:
                own = Inner(gate.times, (step, *at))
                old = tuple((read, Apply("multiply", (weight, own))) for read, weight in old)
                biases = (*biases[:1], *(Apply("multiply", (each, own)) for each in biases[1:]))
            bias = Apply("add", biases) if len(biases) > 1 else biases[0] if biases else None
            return Dot((*new, *old), bias)

        return activated(gate.activation, place, self.units, before)

    def _remembered(self, gate: CellGate, step: int, at: At) -> tuple[tuple[Expr, Expr], ...]:
        """The terms of what was put out before; none where nothing was."""
        if gate.reads:
            return self._brought(self.again, at, lambda at: Inner(gate.reads, (step, *at)))
        if self._is_first(step) and not self.initial and not self.kept:
            return ()
        return self._brought(self.again, at, lambda at: self._before(self.states[0], step, at))

    def _brought(self, sums: Wiring, at: At, read: Any) -> tuple[tuple[Expr, Expr], ...]:
        dot = sums.element(at)
        assert isinstance(dot, Dot)
        return tuple(
            (read(number.at) if isinstance(number, Read) else number, weight)
            for number, weight in dot.terms
        )

    def _biases(self, column: int) -> tuple[Expr, ...]:
        if self.bias is None:
            return ()
        if len(self.bias.axes) == 1:
            return (Param(self.bias.name, (column,)),)
        return tuple(Param(self.bias.name, (row, column)) for row in range(self.bias.axes[0] or 0))

    # -- steps ----------------------------------------------------------------------------------

    def _before(self, name: str, step: int, place: At) -> Expr:
        """A state as the step before left it."""
        if not self._is_first(step):
            return Inner(name, (step + (1 if self.backwards else -1), *place))
        if self.initial:
            return Read(place, self.initial[self.states.index(name)])
        if self.kept:
            raise NotDescribedError("states kept from the last batch")
        return Number(0.0)

    def _is_first(self, step: int) -> bool:
        return step == (self.steps - 1 if self.backwards else 0)

    def counts(self, step: int) -> bool:
        """Whether the mask lets a step count."""
        return not self.mask or self.mask[step]

    def under(self, mask: Sequence[bool] | None) -> Self:
        return self if mask is None else replace(self, mask=tuple(mask))

    @property
    def steps(self) -> int:
        return sizes(self.x)[0]

    @property
    def units(self) -> int:
        return self.output[-1] or 0

    def needs_first(self, name: str, at: At) -> Iterable[tuple[str, At]]:
        return self._earlier(at[0])

    def _earlier(self, step: int) -> Iterator[tuple[str, At]]:
        """The states of every step before this one, in the order they are worked out."""
        order = range(self.steps - 1, step, -1) if self.backwards else range(step)
        ranges = [range(size or 0) for size in self._unit_axes[1:]]
        for earlier in order:
            for place in places(*ranges):
                for state in self.states:
                    yield state, (earlier, *place)

    @property
    def _unit_axes(self) -> Axes:
        """The axes of one step's output."""
        batch, *sample = self.output.axes
        return Axes([batch, *(sample[1:] if self.sequences else sample)])

    @property
    def intermediates(self) -> dict[str, Axes]:
        steps = self.x.axes[1]
        axes = Axes([self.output.axes[0], steps, *self._unit_axes.sample])
        names = [gate.name for gate in self.gates] + [made.name for made in self.made]
        return dict.fromkeys(names, axes)

    @property
    def weights(self) -> tuple[Weight, ...]:
        bias = () if self.bias is None else (self.bias,)
        return (*self.seen.weights, *self.again.weights, *bias)

    @property
    def variant(self) -> str:
        return self.cell

    def facts(self) -> dict[str, Any]:
        return {"gates": len(self.gates), "steps": self.x.axes[1]}
