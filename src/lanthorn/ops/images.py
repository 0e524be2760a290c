"""Images: other sizes, other colours, pieces of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from lanthorn.engine import defaults
from lanthorn.ops.core import tensor
from lanthorn.ops.operation import operation
from lanthorn.ops.windows import is_first

METHODS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
STRETCHES = ("linear", "bilinear", "trilinear", "cubic", "bicubic", "tricubic", "lanczos3",
             "lanczos5")  # fmt: skip


def is_image(x: Any) -> None:
    if x.ndim not in (3, 4):
        raise ValueError(
            "An image has three axes and a batch of images four; "
            f"these have shape {tuple(x.shape)}."
        )


def places(x: Any, data_format: str | None) -> tuple[int, int]:
    """Which axes are height and width, counted from the end."""
    is_image(x)
    return (-2, -1) if is_first(data_format) else (-3, -2)


def on_batches(compute: Callable[[Any], Any], images: Any, data_format: str | None) -> Any:
    """`compute` of (batch, height, width, channels), whichever order and batch or not came in."""
    x = tensor(images)
    is_image(x)
    is_one = x.ndim == 3
    x = x[None] if is_one else x
    x = jnp.moveaxis(x, 1, -1) if is_first(data_format) else x
    x = compute(x)
    x = jnp.moveaxis(x, -1, 1) if is_first(data_format) else x
    return x[0] if is_one else x


@operation
def resize(
    images: Any,
    size: Sequence[int],
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: float = 0.0,
    data_format: str | None = None,
) -> Any:
    """Images of `size` (height, width); whole numbers stay whole and in their range."""
    if interpolation not in METHODS:
        raise ValueError(f"interpolation must be one of {METHODS}, not {interpolation!r}.")
    if fill_mode != "constant":
        raise ValueError(f"fill_mode can only be 'constant', not {fill_mode!r}.")
    if pad_to_aspect_ratio and crop_to_aspect_ratio:
        raise ValueError("Either crop_to_aspect_ratio or pad_to_aspect_ratio, not both.")
    if len(size) != 2:
        raise ValueError(f"size must be (height, width), not {size}.")
    x = tensor(images)
    rows, columns = places(x, data_format)
    height, width = size
    # The part, or the frame, with the proportions of `size`.
    fitting = (x.shape[columns] * height // width, x.shape[rows] * width // height)
    if crop_to_aspect_ratio:
        for axis, wanted in zip((rows, columns), fitting, strict=True):
            kept = max(min(x.shape[axis], wanted), 1)
            first = (x.shape[axis] - kept) // 2
            x = jax.lax.slice_in_dim(x, first, first + kept, axis=axis % x.ndim)
    elif pad_to_aspect_ratio:
        edges = [(0, 0)] * x.ndim
        for axis, wanted in zip((rows, columns), fitting, strict=True):
            edges[axis] = (max(wanted - x.shape[axis], 0) // 2,) * 2
        x = jnp.pad(x, edges, constant_values=fill_value)
    sizes = list(x.shape)
    sizes[rows], sizes[columns] = height, width
    return _in_range(_resized(x, sizes, interpolation, antialias), x.dtype)


def _resized(x: Any, sizes: Sequence[int], method: str, antialias: bool) -> Any:
    if not jnp.issubdtype(x.dtype, jnp.floating) and method != "nearest":
        x = x.astype(defaults.floatx())
    return jax.image.resize(x, sizes, method=method, antialias=antialias)


def _in_range(x: Any, dtype: Any) -> Any:
    """Back to the images' own type: rounded and kept within it if it is one of whole numbers."""
    if x.dtype == dtype:
        return x
    limits = jnp.iinfo(dtype)
    return jnp.clip(jnp.round(x), limits.min, limits.max).astype(dtype)


