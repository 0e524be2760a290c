"""ConvLSTM: an LSTM whose gates look through windows, so that each place keeps its own memory."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.engine.structure import map_leaves
from lanthorn.layers import orders
from lanthorn.layers.example import Example
from lanthorn.layers.recurrent.conv_lstm_cell import ConvLSTMCell
from lanthorn.layers.recurrent.rnn import RNN
from lanthorn.layers.recurrent.sequences import mask_beside, sequence_and_states
from lanthorn.wiring import ChannelsFirst, Wiring


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
