"""Upsampling: more places, each copied from the nearest one or mixed from those around it."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers import checks, windows
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.wiring import Rearrange, Resample, Wiring
from lanthorn.wiring.resample import KERNELS, resampled


class UpSampling(Layer):
    """What UpSampling1D, 2D and 3D share; `rank` is how many axes grow, by `factors`."""

    rank: int
    size: Any

    @property
    def factors(self) -> tuple[int, ...]:
        return (self.size,) if self.rank == 1 else self.size

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) == self.rank + 2, x, windows.wanted(self, self.rank))
        pairs = zip(x[1:-1], self.factors, strict=True)
        return windows.moved(x, [None if size is None else size * by for size, by in pairs])

    def call(self, inputs: Any) -> Any:
        for axis, factor in enumerate(self.factors, start=1):
            inputs = ops.repeat(inputs, factor, axis=axis)
        return inputs

    def wiring(self, x: Axes) -> Wiring:
        return Rearrange("upsample", factors=(*self.factors, 1))


class UpSampling1D(UpSampling):
    """`y[t, c] = x[⌊t / size⌋, c]`: every step `size` times.

    Axes: (batch, steps, channels) -> (batch, steps · size, channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/reshaping/up_sampling1d.py`.
    Example:
        >>> UpSampling1D(3).compute_output_shape((None, 4, 2))
        (None, 12, 2)
    """

    rank = 1
    examples = (Example({}, (3, 2)), Example({"size": 3}, (2, 1)), Example({"size": 1}, (2, 2)))

    def __init__(self, size: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = checks.positive(self, "size", size)


class UpSampling2D(UpSampling):
    """`y[i, j, c] = x[⌊i / s⌋, ⌊j / t⌋, c]`, or a weighted mean of the places around that point.

    interpolation: "nearest" copies; "bilinear", "bicubic", "lanczos3" and "lanczos5" mix.
    Axes: (batch, height, width, channels) -> (batch, height · s, width · t, channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/reshaping/up_sampling2d.py`.
    Example:
        >>> UpSampling2D((1, 2)).compute_output_shape((None, 4, 4, 2))
        (None, 4, 8, 2)
    """

    rank = 2
    sees_channels_last = True
    examples = (
        Example({}, (2, 3, 2)),
        Example({"size": (1, 3)}, (2, 2, 1)),
        Example({"size": 2, "interpolation": "bilinear"}, (3, 2, 1)),
        Example(
            {"size": (2, 3), "interpolation": "bicubic", "data_format": "channels_first"},
            (1, 3, 2),
        ),
        Example({"data_format": "channels_first"}, (2, 2, 2)),
    )

    def __init__(
        self,
        size: Any = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.size = checks.per_axis(self, "size", size, self.rank)
        self.data_format = checks.data_format(self, data_format)
        known = ("nearest", *KERNELS)
        self.interpolation = checks.one_of(self, "interpolation", interpolation, known)

    def call(self, inputs: Any) -> Any:
        if self.interpolation == "nearest":
            return super().call(inputs)
        into = tuple(
            size * factor for size, factor in zip(inputs.shape[1:-1], self.size, strict=True)
        )
        return ops.image.resize(
            inputs, into, interpolation=self.interpolation, data_format="channels_last"
        )

    def wiring(self, x: Axes) -> Wiring:
        if self.interpolation == "nearest":
            return super().wiring(x)
        lines = tuple(
            resampled(size, None if size is None else size * factor, self.interpolation)
            for size, factor in zip(x[1:-1], self.size, strict=True)
        )
        return Resample(self.interpolation, (0, 1), lines)


class UpSampling3D(UpSampling):
    """`y[i, j, k, c] = x[⌊i / s⌋, ⌊j / t⌋, ⌊k / u⌋, c]`: every place as a block of its copies.

    Axes: (batch, depth, height, width, channels) -> (batch, depth · s, height · t, width · u,
        channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/reshaping/up_sampling3d.py`.
    Example:
        >>> UpSampling3D().compute_output_shape((None, 2, 4, 4, 3))
        (None, 4, 8, 8, 3)
    """

    rank = 3
    sees_channels_last = True
    examples = (
        Example({}, (1, 2, 2, 1)),
        Example({"size": (2, 1, 3)}, (2, 2, 1, 2)),
        Example({"size": (1, 2, 1), "data_format": "channels_first"}, (2, 1, 2, 2)),
    )

    def __init__(
        self, size: Any = (2, 2, 2), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.size = checks.per_axis(self, "size", size, self.rank)
        self.data_format = checks.data_format(self, data_format)
