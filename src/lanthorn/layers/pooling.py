"""Pooling: a window slides over height and width and keeps one number of each channel."""

from __future__ import annotations

from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.axes import Axes, Axis
from lanthorn.layers import windows
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import channels_last, one_of, per_axis
from lanthorn.layers.example import Example
from lanthorn.wiring import Reduce, Window


class Pooling(Layer):
    """What all pooling over windows shares; `rank` is how many axes the window moves along."""

    rank: int
    keep: ClassVar[str]
    pool: ClassVar[str]

    def __init__(
        self,
        pool_size: Any,
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.pool_size = per_axis(self, "pool_size", pool_size, self.rank)
        given = pool_size if strides is None else strides
        self.strides = per_axis(self, "strides", given, self.rank)
        self.padding = one_of(self, "padding", padding, ("valid", "same"))
        self.data_format = channels_last(self, data_format)

    def output_axes(self, x: Axes) -> Axes:
        return windows.resized(self, x, self.pool_size)

    def call(self, inputs: Any) -> Any:
        return getattr(ops, self.pool)(inputs, self.pool_size, self.strides, self.padding)

    def wiring(self, x: Axes) -> Window:
        before = windows.all_before(self, x, self.pool_size)
        return Window(self.pool_size, self.strides, before, self.padding, keep=self.keep)


POOL_EXAMPLES = (
    Example({"pool_size": 2}, (4, 6, 2)),
    Example({"pool_size": (2, 3), "strides": 1, "padding": "same"}, (5, 4, 1)),
    Example({"pool_size": 3, "strides": 2}, (7, 6, 1)),
)


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
    examples = POOL_EXAMPLES

    def __init__(self, pool_size: Any = (2, 2), strides: Any = None, padding: str = "valid",
                 data_format: str | None = None, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(pool_size, strides, padding, data_format, **kwargs)


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
    examples = POOL_EXAMPLES


class GlobalPooling(Layer):
    """What pooling over whole axes shares."""

    rank: int
    statistic: ClassVar[str]

    def __init__(
        self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = channels_last(self, data_format)
        self.keepdims = keepdims

    def output_axes(self, x: Axes) -> Axes:
        names = ", ".join(("batch", *windows.SPATIAL[self.rank], "channels"))
        self.require(len(x) == self.rank + 2, x, f"({names})")
        kept = [Axis(axis.name, 1) for axis in x.sample[:-1]] if self.keepdims else []
        return x.with_sample([*kept, x.axes[-1]])

    def call(self, inputs: Any) -> Any:
        reduce = ops.max if self.statistic == "largest" else ops.mean
        return reduce(inputs, axis=tuple(range(1, self.rank + 1)), keepdims=self.keepdims)

    def wiring(self, x: Axes) -> Reduce:
        return Reduce(self.statistic, tuple(range(self.rank)), self.keepdims)


class GlobalAveragePooling2D(GlobalPooling):
    """`y[c] = the mean over all i, j of x[i, j, c]`.

    Axes: (batch, height, width, channels) -> (batch, channels)
    Example:
        >>> GlobalAveragePooling2D().compute_output_shape((None, 7, 7, 64))
        (None, 64)
    """

    rank, statistic = 2, "mean"
    examples = (Example({}, (3, 4, 2)), Example({"keepdims": True}, (2, 2, 3)))


class GlobalMaxPooling2D(GlobalPooling):
    """`y[c] = the largest over all i, j of x[i, j, c]`.

    Axes: (batch, height, width, channels) -> (batch, channels)
    Example:
        >>> GlobalMaxPooling2D().compute_output_shape((None, 7, 7, 64))
        (None, 64)
    """

    rank, statistic = 2, "largest"
    examples = (Example({}, (3, 4, 2)), Example({"keepdims": True}, (2, 2, 3)))
