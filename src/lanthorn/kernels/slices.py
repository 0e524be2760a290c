"""What a sliding window sees: the input under each place of it, as one strided slice per place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

Sizes = tuple[int, ...]
Edges = Sequence[tuple[int, int]]


def on_a_cpu() -> bool:
    return jax.default_backend() == "cpu"


def edges(
    sizes: Sizes, window: Sizes, strides: Sizes, padding: str, dilation: Sizes
) -> list[tuple[int, int]]:
    """Rows of padding before and behind each axis.

    padding: "valid" none; "same" as many as one stop per stride needs, the odd one behind;
    "causal" all before, so that no stop sees what comes later.
    """
    reaches = [(u - 1) * d + 1 for u, d in zip(window, dilation, strict=True)]
    if padding == "valid":
        return [(0, 0)] * len(window)
    if padding == "causal":
        return [(reach - 1, 0) for reach in reaches]
    if padding != "same":
        raise ValueError(f"padding must be 'valid', 'same' or 'causal', not {padding!r}.")
    found = []
    for size, reach, stride in zip(sizes, reaches, strides, strict=True):
        missing = max((-(-size // stride) - 1) * stride + reach - size, 0)
        found.append((missing // 2, missing - missing // 2))
    return found


def padded(x: Any, around: Edges, fill: Any = 0.0) -> Any:
    """`x` with rows of `fill` around its places; negative numbers of rows are cut off."""
    if not any(before or behind for before, behind in around):
        return x
    room = [(0, 0, 0), *((before, behind, 0) for before, behind in around), (0, 0, 0)]
    return lax.pad(x, jnp.asarray(fill, x.dtype), room)


def stops(sizes: Sizes, window: Sizes, strides: Sizes, dilation: Sizes) -> Sizes:
    """How often the window fits along each axis."""
    return tuple(
        (size - (u - 1) * d - 1) // s + 1
        for size, u, s, d in zip(sizes, window, strides, dilation, strict=True)
    )


def window_slices(x: Any, window: Sizes, strides: Sizes, dilation: Sizes) -> list[Any]:
    """For each place of the window, in row order, what every stop of the window sees there.

    Axes: x is (batch, …, channels); so is each slice, with one place per stop.
    """
    counts = stops(x.shape[1:-1], window, strides, dilation)
    slices = []
    for inside in product(*map(range, window)):
        first = [u * d for u, d in zip(inside, dilation, strict=True)]
        last = [f + (n - 1) * s + 1 for f, n, s in zip(first, counts, strides, strict=True)]
        begin, end = (0, *first, 0), (x.shape[0], *last, x.shape[-1])
        slices.append(lax.slice(x, begin, end, (1, *strides, 1)))
    return slices


def patches(x: Any, window: Sizes, strides: Sizes, dilation: Sizes) -> Any:
    """Every window laid in one row: (batch, places…, c) -> (batch, stops…, window · c)."""
    if math.prod(window) > 9:
        # Axis by axis: 7 + 7 slices and not 49. For 7 × 7 by 2, 112 × 112 × 3 -> 64, batch 4,
        # either way takes about as long, but all at once takes twice as long to compile.
        for axis in reversed(range(len(window))):
            x = patches_along(x, axis, window[axis], strides[axis], dilation[axis])
        return x
    slices = window_slices(x, window, strides, dilation)
    return slices[0] if len(slices) == 1 else jnp.concatenate(slices, axis=-1)


def patches_along(x: Any, axis: int, size: int, stride: int, dilation: int) -> Any:
    def alone(value: int) -> Sizes:
        return tuple(value if a == axis else 1 for a in range(x.ndim - 2))

    return jnp.concatenate(window_slices(x, alone(size), alone(stride), alone(dilation)), axis=-1)
