"""RMS normalization: numbers divided by the root of their mean square."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.layers.normalization.axes import (
    checked_axes,
    fits_weight,
    listed,
    sample_axes,
    weight_sizes,
)
from lanthorn.wiring import Normalize


class RMSNormalization(Layer):
    """`y = x / √(mean(x²) + epsilon) · scale`, the mean over `axis`.

    The scale has one number for each place along `axis`.
    Axes: unchanged.
    Raises: ShapeError for an axis that the input does not have.
    Source: Zhang & Sennrich 2019, arXiv:1910.07467; keras 3.15
        `layers/normalization/rms_normalization.py`.
    Example:
        >>> RMSNormalization().compute_output_shape((None, 10, 64))
        (None, 10, 64)
    """

    examples = (
        Example({}, (3, 4)),
        Example({"axis": [1, 2], "epsilon": 0.1}, (2, 3)),
        Example({"axis": [-1, -2]}, (2, 2, 3)),
    )

    def __init__(
        self, axis: int | list[int] | tuple[int, ...] = -1, epsilon: float = 1e-6, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.axis = checked_axes(self, axis)
        self.epsilon = epsilon
        self.scale = None

    def output_axes(self, x: Axes) -> Axes:
        sample_axes(self, self.axis, x)
        fits_weight(self, self.scale, self.axis, x)
        return x

    def build(self, x: Axes) -> None:
        x = Axes.of(x)
        sizes, names = weight_sizes(self, self.axis, x)
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        self.scale = self.add_weight(sizes, "ones", name="scale", axes=names)

    def call(self, inputs: Any) -> Any:
        over = {axis % inputs.ndim for axis in listed(self.axis)}
        sizes = [size if i in over else 1 for i, size in enumerate(inputs.shape)]
        assert self.scale is not None
        scale = ops.reshape(self.compute(self.scale), sizes)
        return ops.rms_normalization(inputs, scale, axis=sorted(over), epsilon=self.epsilon)

    def wiring(self, x: Axes) -> Normalize:
        over = sample_axes(self, self.axis, x)
        assert self.scale is not None
        return Normalize("root_mean_square", over, self.epsilon, (self.scale.spec,), over)
