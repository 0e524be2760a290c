"""Separable convolution: a window over each channel by itself, then the channels mixed."""

from __future__ import annotations

from typing import Any

from lanthorn import constraints, initializers, ops, regularizers
from lanthorn.axes import Axes
from lanthorn.layers import checks, windows
from lanthorn.layers.example import Example
from lanthorn.layers.weighted import WeightedWindow
from lanthorn.wiring import Part, Separable, Window


class SeparableConvolution(WeightedWindow):
    """What SeparableConv1D and SeparableConv2D share."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
            bias_initializer, bias_regularizer, bias_constraint,
            activity_regularizer=activity_regularizer, **kwargs,
        )  # fmt: skip
        self.filters = checks.positive(self, "filters", filters)
        self.depth_multiplier = checks.positive(self, "depth_multiplier", depth_multiplier)
        self.depthwise_initializer = initializers.get(depthwise_initializer)
        self.pointwise_initializer = initializers.get(pointwise_initializer)
        self.depthwise_regularizer = regularizers.get(depthwise_regularizer)
        self.pointwise_regularizer = regularizers.get(pointwise_regularizer)
        self.depthwise_constraint = constraints.get(depthwise_constraint)
        self.pointwise_constraint = constraints.get(pointwise_constraint)

    def output_axes(self, x: Axes) -> Axes:
        out = windows.resized(self, x, self.kernel_size, self.filters, self.dilation_rate)
        if self.built:
            self.require_channels(x, self.depthwise_kernel.shape[-2] or 0)
        return out

    def build(self, x: Axes) -> None:
        channels = self.known_channels(x)
        spatial = windows.SPATIAL[self.rank]
        self.depthwise_kernel = self.add_kernel(
            "depthwise_kernel",
            (*self.kernel_size, channels, self.depth_multiplier),
            (*spatial, "channels", "filters"),
            "depthwise",
        )
        self.pointwise_kernel = self.add_kernel(
            "pointwise_kernel",
            (*(1,) * self.rank, channels * self.depth_multiplier, self.filters),
            (*spatial, "channels", "filters"),
            "pointwise",
        )
        self.add_bias(self.filters)

    def call(self, inputs: Any) -> Any:
        x = ops.separable_conv(
            inputs,
            self.compute(self.depthwise_kernel),
            self.compute(self.pointwise_kernel),
            self.strides,
            self.padding,
            dilation_rate=self.dilation_rate,
        )
        return self.finished(x)

    def wiring(self, x: Axes) -> Separable:
        channels = self.known_channels(x) * self.depth_multiplier
        between = windows.resized(self, x, self.kernel_size, channels, self.dilation_rate)
        alone = (1,) * self.rank
        each = Window(
            self.kernel_size,
            self.strides,
            windows.all_before(self, x, self.kernel_size, self.dilation_rate),
            self.padding,
            keep="depthwise",
            dilation=self.dilation_rate,
            kernel=self.depthwise_kernel.spec,
        ).between((x,), between)
        mixed = Window(
            alone,
            alone,
            (0,) * self.rank,
            kernel=self.pointwise_kernel.spec,
            **self.wired_end(),
        ).between((between,), windows.moved(between, between[1:-1], self.filters))
        return Separable((Part("depthwise", each), Part("pointwise", mixed, ("depthwise",))))


class SeparableConv1D(SeparableConvolution):
    """DepthwiseConv1D without a bias, then `y[t, k] = activation(Σ_c z[t, c] · pointwise[c, k] +
    bias[k])` of what it made.

    Axes: (batch, steps, channels) -> (batch, steps', filters)
    Raises: ShapeError for another number of axes or channels, or fewer steps than the window has.
    Source: keras 3.15 `layers/convolutional/separable_conv1d.py`.
    Example:
        >>> SeparableConv1D(16, 3).compute_output_shape((None, 10, 4))
        (None, 8, 16)
    """

    rank = 1
    examples = (
        Example({"filters": 3, "kernel_size": 3}, (5, 2)),
        Example(
            {"filters": 2, "kernel_size": 2, "strides": 2, "padding": "same",
             "depth_multiplier": 2, "activation": "softmax"},
            (5, 2),
        ),
        Example({"filters": 2, "kernel_size": 2, "data_format": "channels_first"}, (2, 4)),
    )  # fmt: skip


class SeparableConv2D(SeparableConvolution):
    """DepthwiseConv2D without a bias, then `y[i, j, k] = activation(Σ_c z[i, j, c] ·
    pointwise[c, k] + bias[k])` of what it made.

    Axes: (batch, height, width, channels) -> (batch, height', width', filters)
    Raises: ShapeError for another number of axes or channels, or a picture smaller than the window.
    Source: Chollet 2017, arXiv:1610.02357; keras 3.15 `layers/convolutional/separable_conv2d.py`.
    Example:
        >>> SeparableConv2D(16, 3).compute_output_shape((None, 28, 28, 3))
        (None, 26, 26, 16)
    """

    rank = 2
    examples = (
        Example({"filters": 2, "kernel_size": 2}, (4, 3, 2)),
        Example(
            {"filters": 3, "kernel_size": (2, 3), "strides": 2, "padding": "same",
             "depth_multiplier": 2, "activation": "elu", "use_bias": False},
            (4, 5, 1),
        ),
        Example(
            {"filters": 2, "kernel_size": 2, "dilation_rate": 2, "padding": "same",
             "data_format": "channels_first"},
            (3, 4, 3),
        ),
    )  # fmt: skip
