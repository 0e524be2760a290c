"""LSTM: a memory for each unit, and gates that decide what it forgets, takes in and puts out."""

from __future__ import annotations

from typing import Any

from lanthorn import activations
from lanthorn.layers.checks import positive
from lanthorn.layers.example import Example
from lanthorn.layers.recurrent.cell import Cell
from lanthorn.layers.recurrent.rnn import RNN
from lanthorn.wiring.arithmetic import Apply, Dot, Inner
from lanthorn.wiring.recur import BEFORE, NOW, CellGate, Made


class LSTMCell(Cell):
    """`c = f · c_before + i · candidate`, `h = o · activation(c)`; h is put out.

    `i`, `f`, `o = recurrent_activation(x · kernel + h_before · recurrent_kernel + bias)`, each with
    weights of its own; `candidate` likewise, with `activation`.
    Call it with one step and the states: `output, [h, c] = cell(x, [h, c])`.
    unit_forget_bias: the forget gate's biases begin at 1, so that nothing is forgotten at first.
    Axes: (batch, features), [(batch, units)] × 2 -> (batch, units), [(batch, units)] × 2
    Source: Hochreiter & Schmidhuber 1997, Neural Computation 9; Gers et al. 2000 for the forget
        gate; keras 3.15 `layers/rnn/lstm.py`.
    Example:
        >>> LSTMCell(4).state_size
        [4, 4]
    """

    gates = ("i", "f", "candidate", "o")
    states = ("h", "c")
    kind = "lstm"

    def __init__(
        self,
        units: int,
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
        *,
        implementation: int = 2,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units = positive(self, "units", units)
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
        self.implementation = 1 if recurrent_dropout > 0 else implementation
        self.keep_seed(seed)

    not_kept = ("implementation",)

    @property
    def first_bias(self) -> Any:
        if not self.unit_forget_bias:
            return self.bias_initializer

        def drawn(shape: tuple[int, ...], dtype: Any = None) -> Any:
            import numpy as np

            units = shape[0] // len(self.gates)
            first = np.asarray(self.bias_initializer((units,), dtype=dtype))
            others = np.asarray(self.bias_initializer((2 * units,), dtype=dtype))
            return np.concatenate([first, np.ones((units,), first.dtype), others])

        return drawn

    def parts(self, seen: Any, states: Any) -> dict[str, Any]:
        i, f, o = (self.recurrent_activation(seen[block]) for block in (0, 1, 3))
        candidate = self.activation(seen[2])
        c = f * states[1] + i * candidate
        h = o * self.activation(c)
        return {"i": i, "f": f, "candidate": candidate, "o": o, "c": c, "h": h}

    def gate_wirings(self) -> tuple[CellGate, ...]:
        inner = activations.name_of(self.activation)
        gate = activations.name_of(self.recurrent_activation)
        return tuple(
            CellGate(name, block, inner if name == "candidate" else gate)
            for block, name in enumerate(self.gates)
        )

    def made_wirings(self) -> tuple[Made, ...]:
        kept = Inner("c", BEFORE), Inner("f", NOW)
        new = Inner("candidate", NOW), Inner("i", NOW)
        squeezed = Apply(activations.name_of(self.activation), (Inner("c", NOW),))
        return Made("c", Dot((kept, new))), Made("h", Dot(((squeezed, Inner("o", NOW)),)))


class LSTM(RNN):
    """Each step: `c = f · c_before + i · candidate`, `h = o · tanh(c)`; h is put out.

    The gates i (input), f (forget), o (output) and the candidate see what the step brings and the
    output before; c is the memory, which reaches back over many steps.
    Axes: (batch, steps, features) -> (batch, units), or (batch, steps, units) with return_sequences
    use_cudnn: accepted; JAX chooses how it computes.
    Source: Hochreiter & Schmidhuber 1997, Neural Computation 9; keras 3.15 `layers/rnn/lstm.py`.
    Example:
        >>> LSTM(4).compute_output_shape((None, 10, 8))
        (None, 4)
    """

    keeps_activity_regularizer = True
    not_kept = ("use_cudnn", "implementation")
    examples = (
        Example({"units": 3}, (4, 2)),
        Example({"units": 2, "return_sequences": True, "recurrent_activation": "hard_sigmoid"},
                (3, 2)),
        Example({"units": 2, "go_backwards": True, "use_bias": False, "activation": "relu"},
                (3, 1)),
    )  # fmt: skip

    def __init__(
        self,
        units: int,
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
        unroll: bool = False,
        use_cudnn: bool | str = "auto",
        *,
        zero_output_for_mask: bool = False,
        implementation: int = 2,
        **kwargs: Any,
    ) -> None:
        self.around(LSTMCell, locals())
        self.use_cudnn = use_cudnn
