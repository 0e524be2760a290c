"""ConvLSTMCell: the step of an LSTM whose weighted sums are convolutions."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes, Axis
from lanthorn.layers import windows
from lanthorn.layers.checks import one_of, per_axis, positive
from lanthorn.layers.recurrent.cell import Cell
from lanthorn.layers.recurrent.lstm import LSTMCell
from lanthorn.wiring import Window, Wiring


class ConvLSTMCell(LSTMCell):
    """An LSTM cell whose weighted sums are convolutions. `rank`: how many axes windows move along.

    The window over the input has the strides and padding given; that over the last output stays
    on its places. With data_format="channels_first" the layer around moves the axes: what the cell
    sees has the channels last.
    Axes: (batch, …, channels), [(batch, …, filters)] × 2 -> (batch, …, filters), the same states
    Source: Shi et al. 2015, arXiv:1506.04214; keras 3.15 `layers/rnn/conv_lstm.py`.
    """

    kind = "conv_lstm"
    is_gated = False
    features_word = "channels"
    not_kept = ()

    def __init__(
        self,
        rank: int,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        Cell.__init__(self, **kwargs)
        self.keep_seed(seed)
        self.rank = rank
        self.filters = self.units = positive(self, "filters", filters)
        self.kernel_size = per_axis(self, "kernel_size", kernel_size, rank)
        self.strides = per_axis(self, "strides", strides, rank)
        self.padding = one_of(self, "padding", padding, ("valid", "same"))
        formats = ("channels_last", "channels_first")
        self.data_format = one_of(self, "data_format", data_format or "channels_last", formats)
        self.dilation_rate = per_axis(self, "dilation_rate", dilation_rate, rank)
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                f"{type(self).__name__}: strides {self.strides} and dilation_rate "
                f"{self.dilation_rate} cannot both be more than 1."
            )
        self.keep(
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            unit_forget_bias=unit_forget_bias,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
        )
        self.implementation = 1  # Keras draws a dropout of its own for each gate

    @property
    def step_rank(self) -> int:  # type: ignore[override]
        return self.rank + 2

    @property
    def wants(self) -> str:  # type: ignore[override]
        places = windows.SPATIAL[self.rank] if self.rank > 1 else ("places",)
        inside = [*places, "channels"]
        if self.data_format == "channels_first":
            inside = ["channels", *places]
        return f"({', '.join(['batch', 'steps', *inside])})"

    @property
    def state_size(self) -> Any:
        return [self.filters, self.filters]

    def step_axes(self, x: Axes) -> Axes:
        found = windows.resized(self, x, self.kernel_size, self.filters, self.dilation_rate)
        return found.replace(-1, Axis("filters", self.filters))

    def build(self, x: Axes) -> None:
        self.require(bool(x[-1]), x, "an axis of channels of known size, 1 or more")
        self.require(
            None not in x[1:-1], x, "places whose number is known",
            "The memory has a number for each place, so their number cannot be left open.",
        )  # fmt: skip
        self.make_weights(self.kernel_size, x[-1], self.filters)
        self._places = self.step_axes(x)[1:-1]

    def input_sums(self, inputs: Any, kernel: Any) -> Any:
        return self._over_steps(
            inputs,
            lambda x: ops.conv(
                x, kernel, strides=self.strides, padding=self.padding,
                dilation_rate=self.dilation_rate,
            ),
        )  # fmt: skip

    def past_sums(self, h: Any, kernel: Any) -> Any:
        return ops.conv(h, kernel, strides=1, padding="same")

    def _over_steps(self, inputs: Any, function: Any) -> Any:
        """All steps at once, as one large batch."""
        if inputs.ndim == self.step_rank:
            return function(inputs)
        batch, steps = inputs.shape[:2]
        found = function(ops.reshape(inputs, (batch * steps, *inputs.shape[2:])))
        return ops.reshape(found, (batch, steps, *found.shape[1:]))

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """Zeros, one array for each state. The cell must be built."""
        sizes = (batch_size, *self._places, self.filters)
        return [ops.zeros(sizes, self.compute_dtype) for _ in self.states]

    def sums(self, x: Axes) -> tuple[Wiring, Wiring]:
        after = self.step_axes(x)
        wide = after.replace(-1, Axis("gates·filters", self.kernel.shape[-1]))
        seen = Window(
            self.kernel_size,
            self.strides,
            windows.all_before(self, x, self.kernel_size, self.dilation_rate),
            self.padding,
            dilation=self.dilation_rate,
            kernel=self.kernel.spec,
        )
        ones = (1,) * self.rank
        places = zip(after[1:-1], self.kernel_size, strict=True)
        before = tuple(windows.rows_before(size, w, 1, "same") for size, w in places)
        again = Window(self.kernel_size, ones, before, "same", kernel=self.recurrent_kernel.spec)
        return seen.between((x,), wide), again.between((after,), wide)
