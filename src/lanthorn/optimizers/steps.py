"""One update, purely: scale, accumulate, clip, decay, descend, average, constrain, count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

Arrays = dict[str, Any]
State = dict[str, Any]

SHARED_CONFIG = (
    "weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "use_ema", "ema_momentum",
    "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps",
)  # fmt: skip
COMPILED_SETTINGS = SHARED_CONFIG
"""Settings that a compiled step has inside; the learning rate is not among them."""


@dataclass(frozen=True)
class Excluded:
    """What weight decay leaves alone: variables at `paths`, and names in which a pattern occurs."""

    paths: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()

    def __contains__(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return path in self.paths or any(re.search(pattern, name) for pattern in self.patterns)

    def renamed(self, keys: Mapping[str, str]) -> Excluded:
        return replace(self, paths=frozenset(keys.get(path, path) for path in self.paths))


def init(optimizer: Any, params: Arrays) -> State:
    import numpy as np

    from lanthorn.optimizers import custom

    state: State = {"iteration": np.zeros((), "int32")}
    if custom.is_custom(optimizer):
        state["rule"] = custom.first_values(optimizer)
    else:
        state["rule"] = optimizer.initial_rule(params)
    if optimizer.use_ema:
        state["average"] = filled(params, 0.0)
    if optimizer.gradient_accumulation_steps:
        state["gradient_accumulator"] = filled(params, 0.0)
    return state


def initial_rule(optimizer: Any, params: Arrays) -> Any:
    """The first state of the optimizer's transformation, made without compiling anything.

    All slots begin with one number, so only their shapes are asked of Optax.
    """
    import jax

    shapes = jax.eval_shape(lambda arrays: optimizer.transformation(0.0, 1).init(arrays), params)
    return filled(shapes, optimizer.initial_slot())


def filled(tree: Any, number: float) -> Any:
    """NumPy arrays of one number in the shapes of `tree`."""
    import jax
    import numpy as np

    def fill(leaf: Any) -> Any:
        if number and np.issubdtype(leaf.dtype, np.inexact):
            return np.full(leaf.shape, number, leaf.dtype)
        return np.zeros(leaf.shape, leaf.dtype)

    return jax.tree.map(fill, tree)


def update(
    optimizer: Any, grads: Arrays, state: State, params: Arrays, rate: Any
) -> tuple[Arrays, State]:
    import jax.numpy as jnp

    iteration = state["iteration"]
    if rate is None:
        rate = optimizer.current_learning_rate(iteration)
    left_out = params.keys() - grads.keys()
    gradients = {
        path: jnp.zeros_like(param) if path in left_out else grads[path].astype(param.dtype)
        for path, param in params.items()
    }
    if optimizer.loss_scale_factor is not None:
        gradients = {path: g / optimizer.loss_scale_factor for path, g in gradients.items()}
    run = accumulated if optimizer.gradient_accumulation_steps else descended
    new_params, new_state = run(optimizer, gradients, state, params, rate)
    new_params, new_state = kept(left_out, (new_params, new_state), (params, state))
    if optimizer.use_ema:
        new_state["average"] = averaged(optimizer, iteration, state["average"], new_params)
        new_params = overwritten(optimizer, iteration, new_state["average"], new_params)
    for path in optimizer.constraints.keys() - left_out:
        new_params[path] = optimizer.constraints[path](new_params[path]).astype(params[path].dtype)
    return new_params, {**new_state, "iteration": iteration + 1}


def descended(
    optimizer: Any, gradients: Arrays, state: State, params: Arrays, rate: Any
) -> tuple[Arrays, State]:
    """Clip, decay, and let the optimizer's transformation move the weights."""
    import optax

    from lanthorn.optimizers import custom

    gradients = clipped(optimizer, gradients)
    params = decayed(optimizer, params, rate)
    if custom.is_custom(optimizer):
        new_params, rule = custom.descended(optimizer, gradients, state, params, rate)
    else:
        step = updates_made(optimizer, state["iteration"]) + 1
        transformation = optimizer.transformation(rate, step)
        updates, rule = transformation.update(gradients, state["rule"], params)
        new_params = optax.apply_updates(params, updates)
    return with_types_of(params, new_params), {
        **state,
        "rule": with_types_of(state["rule"], rule),
    }


