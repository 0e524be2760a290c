"""What every convolution has: a window, weights under it, a bias, an activation at the end."""

from __future__ import annotations

from typing import Any

from lanthorn import activations, constraints, initializers, regularizers
from lanthorn.axes import Axes
from lanthorn.layers import checks, orders, windows
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import counted


class WeightedWindow(Layer):
    """The settings all convolutions share; `rank` is how many axes the window moves along."""

    rank: int
    paddings = ("valid", "same")
    sees_channels_last = True
    keeps_activity_regularizer = True

    def __init__(
        self,
        kernel_size: Any,
        strides: Any,
        padding: str,
        data_format: str | None,
        dilation_rate: Any,
        activation: Any,
        use_bias: bool,
        bias_initializer: Any,
        bias_regularizer: Any,
        bias_constraint: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.kernel_size = checks.per_axis(self, "kernel_size", kernel_size, self.rank)
        self.strides = checks.per_axis(self, "strides", strides, self.rank)
        self.dilation_rate = checks.per_axis(self, "dilation_rate", dilation_rate, self.rank)
        self.padding = checks.one_of(self, "padding", padding, self.paddings)
        self.data_format = checks.data_format(self, data_format)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.bias_initializer = initializers.get(bias_initializer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias = None

    def refuse_strides_with_dilation(self) -> None:
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                f"{type(self).__name__}: strides {self.strides} and dilation_rate "
                f"{self.dilation_rate} cannot both be more than 1."
            )

    def require_channels(self, x: Axes, made_for: int) -> None:
        """Refuse another number of channels than the layer was built for."""
        self.require(
            x[-1] == made_for,
            x,
            windows.wanted(self, self.rank, made_for),
            f"It was built for {counted(made_for, 'channel')} and learns weights for each.",
        )

    def known_channels(self, x: Axes) -> int:
        """How many channels come in.

        Raises: ShapeError when that is open: weights cannot be made for any number of them.
        """
        channels = x[-1]
        self.require(channels is not None, x, "a known number of channels")
        assert channels is not None
        self.require(channels > 0, x, "at least one channel")
        return channels

    def add_kernel(
        self, name: str, shape: tuple[int, ...], axes: tuple[str, ...], kind: str = "kernel"
    ) -> Any:
        """A weight with the settings `kind`_initializer, _regularizer and _constraint."""
        return self.add_weight(
            shape,
            getattr(self, f"{kind}_initializer"),
            regularizer=getattr(self, f"{kind}_regularizer"),
            constraint=getattr(self, f"{kind}_constraint"),
            name=name,
            axes=axes,
        )

    def add_bias(self, filters: int) -> None:
        if self.use_bias:
            self.bias = self.add_kernel("bias", (filters,), ("filters",), "bias")

    def finished(self, x: Any) -> Any:
        """Bias and activation. The activation sees the axes in the data's own order, as in Keras:
        with channels_first a softmax takes its shares along the width."""
        if self.bias is not None:
            x = x + self.compute(self.bias)
        if not orders.moves(self):
            return activations.applied(self.activation, x)
        return orders.inward(activations.applied(self.activation, orders.outward(x)))

    def wired_end(self) -> dict[str, Any]:
        """The bias and activation, as the wirings take them."""
        return {
            "bias": self.bias.spec if self.bias is not None else None,
            "activation": activations.name_of(self.activation),
            "shares": -2 if orders.moves(self) else -1,
        }
