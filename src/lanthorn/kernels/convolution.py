"""Convolution, channels last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jax import lax

Sizes = tuple[int, ...]


def plain_convolution(
    x: Any, kernel: Any, strides: Sizes, padding: str, dilation: Sizes
) -> Any:
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


convolution = plain_convolution


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
