"""Pooling, channels last."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
from jax import lax

from lanthorn.kernels.slices import Sizes, on_a_cpu, window_slices

MOST_PLACES = 64
"""Larger windows are left to XLA: one slice per place would make a long program."""


def plain_max_pool(x: Any, window: Sizes, strides: Sizes, padding: str) -> Any:
    """`y[b, p, c] = max over u of x[b, p·s + u, c]`."""
    return lax.reduce_window(
        x, -jnp.inf, lax.max, (1, *window, 1), (1, *strides, 1), padding.upper()
    )


def plain_average_pool(x: Any, window: Sizes, strides: Sizes, padding: str) -> Any:
    """`y[b, p, c] = Σ over u of x[b, p·s + u, c] / cells`, the cells that lie inside x."""

    def added(x: Any) -> Any:
        return lax.reduce_window(
            x, 0.0, lax.add, (1, *window, 1), (1, *strides, 1), padding.upper()
        )

    if padding == "valid":
        return added(x) / math.prod(window)
    return added(x) / added(jnp.ones((1, *x.shape[1:-1], 1), x.dtype))


def max_pool(x: Any, window: Sizes, strides: Sizes, padding: str) -> Any:
    """`plain_max_pool`, on a CPU as a chain of comparisons of slices.

    XLA:CPU's gradient of its own form (select-and-scatter) is several times slower, and slower
    still inside a loop: benchmarks/kernels.py. Of equal numbers the first one gets the gradient, as
    there.
    """
    is_float = jnp.issubdtype(x.dtype, jnp.floating)
    if not on_a_cpu() or not is_float or math.prod(window) > MOST_PLACES:
        return plain_max_pool(x, window, strides, padding)
    found = None
    for part in window_slices(x, window, strides, padding, (1,) * len(window), fill=-math.inf):
        if found is None:
            found = part
        else:  # NaN wins, as in a maximum
            found = jnp.where((part > found) | jnp.isnan(part), part, found)
    return found


def average_pool(x: Any, window: Sizes, strides: Sizes, padding: str) -> Any:
    """`plain_average_pool`, on a CPU as a sum of slices."""
    if not on_a_cpu() or math.prod(window) > MOST_PLACES:
        return plain_average_pool(x, window, strides, padding)

    def added(x: Any) -> Any:
        return sum(window_slices(x, window, strides, padding, (1,) * len(window), fill=0.0))

    if padding == "valid":
        return added(x) / math.prod(window)
    return added(x) / added(jnp.ones((1, *x.shape[1:-1], 1), x.dtype))
