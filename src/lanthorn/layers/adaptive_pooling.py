"""Adaptive pooling: as many places as are asked for, each made of its share of the input."""

from __future__ import annotations

from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers import checks, windows
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.wiring import Adaptive


class AdaptivePooling(Layer):
    """What all adaptive pooling shares; `rank` is how many axes get a new size."""

    rank: int
    keep: ClassVar[str]
    pool: ClassVar[str]
    sees_channels_last = True

    def __init__(self, output_size: Any, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.output_size = checks.per_axis(self, "output_size", output_size, self.rank)
        self.data_format = checks.data_format(self, data_format)

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) == self.rank + 2, x, windows.wanted(self, self.rank))
        self.require(0 not in x[1:-1], x, "at least one place along every axis")
        return windows.moved(x, self.output_size)

    def call(self, inputs: Any) -> Any:
        return getattr(ops, self.pool)(inputs, self.output_size)

    def wiring(self, x: Axes) -> Adaptive:
        return Adaptive(self.keep)


STEPS_EXAMPLES = (
    Example({"output_size": 3}, (7, 2)),
    Example({"output_size": 2}, (4, 1)),
    Example({"output_size": 4, "data_format": "channels_first"}, (2, 5)),
)
PICTURE_EXAMPLES = (
    Example({"output_size": 2}, (4, 5, 2)),
    Example({"output_size": (3, 1)}, (5, 4, 1)),
    Example({"output_size": (2, 3), "data_format": "channels_first"}, (2, 3, 4)),
)
VOLUME_EXAMPLES = (
    Example({"output_size": 2}, (2, 3, 4, 1)),
    Example({"output_size": (1, 2, 3)}, (2, 4, 5, 1)),
    Example({"output_size": (2, 1, 2), "data_format": "channels_first"}, (2, 3, 2, 2)),
)


class AdaptiveAveragePooling1D(AdaptivePooling):
    """`y[i, c] = the mean of x[u, c]` for `⌊i·n/m⌋ <= u < ⌈(i + 1)·n/m⌉`, from n steps to m.

    Axes: (batch, steps, channels) -> (batch, steps', channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/adaptive_average_pooling1d.py`.
    Example:
        >>> AdaptiveAveragePooling1D(3).compute_output_shape((None, 7, 64))
        (None, 3, 64)
    """

    rank, keep, pool = 1, "mean", "adaptive_average_pool"
    examples = STEPS_EXAMPLES


class AdaptiveAveragePooling2D(AdaptivePooling):
    """`y[i, c] = the mean of x[u, c]` for `⌊i·n/m⌋ <= u < ⌈(i + 1)·n/m⌉` along each axis.

    Axes: (batch, height, width, channels) -> (batch, height', width', channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/adaptive_average_pooling2d.py`.
    Example:
        >>> AdaptiveAveragePooling2D(3).compute_output_shape((None, 7, 9, 64))
        (None, 3, 3, 64)
    """

    rank, keep, pool = 2, "mean", "adaptive_average_pool"
    examples = PICTURE_EXAMPLES


class AdaptiveAveragePooling3D(AdaptivePooling):
    """`y[i, c] = the mean of x[u, c]` for `⌊i·n/m⌋ <= u < ⌈(i + 1)·n/m⌉` along each axis.

    Axes: (batch, depth, height, width, channels) -> (batch, depth', height', width', channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/adaptive_average_pooling3d.py`.
    Example:
        >>> AdaptiveAveragePooling3D(3).compute_output_shape((None, 7, 8, 9, 64))
        (None, 3, 3, 3, 64)
    """

    rank, keep, pool = 3, "mean", "adaptive_average_pool"
    examples = VOLUME_EXAMPLES


class AdaptiveMaxPooling1D(AdaptivePooling):
    """`y[i, c] = the largest of x[u, c]` for `⌊i·n/m⌋ <= u < ⌈(i + 1)·n/m⌉`, from n steps to m.

    Axes: (batch, steps, channels) -> (batch, steps', channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/adaptive_max_pooling1d.py`.
    Example:
        >>> AdaptiveMaxPooling1D(3).compute_output_shape((None, 7, 64))
        (None, 3, 64)
    """

    rank, keep, pool = 1, "largest", "adaptive_max_pool"
    examples = STEPS_EXAMPLES


class AdaptiveMaxPooling2D(AdaptivePooling):
    """`y[i, c] = the largest of x[u, c]` for `⌊i·n/m⌋ <= u < ⌈(i + 1)·n/m⌉` along each axis.

    Axes: (batch, height, width, channels) -> (batch, height', width', channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/adaptive_max_pooling2d.py`.
    Example:
        >>> AdaptiveMaxPooling2D(3).compute_output_shape((None, 7, 9, 64))
        (None, 3, 3, 64)
    """

    rank, keep, pool = 2, "largest", "adaptive_max_pool"
    examples = PICTURE_EXAMPLES


class AdaptiveMaxPooling3D(AdaptivePooling):
    """`y[i, c] = the largest of x[u, c]` for `⌊i·n/m⌋ <= u < ⌈(i + 1)·n/m⌉` along each axis.

    Axes: (batch, depth, height, width, channels) -> (batch, depth', height', width', channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/adaptive_max_pooling3d.py`.
    Example:
        >>> AdaptiveMaxPooling3D(3).compute_output_shape((None, 7, 8, 9, 64))
        (None, 3, 3, 3, 64)
    """

    rank, keep, pool = 3, "largest", "adaptive_max_pool"
    examples = VOLUME_EXAMPLES
