"""Activation functions: one number in, one number out; and the softmaxes, which share an axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from lanthorn.ops.core import tensor
from lanthorn.ops.elementwise import named, of_one
from lanthorn.ops.operation import operation

Axis = int | tuple[int, ...]

PLAIN: dict[str, Callable[[Any], Any]] = {
    "relu": jax.nn.relu, "relu6": jax.nn.relu6, "sigmoid": jax.nn.sigmoid,
    "sparse_sigmoid": jax.nn.sparse_sigmoid, "softplus": jax.nn.softplus,
    "softsign": jax.nn.soft_sign, "sparse_plus": jax.nn.sparse_plus, "silu": jax.nn.silu,
    "swish": jax.nn.silu, "log_sigmoid": jax.nn.log_sigmoid,
    "hard_sigmoid": jax.nn.hard_sigmoid, "hard_silu": jax.nn.hard_silu,
    "hard_swish": jax.nn.hard_silu, "selu": jax.nn.selu, "hard_tanh": jax.nn.hard_tanh,
    "tanh_shrink": lambda x: x - jnp.tanh(x),
}  # fmt: skip
"""Functions without settings."""

for _name, _function in PLAIN.items():
    globals()[_name] = of_one(_name, _function)


def _along_axis(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def op(x: Any, axis: Axis = -1) -> Any:
        return function(tensor(x), axis=axis)

    return named(op, name, function)


glu = _along_axis("glu", jax.nn.glu)


@operation
def softmax(x: Any, axis: Axis = -1) -> Any:
    """exp(x) / Σ exp(x), over one axis or several together."""
    x = tensor(x)
    _warn_of_a_lone_number(x, axis)
    return jax.nn.softmax(x, axis=axis)


@operation
def log_softmax(x: Any, axis: Axis = -1) -> Any:
    """x - log Σ exp(x), over one axis or several together."""
    return jax.nn.log_softmax(tensor(x), axis=axis)


def _warn_of_a_lone_number(x: Any, axis: Axis) -> None:
    if isinstance(axis, int) and -x.ndim <= axis < x.ndim and x.shape[axis] == 1:
        import warnings

        warnings.warn(
            f"softmax over axis {axis} of shape {x.shape}: one number shares with nobody, so the "
            "result is always 1. For one output, sigmoid is the function that answers yes or no.",
            stacklevel=4,
        )


@operation
def sparsemax(x: Any, axis: int = -1) -> Any:
    """The distribution nearest to x: max(x - τ, 0), τ chosen so that it sums to 1.

    Source: Martins & Astudillo 2016, arXiv:1602.02068, algorithm 1.
    """
    x = tensor(x)
    falling = -jnp.sort(-x, axis=axis)
    total = jnp.cumsum(falling, axis=axis)
    sizes = [1] * x.ndim
    sizes[axis] = -1
    rank = jnp.arange(1, x.shape[axis] + 1).reshape(sizes)
    is_inside = falling - (total - 1) / rank > 0
    count = jnp.sum(is_inside, axis=axis, keepdims=True)
    kept = jnp.sum(jnp.where(is_inside, falling, 0.0), axis=axis, keepdims=True)
    return jnp.maximum(x - (kept - 1) / count, 0.0)


@operation
def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """x where positive, else negative_slope · x."""
    return jax.nn.leaky_relu(tensor(x), negative_slope=negative_slope)


@operation
def elu(x: Any, alpha: float = 1.0) -> Any:
    """x where positive, else alpha · (exp(x) - 1)."""
    return jax.nn.elu(tensor(x), alpha=alpha)


@operation
def celu(x: Any, alpha: float = 1.0) -> Any:
    """x where positive, else alpha · (exp(x / alpha) - 1)."""
    return jax.nn.celu(tensor(x), alpha=alpha)


@operation
def gelu(x: Any, approximate: bool = True) -> Any:
    """x · Φ(x); approximated with tanh unless told otherwise."""
    return jax.nn.gelu(tensor(x), approximate)


@operation
def squareplus(x: Any, b: float = 4) -> Any:
    """(x + √(x² + b)) / 2."""
    return jax.nn.squareplus(tensor(x), b=b)


@operation
def hard_shrink(x: Any, threshold: float = 0.5) -> Any:
    """x where |x| > threshold, else 0."""
    x = tensor(x)
    return jnp.where(jnp.abs(x) > threshold, x, 0.0)


@operation
def soft_shrink(x: Any, threshold: float = 0.5) -> Any:
    """x moved towards 0 by `threshold`, and no further."""
    x = tensor(x)
    below = jnp.where(x < -threshold, x + threshold, 0.0)
    return jnp.where(x > threshold, x - threshold, below)


@operation
def threshold(x: Any, threshold: float, default_value: float) -> Any:
    """x where x > threshold, else `default_value`."""
    x = tensor(x)
    return jnp.where(x > threshold, x, default_value)
