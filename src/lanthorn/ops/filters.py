"""Filters over images: blur, edges, likeness. Each works along height and along width by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp

from lanthorn.ops.core import tensor
from lanthorn.ops.images import on_batches
from lanthorn.ops.operation import operation


def band(weights: Any, size: int, before: int, stops: int) -> Any:
    """A matrix that slides `weights` along an axis: row i begins `before` places ahead of i.

    Axes: weights (reach,) -> (stops, size)
    """
    places = jnp.arange(size) - jnp.arange(stops)[:, None] + before
    inside = (places >= 0) & (places < weights.shape[0])
    return jnp.where(inside, weights[jnp.clip(places, 0, weights.shape[0] - 1)], 0)


def separable(x: Any, along_rows: Any, along_columns: Any, padding: str = "same") -> Any:
    """`y[i, j] = Σ_{u, v} along_rows[u] · along_columns[v] · x[i + u, j + v]`, channel by channel.

    padding: "same" counts 0 past the edge and keeps the size; "valid" stays inside.
    A product of two narrow matrices is many times faster than XLA's depthwise convolution on a
    CPU, and the same on every device.
    """

    def matrix(weights: Any, size: int) -> Any:
        reach = weights.shape[0]
        if padding == "valid":
            return band(weights, size, 0, size - reach + 1)
        return band(weights, size, (reach - 1) // 2, size)

    down, across = matrix(along_rows, x.shape[1]), matrix(along_columns, x.shape[2])
    return jnp.einsum("iu,jv,buvc->bijc", down, across, x, precision=jax.lax.Precision.HIGHEST)


def bell(size: Any, sigma: Any, reach: int | None = None) -> Any:
    """`exp(-d² / 2σ²)` at `size` places around the middle, summing to 1.

    reach: where `size` is odd and known only when computed: how many places to hold on each side.
    """
    if reach is None:
        away = jnp.arange(size, dtype=sigma.dtype) - jnp.asarray((size - 1) / 2, sigma.dtype)
        weights = jnp.exp(-0.5 * (away / sigma) ** 2)
    else:
        away = jnp.arange(-reach, reach + 1, dtype=sigma.dtype)
        weights = jnp.where(abs(away) <= size // 2, jnp.exp(-0.5 * (away / sigma) ** 2), 0)
    return weights / weights.sum()


def blurred(x: Any, size: Any, sigma: Any, reach: int | None = None) -> Any:
    weights = bell(size, sigma, reach)
    return separable(x, weights, weights)


@operation
def gaussian_blur(
    images: Any,
    kernel_size: Sequence[int] = (3, 3),
    sigma: Any = (1.0, 1.0),
    data_format: str | None = None,
) -> Any:
    """Each number becomes the mean of those around it, the near ones weighing more.

    kernel_size, sigma: how many places and how wide, along the width and along the height.
    """
    spread = tensor(sigma)

    def blur(x: Any) -> Any:
        across, down = (bell(kernel_size[i], spread[i].astype(x.dtype)) for i in range(2))
        return separable(x, down, across)

    return on_batches(blur, images, data_format)


@operation
def sobel_edges(images: Any, data_format: str | None = None) -> Any:
    """How steeply the numbers rise downwards and to the right: (.., channels, 2)."""
    x = tensor(images)
    if x.ndim != 4:
        raise ValueError(f"A batch of images has four axes; these have shape {x.shape}.")
    slope, smooth = jnp.asarray([-1, 0, 1], x.dtype), jnp.asarray([1, 2, 1], x.dtype)
    pairs = ((slope, smooth), (smooth, slope))
    found = [on_batches(lambda x, p=pair: separable(x, *p), x, data_format) for pair in pairs]
    return jnp.stack(found, axis=-1)


@operation
def ssim(
    image1: Any,
    image2: Any,
    max_val: float = 1.0,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    data_format: str | None = None,
) -> Any:
    """How alike two images are, from -1 to 1 (equal): means, spreads and how they go together.

    Source: Wang, Bovik, Sheikh & Simoncelli 2004, IEEE Trans. Image Processing 13(4), equation 13.
    """
    first, second = tensor(image1), tensor(image2)
    dtype = first.dtype
    is_float = jnp.issubdtype(dtype, jnp.floating)
    weights = bell(filter_size, jnp.asarray(filter_sigma, dtype if is_float else jnp.float32))

    def mean(x: Any) -> Any:
        return on_batches(lambda x: separable(x, weights, weights, "valid"), x, data_format)

    first, second = first.astype(weights.dtype), second.astype(weights.dtype)
    mean1, mean2 = mean(first), mean(second)
    spread1 = mean(first * first) - mean1 * mean1
    spread2 = mean(second * second) - mean2 * mean2
    together = mean(first * second) - mean1 * mean2
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    likeness = (2.0 * mean1 * mean2 + c1) * (2.0 * together + c2)
    likeness = likeness / ((mean1**2 + mean2**2 + c1) * (spread1 + spread2 + c2))
    return jnp.mean(likeness, axis=(-3, -2, -1)).astype(dtype)