@operation
def rgb_to_grayscale(images: Any, data_format: str | None = None) -> Any:
    """0.2989 red + 0.587 green + 0.114 blue."""
    x = tensor(images)
    is_image(x)
    axis = -3 if is_first(data_format) else -1
    if x.shape[axis] == 1:
        return x
    if x.shape[axis] != 3:
        raise ValueError(f"Colours are red, green and blue; these images have shape {x.shape}.")
    wide = x.astype(jnp.promote_types(x.dtype, jnp.float32))
    shares = jnp.asarray([0.2989, 0.5870, 0.1140], wide.dtype)
    gray = jnp.tensordot(wide, shares, axes=(axis, 0))
    return jnp.expand_dims(gray, axis).astype(x.dtype)


@operation
def rgb_to_hsv(images: Any, data_format: str | None = None) -> Any:
    """Hue, saturation and value, all from 0 to 1."""
    x, axis = _colours(images, data_format)
    x = jnp.where(jnp.abs(x) < jnp.finfo(x.dtype).eps, 0.0, x)
    red, green, blue = (jnp.take(x, i, axis=axis) for i in range(3))
    value = jnp.maximum(jnp.maximum(red, green), blue)
    spread = value - jnp.minimum(jnp.minimum(red, green), blue)
    saturation = jnp.where(value > 0, spread / jnp.where(value > 0, value, 1.0), 0.0)
    sixth = 1.0 / (6.0 * jnp.where(spread > 0, spread, 1.0))
    hue = jnp.where(
        value == green, sixth * (blue - red) + 2.0 / 6.0, sixth * (red - green) + 4.0 / 6.0
    )
    hue = jnp.where(value == red, sixth * (green - blue), hue)
    hue = jnp.where(spread > 0, hue, 0.0)
    return jnp.stack([hue + (hue < 0.0).astype(hue.dtype), saturation, value], axis=axis)


@operation
def hsv_to_rgb(images: Any, data_format: str | None = None) -> Any:
    """Red, green and blue from hue, saturation and value."""
    x, axis = _colours(images, data_format)
    hue, saturation, value = (jnp.take(x, i, axis=axis) for i in range(3))
    turn = jnp.mod(hue, 1.0) * 6.0
    red = jnp.clip(jnp.abs(turn - 3.0) - 1.0, 0.0, 1.0)
    green = jnp.clip(2.0 - jnp.abs(turn - 2.0), 0.0, 1.0)
    blue = jnp.clip(2.0 - jnp.abs(turn - 4.0), 0.0, 1.0)
    planes = [value * (1.0 - saturation + saturation * c) for c in (red, green, blue)]
    return jnp.stack(planes, axis=axis)


def _colours(images: Any, data_format: str | None) -> tuple[Any, int]:
    x = tensor(images)
    is_image(x)
    if not jnp.issubdtype(x.dtype, jnp.floating):
        raise ValueError(f"Colours must be floats from 0 to 1, not {x.dtype}.")
    return x, -3 if is_first(data_format) else -1


def _edges(
    length: int, before: int | None, after: int | None, target: int | None, words: tuple[str, ...]
) -> tuple[int, int]:
    """How much is cut away from (negative: added to) both ends of an axis: two of three facts."""
    if [before, after, target].count(None) != 1:
        raise ValueError(f"Give exactly two of {', '.join(words)}.")
    if before is None:
        before = length - target - after  # type: ignore[operator]
    if after is None:
        after = length - target - before  # type: ignore[operator]
    return before, after


