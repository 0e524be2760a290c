"""Images bent: every place of the result reads the image at a place of its own."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jax.scipy import ndimage

from lanthorn.ops.core import tensor
from lanthorn.ops.filters import blurred
from lanthorn.ops.images import on_batches
from lanthorn.ops.operation import operation
from lanthorn.ops.sampling import draw_key

ORDERS = {"nearest": 0, "bilinear": 1}
FILL_MODES = ("constant", "nearest", "wrap", "mirror", "reflect")


def one_of(name: str, value: Any, known: Any) -> None:
    if value not in known:
        raise ValueError(f"{name} must be one of {tuple(known)}, not {value!r}.")


def sampled(x: Any, places: Any, interpolation: str, mode: str, fill: Any) -> Any:
    """Each image read at its own (row, column) places, all channels at the same ones.

    Axes: x (batch, height, width, channels), places (batch, 2, height', width')
          -> (batch, height', width', channels)
    """
    read = partial(ndimage.map_coordinates, order=ORDERS[interpolation], mode=mode, cval=fill)
    return jax.vmap(jax.vmap(read, in_axes=(-1, None), out_axes=-1))(x, places)


def grid(x: Any, dtype: Any) -> tuple[Any, Any]:
    """The row and the column of every place of an image: (height, 1) and (1, width)."""
    rows, columns = (jnp.arange(size, dtype=dtype) for size in x.shape[1:3])
    return rows[:, None], columns[None, :]


@operation
def map_coordinates(
    inputs: Any, coordinates: Any, order: int, fill_mode: str = "constant", fill_value: Any = 0.0
) -> Any:
    """`inputs` read at `coordinates[:, i]` for each i, between its elements too.

    coordinates: one row of places for each axis of the inputs, of any shape behind it.
    order: 0 reads the nearest element, 1 the weighted mean of those around.
    fill_mode: what lies past the edge of `a b c d`: "constant" k k | a b c d | k k,
        "nearest" a a | a b c d | d d, "wrap" c d | a b c d | a b,
        "mirror" c b | a b c d | c b, "reflect" b a | a b c d | d c.
    """
    x = tensor(inputs)
    places = coordinates if isinstance(coordinates, (list, tuple)) else tensor(coordinates)
    places = jnp.stack([tensor(part) for part in places])
    one_of("order", order, (0, 1))
    one_of("fill_mode", fill_mode, FILL_MODES)
    if places.ndim < 2 or places.shape[0] != x.ndim:
        raise ValueError(
            f"coordinates must be ({x.ndim}, …), one row for each axis of inputs of shape "
            f"{x.shape}, not of shape {places.shape}."
        )
    return ndimage.map_coordinates(x, list(places), order, fill_mode, fill_value)


@operation
def affine_transform(
    images: Any,
    transform: Any,
    interpolation: str = "bilinear",
    fill_mode: str = "constant",
    fill_value: Any = 0,
    data_format: str | None = None,
) -> Any:
    """`y[row, column] = x[b0·column + b1·row + b2, a0·column + a1·row + a2]`.

    transform: `[a0, a1, a2, b0, b1, b2, c0, c1]`, one for all images or one for each; what it maps
        are places of the result to places of the image. c0 and c1 count as 0.
    """
    one_of("interpolation", interpolation, ORDERS)
    one_of("fill_mode", fill_mode, FILL_MODES)
    matrices = tensor(transform)
    if matrices.ndim not in (1, 2) or matrices.shape[-1] != 8:
        raise ValueError(f"transform must be (8,) or (batch, 8), not of shape {matrices.shape}.")

    def bent(x: Any) -> Any:
        each = jnp.broadcast_to(matrices, (x.shape[0], 8))
        if not jnp.issubdtype(each.dtype, jnp.floating):
            each = each.astype(jnp.float32)
        a0, a1, a2, b0, b1, b2 = (each[:, i, None, None] for i in range(6))
        rows, columns = grid(x, each.dtype)
        places = jnp.stack([rows * b1 + columns * b0 + b2, rows * a1 + columns * a0 + a2], axis=1)
        return sampled(x, places, interpolation, fill_mode, fill_value)

    return on_batches(bent, images, data_format)


def homography(start_points: Any, end_points: Any) -> Any:
    """The 8 numbers of the perspective that takes each end point to its start point: (batch, 8)."""
    (x, y), (u, v) = (jnp.moveaxis(points, -1, 0) for points in (start_points, end_points))
    zero, one = jnp.zeros_like(u), jnp.ones_like(u)
    for_x = jnp.stack([u, v, one, zero, zero, zero, -x * u, -x * v], axis=-1)
    for_y = jnp.stack([zero, zero, zero, u, v, one, -y * u, -y * v], axis=-1)
    wanted = jnp.concatenate([x, y], axis=-1)[..., None]
    return jnp.linalg.solve(jnp.concatenate([for_x, for_y], axis=-2), wanted)[..., 0]


@operation
def perspective_transform(
    images: Any,
    start_points: Any,
    end_points: Any,
    interpolation: str = "bilinear",
    fill_value: Any = 0,
    data_format: str | None = None,
) -> Any:
    """The images seen so that what was at each start point is at its end point.

    start_points, end_points: four (column, row), for all images (4, 2) or each (batch, 4, 2).
    """
    one_of("interpolation", interpolation, ORDERS)
    starts, ends = (tensor(points).astype(jnp.float32) for points in (start_points, end_points))
    if starts.shape != ends.shape or starts.shape[-2:] != (4, 2) or starts.ndim > 3:
        raise ValueError(
            "start_points and end_points must both be (4, 2) or (batch, 4, 2), not of shapes "
            f"{starts.shape} and {ends.shape}."
        )

    def bent(x: Any) -> Any:
        each = jnp.broadcast_to(homography(starts, ends), (x.shape[0], 8))
        a0, a1, a2, b0, b1, b2, c0, c1 = (each[:, i, None, None] for i in range(8))
        rows, columns = grid(x, jnp.int32)
        depth = c0 * columns + c1 * rows + 1.0
        across = (a0 * columns + a1 * rows + a2) / depth
        down = (b0 * columns + b1 * rows + b2) / depth
        return sampled(x, jnp.stack([down, across], axis=1), interpolation, "constant", fill_value)

    return on_batches(bent, images, data_format)


@operation
def elastic_transform(
    images: Any,
    alpha: Any = 20.0,
    sigma: Any = 5.0,
    interpolation: str = "bilinear",
    fill_mode: str = "reflect",
    fill_value: Any = 0.0,
    seed: Any = None,
    data_format: str | None = None,
) -> Any:
    """The images with every place moved a little at random, neighbours much alike.

    alpha: how far; sigma: how far neighbours move alike, in places.
    Source: keras 3.15 backend/jax/image.py, whose numbers are matched: one draw serves both
        directions, so places move along the diagonal.
    """
    one_of("interpolation", interpolation, ORDERS)
    one_of("fill_mode", fill_mode, FILL_MODES)

    def bent(x: Any) -> Any:
        dtype = x.dtype if jnp.issubdtype(x.dtype, jnp.floating) else jnp.dtype("float32")
        spread = jnp.asarray(sigma, dtype)
        drawn = jax.random.normal(draw_key(seed), x.shape[:3], dtype) * spread
        if isinstance(sigma, Tracer):
            size, reach = (6 * spread).astype(jnp.int32) | 1, max(x.shape[1:3])
        else:
            size, reach = int(np.float32(6) * np.float32(sigma)) | 1, None
        moved = jnp.asarray(alpha, dtype) * blurred(drawn[..., None], size, spread, reach)[..., 0]
        rows, columns = grid(x, dtype)
        places = jnp.stack([rows + moved, columns + moved], axis=1)
        return sampled(x, places, interpolation, fill_mode, fill_value)

    return on_batches(bent, images, data_format)
