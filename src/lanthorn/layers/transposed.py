"""Transposed convolution: every input number is laid out as a window; what overlaps adds up."""

from __future__ import annotations

from typing import Any

from lanthorn import constraints, initializers, ops, regularizers
from lanthorn.axes import Axes
from lanthorn.layers import checks, windows
from lanthorn.layers.example import Example
from lanthorn.layers.weighted import WeightedWindow
from lanthorn.wiring import Spread
from lanthorn.wiring.spread import cut_off
from lanthorn.words.shapes import sizes_text


class TransposedConvolution(WeightedWindow):
    """What Conv1DTranspose, Conv2DTranspose and Conv3DTranspose share."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = 1,
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
        self.output_padding = output_padding
        if output_padding is not None:
            self.output_padding = checks.per_axis(
                self, "output_padding", output_padding, self.rank, checks.natural
            )
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.refuse_strides_with_dilation()
        pairs = zip(self.output_padding or (0,) * self.rank, self.strides, strict=True)
        if any(extra >= stride for extra, stride in pairs):
            raise ValueError(
                f"{type(self).__name__}: output_padding {self.output_padding} is less than strides "
                f"{self.strides} along every axis; more rows would belong to the next stride."
            )

    def _cut_off(self) -> list[tuple[int, int]]:
        extra = self.output_padding or (None,) * self.rank
        return [
            cut_off(windows.reach(w, d), s, self.padding, more)
            for w, d, s, more in zip(
                self.kernel_size, self.dilation_rate, self.strides, extra, strict=True
            )
        ]

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) == self.rank + 2, x, windows.wanted(self, self.rank))
        self.require(0 not in x[1:-1], x, "an input of at least one place along each axis")
        covered = [
            windows.reach(w, d) for w, d in zip(self.kernel_size, self.dilation_rate, strict=True)
        ]
        sizes = [
            None if size is None else (size - 1) * stride + reach - before - behind
            for size, stride, reach, (before, behind) in zip(
                x[1:-1], self.strides, covered, self._cut_off(), strict=True
            )
        ]
        self.require(
            all(size is None or size > 0 for size in sizes),
            x,
            "an input that makes an output of at least one place",
            f"Spread out with strides {self.strides}, padding {self.padding!r} and output_padding "
            f"{self.output_padding}, {sizes_text(x[1:-1])} would become {sizes_text(sizes)}.",
        )
        if self.built:
            self.require_channels(x, self.kernel.shape[-1] or 0)
        return windows.moved(x, sizes, self.filters)

    def build(self, x: Axes) -> None:
        self.kernel = self.add_kernel(
            "kernel",
            (*self.kernel_size, self.filters, self.known_channels(x)),
            (*windows.SPATIAL[self.rank], "filters", "channels"),
        )
        self.add_bias(self.filters)

    def call(self, inputs: Any) -> Any:
        x = ops.conv_transpose(
            inputs,
            self.compute(self.kernel),
            self.strides,
            self.padding,
            self.output_padding,
            dilation_rate=self.dilation_rate,
        )
        return self.finished(x)

    def wiring(self, x: Axes) -> Spread:
        return Spread(
            self.kernel_size,
            self.strides,
            tuple(before for before, _ in self._cut_off()),
            self.dilation_rate,
            self.kernel.spec,
            padding=self.padding,
            **self.wired_end(),
        )


class Conv1DTranspose(TransposedConvolution):
    """`y[o, k] = activation(Σ x[t, c] · kernel[u, k, c] + bias[k])` over all `t·s + u·d - p = o`.

    Axes: (batch, steps, channels) -> (batch, steps', filters); steps' is steps · s with
        padding="same" and (steps - 1) · s + max(window, s) with "valid", p rows being cut off in
        front; `output_padding` chooses among the sizes that a convolution would bring back.
    Raises: ShapeError for another number of axes.
    Source: Dumoulin & Visin 2016, arXiv:1603.07285, section 4; keras 3.15
        `layers/convolutional/conv1d_transpose.py`.
    Example:
        >>> Conv1DTranspose(4, 3, strides=2).compute_output_shape((None, 5, 2))
        (None, 11, 4)
    """

    rank = 1
    examples = (
        Example({"filters": 3, "kernel_size": 3, "strides": 2}, (4, 2)),
        Example({"filters": 2, "kernel_size": 2, "strides": 3, "padding": "same"}, (3, 1)),
        Example({"filters": 2, "kernel_size": 2, "dilation_rate": 2, "activation": "elu"}, (4, 2)),
        Example(
            {"filters": 3, "kernel_size": 3, "strides": 3, "output_padding": 1,
             "activation": "softmax", "data_format": "channels_first"},
            (2, 3),
        ),
    )  # fmt: skip


class Conv2DTranspose(TransposedConvolution):
    """`y[o, k] = activation(Σ x[i, c] · kernel[u, k, c] + bias[k])` over all `i·s + u·d - p = o`.

    o, i and u are places in height and width: the transpose of what Conv2D does.

    Axes: (batch, height, width, channels) -> (batch, height', width', filters); height' is
        height · s with padding="same" and (height - 1) · s + max(window, s) with "valid".
    Raises: ShapeError for another number of axes.
    Source: Dumoulin & Visin 2016, arXiv:1603.07285, section 4; keras 3.15
        `layers/convolutional/conv2d_transpose.py`.
    Example:
        >>> Conv2DTranspose(8, 3, strides=2, padding="same").compute_output_shape((None, 5, 5, 1))
        (None, 10, 10, 8)
    """

    rank = 2
    examples = (
        Example({"filters": 2, "kernel_size": 2, "strides": 2}, (3, 2, 2)),
        Example(
            {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same",
             "activation": "elu"},
            (2, 3, 1),
        ),
        Example(
            {"filters": 2, "kernel_size": (3, 2), "strides": (2, 3), "padding": "same",
             "output_padding": (1, 0), "use_bias": False},
            (3, 2, 1),
        ),
        Example(
            {"filters": 3, "kernel_size": 2, "data_format": "channels_first", "dilation_rate": 2},
            (2, 2, 3),
        ),
    )  # fmt: skip


class Conv3DTranspose(TransposedConvolution):
    """`y[o, k] = activation(Σ x[i, c] · kernel[u, k, c] + bias[k])` over all `i·s + u·d - p = o`.

    o, i and u are places in depth, height and width: the transpose of what Conv3D does.

    Axes: (batch, depth, height, width, channels) -> (batch, depth', height', width', filters)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/convolutional/conv3d_transpose.py`.
    Example:
        >>> Conv3DTranspose(2, 2, strides=2).compute_output_shape((None, 4, 4, 4, 1))
        (None, 8, 8, 8, 2)
    """

    rank = 3
    examples = (
        Example({"filters": 2, "kernel_size": 2, "strides": 2}, (2, 1, 2, 1)),
        Example(
            {"filters": 1, "kernel_size": (1, 3, 2), "strides": (1, 2, 1), "padding": "same"},
            (2, 2, 2, 2),
        ),
        Example(
            {"filters": 2, "kernel_size": 2, "strides": 2, "data_format": "channels_first"},
            (1, 2, 1, 2),
        ),
    )  # fmt: skip

    def __init__(  # data_format stands before output_padding here alone, as in Keras
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        output_padding: Any = None,
        dilation_rate: Any = (1, 1, 1),
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
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate,
            activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip
