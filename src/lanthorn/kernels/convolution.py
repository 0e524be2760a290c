"""Convolution, channels last: how a CPU does it.

XLA's own convolution on a CPU is quick alone, but its gradients are slow and all of it collapses
inside a loop; a matrix product does not. So the windows are laid out as the rows of a matrix
(patches) and multiplied by the kernel, a few samples at a time so that the rows stay in the cache.

Numbers in comments are milliseconds on two cores of an AMD EPYC with 1 MiB of L2, forward and
both gradients, inside `fori_loop`: benchmarks/kernels.py prints the table of any machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from lanthorn.kernels.slices import (
    Edges,
    Sizes,
    edges,
    on_a_cpu,
    padded,
    patches,
    stops,
    window_slices,
)  # fmt: skip

AT_ONCE_BYTES = 16 * 2**20
"""Patches up to this size are made in one go and kept for the gradient."""

GROUP_BYTES = 4 * 2**20
"""Larger ones are made for a few samples at a time, this much at once, and made again for the
gradient. 16 × 32 × 32 × 64 -> 64 filters of 3 × 3, with 2, 4, 8 MiB and all 38 at once: 62, 57, 60,
70; XLA's own takes 1612."""

MOST_SAMPLE_BYTES = 256 * 2**20
"""Where the patches of a single sample take more, XLA's own form is left to it."""


def plain_convolution(x: Any, kernel: Any, strides: Sizes, padding: str, dilation: Sizes) -> Any:
    """`y[b, p, f] = Σ over window u and channels c of x[b, p·s + u·d, c] · kernel[u, c, f]`.

    Axes: (batch, places…, channels), (window…, channels / groups, filters)
          -> (batch, stops…, filters)
    """
    around: Any = padding.upper()
    if padding == "causal":
        around = edges(x.shape[1:-1], kernel.shape[:-2], strides, padding, dilation)
    return lax.conv_general_dilated(
        x, kernel, strides, around, rhs_dilation=dilation,
        dimension_numbers=channels_last(x.ndim - 2),
        feature_group_count=x.shape[-1] // kernel.shape[-2],
    )  # fmt: skip


def channels_last(rank: int) -> lax.ConvDimensionNumbers:
    places = tuple(range(1, rank + 1))
    image = (0, rank + 1, *places)
    return lax.ConvDimensionNumbers(image, (rank + 1, rank, *range(rank)), image)


def convolution(x: Any, kernel: Any, strides: Sizes, padding: str, dilation: Sizes) -> Any:
    """`plain_convolution`, lowered for the machine at hand."""
    window = kernel.shape[:-2]
    if not is_for_us(x, kernel):
        return plain_convolution(x, kernel, strides, padding, dilation)
    x = padded(x, edges(x.shape[1:-1], window, strides, padding, dilation))
    counts = stops(x.shape[1:-1], window, strides, dilation)
    sample = math.prod(counts) * math.prod(window) * x.shape[-1] * x.dtype.itemsize
    if min(counts) < 1 or sample > MOST_SAMPLE_BYTES:
        return plain_convolution(x, kernel, strides, "valid", dilation)
    form = form_for(x, kernel)
    if form is by_shifts or math.prod(window) == 1:
        sample = 0  # nothing is laid out: XLA reads the input itself
    return in_groups(partial(form, strides, dilation), x, kernel, sample)


def is_for_us(x: Any, kernel: Any) -> bool:
    """Whether this is a CPU, and the numbers and sizes are such as the forms below can take."""
    return (
        on_a_cpu()
        and jnp.issubdtype(x.dtype, jnp.floating)
        and x.dtype == kernel.dtype
        and all(isinstance(size, int) and size for size in x.shape[1:])
        and math.prod(kernel.shape[:-2]) <= 512  # a slice each: more would be a long program
    )


def in_groups(form: Callable[[Any, Any], Any], x: Any, kernel: Any, sample_bytes: int) -> Any:
    """`form(x, kernel)`, for as many samples at a time as `GROUP_BYTES` has room for."""
    batch = x.shape[0]
    if not isinstance(batch, int) or batch * sample_bytes <= AT_ONCE_BYTES:
        return form(x, kernel)
    rounds = -(-batch // max(1, GROUP_BYTES // sample_bytes))
    group = -(-batch // rounds)
    whole = batch // group * group

    @partial(jax.checkpoint, prevent_cse=False)
    def some(x: Any, kernel: Any) -> Any:
        return form(x, kernel)

    parts = x[:whole].reshape(-1, group, *x.shape[1:])
    _, found = lax.scan(lambda carry, part: (carry, some(part, kernel)), None, parts)
    found = found.reshape(whole, *found.shape[2:])
    if whole == batch:
        return found
    return jnp.concatenate([found, some(x[whole:], kernel)])


# -- the forms: x is padded already --------------------------------------------------------------


def form_for(x: Any, kernel: Any) -> Callable[..., Any]:
    channels, taken = x.shape[-1], kernel.shape[-2]
    if taken == channels:
        return by_patches
    if taken == 1:
        return by_shifts
    # 28 × 28 × 64 in 4 groups, batch 16: split 25, batched 41, XLA's own 376. 28 × 28 × 128 in 32,
    # batch 8: 22, 42 and 137, but there split takes 15 times as long to compile.
    return by_split if channels // taken <= 8 else by_batches


def by_patches(strides: Sizes, dilation: Sizes, x: Any, kernel: Any) -> Any:
    """patches @ kernel. (13 × 13 × 32 -> 64 filters of 3 × 3, batch 32: 4, XLA's own 94.)"""
    rows = patches(x, kernel.shape[:-2], strides, dilation)
    return multiplied(rows, kernel.reshape(-1, kernel.shape[-1]))


def by_shifts(strides: Sizes, dilation: Sizes, x: Any, kernel: Any) -> Any:
    """Σ over the window of the shifted input times one row of the kernel, each channel alone.

    Only the input is kept for the gradient, not its slices. (28 × 28 × 128, batch 16: 25, a few
    samples at a time 35, XLA's own 5400. 14 × 14 × 128 with 2 filters for each channel, batch 16:
    each filter by itself 37, both at once 250.)
    """

    def form(x: Any, rows: Any) -> Any:
        slices = window_slices(x, kernel.shape[:-2], strides, dilation)
        channels, made = rows.shape[1:]
        if made > channels:
            return sum(part[..., None] * rows[u] for u, part in enumerate(slices))
        each: list[Any] = [
            sum(part * rows[u, :, number] for u, part in enumerate(slices))
            for number in range(made)
        ]
        return each[0] if made == 1 else jnp.stack(each, axis=-1)

    rows = kernel.reshape(-1, x.shape[-1], kernel.shape[-1] // x.shape[-1])
    total = jax.checkpoint(form, prevent_cse=False)(x, rows)
    return total.reshape(*total.shape[: x.ndim - 1], -1)


def by_split(strides: Sizes, dilation: Sizes, x: Any, kernel: Any) -> Any:
    """Each group of channels by itself."""
    groups = x.shape[-1] // kernel.shape[-2]
    pairs = zip(jnp.split(x, groups, -1), jnp.split(kernel, groups, -1), strict=True)
    return jnp.concatenate([by_patches(strides, dilation, *pair) for pair in pairs], axis=-1)


def by_batches(strides: Sizes, dilation: Sizes, x: Any, kernel: Any) -> Any:
    """All groups of channels in one batched product."""
    taken, filters = kernel.shape[-2:]
    groups = x.shape[-1] // taken
    rows = jnp.stack(window_slices(x, kernel.shape[:-2], strides, dilation), axis=-2)
    rows = rows.reshape(*rows.shape[:-1], groups, taken)
    weights = kernel.reshape(-1, taken, groups, filters // groups)
    found = jnp.einsum("...ugc,ucgf->...gf", rows, weights)
    return found.reshape(*found.shape[:-2], filters)


def multiplied(rows: Any, weights: Any) -> Any:
    """rows @ weights, added up in float32 at least."""
    wide = jnp.promote_types(rows.dtype, jnp.float32)
    flat = rows.reshape(-1, rows.shape[-1])
    found = jnp.matmul(flat, weights, preferred_element_type=wide).astype(rows.dtype)
    return found.reshape(*rows.shape[:-1], weights.shape[-1])


# -- the other way round -------------------------------------------------------------------------


def plain_transposed(x: Any, kernel: Any, strides: Sizes, around: Edges, dilation: Sizes) -> Any:
    """Every input spreads out over a window of the result; what overlaps is added up.

    Axes: (batch, places…, channels), (window…, filters, channels) -> (batch, places'…, filters)
    around: rows of zeros around the input, after it was spread out by the strides.
    """
    return lax.conv_transpose(
        x, kernel, strides, padding=around, rhs_dilation=dilation,
        dimension_numbers=channels_last(x.ndim - 2), transpose_kernel=True,
    )  # fmt: skip


def transposed(x: Any, kernel: Any, strides: Sizes, around: Edges, dilation: Sizes) -> Any:
    """`plain_transposed`, lowered for the machine at hand: x @ kernelᵀ, and patches undone."""
    window, filters, channels = kernel.shape[:-2], *kernel.shape[-2:]
    sample = math.prod(x.shape[1:-1]) * math.prod(window) * filters * x.dtype.itemsize
    if not is_for_us(x, kernel) or sample > MOST_SAMPLE_BYTES:
        return plain_transposed(x, kernel, strides, around, dilation)
    reach = [(u - 1) * d for u, d in zip(window, dilation, strict=True)]
    outside = [(r - a, r - b) for r, (a, b) in zip(reach, around, strict=True)]
    sizes = [
        (n - 1) * s + 1 + r - before - behind
        for n, s, r, (before, behind) in zip(x.shape[1:-1], strides, reach, outside, strict=True)
    ]

    def form(x: Any, weights: Any) -> Any:
        def windows(result: Any) -> Any:
            return patches(padded(result, outside), window, strides, dilation)

        result = jax.ShapeDtypeStruct((x.shape[0], *sizes, filters), x.dtype)
        return jax.linear_transpose(windows, result)(multiplied(x, weights))[0]

    weights = jnp.moveaxis(kernel, -1, 0).reshape(channels, -1)
    return in_groups(form, x, weights, sample)
