"""Pooling, channels last: how a CPU does it.

XLA's own gradient of a maximum (select-and-scatter) is ten times as slow as what is done here: one
axis after the other, the largest of a few shifted slices, and the place where it was found. The
gradient then asks each number whether it was the one. Numbers in comments: milliseconds on two
cores of an AMD EPYC, forward and gradient, inside `fori_loop`; `benchmarks/kernels.py` prints the
table for this machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial, reduce
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from lanthorn.kernels.slices import Sizes, edges, on_a_cpu, padded
from lanthorn.wiring.adaptive import share

MOST_SLICES = 32
"""Longer windows go to XLA: a slice for each place would take long to compile."""


def plain_max_pool(x: Any, window: Sizes, strides: Sizes, padding: str) -> Any:
    """`y[b, p, c] = max over u of x[b, p·s + u, c]`; of equal numbers the first gets the gradient.

    Axes: (batch, places…, channels) -> (batch, places'…, channels)
    """
    return lax.reduce_window(
        x, lowest(x.dtype), lax.max, (1, *window, 1), (1, *strides, 1), padding.upper()
    )


def plain_average_pool(x: Any, window: Sizes, strides: Sizes, padding: str) -> Any:
    """`y[b, p, c] = Σ over u of x[b, p·s + u, c] / cells`, the cells of the window inside x."""

    def added(x: Any) -> Any:
        zero = np.zeros((), x.dtype)  # a traced 0 is not seen to be the 0 of a sum
        return lax.reduce_window(
            x, zero, lax.add, (1, *window, 1), (1, *strides, 1), padding.upper()
        )

    if padding == "valid":
        return added(x) / math.prod(window)
    return added(x) / added(jnp.ones((1, *x.shape[1:-1], 1), x.dtype))


def lowest(dtype: Any) -> Any:
    """The number that no number of this type is less than."""
    if jnp.issubdtype(dtype, jnp.integer):
        return np.array(jnp.iinfo(dtype).min, dtype)
    return np.array(-np.inf, dtype)


def is_for_us(x: Any, window: Sizes, padding: str) -> bool:
    """Whether this is a CPU, and window and shape are such as the forms below can take."""
    return (
        on_a_cpu()
        and max(window) <= MOST_SLICES
        and x.dtype != bool
        and all(isinstance(size, int) and size for size in x.shape[1:])
        and (padding == "same" or all(map(int.__le__, window, x.shape[1:-1])))
    )


def max_pool(x: Any, window: Sizes, strides: Sizes, padding: str) -> Any:
    """`plain_max_pool`, lowered for the machine at hand.

    The last axis first: of equal numbers the first of the first row is then chosen, as XLA does.
    (26 × 26 × 32, 2 × 2, batch 32: 0.3, XLA's own 4.7. 56 × 56 × 64, 3 × 3 by 2, batch 16: 5 and
    58.)
    """
    if not is_for_us(x, window, padding):
        return plain_max_pool(x, window, strides, padding)
    return each_axis(largest_along, lowest(x.dtype), x, window, strides, padding)


def average_pool(x: Any, window: Sizes, strides: Sizes, padding: str) -> Any:
    """`plain_average_pool`, lowered for the machine at hand.

    (56 × 56 × 64, 3 × 3 by 2, batch 16: 4, XLA's own 31.)
    """
    if not is_for_us(x, window, padding) or not jnp.issubdtype(x.dtype, jnp.floating):
        return plain_average_pool(x, window, strides, padding)
    total = each_axis(sum_along, 0, x, window, strides, padding)
    if padding == "valid":
        return total / math.prod(window)
    return total / cells_inside(x.shape[1:-1], window, strides).astype(x.dtype)


def each_axis(
    fold: Callable[..., Any], fill: Any, x: Any, window: Sizes, strides: Sizes, padding: str
) -> Any:
    """`fold` along one axis after the other, the last first; edges hold `fill`."""
    x = padded(x, edges(x.shape[1:-1], window, strides, padding, (1,) * len(window)), fill)
    for axis in reversed(range(len(window))):
        if (window[axis], strides[axis]) != (1, 1):
            x = fold(x, axis + 1, window[axis], strides[axis])
    return x


def cells_inside(sizes: Sizes, window: Sizes, strides: Sizes) -> Any:
    """How many cells of each window lie inside, with padding="same"."""
    cells = np.ones((1,), "float32")
    around = edges(sizes, window, strides, "same", (1,) * len(window))
    for n, u, s, beside in zip(sizes, window, strides, around, strict=True):
        inside = np.pad(np.ones(n), beside)
        fits = (inside.size - u) // s + 1
        along = [inside[p * s : p * s + u].sum() for p in range(fits)]
        cells = cells[..., None] * np.array(along, "float32")
    return cells[..., None]


def slices_along(x: Any, axis: int, size: int, stride: int) -> list[Any]:
    """For each place of the window what lies under it, wherever the window stands."""
    fits = (x.shape[axis] - size) // stride + 1
    reach = (fits - 1) * stride + 1
    return [lax.slice_in_dim(x, u, u + reach, stride, axis) for u in range(size)]


def blocks(x: Any, axis: int, size: int, stride: int) -> list[Any]:
    """The same numbers in pieces as long as the stride, on an axis of their own behind `axis`:
    piece q holds places q·stride, q·stride + 1, … of every window, some beyond its end.

    Turning this round (the gradient) is a matter of reshape and pad, both quick; to turn strided
    slices round, XLA asks at every number whether it was skipped.
    """
    fits = (x.shape[axis] - size) // stride + 1
    pieces = -(-size // stride)
    length = (fits + pieces - 1) * stride
    room = [(0, 0, 0)] * x.ndim
    room[axis] = (0, length - x.shape[axis], 0)  # negative: what no window reaches is cut off
    x = lax.pad(x, jnp.zeros((), x.dtype), room)
    x = x.reshape(*x.shape[:axis], -1, stride, *x.shape[axis + 1 :])
    return [lax.slice_in_dim(x, q, q + fits, axis=axis) for q in range(pieces)]


@partial(jax.custom_jvp, nondiff_argnums=(1, 2, 3))
def largest_along(x: Any, axis: int, size: int, stride: int) -> Any:
    """The largest number of each window along one axis."""
    return reduce(lax.max, slices_along(x, axis, size, stride))


@largest_along.defjvp
def _(axis: int, size: int, stride: int, primals: Any, tangents: Any) -> tuple[Any, Any]:
    (x,), (change,) = primals, tangents
    largest, place = with_place(x, axis, size, stride)
    place = jnp.expand_dims(place, axis + 1)
    shape = [1] * place.ndim
    shape[axis + 1] = stride
    within = lax.broadcasted_iota(jnp.int8, shape, axis + 1)
    total: Any = 0.0
    for q, piece in enumerate(blocks(change, axis, size, stride)):
        is_it = place == within + jnp.int8(q * stride)
        total = total + jnp.sum(jnp.where(is_it, piece, 0), axis=axis + 1)
    return largest, total


def with_place(x: Any, axis: int, size: int, stride: int) -> tuple[Any, Any]:
    """The largest number of each window, and where in the window it was seen first.

    NaN counts as larger than everything, as it does for XLA.
    """
    largest, *rest = slices_along(x, axis, size, stride)
    place = jnp.zeros(largest.shape, jnp.int8)
    for u, number in enumerate(rest, start=1):
        is_larger = (number > largest) | (number != number)
        largest = jnp.where(is_larger, number, largest)
        place = jnp.where(is_larger, jnp.int8(u), place)
    return largest, place


@partial(jax.custom_jvp, nondiff_argnums=(1, 2, 3))
def sum_along(x: Any, axis: int, size: int, stride: int) -> Any:
    """The sum of each window along one axis."""
    return reduce(lax.add, slices_along(x, axis, size, stride))


@sum_along.defjvp
def _(axis: int, size: int, stride: int, primals: Any, tangents: Any) -> tuple[Any, Any]:
    (x,), (change,) = primals, tangents
    total: Any = 0.0
    for q, piece in enumerate(blocks(change, axis, size, stride)):
        inside = lax.slice_in_dim(piece, 0, min(stride, size - q * stride), axis=axis + 1)
        total = total + jnp.sum(inside, axis=axis + 1)
    return sum_along(x, axis, size, stride), total


# -- shares of an axis ---------------------------------------------------------------------------


def share_largest(x: Any, axis: int, count: int) -> Any:
    """The largest number of each of `count` nearly equal shares of an axis, which may overlap.

    Shares of unequal length are made equal by repeating their last place, which is never the first
    to be largest. (15 × 15 × 128 to 7 × 7, batch 16, forward and gradient, alone: 2.6; a slice for
    each share 7.6, Keras's own way 190. 224 × 224 × 3 to 100 × 100: a slice each takes minutes to
    compile.)
    """
    length, rest = divmod(x.shape[axis], count)
    if rest:
        shares = [share(place, x.shape[axis], count) for place in range(count)]
        length = max(last - first for first, last in shares)
        places = [min(first + u, last - 1) for first, last in shares for u in range(length)]
        x = jnp.take(x, np.array(places), axis=axis)
    if length <= MOST_SLICES:
        return x if length == 1 else largest_along(x, axis, length, length)
    return jnp.max(x.reshape(*x.shape[:axis], count, length, *x.shape[axis + 1 :]), axis=axis + 1)


def share_means(x: Any, axis: int, count: int) -> Any:
    """The mean of each of `count` nearly equal shares of an axis, which may overlap."""
    size = x.shape[axis]
    length, rest = divmod(size, count)
    if not rest:
        parts = x.reshape(*x.shape[:axis], count, length, *x.shape[axis + 1 :])
        return x if length == 1 else jnp.mean(parts, axis=axis + 1)
    weights = np.zeros((count, size), "float32")
    for place in range(count):
        first, last = share(place, size, count)
        weights[place, first:last] = 1 / (last - first)
    wide = jnp.promote_types(x.dtype, jnp.float32)
    means = jnp.tensordot(
        weights, x, axes=(1, axis), precision=lax.Precision.HIGHEST, preferred_element_type=wide
    )
    means = jnp.moveaxis(means, 0, axis)
    return means.astype(x.dtype) if jnp.issubdtype(x.dtype, jnp.floating) else means
