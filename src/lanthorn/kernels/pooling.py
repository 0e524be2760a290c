"""Pooling, channels last."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
from jax import lax

Sizes = tuple[int, ...]


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


max_pool = plain_max_pool
average_pool = plain_average_pool
