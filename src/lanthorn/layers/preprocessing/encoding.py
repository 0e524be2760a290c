"""Whole numbers as rows of zeros and ones, or of counts: one place for each number there is."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes, Axis
from lanthorn.layers.checks import one_of

MODES = ("int", "one_hot", "multi_hot", "count")


def mode_of(layer: Any, mode: Any, known: tuple[str, ...] = MODES) -> str:
    """`output_mode`, by the names it has now."""
    older = {"binary": "multi_hot", "tf-idf": "tf_idf"}
    return one_of(layer, "output_mode", older.get(mode, mode), known)


def dense_only(layer: Any, **settings: bool) -> bool:
    """Refuse `sparse=True` and `ragged=True`."""
    for name, value in settings.items():
        if value:
            raise ValueError(
                f"{type(layer).__name__}: {name}=True is not offered; the output is a dense array."
            )
    return False


def encoded_axes(x: Axes, mode: str, depth: int) -> Axes:
    """The axes of `encoded(...)` for indices of axes `x`."""
    if mode == "int":
        return x
    axes = list(x.axes)
    if mode != "one_hot" or (len(axes) > 1 and axes[-1].size == 1):
        axes = axes[:-1]
    return Axes([*axes, Axis("features", depth)])


def encoded(indices: Any, mode: str, depth: int, dtype: str, weights: Any = None) -> Any:
    """Indices on the device, encoded. An index that is not below `depth` has no place.

    `"one_hot"` encodes every index (a last axis of size 1 goes), `"multi_hot"` and `"count"` all
    those along the last axis together. weights: what each index counts for, instead of 1.
    """
    if mode == "int":
        return ops.cast(indices, dtype)
    if mode == "one_hot":
        if indices.ndim > 1 and indices.shape[-1] == 1:
            indices = ops.squeeze(indices, -1)
        return ops.one_hot(indices, depth, dtype=dtype)
    if indices.ndim == 0:
        indices = ops.reshape(indices, (1,))
    places = ops.one_hot(indices, depth, dtype=dtype)
    if mode == "multi_hot":
        return ops.max(places, axis=-2, initial=0)
    if weights is not None:
        places = places * ops.expand_dims(weights, -1)
    return ops.sum(places, axis=-2)


def encoded_on_host(indices: Any, mode: str, depth: int) -> Any:
    """The same of a NumPy array, as `int32`, without a place for every index in memory."""
    import numpy as np

    if mode == "int":
        return indices.astype("int32")
    if mode == "one_hot":
        if indices.ndim > 1 and indices.shape[-1] == 1:
            indices = indices[..., 0]
        return (indices[..., None] == np.arange(depth)).astype("int32")
    indices = indices.reshape(-1) if indices.ndim == 0 else indices
    *lead, length = indices.shape
    rows = np.repeat(np.arange(int(np.prod(lead))), length)
    return counted(rows, indices.ravel(), (*lead, depth), mode)


def counted(rows: Any, indices: Any, shape: tuple[int, ...], mode: str) -> Any:
    """How often each index occurs in each row, or (`"multi_hot"`) whether.

    rows: the row of each index. shape: the result's; it ends with the depth.
    """
    import numpy as np

    depth = shape[-1]
    has_place = (indices >= 0) & (indices < depth)
    places = rows[has_place] * depth + indices[has_place]
    size = int(np.prod(shape))
    if mode == "count":
        return np.bincount(places, minlength=size).reshape(shape).astype("int32")
    found = np.zeros(size, dtype="int32")
    found[places] = 1
    return found.reshape(shape)
