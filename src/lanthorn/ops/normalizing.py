"""Mean and spread over axes, and what is divided by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
from jax import lax

from lanthorn.engine import defaults
from lanthorn.ops.core import tensor
from lanthorn.ops.operation import operation

Along = int | Sequence[int]


def _tuple(axes: Along) -> tuple[int, ...]:
    return (axes,) if isinstance(axes, int) else tuple(axes)


@operation
def moments(
    x: Any, axes: Along, keepdims: bool = False, synchronized: bool = False
) -> tuple[Any, Any]:
    """The mean and the (biased) variance over `axes`; short floats are added in float32."""
    if synchronized:
        raise NotImplementedError("synchronized=True is not supported; arrays that are sharded "
                                  "over devices give their common moments.")  # fmt: skip
    x = tensor(x)
    over, given = _tuple(axes), x.dtype
    is_short = given in (jnp.float16, jnp.bfloat16)
    x = x.astype(jnp.float32) if is_short else x
    mean = jnp.mean(x, over, keepdims=keepdims)
    variance = jnp.var(x, over, keepdims=keepdims)
    if is_short:
        limit = float(jnp.finfo(jnp.float16).max)
        mean, variance = (jnp.clip(m, -limit, limit).astype(given) for m in (mean, variance))
    return mean, variance


@operation
def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    axis: int,
    offset: Any = None,
    scale: Any = None,
    epsilon: float = 1e-3,
) -> Any:
    """(x - mean) / √(variance + epsilon) · scale + offset, with vectors along `axis`."""
    x = tensor(x)
    sizes = [1] * x.ndim
    sizes[axis] = -1
    factor = lax.rsqrt(tensor(variance).reshape(sizes) + epsilon)
    if scale is not None:
        factor = factor * tensor(scale).reshape(sizes)
    shift = -tensor(mean).reshape(sizes) * factor
    if offset is not None:
        shift = shift + tensor(offset).reshape(sizes)
    return x * factor + shift


@operation
def layer_normalization(
    x: Any,
    gamma: Any = None,
    beta: Any = None,
    axis: Along = -1,
    epsilon: float | None = None,
) -> Any:
    """(x - mean) / √(variance + epsilon) · gamma + beta, moments over `axis`."""
    x, given = _wide(x)
    over = tuple(sorted(a % x.ndim for a in _tuple(axis)))
    mean = jnp.mean(x, over, keepdims=True)
    variance = jnp.var(x, over, keepdims=True)
    factor = lax.rsqrt(variance + (defaults.epsilon() if epsilon is None else epsilon))
    if gamma is not None:
        factor = factor * _along(gamma, x, over)
    shift = -mean * factor
    if beta is not None:
        shift = shift + _along(beta, x, over)
    return (x * factor + shift).astype(given)


@operation
def rms_normalization(
    x: Any, scale: Any = None, axis: Along = -1, epsilon: float | None = None
) -> Any:
    """x / √(mean(x²) + epsilon) · scale, the mean over `axis`."""
    x, given = _wide(x)
    x = x if x.ndim else x[None]
    over = tuple(a % x.ndim for a in _tuple(axis))
    square = jnp.mean(jnp.square(x), over, keepdims=True)
    x = x * lax.rsqrt(square + (defaults.epsilon() if epsilon is None else epsilon))
    if scale is not None:
        x = x * tensor(scale).astype(x.dtype)
    return x.astype(given)


@operation
def normalize(x: Any, axis: Along = -1, order: int = 2, epsilon: float | None = None) -> Any:
    """x / max(norm(x), epsilon), the norm of that order over `axis`."""
    if not isinstance(order, int) or order < 1:
        raise ValueError(f"order must be a whole number of 1 or more, not {order!r}.")
    x = tensor(x)
    x = x if x.ndim else x[None]
    least = defaults.epsilon() if epsilon is None else epsilon
    axis = tuple(axis) if isinstance(axis, list) else axis
    if order == 2:
        factor = lax.rsqrt(jnp.sum(jnp.square(x), axis=axis, keepdims=True))
        return x * jnp.minimum(factor, 1.0 / least)
    norm = jnp.linalg.norm(x, ord=order, axis=axis, keepdims=True)
    return x / jnp.maximum(norm, least)


def _wide(x: Any) -> tuple[Any, Any]:
    """`x` in float32 or wider, and the type it had."""
    x = tensor(x)
    return x.astype(jnp.promote_types(x.dtype, jnp.float32)), x.dtype


def _along(weight: Any, x: Any, over: tuple[int, ...]) -> Any:
    """A weight with one number for each place on the axes `over`, made to fit `x`."""
    weight = tensor(weight).astype(x.dtype)
    if weight.ndim == x.ndim or over == (x.ndim - 1,):
        return weight
    return weight.reshape([x.shape[a] if a in over else 1 for a in range(x.ndim)])


@operation
def psnr(x1: Any, x2: Any, max_val: float) -> Any:
    """20 · log10(max_val) - 10 · log10(mean((x1 - x2)²)), in decibels."""
    x1, x2 = tensor(x1), tensor(x2)
    if x1.shape != x2.shape:
        raise ValueError(f"psnr compares tensors of one shape, not {x1.shape} and {x2.shape}.")
    return 20 * jnp.log10(max_val) - 10 * jnp.log10(jnp.mean(jnp.square(x1 - x2)))
