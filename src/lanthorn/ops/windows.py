"""Windows that slide over steps, height and width, or depth, height and width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp

from lanthorn.kernels import convolution, pooling
from lanthorn.ops.core import tensor
from lanthorn.ops.operation import operation
from lanthorn.wiring.spread import cut_off

Sizes = int | Sequence[int]


def each(value: Sizes, rank: int, name: str) -> tuple[int, ...]:
    """One number for each of `rank` axes: the same one, or those that were given."""
    values = (value,) * rank if isinstance(value, int) else tuple(value)
    if len(values) != rank or any(v < 1 for v in values):
        raise ValueError(f"{name} must be {rank} whole numbers of 1 or more, not {value!r}.")
    return values


def is_first(data_format: str | None) -> bool:
    """Whether the channels come before the places."""
    if data_format not in (None, "channels_last", "channels_first"):
        raise ValueError(
            f"data_format must be 'channels_last' or 'channels_first', not {data_format!r}."
        )
    return data_format == "channels_first"


def channels_last(compute: Callable[[Any], Any], x: Any, data_format: str | None) -> Any:
    """`compute` of `x`, with the channels moved to the end before and back after."""
    if not is_first(data_format):
        return compute(x)
    return jnp.moveaxis(compute(jnp.moveaxis(x, 1, -1)), -1, 1)


@operation
def max_pool(
    inputs: Any,
    pool_size: Sizes,
    strides: Sizes | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """The largest number of each window."""
    return _pool(pooling.max_pool, inputs, pool_size, strides, padding, data_format)


@operation
def average_pool(
    inputs: Any,
    pool_size: Sizes,
    strides: Sizes | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """The mean of each window; with padding="same", of the cells that lie inside."""
    return _pool(pooling.average_pool, inputs, pool_size, strides, padding, data_format)


def _pool(
    kernel: Callable[..., Any],
    inputs: Any,
    pool_size: Sizes,
    strides: Sizes | None,
    padding: str,
    data_format: str | None,
) -> Any:
    x = tensor(inputs)
    if padding not in ("same", "valid"):
        raise ValueError(f"padding must be 'valid' or 'same', not {padding!r}.")
    window = each(pool_size, x.ndim - 2, "pool_size")
    steps = window if strides is None else each(strides, x.ndim - 2, "strides")
    return channels_last(lambda x: kernel(x, window, steps, padding), x, data_format)


@operation
def conv(
    inputs: Any,
    kernel: Any,
    strides: Sizes = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Sizes = 1,
) -> Any:
    """Σ over window and channels of inputs · kernel, for each filter.

    Axes: (batch, places…, channels), kernel (window…, channels / groups, filters)
          -> (batch, places'…, filters)
    Raises: ValueError when the channels do not fit the kernel or the window does not fit once.
    """
    kernel = tensor(kernel)
    x = tensor(inputs).astype(kernel.dtype)
    rank = x.ndim - 2
    channels, wanted = x.shape[1 if is_first(data_format) else -1], kernel.shape[-2]
    if channels % wanted:
        raise ValueError(
            f"The kernel takes {wanted} channels at a time, and {channels} channels are not a "
            f"multiple of that."
        )
    steps = each(strides, rank, "strides")
    holes = each(dilation_rate, rank, "dilation_rate")
    result = channels_last(
        lambda x: convolution.convolution(x, kernel, steps, padding, holes), x, data_format
    )
    if result.size == 0 and x.size:
        raise ValueError(
            f"The window {tuple(kernel.shape[:-2])} fits into the places of {x.shape} not once."
        )
    return result


@operation
def depthwise_conv(
    inputs: Any,
    kernel: Any,
    strides: Sizes = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Sizes = 1,
) -> Any:
    """Σ over the window of inputs · kernel, for each channel by itself.

    Axes: (batch, places…, channels), kernel (window…, channels, multiplier)
          -> (batch, places'…, channels · multiplier)
    """
    x, kernel = tensor(inputs), tensor(kernel)
    channels = x.shape[1 if is_first(data_format) else -1]
    if channels != kernel.shape[-2]:
        raise ValueError(
            f"The kernel is for {kernel.shape[-2]} channels, but the inputs have {channels}."
        )
    flat = kernel.reshape(*kernel.shape[:-2], 1, channels * kernel.shape[-1])
    return conv(x, flat, strides, padding, data_format, dilation_rate)


@operation
def separable_conv(
    inputs: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    strides: Sizes = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Sizes = 1,
) -> Any:
    """A depthwise convolution, then a convolution with a window of 1 that mixes the channels."""
    x = depthwise_conv(inputs, depthwise_kernel, strides, padding, data_format, dilation_rate)
    return conv(x, pointwise_kernel, 1, "valid", data_format)


@operation
def conv_transpose(
    inputs: Any,
    kernel: Any,
    strides: Sizes = 1,
    padding: str = "valid",
    output_padding: Sizes | None = None,
    data_format: str | None = None,
    dilation_rate: Sizes = 1,
) -> Any:
    """What a convolution's gradient does: every input spreads out over a window of the result.

    Axes: (batch, places…, channels), kernel (window…, filters, channels)
          -> (batch, places'…, filters)
    """
    x, kernel = tensor(inputs), tensor(kernel)
    rank = x.ndim - 2
    steps = each(strides, rank, "strides")
    holes = each(dilation_rate, rank, "dilation_rate")
    channels = x.shape[1 if is_first(data_format) else -1]
    if channels != kernel.shape[-1]:
        raise ValueError(
            f"The kernel takes {kernel.shape[-1]} channels, but the inputs have {channels}."
        )
    extra: Sequence[int | None] = (
        [output_padding] * rank
        if output_padding is None or isinstance(output_padding, int)
        else list(output_padding)
    )
    edges = [
        transposed_edges((size - 1) * hole + 1, step, padding, more)
        for size, hole, step, more in zip(kernel.shape[:-2], holes, steps, extra, strict=True)
    ]
    return channels_last(
        lambda x: convolution.transposed(x, kernel, steps, edges, holes), x, data_format
    )


def transposed_edges(
    window: int, stride: int, padding: str, output_padding: int | None
) -> tuple[int, int]:
    """Zeros to put before and after the spread-out input, along one axis."""
    if padding not in ("same", "valid"):
        raise ValueError(f"padding must be 'valid' or 'same', not {padding!r}.")
    before, behind = cut_off(window, stride, padding, output_padding)
    return window - 1 - before, window - 1 - behind


# -- pixels and blocks ---------------------------------------------------------------------------


@operation
def depth_to_space(x: Any, block_size: int, data_format: str = "channels_last") -> Any:
    """Channels laid out as blocks of pixels: (h, w, c·r²) -> (h·r, w·r, c)."""

    def spread(x: Any) -> Any:
        batch, height, width, channels = x.shape
        r = block_size
        x = x.reshape(batch, height, width, r, r, channels // (r * r))
        return x.transpose(0, 1, 3, 2, 4, 5).reshape(batch, height * r, width * r, -1)

    x = tensor(x)
    if is_first(data_format):  # here the channel comes before its place in the block
        batch, channels, height, width = x.shape
        r = block_size
        x = x.reshape(batch, channels // (r * r), r, r, height, width)
        return x.transpose(0, 1, 4, 2, 5, 3).reshape(batch, -1, height * r, width * r)
    return spread(x)


@operation
def space_to_depth(x: Any, block_size: int, data_format: str = "channels_last") -> Any:
    """Blocks of pixels laid out as channels: (h·r, w·r, c) -> (h, w, c·r²)."""
    x, r = tensor(x), block_size
    if is_first(data_format):
        batch, channels, height, width = x.shape
        x = x.reshape(batch, channels, height // r, r, width // r, r)
        return x.transpose(0, 1, 3, 5, 2, 4).reshape(batch, -1, height // r, width // r)
    batch, height, width, channels = x.shape
    x = x.reshape(batch, height // r, r, width // r, r, channels)
    return x.transpose(0, 1, 3, 2, 4, 5).reshape(batch, height // r, width // r, -1)


# -- pooling to a given size ---------------------------------------------------------------------


@operation
def adaptive_average_pool(inputs: Any, output_size: Sizes, data_format: str | None = None) -> Any:
    """The mean of each of `output_size` nearly equal windows."""
    return _adaptive(pooling.share_means, inputs, output_size, data_format)


@operation
def adaptive_max_pool(inputs: Any, output_size: Sizes, data_format: str | None = None) -> Any:
    """The largest number of each of `output_size` nearly equal windows."""
    return _adaptive(pooling.share_largest, inputs, output_size, data_format)


def _adaptive(
    along: Callable[[Any, int, int], Any], inputs: Any, output_size: Sizes, data_format: str | None
) -> Any:
    x = tensor(inputs)
    sizes = each(output_size, x.ndim - 2, "output_size")

    def pool(x: Any) -> Any:
        for axis in reversed(range(len(sizes))):
            x = along(x, axis + 1, sizes[axis])
        return x

    return channels_last(pool, x, data_format)
