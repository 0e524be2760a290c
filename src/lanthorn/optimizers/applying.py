"""Applying gradients outside a training loop: to variables, or to lists of arrays."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.engine.scope import current_scope
from lanthorn.engine.variable import Variable


def apply(optimizer: Any, grads: list[Any], variables: Sequence[Any] | None) -> None:
    if not grads:
        return
    if variables is not None and not optimizer.built:
        optimizer.build(list(variables))
    optimizer._known_state()
    given = optimizer._trainable_variables if variables is None else list(variables)
    gradients = by_path(optimizer, grads, given)
    state = seen_state(optimizer)
    every = {optimizer._keys[id(v)]: v for v in optimizer._trainable_variables}
    params = {path: variable.value for path, variable in every.items()}
    rate = optimizer.learning_rate_argument()
    new_params, new_state = compiled(optimizer)(gradients, state, params, rate)
    for path, variable in every.items():
        variable.assign(new_params[path])
    leave_state(optimizer, new_state)


def by_path(optimizer: Any, grads: list[Any], variables: list[Any]) -> dict[str, Any]:
    """The gradients that are there, by path. Raises: LanthornError when they fit no variable."""
    import numpy as np

    if len(grads) != len(variables):
        raise LanthornError(f"{len(grads)} gradients were given for {len(variables)} variables.")
    found, missing = {}, []
    for gradient, variable in zip(grads, variables, strict=True):
        key = key_of(optimizer, variable)
        if gradient is None:
            missing.append(variable.path)
            continue
        gradient = gradient if hasattr(gradient, "astype") else np.asarray(gradient)
        if tuple(gradient.shape) != tuple(variable.shape):
            raise LanthornError(
                f"{variable.path!r} has shape {tuple(variable.shape)}, but its gradient has shape "
                f"{tuple(gradient.shape)}."
            )
        found[key] = gradient
    if not found:
        raise LanthornError("No variable has a gradient: every one of them is None.")
    if missing:
        warnings.warn(
            f"{', '.join(missing)}: no gradient, so left as it was. The loss does not depend on "
            "it, or no loss was given.",
            stacklevel=4,
        )
    return found


def key_of(optimizer: Any, variable: Any) -> str:
    """The path under which the optimizer knows a variable."""
    key = optimizer._keys.get(id(variable))
    if key is None:
        raise LanthornError(
            f"{optimizer.name} ({type(optimizer).__name__}) does not know {variable.path!r}: it "
            f"was built for {len(optimizer._keys)} other variables. Make a new optimizer for a new "
            "set, or build(variables) it for all of them first."
        )
    return key


def compiled(optimizer: Any) -> Any:
    """`update`, compiled once per recipe; inside a pure call, as it is."""
    scope = current_scope()
    if scope is not None and scope.pure:
        return optimizer.update
    import jax

    recipe = optimizer.recipe()
    kept = getattr(optimizer, "_compiled", None)
    if kept is None or kept[0] != recipe:
        kept = optimizer._compiled = (recipe, jax.jit(optimizer.update))
    return kept[1]


def seen_state(optimizer: Any) -> dict[str, Any]:
    """The state as the current scope sees it."""
    state = optimizer._known_state()
    scope = current_scope()
    if scope is None or not scope.pure:
        return state
    import jax

    leaves, structure = jax.tree.flatten(state)
    for variable in optimizer.variables:
        if getattr(variable, "index", None) is not None:
            leaves[variable.index] = variable.value
    return structure.unflatten(leaves)


def leave_state(optimizer: Any, state: dict[str, Any]) -> None:
    """Keep the state; inside a pure call, in the scope only."""
    scope = current_scope()
    if scope is None or not scope.pure:
        optimizer.state = state
        return
    import jax

    leaves = jax.tree.leaves(state)
    for variable in optimizer.variables:
        if getattr(variable, "index", None) is not None:
            variable.assign(leaves[variable.index])


def stateless_apply(
    optimizer: Any, values: Sequence[Any], grads: Sequence[Any], arrays: Sequence[Any]
) -> tuple[list[Any], list[Any]]:
    import jax

    leaves, structure = jax.tree.flatten(optimizer._known_state())
    variables = optimizer.variables
    trained = optimizer._trainable_variables
    for what, given, wanted in (
        ("optimizer_variables", values, variables),
        ("grads", grads, trained),
        ("trainable_variables", arrays, trained),
    ):
        if len(given) != len(wanted):
            raise LanthornError(f"{what} wants {len(wanted)} arrays, but {len(given)} were given.")
    rate = None
    for variable, value in zip(variables, values, strict=True):
        if getattr(variable, "index", None) is None:
            rate = value
        else:
            leaves[variable.index] = value
    paths = [optimizer._keys[id(variable)] for variable in trained]
    params = {path: plain(array) for path, array in zip(paths, arrays, strict=True)}
    gradients = by_path(optimizer, [plain(gradient) for gradient in grads], trained)
    state = structure.unflatten(map(plain, leaves))
    params, state = optimizer.update(gradients, state, params, plain(rate))
    leaves = jax.tree.leaves(state)
    return [params[path] for path in paths], [
        rate if getattr(variable, "index", None) is None else leaves[variable.index]
        for variable in variables
    ]


def plain(value: Any) -> Any:
    return value.value if isinstance(value, Variable) else value
