"""The input under each place of a sliding window, as one strided slice per place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

Sizes = tuple[int, ...]


def on_a_cpu() -> bool:
    return jax.default_backend() == "cpu"


def edges(sizes: Sizes, window: Sizes, strides: Sizes, padding: str, dilation: Sizes
          ) -> list[tuple[int, int]]:  # fmt: skip
    """Rows of padding before and behind each axis."""
    reaches = [(w - 1) * d + 1 for w, d in zip(window, dilation, strict=True)]
    if padding == "valid":
        return [(0, 0)] * len(window)
    found = []
    for size, reach, stride in zip(sizes, reaches, strides, strict=True):
        missing = max((-(-size // stride) - 1) * stride + reach - size, 0)
        found.append((missing // 2, missing - missing // 2))
    return found


def window_slices(
    x: Any, window: Sizes, strides: Sizes, padding: str, dilation: Sizes, fill: float
) -> Iterator[Any]:
    """For each place of the window, in row order, what every stop of the window sees there.

    Axes: x is (batch, …, channels); so is each slice, with one place per stop.
    fill: what the padding holds.
    """
    around = edges(x.shape[1:-1], window, strides, padding, dilation)
    if any(before or behind for before, behind in around):
        zero = jnp.asarray(fill, x.dtype)
        x = lax.pad(x, zero, [(0, 0, 0), *((a, b, 0) for a, b in around), (0, 0, 0)])
    stops = [
        (size - (w - 1) * d - 1) // s + 1
        for size, w, s, d in zip(x.shape[1:-1], window, strides, dilation, strict=True)
    ]
    for inside in product(*map(range, window)):
        first = [u * d for u, d in zip(inside, dilation, strict=True)]
        last = [
            begin + (count - 1) * stride + 1
            for begin, count, stride in zip(first, stops, strides, strict=True)
        ]
        yield lax.slice(x, (0, *first, 0), (x.shape[0], *last, x.shape[-1]), (1, *strides, 1))
