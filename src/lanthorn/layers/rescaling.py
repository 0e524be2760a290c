"""Rescaling: the same multiplication and addition for every number."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine import defaults
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.wiring import Elementwise, Wiring


class Rescaling(Layer):
    """`y = x · scale + offset`; for pictures of 0 to 255, `Rescaling(1 / 255)` gives 0 to 1.

    Axes: unchanged. Several scales are one for each channel, wherever the usual order of axes has
        them; several offsets go along the last axes.
    Source: keras 3.15 `layers/preprocessing/rescaling.py`.
    Example:
        >>> Rescaling(1 / 255).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    supports_masking = True
    examples = (
        Example({"scale": 0.5}, (3, 4)),
        Example({"scale": 2.0, "offset": -1.0}, (2, 2, 3)),
        Example({"scale": [0.5, 2.0, 4.0], "offset": [-1.0, 0.0, 1.0]}, (2, 2, 3)),
    )

    def __init__(self, scale: Any, offset: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale = scale
        self.offset = offset

    def output_axes(self, x: Axes) -> Axes:
        return x

    def call(self, inputs: Any) -> Any:
        from lanthorn import ops

        scale = ops.cast(self.scale, self.compute_dtype)
        if scale.ndim and defaults.image_data_format() == "channels_first":
            scale = ops.reshape(scale, scale.shape + (1,) * (3 - scale.ndim))
        offset = ops.cast(self.offset, self.compute_dtype)
        return ops.cast(inputs, self.compute_dtype) * scale + offset

    def wiring(self, x: Axes) -> Wiring:
        if isinstance(self.scale, int | float) and isinstance(self.offset, int | float):
            settings = (("scale", float(self.scale)), ("offset", float(self.offset)))
            return Elementwise("rescale", settings)
        scales, offsets = (self._each(value, x) for value in (self.scale, self.offset))
        if scales is None or offsets is None or defaults.image_data_format() == "channels_first":
            return super().wiring(x)
        return Elementwise("rescale", (), (scales, offsets), (len(x) - 2,), "rescale")

    def _each(self, value: Any, x: Axes) -> tuple[float, ...] | None:
        """A value for each place on the last axis; None when it lies otherwise."""
        import numpy as np

        numbers, count = np.asarray(value, "float64"), x[-1]
        if numbers.ndim > 1 or count is None or numbers.size not in (1, count):
            return None
        return tuple(np.broadcast_to(numbers, (count,)).tolist())
