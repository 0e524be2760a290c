"""Convolution: the same small weighted sum at every stop of a sliding window."""

from __future__ import annotations

from typing import Any

from lanthorn import constraints, initializers, ops, regularizers
from lanthorn.axes import Axes
from lanthorn.layers import checks, windows
from lanthorn.layers.example import Example
from lanthorn.layers.weighted import WeightedWindow
from lanthorn.wiring import Window


class Convolution(WeightedWindow):
    """What Conv1D, Conv2D and Conv3D share."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        groups: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
            bias_initializer, bias_regularizer, bias_constraint,
            activity_regularizer=activity_regularizer, **kwargs,
        )  # fmt: skip
        self.filters = checks.positive(self, "filters", filters)
        self.groups = checks.positive(self, "groups", groups)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        if self.filters % self.groups:
            raise ValueError(
                f"{type(self).__name__}: {self.filters} filters cannot be shared out among "
                f"{self.groups} groups."
            )
        self.refuse_strides_with_dilation()

    def output_axes(self, x: Axes) -> Axes:
        out = windows.resized(self, x, self.kernel_size, self.filters, self.dilation_rate)
        if self.built:
            self.require_channels(x, (self.kernel.shape[-2] or 0) * self.groups)
        return out

    def build(self, x: Axes) -> None:
        channels = self.known_channels(x)
        self.require(
            channels % self.groups == 0,
            x,
            f"a number of channels that {self.groups} groups can share",
            f"{channels} is no multiple of {self.groups}.",
        )
        self.kernel = self.add_kernel(
            "kernel",
            (*self.kernel_size, channels // self.groups, self.filters),
            (*windows.SPATIAL[self.rank], "channels", "filters"),
        )
        self.add_bias(self.filters)

    def call(self, inputs: Any) -> Any:
        return self.finished(self.convolution_op(inputs, self.compute(self.kernel)))

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """The weighted sums alone. A class of yours may change kernel or inputs here; the channels
        come last."""
        return ops.conv(
            inputs, kernel, self.strides, self.padding, dilation_rate=self.dilation_rate
        )

    def wiring(self, x: Axes) -> Window:
        return Window(
            self.kernel_size,
            self.strides,
            windows.all_before(self, x, self.kernel_size, self.dilation_rate),
            self.padding,
            dilation=self.dilation_rate,
            groups=self.groups,
            kernel=self.kernel.spec,
            **self.wired_end(),
        )


class Conv1D(Convolution):
    """`y[t, k] = activation(Σ x[t·s + u·d, c] · kernel[u, c, k] + bias[k])`.

    The sum is over the window's steps u and the channels c. With padding="causal" all padding comes
    before the first step, so that no step sees a later one.

    Axes: (batch, steps, channels) -> (batch, steps', filters)
    Raises: ShapeError for another number of axes, or fewer steps than the window has.
    Source: van den Oord et al. 2016, arXiv:1609.03499 (causal); keras 3.15
        `layers/convolutional/conv1d.py`.
    Example:
        >>> Conv1D(32, 3, padding="causal").compute_output_shape((None, 10, 8))
        (None, 10, 32)
    """

    rank = 1
    paddings = ("valid", "same", "causal")
    examples = (
        Example({"filters": 3, "kernel_size": 3}, (7, 2)),
        Example({"filters": 2, "kernel_size": 2, "padding": "causal", "dilation_rate": 2}, (5, 1)),
        Example(
            {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same", "groups": 2,
             "activation": "softmax"},
            (6, 2),
        ),
        Example(
            {"filters": 3, "kernel_size": 2, "data_format": "channels_first",
             "activation": "softmax"},
            (2, 5),
        ),
    )  # fmt: skip


class Conv2D(Convolution):
    """`y[i, j, k] = activation(Σ x[i·s + u·d, j·s + v·d, c] · kernel[u, v, c, k] + bias[k])`.

    The sum is over the window's rows u and columns v and the channels c.

    Axes: (batch, height, width, channels) -> (batch, height', width', filters)
    Raises: ShapeError for another number of axes, or a picture smaller than the window.
    Source: Dumoulin & Visin 2016, arXiv:1603.07285; keras 3.15 `layers/convolutional/conv2d.py`.
    Example:
        >>> Conv2D(32, 3).compute_output_shape((None, 28, 28, 1))
        (None, 26, 26, 32)
    """

    rank = 2
    examples = (
        Example({"filters": 3, "kernel_size": 3}, (5, 5, 1)),
        Example(
            {"filters": 2, "kernel_size": (2, 3), "strides": 2, "padding": "same",
             "activation": "relu"},
            (5, 6, 2),
        ),
        Example({"filters": 4, "kernel_size": 2, "groups": 2, "use_bias": False}, (4, 3, 4)),
        Example({"filters": 2, "kernel_size": 2, "dilation_rate": 2, "padding": "same"}, (5, 4, 1)),
        Example(
            {"filters": 3, "kernel_size": (2, 3), "padding": "same", "strides": (1, 2),
             "data_format": "channels_first"},
            (2, 4, 5),
        ),
    )  # fmt: skip


class Conv3D(Convolution):
    """`y[p, k] = activation(Σ x[p·s + u·d, c] · kernel[u, c, k] + bias[k])`, p and u in 3 axes.

    The sum is over the window's places u and the channels c.

    Axes: (batch, depth, height, width, channels) -> (batch, depth', height', width', filters)
    Raises: ShapeError for another number of axes, or a volume smaller than the window.
    Source: keras 3.15 `layers/convolutional/conv3d.py`.
    Example:
        >>> Conv3D(8, 3).compute_output_shape((None, 16, 16, 16, 1))
        (None, 14, 14, 14, 8)
    """

    rank = 3
    examples = (
        Example({"filters": 2, "kernel_size": 2}, (3, 4, 3, 1)),
        Example(
            {"filters": 2, "kernel_size": (1, 2, 3), "strides": (1, 2, 1), "padding": "same",
             "activation": "tanh"},
            (2, 4, 3, 2),
        ),
        Example(
            {"filters": 2, "kernel_size": 2, "groups": 2, "data_format": "channels_first"},
            (2, 3, 2, 3),
        ),
    )  # fmt: skip
