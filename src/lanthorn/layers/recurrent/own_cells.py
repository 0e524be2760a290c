"""A cell of the user's own as a pure step, whatever it keeps and assigns."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.engine.scope import Scope, current_scope, in_scope
from lanthorn.engine.variable import Variable
from lanthorn.layers.base import Layer
from lanthorn.layers.signatures import call_signature


def pure_step(cell: Any, training: bool) -> tuple[Any, list[Variable]]:
    """A cell of the user's own as a step without side effects, and the variables it may change.

    What it assigns (a count of random draws, a moving mean) is handed on from step to step.
    """
    is_layer = isinstance(cell, Layer)
    outer = current_scope()
    values = dict(outer.values) if outer is not None else {}
    variables = cell.non_trainable_variables if is_layer else []
    takes_training = is_layer and call_signature(type(cell)).takes_training
    options = {"training": training} if takes_training else {}
    run: Any = cell if callable(cell) else cell.call

    def step(x: Any, before: Any, shared: Any) -> Any:
        now = dict(zip(map(id, variables), shared, strict=True))
        with in_scope(Scope({**values, **now}, training)):
            output, after = run(x, before, **options)
            shared = [variable.value for variable in variables]
        after = listed(after)
        after = after if isinstance(after, list) else [after]
        return output, alike(after, before), shared

    return step, variables


def listed(structure: Any) -> Any:
    """The same with lists for tuples, all the way down."""
    if isinstance(structure, list | tuple):
        return [listed(item) for item in structure]
    return structure


def alike(after: Any, before: Any) -> Any:
    """The states of a step in the types they had before it."""
    if isinstance(before, list):
        return [alike(one, other) for one, other in zip(after, before, strict=True)]
    return ops.cast(after, before.dtype)