def accumulated(
    optimizer: Any, gradients: Arrays, state: State, params: Arrays, rate: Any
) -> tuple[Arrays, State]:
    """Add the gradients up, and descend by their mean when enough steps were seen."""
    import jax
    import jax.numpy as jnp

    steps = optimizer.gradient_accumulation_steps
    total = {path: g + state["gradient_accumulator"][path] for path, g in gradients.items()}
    is_due = (state["iteration"] + 1) % steps == 0

    def descend() -> tuple[Arrays, Any]:
        mean = {path: g / steps for path, g in total.items()}
        new_params, new_state = descended(optimizer, mean, state, params, rate)
        return new_params, new_state["rule"]

    new_params, rule = jax.lax.cond(is_due, descend, lambda: (params, state["rule"]))
    waiting = {path: jnp.where(is_due, jnp.zeros_like(g), g) for path, g in total.items()}
    return new_params, {**state, "rule": rule, "gradient_accumulator": waiting}


def updates_made(optimizer: Any, iteration: Any) -> Any:
    return iteration // (optimizer.gradient_accumulation_steps or 1)


def clipped(optimizer: Any, gradients: Arrays) -> Arrays:
    import jax.numpy as jnp
    import optax

    if optimizer.clipnorm and optimizer.clipnorm > 0:
        return {path: shortened(g, length(g), optimizer.clipnorm) for path, g in gradients.items()}
    if optimizer.global_clipnorm and optimizer.global_clipnorm > 0:
        norm = optax.tree.norm(gradients)
        # An infinite norm makes every gradient NaN, as in Keras: a step that is silently almost
        # nothing would hide that training has broken down.
        norm = norm + (norm - norm)
        limit = optimizer.global_clipnorm
        return {path: shortened(g, norm, limit) for path, g in gradients.items()}
    if optimizer.clipvalue and optimizer.clipvalue > 0:
        limit = optimizer.clipvalue
        return {path: jnp.clip(g, -limit, limit) for path, g in gradients.items()}
    return gradients


def length(gradient: Any) -> Any:
    import jax.numpy as jnp

    return jnp.sqrt(jnp.sum(jnp.square(gradient)))


def shortened(gradient: Any, norm: Any, limit: float) -> Any:
    """`gradient * limit / max(norm, limit)`."""
    import jax.numpy as jnp

    return gradient * limit / jnp.maximum(norm, limit)


def decayed(optimizer: Any, params: Arrays, rate: Any) -> Arrays:
    """`w - w * weight_decay * learning_rate`, before and apart from the gradient's step."""
    if optimizer.weight_decay is None:
        return params
    return {
        path: param
        if path in optimizer.excluded
        else (param - param * optimizer.weight_decay * rate).astype(param.dtype)
        for path, param in params.items()
    }


def averaged(optimizer: Any, iteration: Any, average: Arrays, params: Arrays) -> Arrays:
    """`m * average + (1 - m) * w`; the first update copies the weights."""
    import jax.numpy as jnp

    is_first = updates_made(optimizer, iteration) == 0
    momentum = jnp.where(is_first, 0.0, optimizer.ema_momentum)
    return {
        path: (momentum * average[path] + (1 - momentum) * param).astype(param.dtype)
        for path, param in params.items()
    }


def overwritten(optimizer: Any, iteration: Any, average: Arrays, params: Arrays) -> Arrays:
    """The average in the weights' place, every `ema_overwrite_frequency` updates."""
    import jax.numpy as jnp

    if not optimizer.ema_overwrite_frequency:
        return params
    seen = updates_made(optimizer, iteration) + 1
    is_due = seen % optimizer.ema_overwrite_frequency == 0
    return {path: jnp.where(is_due, average[path], param) for path, param in params.items()}


def with_types_of(before: Any, after: Any) -> Any:
    """`after` in the types of `before`: a step gives back what it takes, so it can be scanned."""
    import jax
    import jax.numpy as jnp

    return jax.tree.map(lambda old, new: jnp.asarray(new, old.dtype), before, after)


def kept(paths: set[str], after: Any, before: Any) -> Any:
    """`after`, with what lies at `paths` as it was `before`."""
    if not paths:
        return after
    import jax

    def choose(place: Any, old: Any, new: Any) -> Any:
        return old if any(getattr(part, "key", None) in paths for part in place) else new

    return jax.tree_util.tree_map_with_path(choose, before, after)
