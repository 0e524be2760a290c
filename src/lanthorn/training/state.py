"""The model's variables as one record of plain dicts: what a compiled step takes and gives back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from lanthorn.engine.scope import Scope
from lanthorn.engine.variable import Variable

Arrays = dict[str, Any]
Variables = dict[str, Variable]


class TrainState(NamedTuple):
    """Everything a step changes, by path."""

    trainable: Arrays
    non_trainable: Arrays
    optimizer: Any
    metrics: Arrays


class Layout(NamedTuple):
    """Which variables a `TrainState` stands for."""

    trainable: Variables
    non_trainable: Variables
    metrics: Variables

    @property
    def key(self) -> tuple[tuple[int, ...], ...]:
        """Equal for two layouts of the same variables: a step compiled for one serves the other."""
        return tuple(tuple(map(id, part.values())) for part in self)


def layout_of(model: Any, metrics: Sequence[Any] = ()) -> Layout:
    """The model's variables as they are to be trained now; layers may be shared between models."""
    return Layout(
        by_path(model.trainable_variables),
        by_path(model.non_trainable_variables),
        by_path(variable for metric in metrics for variable in metric.variables),
    )


def by_path(variables: Iterable[Variable]) -> Variables:
    """Variables by path; a path that two share is numbered."""
    found: Variables = {}
    for variable in variables:
        path, count = variable.path, 1
        while path in found:
            path, count = f"{variable.path}_{count}", count + 1
        found[path] = variable
    return found


def values_of(variables: Variables) -> Arrays:
    return {path: variable.stored for path, variable in variables.items()}


def gathered(layout: Layout, optimizer: Any = None) -> TrainState:
    """The state as the variables hold it now."""
    return TrainState(
        values_of(layout.trainable),
        values_of(layout.non_trainable),
        optimizer.state if optimizer is not None else None,
        values_of(layout.metrics),
    )


def write_back(layout: Layout, state: TrainState, optimizer: Any = None) -> None:
    """Let the variables hold a state's arrays. A few microseconds, after every compiled call."""
    for variables, arrays in (
        (layout.trainable, state.trainable),
        (layout.non_trainable, state.non_trainable),
        (layout.metrics, state.metrics),
    ):
        for path, variable in variables.items():
            variable.store(arrays[path])
    if optimizer is not None:
        optimizer.state = state.optimizer


def scope_for(pairs: Sequence[tuple[Variables, Arrays]], training: bool | None) -> Scope:
    """A scope in which these variables are worth these arrays."""
    values = {
        id(variable): arrays[path]
        for variables, arrays in pairs
        for path, variable in variables.items()
    }
    return Scope(values, training)


def read_back(variables: Variables, scope: Scope) -> Arrays:
    """What the variables are worth at the end of a pure call."""
    return {path: scope.values[id(variable)] for path, variable in variables.items()}
