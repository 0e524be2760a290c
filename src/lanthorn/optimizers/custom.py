"""Optimizers written as Keras has them written: `build` makes variables, `update_step` assigns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.engine.scope import Scope, in_scope
from lanthorn.engine.variable import Variable


def is_custom(optimizer: Any) -> bool:
    """Whether the class says how to update one variable, and not which transformation to use."""
    from lanthorn.optimizers.optimizer import Optimizer

    return type(optimizer).update_step is not Optimizer.update_step


def add_variable(
    optimizer: Any, shape: Sequence[int], initializer: Any, dtype: Any, name: str | None
) -> Any:
    from lanthorn import initializers
    from lanthorn.engine.naming import unique_name
    from lanthorn.optimizers.slots import StateVariable

    first = initializers.get(initializer)
    variable = StateVariable(optimizer, name or unique_name("variable"), first, shape, dtype)
    optimizer._own.append(variable)
    optimizer._slot_variables = None
    optimizer._is_stale = optimizer._state is not None
    return variable


def add_optimizer_variables(
    optimizer: Any, variables: Sequence[Any], name: Any, initializer: Any
) -> Any:
    names = [name] if isinstance(name, str) else list(name)
    first = initializer if isinstance(initializer, list | tuple) else [initializer] * len(names)
    lists: list[list[Any]] = [[] for _ in names]
    for variable in variables:
        for found, slot, start in zip(lists, names, first, strict=True):
            found.append(optimizer.add_variable_from_reference(variable, slot, start))
    return lists[0] if isinstance(name, str) else tuple(lists)


def first_values(optimizer: Any) -> list[Any]:
    return [variable.stored for variable in optimizer._own]


def descended(
    optimizer: Any,
    gradients: dict[str, Any],
    state: dict[str, Any],
    params: dict[str, Any],
    rate: Any,
) -> tuple[dict[str, Any], list[Any]]:
    """Run `update_step` for each variable in a scope, where assigning changes only the scope."""
    values = dict(zip(map(id, optimizer._own), state["rule"], strict=True))
    values[id(optimizer._iteration)] = state["iteration"]
    if isinstance(optimizer._learning_rate, Variable):
        values[id(optimizer._learning_rate)] = rate
    keys = {id(v): optimizer._keys[id(v)] for v in optimizer._trainable_variables}
    values |= {variable: params[path] for variable, path in keys.items()}
    with in_scope(Scope(values)) as scope:
        for variable in optimizer._trainable_variables:
            optimizer.update_step(gradients[keys[id(variable)]], variable, rate)
        after = {path: scope.values[variable] for variable, path in keys.items()}
        return after, [scope.values[id(own)] for own in optimizer._own]