@operation
def crop_images(
    images: Any,
    top_cropping: int | None = None,
    left_cropping: int | None = None,
    bottom_cropping: int | None = None,
    right_cropping: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Any:
    """The images without so many rows and columns at their edges."""
    x = tensor(images)
    rows, columns = places(x, data_format)
    words = ("top_cropping, bottom_cropping, target_height", "left_cropping, right_cropping, "
             "target_width")  # fmt: skip
    top, bottom = _edges(x.shape[rows], top_cropping, bottom_cropping, target_height, words[:1])
    left, right = _edges(x.shape[columns], left_cropping, right_cropping, target_width, words[1:])
    if min(top, bottom, left, right) < 0:
        raise ValueError(f"The images are smaller than what is to be left of them: {x.shape}.")
    for axis, first, last in ((rows, top, bottom), (columns, left, right)):
        x = jax.lax.slice_in_dim(x, first, x.shape[axis] - last, axis=axis % x.ndim)
    return x


@operation
def pad_images(
    images: Any,
    top_padding: int | None = None,
    left_padding: int | None = None,
    bottom_padding: int | None = None,
    right_padding: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Any:
    """The images with so many rows and columns of zeros at their edges."""
    x = tensor(images)
    rows, columns = places(x, data_format)

    def added(axis: int, before: int | None, after: int | None, target: int | None,
              words: str) -> tuple[int, int]:  # fmt: skip
        first, last = _edges(
            x.shape[axis], before and -before if before else before,
            after and -after if after else after, target, (words,),
        )  # fmt: skip
        return -first, -last

    edges = [(0, 0)] * x.ndim
    edges[rows] = added(rows, top_padding, bottom_padding, target_height,
                        "top_padding, bottom_padding, target_height")  # fmt: skip
    edges[columns] = added(columns, left_padding, right_padding, target_width,
                           "left_padding, right_padding, target_width")  # fmt: skip
    if min(edges[rows] + edges[columns]) < 0:
        raise ValueError(f"The images are larger than what they are to become: {x.shape}.")
    return jnp.pad(x, edges)


@operation
def extract_patches(
    images: Any,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """Every window of the images laid in one row: (h, w, c) -> (h', w', size · size · c).

    size: one whole number or (rows, columns); of three, the images are volumes (d, h, w, c).
    """
    rank = 2 if isinstance(size, int) else len(size)
    if rank not in (2, 3):
        raise ValueError(f"size must be one whole number, two or three, not {size!r}.")
    return _patches(images, size, strides, dilation_rate, padding, data_format, rank)


@operation
def extract_patches_3d(
    volumes: Any,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """Every window of the volumes laid in one row: (d, h, w, c) -> (d', h', w', size³ · c)."""
    return _patches(volumes, size, strides, dilation_rate, padding, data_format, 3)


def _patches(
    images: Any, size: Any, strides: Any, dilation_rate: Any, padding: str,
    data_format: str | None, rank: int,
) -> Any:  # fmt: skip
    from lanthorn.kernels.slices import edges, padded, patches
    from lanthorn.ops.windows import channels_last, each

    x = tensor(images)
    if x.ndim not in (rank + 1, rank + 2):
        raise ValueError(
            f"Windows of {rank} sizes are cut from {rank + 1} axes, or {rank + 2} with the batch; "
            f"these have shape {x.shape}."
        )
    window = each(size, rank, "size")
    steps = window if strides is None else each(strides, rank, "strides")
    holes = each(dilation_rate, rank, "dilation_rate")

    def rows(x: Any) -> Any:
        around = edges(x.shape[1:-1], window, steps, padding, holes)
        return patches(padded(x, around), window, steps, holes)

    is_one = x.ndim == rank + 1
    found = channels_last(rows, x[None] if is_one else x, data_format)
    return found[0] if is_one else found


@operation
def scale_and_translate(
    images: Any,
    output_shape: Sequence[int],
    scale: Any,
    translation: Any,
    spatial_dims: Sequence[int],
    method: str,
    antialias: bool = True,
) -> Any:
    """Images stretched and moved along the axes `spatial_dims`."""
    if method not in STRETCHES:
        raise ValueError(f"method must be one of {STRETCHES}, not {method!r}.")
    return jax.image.scale_and_translate(
        tensor(images), output_shape, spatial_dims, tensor(scale), tensor(translation), method,
        antialias,
    )  # fmt: skip
