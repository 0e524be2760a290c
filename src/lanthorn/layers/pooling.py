"""Pooling: a window slides over the places and keeps one number of each channel."""

from __future__ import annotations

from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers import checks, windows
from lanthorn.layers.example import Example
from lanthorn.layers.stateless import Stateless
from lanthorn.wiring import Window


class Pooling(Stateless):
    """What all pooling over windows shares; `rank` is how many axes the window moves along."""

    rank: int
    keep: ClassVar[str]
    pool: ClassVar[str]
    sees_channels_last = True

    def __init__(
        self,
        pool_size: Any,
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.pool_size = checks.per_axis(self, "pool_size", pool_size, self.rank)
        given = pool_size if strides is None else strides
        self.strides = checks.per_axis(self, "strides", given, self.rank)
        self.padding = checks.one_of(self, "padding", padding, ("valid", "same"))
        self.data_format = checks.data_format(self, data_format)

    def output_axes(self, x: Axes) -> Axes:
        return windows.resized(self, x, self.pool_size)

    def call(self, inputs: Any) -> Any:
        return getattr(ops, self.pool)(inputs, self.pool_size, self.strides, self.padding)

    def wiring(self, x: Axes) -> Window:
        before = windows.all_before(self, x, self.pool_size)
        return Window(self.pool_size, self.strides, before, self.padding, keep=self.keep)


STEPS_EXAMPLES = (
    Example({"pool_size": 2}, (5, 2)),
    Example({"pool_size": 3, "strides": 1, "padding": "same"}, (4, 1)),
    Example({"pool_size": 2, "strides": 3, "data_format": "channels_first"}, (2, 7)),
)
PICTURE_EXAMPLES = (
    Example({"pool_size": 2}, (4, 6, 2)),
    Example({"pool_size": (2, 3), "strides": 1, "padding": "same"}, (5, 4, 1)),
    Example({"pool_size": 3, "strides": 2}, (7, 6, 1)),
    Example({"pool_size": (1, 2), "padding": "same", "data_format": "channels_first"}, (2, 3, 5)),
)
VOLUME_EXAMPLES = (
    Example({"pool_size": 2}, (2, 4, 3, 2)),
    Example({"pool_size": (1, 2, 3), "strides": 2, "padding": "same"}, (3, 2, 4, 1)),
    Example({"pool_size": 2, "strides": 1, "data_format": "channels_first"}, (2, 2, 3, 2)),
)


class MaxPooling1D(Pooling):
    """`y[t, c] = the largest over u of x[t·s + u, c]`.

    Axes: (batch, steps, channels) -> (batch, steps', channels)
    Edges: padding="same" adds nothing to a maximum; steps that no window reaches are not seen.
    Raises: ShapeError when there are fewer steps than the window has.
    Source: keras 3.15 `layers/pooling/max_pooling1d.py`.
    Example:
        >>> MaxPooling1D().compute_output_shape((None, 25, 8))
        (None, 12, 8)
    """

    rank, keep, pool = 1, "largest", "max_pool"
    examples = STEPS_EXAMPLES

    def __init__(self, pool_size: Any = 2, strides: Any = None, padding: str = "valid",
                 data_format: str | None = None, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(pool_size, strides, padding, data_format, **kwargs)


class MaxPooling2D(Pooling):
    """`y[i, j, c] = the largest over u, v of x[i·s + u, j·s + v, c]`.

    Axes: (batch, height, width, channels) -> (batch, height', width', channels)
    Edges: padding="same" adds nothing to a maximum; rows that no window reaches are not seen.
    Raises: ShapeError when the picture is smaller than the window.
    Source: Dumoulin & Visin 2016, arXiv:1603.07285; keras 3.15 `layers/pooling`.
    Example:
        >>> MaxPooling2D().compute_output_shape((None, 25, 25, 8))
        (None, 12, 12, 8)
    """

    rank, keep, pool = 2, "largest", "max_pool"
    examples = PICTURE_EXAMPLES

    def __init__(self, pool_size: Any = (2, 2), strides: Any = None, padding: str = "valid",
                 data_format: str | None = None, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(pool_size, strides, padding, data_format, **kwargs)


class MaxPooling3D(Pooling):
    """`y[p, c] = the largest over u of x[p·s + u, c]`, p and u in depth, height and width.

    Axes: (batch, depth, height, width, channels) -> (batch, depth', height', width', channels)
    Edges: padding="same" adds nothing to a maximum; places that no window reaches are not seen.
    Raises: ShapeError when the volume is smaller than the window.
    Source: keras 3.15 `layers/pooling/max_pooling3d.py`.
    Example:
        >>> MaxPooling3D().compute_output_shape((None, 8, 8, 8, 3))
        (None, 4, 4, 4, 3)
    """

    rank, keep, pool = 3, "largest", "max_pool"
    examples = VOLUME_EXAMPLES

    def __init__(self, pool_size: Any = (2, 2, 2), strides: Any = None, padding: str = "valid",
                 data_format: str | None = None, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(pool_size, strides, padding, data_format, **kwargs)


class AveragePooling1D(Pooling):
    """`y[t, c] = the mean over u of x[t·s + u, c]`.

    Axes: (batch, steps, channels) -> (batch, steps', channels)
    Edges: with padding="same" the mean is over the steps that exist.
    Raises: ShapeError when there are fewer steps than the window has.
    Source: keras 3.15 `layers/pooling/average_pooling1d.py`.
    Example:
        >>> AveragePooling1D(2).compute_output_shape((None, 8, 3))
        (None, 4, 3)
    """

    rank, keep, pool = 1, "mean", "average_pool"
    examples = STEPS_EXAMPLES


class AveragePooling2D(Pooling):
    """`y[i, j, c] = the mean over u, v of x[i·s + u, j·s + v, c]`.

    Axes: (batch, height, width, channels) -> (batch, height', width', channels)
    Edges: with padding="same" the mean is over the places that exist.
    Raises: ShapeError when the picture is smaller than the window.
    Source: keras 3.15 `layers/pooling`.
    Example:
        >>> AveragePooling2D(2).compute_output_shape((None, 8, 8, 3))
        (None, 4, 4, 3)
    """

    rank, keep, pool = 2, "mean", "average_pool"
    examples = PICTURE_EXAMPLES


class AveragePooling3D(Pooling):
    """`y[p, c] = the mean over u of x[p·s + u, c]`, p and u in depth, height and width.

    Axes: (batch, depth, height, width, channels) -> (batch, depth', height', width', channels)
    Edges: with padding="same" the mean is over the places that exist.
    Raises: ShapeError when the volume is smaller than the window.
    Source: keras 3.15 `layers/pooling/average_pooling3d.py`.
    Example:
        >>> AveragePooling3D(2).compute_output_shape((None, 8, 8, 8, 3))
        (None, 4, 4, 4, 3)
    """

    rank, keep, pool = 3, "mean", "average_pool"
    examples = VOLUME_EXAMPLES
