"""Depthwise convolution: a window over each channel by itself."""

from __future__ import annotations

from typing import Any

from lanthorn import constraints, initializers, ops, regularizers
from lanthorn.axes import Axes
from lanthorn.layers import checks, windows
from lanthorn.layers.example import Example
from lanthorn.layers.weighted import WeightedWindow
from lanthorn.wiring import Window


class DepthwiseConvolution(WeightedWindow):
    """What DepthwiseConv1D and DepthwiseConv2D share."""

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
            bias_initializer, bias_regularizer, bias_constraint,
            activity_regularizer=activity_regularizer, **kwargs,
        )  # fmt: skip
        self.depth_multiplier = checks.positive(self, "depth_multiplier", depth_multiplier)
        self.depthwise_initializer = initializers.get(depthwise_initializer)
        self.depthwise_regularizer = regularizers.get(depthwise_regularizer)
        self.depthwise_constraint = constraints.get(depthwise_constraint)

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) == self.rank + 2, x, windows.wanted(self, self.rank))
        filters = self.known_channels(x) * self.depth_multiplier
        out = windows.resized(self, x, self.kernel_size, filters, self.dilation_rate)
        if self.built:
            self.require_channels(x, self.kernel.shape[-2] or 0)
        return out

    def build(self, x: Axes) -> None:
        channels = self.known_channels(x)
        self.kernel = self.add_kernel(
            "kernel",
            (*self.kernel_size, channels, self.depth_multiplier),
            (*windows.SPATIAL[self.rank], "channels", "filters"),
            "depthwise",
        )
        self.add_bias(channels * self.depth_multiplier)

    def call(self, inputs: Any) -> Any:
        x = ops.depthwise_conv(
            inputs,
            self.compute(self.kernel),
            self.strides,
            self.padding,
            dilation_rate=self.dilation_rate,
        )
        return self.finished(x)

    def wiring(self, x: Axes) -> Window:
        return Window(
            self.kernel_size,
            self.strides,
            windows.all_before(self, x, self.kernel_size, self.dilation_rate),
            self.padding,
            keep="depthwise",
            dilation=self.dilation_rate,
            kernel=self.kernel.spec,
            **self.wired_end(),
        )


class DepthwiseConv1D(DepthwiseConvolution):
    """`y[t, c·m + k] = activation(Σ x[t·s + u·d, c] · kernel[u, c, k] + bias[c·m + k])`.

    The sum is over the window's steps u alone: channels do not see each other. Each makes
    m = `depth_multiplier` numbers.

    Axes: (batch, steps, channels) -> (batch, steps', channels · m)
    Raises: ShapeError for another number of axes or channels, or fewer steps than the window has.
    Source: keras 3.15 `layers/convolutional/depthwise_conv1d.py`.
    Example:
        >>> DepthwiseConv1D(3, depth_multiplier=2).compute_output_shape((None, 10, 4))
        (None, 8, 8)
    """

    rank = 1
    examples = (
        Example({"kernel_size": 3}, (5, 2)),
        Example(
            {"kernel_size": 2, "strides": 2, "padding": "same", "depth_multiplier": 2,
             "activation": "softmax"},
            (5, 2),
        ),
        Example({"kernel_size": 2, "data_format": "channels_first", "use_bias": False}, (3, 4)),
    )  # fmt: skip


class DepthwiseConv2D(DepthwiseConvolution):
    """`y[i, j, c·m + k] = activation(Σ x[i·s + u·d, j·s + v·d, c] · kernel[u, v, c, k] + bias)`.

    The sum is over the window's rows u and columns v alone: channels do not see each other. Each
    makes m = `depth_multiplier` numbers.

    Axes: (batch, height, width, channels) -> (batch, height', width', channels · m)
    Raises: ShapeError for another number of axes or channels, or a picture smaller than the window.
    Source: Howard et al. 2017, arXiv:1704.04861, section 3.1; keras 3.15
        `layers/convolutional/depthwise_conv2d.py`.
    Example:
        >>> DepthwiseConv2D(3).compute_output_shape((None, 28, 28, 8))
        (None, 26, 26, 8)
    """

    rank = 2
    examples = (
        Example({"kernel_size": 3}, (4, 4, 2)),
        Example(
            {"kernel_size": (2, 3), "strides": 2, "padding": "same", "depth_multiplier": 3,
             "activation": "elu"},
            (4, 5, 2),
        ),
        Example(
            {"kernel_size": 2, "dilation_rate": 2, "padding": "same",
             "data_format": "channels_first"},
            (3, 4, 3),
        ),
    )  # fmt: skip
