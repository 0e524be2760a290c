"""ConvLSTM: an LSTM whose gates look through windows, so that each place keeps its own memory."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes, Axis
from lanthorn.engine.structure import map_leaves
from lanthorn.layers import orders, windows
from lanthorn.layers.checks import one_of, per_axis, positive
from lanthorn.layers.example import Example
from lanthorn.layers.recurrent.cell import Cell
from lanthorn.layers.recurrent.lstm import LSTMCell
from lanthorn.layers.recurrent.rnn import RNN
from lanthorn.layers.recurrent.sequences import mask_beside, sequence_and_states
from lanthorn.wiring import ChannelsFirst, Window, Wiring


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
        self.require(x[-1] is not None, x, "an axis of channels of known size")
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


class ConvLSTM(RNN):
    """What ConvLSTM1D, ConvLSTM2D and ConvLSTM3D share; by itself it is given its `rank`."""

    rank: int = 2
    examples = ()
    keeps_activity_regularizer = True

    def __init__(
        self,
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
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        *,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs: Any,
    ) -> None:
        self.rank = kwargs.pop("rank", type(self).rank)
        self.around(ConvLSTMCell, locals() | {"rank": self.rank})

    # -- channels first: moved on the way in and out -------------------------------------------

    def _inward(self, x: Any) -> Any:
        """Axes, or arrays, with the channels last; of a sequence they stand behind the steps."""
        return map_leaves(lambda each: self._turned(each, inward=True), x)

    def _outward(self, x: Any) -> Any:
        return map_leaves(lambda each: self._turned(each, inward=False), x)

    def _turned(self, each: Any, inward: bool) -> Any:
        rank = len(each) if isinstance(each, Axes) else each.ndim
        if self.data_format == "channels_last" or rank < self.rank + 2:
            return each
        first = rank - self.rank - 1
        source, target = (first, rank - 1) if inward else (rank - 1, first)
        if not isinstance(each, Axes):
            return ops.moveaxis(each, source, target)
        batch, *sample = each.as_sequence().axes if first > 1 else each.axes
        steps, step = sample[: first - 1], Axes([batch, *sample[first - 1 :]])
        turned = orders.inward_axes(step) if inward else orders.outward_axes(step)
        return Axes([batch, *steps, *turned.sample])

    def output_axes(self, x: Any, initial_state: Any = None) -> Any:
        x, states = sequence_and_states(x, initial_state)
        self.require(len(x) == self.rank + 3, x, self.cell.wants)
        return self._outward(super().output_axes(self._inward(x), self._inward(states)))

    def build(self, x: Any) -> None:
        super().build(self._inward(Axes.of(x)))

    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False
    ) -> Any:
        if mask is None and initial_state is not None:
            mask = mask_beside(sequences)
        found = super().call(self._inward(sequences), self._inward(initial_state), mask, training)
        return self._outward(found)

    def intermediates(self, *inputs: Any, mask: Any = None) -> dict[str, Any]:
        return super().intermediates(*map(self._inward, inputs), mask=mask)

    def wiring(self, x: Any) -> Wiring:
        if self.data_format == "channels_last":
            return super().wiring(x)
        sequence, states = (self._inward(each) for each in sequence_and_states(x))
        output = RNN.output_axes(self, sequence)
        output = output if isinstance(output, Axes) else output[0]
        inner = super().wiring([sequence, *states] if states else sequence)
        return ChannelsFirst(inner.between((sequence, *states), output), self.rank)


class ConvLSTM1D(ConvLSTM):
    """An LSTM over steps that are rows of places: windows see neighbouring places.

    The formulas are LSTM's, with convolutions for its matrix products.
    Axes: (batch, steps, places, channels) -> (batch, places', filters), with the steps in front of
        the places when return_sequences
    Source: Shi et al. 2015, arXiv:1506.04214; keras 3.15 `layers/rnn/conv_lstm1d.py`.
    Example:
        >>> ConvLSTM1D(4, 3).compute_output_shape((None, 10, 28, 2))
        (None, 26, 4)
    """

    rank = 1
    examples = (
        Example({"filters": 2, "kernel_size": 2}, (2, 4, 1)),
        Example(
            {"filters": 1, "kernel_size": 3, "padding": "same", "return_sequences": True,
             "strides": 2, "use_bias": False},
            (2, 5, 2),
        ),
        Example(
            {"filters": 2, "kernel_size": 2, "data_format": "channels_first",
             "return_sequences": True},
            (2, 1, 3),
        ),
    )  # fmt: skip


class ConvLSTM2D(ConvLSTM):
    """An LSTM over steps that are pictures: windows see neighbouring places.

    The formulas are LSTM's, with convolutions for its matrix products.
    Axes: (batch, steps, height, width, channels) -> (batch, height', width', filters), with the
        steps in front of the height when return_sequences
    Source: Shi et al. 2015, arXiv:1506.04214; keras 3.15 `layers/rnn/conv_lstm2d.py`.
    Example:
        >>> ConvLSTM2D(4, 3).compute_output_shape((None, 10, 28, 28, 1))
        (None, 26, 26, 4)
    """

    rank = 2
    examples = (
        Example({"filters": 2, "kernel_size": 2}, (2, 3, 3, 1)),
        Example(
            {"filters": 1, "kernel_size": (2, 1), "padding": "same", "go_backwards": True,
             "dilation_rate": 2},
            (2, 3, 2, 1),
        ),
        Example(
            {"filters": 2, "kernel_size": (1, 2), "data_format": "channels_first"}, (2, 2, 2, 3)
        ),
    )  # fmt: skip


class ConvLSTM3D(ConvLSTM):
    """An LSTM over steps that are volumes: windows see neighbouring places.

    The formulas are LSTM's, with convolutions for its matrix products.
    Axes: (batch, steps, depth, height, width, channels) -> (batch, depth', height', width',
        filters), with the steps in front of the depth when return_sequences
    Source: Shi et al. 2015, arXiv:1506.04214; keras 3.15 `layers/rnn/conv_lstm3d.py`.
    Example:
        >>> ConvLSTM3D(4, 3).compute_output_shape((None, 10, 8, 8, 8, 1))
        (None, 6, 6, 6, 4)
    """

    rank = 3
    examples = (
        Example({"filters": 1, "kernel_size": 2}, (2, 2, 2, 2, 1)),
        Example({"filters": 1, "kernel_size": (1, 2, 1), "padding": "same"}, (2, 1, 2, 2, 1)),
    )
