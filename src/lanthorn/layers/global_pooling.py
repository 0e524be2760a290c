"""Global pooling: one number of each channel, from all its places."""

from __future__ import annotations

from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.axes import Axes, Axis
from lanthorn.layers import checks, windows
from lanthorn.layers.example import Example
from lanthorn.layers.stateless import Stateless
from lanthorn.wiring import Reduce


class GlobalPooling(Stateless):
    """What pooling over whole axes shares; `rank` is how many."""

    rank: int
    statistic: ClassVar[str]
    sees_channels_last = True

    def __init__(
        self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = checks.data_format(self, data_format)
        self.keepdims = keepdims

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) == self.rank + 2, x, windows.wanted(self, self.rank))
        self.require(0 not in x[1:-1], x, "at least one number on each axis that goes away")
        kept = [Axis(axis.name, 1) for axis in x.sample[:-1]] if self.keepdims else []
        return x.with_sample([*kept, x.axes[-1]])

    def call(self, inputs: Any) -> Any:
        reduce = ops.max if self.statistic == "largest" else ops.mean
        return reduce(inputs, axis=tuple(range(1, self.rank + 1)), keepdims=self.keepdims)

    def wiring(self, x: Axes) -> Reduce:
        return Reduce(self.statistic, tuple(range(self.rank)), self.keepdims)


STEPS_EXAMPLES = (
    Example({}, (4, 3)),
    Example({"keepdims": True}, (3, 2)),
    Example({"keepdims": True, "data_format": "channels_first"}, (2, 4)),
)
PICTURE_EXAMPLES = (
    Example({}, (3, 4, 2)),
    Example({"keepdims": True}, (2, 2, 3)),
    Example({"data_format": "channels_first"}, (2, 4, 3)),
)
VOLUME_EXAMPLES = (
    Example({}, (2, 3, 2, 2)),
    Example({"keepdims": True}, (2, 1, 3, 2)),
    Example({"keepdims": True, "data_format": "channels_first"}, (2, 1, 3, 2)),
)


class GlobalAveragePooling1D(GlobalPooling):
    """`y[c] = the mean over all t of x[t, c]`; with a mask, over the steps that count.

    Axes: (batch, steps, channels) -> (batch, channels)
    Edges: a sample whose steps are all masked has no mean: NaN, as in Keras.
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/global_average_pooling1d.py`.
    Example:
        >>> GlobalAveragePooling1D().compute_output_shape((None, 7, 64))
        (None, 64)
    """

    rank, statistic = 1, "mean"
    supports_masking = True
    examples = STEPS_EXAMPLES

    def call(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None:
            return super().call(inputs)
        counts = ops.expand_dims(ops.cast(mask, "bool"), -1)
        total = ops.sum(ops.where(counts, inputs, 0), axis=1, keepdims=self.keepdims)
        return total / ops.sum(ops.cast(counts, inputs.dtype), axis=1, keepdims=self.keepdims)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None

    def wiring(self, x: Axes) -> Reduce:
        return Reduce(self.statistic, (0,), self.keepdims, heeds_mask=True)


class GlobalAveragePooling2D(GlobalPooling):
    """`y[c] = the mean over all i, j of x[i, j, c]`.

    Axes: (batch, height, width, channels) -> (batch, channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/global_average_pooling2d.py`.
    Example:
        >>> GlobalAveragePooling2D().compute_output_shape((None, 7, 7, 64))
        (None, 64)
    """

    rank, statistic = 2, "mean"
    examples = PICTURE_EXAMPLES


class GlobalAveragePooling3D(GlobalPooling):
    """`y[c] = the mean over all h, i, j of x[h, i, j, c]`.

    Axes: (batch, depth, height, width, channels) -> (batch, channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/global_average_pooling3d.py`.
    Example:
        >>> GlobalAveragePooling3D().compute_output_shape((None, 7, 7, 7, 64))
        (None, 64)
    """

    rank, statistic = 3, "mean"
    examples = VOLUME_EXAMPLES


class GlobalMaxPooling1D(GlobalPooling):
    """`y[c] = the largest over all t of x[t, c]`.

    Axes: (batch, steps, channels) -> (batch, channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/global_max_pooling1d.py`.
    Example:
        >>> GlobalMaxPooling1D().compute_output_shape((None, 7, 64))
        (None, 64)
    """

    rank, statistic = 1, "largest"
    examples = STEPS_EXAMPLES


class GlobalMaxPooling2D(GlobalPooling):
    """`y[c] = the largest over all i, j of x[i, j, c]`.

    Axes: (batch, height, width, channels) -> (batch, channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/global_max_pooling2d.py`.
    Example:
        >>> GlobalMaxPooling2D().compute_output_shape((None, 7, 7, 64))
        (None, 64)
    """

    rank, statistic = 2, "largest"
    examples = PICTURE_EXAMPLES


class GlobalMaxPooling3D(GlobalPooling):
    """`y[c] = the largest over all h, i, j of x[h, i, j, c]`.

    Axes: (batch, depth, height, width, channels) -> (batch, channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/pooling/global_max_pooling3d.py`.
    Example:
        >>> GlobalMaxPooling3D().compute_output_shape((None, 7, 7, 7, 64))
        (None, 64)
    """

    rank, statistic = 3, "largest"
    examples = VOLUME_EXAMPLES
