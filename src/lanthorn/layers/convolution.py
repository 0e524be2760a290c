"""Convolution: the same small weighted sum at every stop of a sliding window."""

from __future__ import annotations

from typing import Any

from lanthorn import activations, constraints, initializers, ops, regularizers
from lanthorn.axes import Axes
from lanthorn.layers import windows
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import channels_last, one_of, per_axis, positive
from lanthorn.layers.example import Example
from lanthorn.wiring import Window


class Convolution(Layer):
    """What Conv1D, Conv2D and Conv3D share; `rank` is how many axes the window moves along."""

    rank: int
    keeps_activity_regularizer = True

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
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.filters = positive(self, "filters", filters)
        self.kernel_size = per_axis(self, "kernel_size", kernel_size, self.rank)
        self.strides = per_axis(self, "strides", strides, self.rank)
        self.dilation_rate = per_axis(self, "dilation_rate", dilation_rate, self.rank)
        known = ("valid", "same", "causal") if self.rank == 1 else ("valid", "same")
        self.padding = one_of(self, "padding", padding, known)
        self.data_format = channels_last(self, data_format)
        self.groups = positive(self, "groups", groups)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias = None
        self._refuse_impossible()

    def _refuse_impossible(self) -> None:
        name = type(self).__name__
        if self.filters % self.groups:
            raise ValueError(
                f"{name}: {self.filters} filters cannot be shared out among {self.groups} groups."
            )
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                f"{name}: strides {self.strides} and dilation_rate {self.dilation_rate} cannot "
                "both be more than 1."
            )

    def output_axes(self, x: Axes) -> Axes:
        out = windows.resized(self, x, self.kernel_size, self.filters, self.dilation_rate)
        if self.built:
            made_for = (self.kernel.shape[-2] or 0) * self.groups
            self.require(
                x[-1] == made_for,
                x,
                f"{made_for} channels on the last axis",
                f"It was built for {made_for} channels and learns weights for each.",
            )
        return out

    def build(self, x: Axes) -> None:
        channels = x[-1]
        self.require(channels is not None, x, "a last axis (channels) of known size")
        assert channels is not None
        self.require(
            channels % self.groups == 0,
            x,
            f"a number of channels that {self.groups} groups can share",
        )
        names = (*windows.SPATIAL[self.rank], "channels", "filters")
        self.kernel = self.add_weight(
            (*self.kernel_size, channels // self.groups, self.filters),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
            axes=names,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                (self.filters,),
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
                axes=("filters",),
            )

    def call(self, inputs: Any) -> Any:
        x = ops.conv(
            inputs,
            self.compute(self.kernel),
            strides=self.strides,
            padding=self.padding,
            dilation_rate=self.dilation_rate,
        )
        return self.activation(x if self.bias is None else x + self.compute(self.bias))

    def wiring(self, x: Axes) -> Window:
        return Window(
            self.kernel_size,
            self.strides,
            windows.all_before(self, x, self.kernel_size, self.dilation_rate),
            self.padding,
            dilation=self.dilation_rate,
            groups=self.groups,
            kernel=self.kernel.spec,
            bias=self.bias.spec if self.bias is not None else None,
            activation=activations.name_of(self.activation),
        )


class Conv2D(Convolution):
    """`y[i, j, k] = activation(Σ x[i·s + u·d, j·s + v·d, c] · kernel[u, v, c, k] + bias[k])`.

    The sum is over the window's rows u and columns v and the channels c.

    Axes: (batch, height, width, channels) -> (batch, height', width', channels)
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
    )  # fmt: skip
