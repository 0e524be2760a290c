"""Convolution, channels last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
from jax import lax

from lanthorn.kernels.slices import Sizes, on_a_cpu, window_slices

MOST_PATCH_BYTES = 2**28
"""Where the patches of a whole batch would take more, they are not laid out but used one by one."""


def plain_convolution(x: Any, kernel: Any, strides: Sizes, padding: str, dilation: Sizes) -> Any:
    """`y[b, p, f] = Σ over window u and channels c of x[b, p·s + u·d, c] · kernel[u, c, f]`."""
    rank = x.ndim - 2
    places = tuple(range(1, rank + 1))
    numbers = lax.ConvDimensionNumbers(
        (0, rank + 1, *places), (rank + 1, rank, *range(rank)), (0, rank + 1, *places)
    )
    return lax.conv_general_dilated(
        x, kernel, strides, padding.upper(), rhs_dilation=dilation, dimension_numbers=numbers,
        feature_group_count=x.shape[-1] // kernel.shape[-2],
    )  # fmt: skip


def convolution(x: Any, kernel: Any, strides: Sizes, padding: str, dilation: Sizes) -> Any:
    """`plain_convolution`, on a CPU as one matrix product: (batch · stops, patch) × (patch, filters).

    XLA:CPU's own takes, forward and backward for 32 pictures of 13 × 13 × 32 and 64 filters of
    3 × 3, 11 ms alone and 141 ms inside a loop; this takes 8 and 7: benchmarks/kernels.py.
    """
    groups = x.shape[-1] // kernel.shape[-2]
    is_plain = not on_a_cpu() or not jnp.issubdtype(x.dtype, jnp.floating)
    if is_plain or x.dtype != kernel.dtype or groups > 1:
        return plain_convolution(x, kernel, strides, padding, dilation)
    window = kernel.shape[:-2]
    slices = list(window_slices(x, window, strides, padding, dilation, fill=0.0))
    channels, filters = kernel.shape[-2:]
    if len(slices) * slices[0].size * x.dtype.itemsize > MOST_PATCH_BYTES:
        places = kernel.reshape(-1, channels, filters)
        return sum(part @ places[i] for i, part in enumerate(slices))
    patches = jnp.concatenate(slices, axis=-1) if len(slices) > 1 else slices[0]
    return patches @ kernel.reshape(-1, filters)


def transposed(
    x: Any, kernel: Any, strides: Sizes, edges: Sequence[tuple[int, int]], dilation: Sizes
) -> Any:
    """Every input spreads out over a window of the result, added up."""
    rank = x.ndim - 2
    places = tuple(range(1, rank + 1))
    numbers = lax.ConvDimensionNumbers(
        (0, rank + 1, *places), (rank + 1, rank, *range(rank)), (0, rank + 1, *places)
    )
    return lax.conv_transpose(
        x, kernel, strides, padding=edges, rhs_dilation=dilation, dimension_numbers=numbers,
        transpose_kernel=True,
    )  # fmt: skip
