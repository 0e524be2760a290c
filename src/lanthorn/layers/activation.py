"""Activations as layers: a function of each number by itself, or of its share of an axis."""

from __future__ import annotations

from typing import Any

from lanthorn import activations, ops
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.wiring import Elementwise, Normalize, Wiring


class Activation(Layer):
    """`y[o] = activation(x[o])`, by name or as a function.

    Axes: unchanged.
    Example:
        >>> Activation("relu").compute_output_shape((None, 3, 16))
        (None, 3, 16)
    """

    supports_masking = True
    examples = (
        Example({"activation": "relu"}, (3, 4)),
        Example({"activation": "softmax"}, (2, 5)),
        Example({"activation": "gelu"}, (4,)),
        Example({"activation": "linear"}, (2, 2, 3)),
    )

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def output_axes(self, x: Axes) -> Axes:
        return x

    def call(self, inputs: Any) -> Any:
        return self.activation(inputs)

    def wiring(self, x: Axes) -> Wiring:
        name = activations.name_of(self.activation)
        return Normalize("softmax") if name == "softmax" else Elementwise(name)


class ReLU(Layer):
    """`y = x where x ≥ threshold (at most max_value), else negative_slope · (x - threshold)`.

    Axes: unchanged.
    Source: keras 3.15 `layers/activations/relu.py`.
    Example:
        >>> ReLU(max_value=6.0).compute_output_shape((None, 8))
        (None, 8)
    """

    supports_masking = True
    examples = (
        Example({}, (3, 4)),
        Example({"max_value": 1.0, "negative_slope": 0.1, "threshold": 0.2}, (5,)),
    )

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        for name, value in (
            ("max_value", max_value or 0.0),
            ("negative_slope", negative_slope),
            ("threshold", threshold),
        ):
            if value is None or value < 0:
                raise ValueError(f"ReLU: {name} is a number of zero or more, not {value!r}.")
        self.max_value = max_value
        self.negative_slope = negative_slope
        self.threshold = threshold

    def output_axes(self, x: Axes) -> Axes:
        return x

    def call(self, inputs: Any) -> Any:
        return activations.relu(
            inputs,
            negative_slope=self.negative_slope,
            max_value=self.max_value,
            threshold=self.threshold,
        )

    def wiring(self, x: Axes) -> Elementwise:
        settings = {"negative_slope": self.negative_slope, "threshold": self.threshold}
        if self.max_value is not None:
            settings["max_value"] = self.max_value
        return Elementwise("relu", tuple((k, v) for k, v in settings.items() if v))


class Softmax(Layer):
    """`y[o] = exp(x[o]) / Σ exp(x)` along `axis`: shares that sum to 1.

    Where a mask is given, places that are off get a share of zero.
    Axes: unchanged.
    Example:
        >>> Softmax().compute_output_shape((None, 10))
        (None, 10)
    """

    supports_masking = True
    examples = (Example({}, (4,)), Example({"axis": 1}, (3, 2)), Example({"axis": [1, 2]}, (3, 2)))

    def __init__(self, axis: int | list[int] | tuple[int, ...] = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def output_axes(self, x: Axes) -> Axes:
        axes = self._axes()
        self.require(
            all(-len(x) <= axis < len(x) and axis % len(x) != 0 for axis in axes),
            x,
            f"an input that has axis {self.axis} besides its batch",
        )
        return x

    def call(self, inputs: Any, mask: Any = None) -> Any:
        if mask is not None:
            inputs = ops.where(mask, inputs, ops.finfo_min(inputs.dtype) / 2)
        axes = self._axes()
        if len(axes) == 1:
            return activations.softmax(inputs, axis=axes[0])
        return ops.exp(inputs - ops.logsumexp(inputs, axis=axes, keepdims=True))

    def wiring(self, x: Axes) -> Normalize:
        return Normalize("softmax", tuple(axis % len(x) - 1 for axis in self._axes()))

    def _axes(self) -> tuple[int, ...]:
        return (self.axis,) if isinstance(self.axis, int) else tuple(self.axis)
