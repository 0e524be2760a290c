"""SimpleRNN: each output is made of what the step brings and of the output before."""

from __future__ import annotations

from typing import Any

from lanthorn import activations
from lanthorn.layers.checks import positive
from lanthorn.layers.example import Example
from lanthorn.layers.recurrent.cell import Cell
from lanthorn.layers.recurrent.rnn import RNN
from lanthorn.wiring.recur import CellGate


class SimpleRNNCell(Cell):
    """`h = activation(x · kernel + h_before · recurrent_kernel + bias)`.

    Call it with one step and the states: `output, states = cell(x, states)`.
    Axes: (batch, features), [(batch, units)] -> (batch, units), [(batch, units)]
    Source: Elman 1990, Cognitive Science 14; keras 3.15 `layers/rnn/simple_rnn.py`.
    Example:
        >>> SimpleRNNCell(4).state_size
        4
    """

    gates = ("h",)
    states = ("h",)
    kind = "simple"

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
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
        super().__init__(**kwargs)
        self.keep_seed(seed)
        self.units = positive(self, "units", units)
        self.keep(
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
        )

    def parts(self, seen: Any, states: Any) -> dict[str, Any]:
        return {"h": self.activation(seen[0])}

    def gate_wirings(self) -> tuple[CellGate, ...]:
        return (CellGate("h", 0, activations.name_of(self.activation)),)


class SimpleRNN(RNN):
    """`h[t] = activation(x[t] · kernel + h[t - 1] · recurrent_kernel + bias)`; h is put out.

    Of long sequences it forgets the beginning: LSTM and GRU were made to keep it.
    Axes: (batch, steps, features) -> (batch, units), or (batch, steps, units) with return_sequences
    Source: Elman 1990, Cognitive Science 14; keras 3.15 `layers/rnn/simple_rnn.py`.
    Example:
        >>> SimpleRNN(4, return_sequences=True).compute_output_shape((None, 10, 8))
        (None, 10, 4)
    """

    keeps_activity_regularizer = True
    examples = (
        Example({"units": 3}, (4, 2)),
        Example({"units": 2, "return_sequences": True, "use_bias": False}, (3, 2)),
        Example({"units": 2, "go_backwards": True, "activation": "sigmoid"}, (3, 1)),
    )

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: int | None = None,
        *,
        zero_output_for_mask: bool = False,
        **kwargs: Any,
    ) -> None:
        self.around(SimpleRNNCell, locals())
