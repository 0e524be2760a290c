"""GRU: two gates decide how much of the last output stays and what it shows of itself."""

from __future__ import annotations

from typing import Any

from lanthorn import activations, ops
from lanthorn.layers.checks import positive
from lanthorn.layers.example import Example
from lanthorn.layers.recurrent.cell import Cell
from lanthorn.layers.recurrent.rnn import RNN
from lanthorn.wiring.arithmetic import Apply, Dot, Inner, Number
from lanthorn.wiring.recur import BEFORE, NOW, CellGate, Made


class GRUCell(Cell):
    """`h = z · h_before + (1 - z) · candidate`; h is put out.

    `z`, `r = recurrent_activation(x · kernel + h_before · recurrent_kernel + bias)`, each with
    weights of its own. `candidate = activation(x · kernel + bias + r · (h_before · recurrent_kernel
    + recurrent bias))`; with reset_after=False, r multiplies h_before itself.
    Call it with one step and the states: `output, [h] = cell(x, [h])`.
    Axes: (batch, features), [(batch, units)] -> (batch, units), [(batch, units)]
    Source: Cho et al. 2014, arXiv:1406.1078; keras 3.15 `layers/rnn/gru.py`.
    Example:
        >>> GRUCell(4).state_size
        4
    """

    gates = ("z", "r", "candidate")
    states = ("h",)
    kind = "gru"
    apart = (2,)
    not_kept = ("implementation",)

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
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
        reset_after: bool = True,
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
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
        )
        self.reset_after = reset_after
        self.implementation = 1 if recurrent_dropout > 0 else implementation
        self.keep_seed(seed)

    @property
    def is_gated(self) -> bool:  # type: ignore[override]
        return self.reset_after

    def bias_axes(self, size: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
        if self.reset_after:
            return (2, size), ("input and recurrent", "gates·units")
        return super().bias_axes(size)

    @property
    def input_bias(self) -> Any:
        bias = super().input_bias
        return bias[0] if self.reset_after and bias is not None else bias

    @property
    def recurrent_bias(self) -> Any:
        return self.compute(self.bias)[1] if self.reset_after and self.bias is not None else None

    def past(self, h: Any, fates: Any) -> tuple[Any, ...]:
        if self.reset_after:
            return super().past(h, fates)
        kernel = self.compute(self.recurrent_kernel)
        if fates.past is None:
            both = self.past_sums(h, kernel[:, : 2 * self.units])
            return (*ops.split(both, 2, axis=-1), h)
        blocks = ops.split(kernel, 3, axis=-1)
        z, r, own = (h * fate for fate in fates.past)
        return self.past_sums(z, blocks[0]), self.past_sums(r, blocks[1]), own

    def parts(self, seen: Any, states: Any) -> dict[str, Any]:
        z, r = (self.recurrent_activation(seen[block]) for block in (0, 1))
        new, old = seen[2]
        if self.reset_after:
            candidate = self.activation(new + r * old)
            h = z * states[0] + (1 - z) * candidate
            return {"z": z, "r": r, "candidate": candidate, "h": h}
        reset = r * old
        kernel = self.compute(self.recurrent_kernel)[:, 2 * self.units :]
        candidate = self.activation(new + self.past_sums(reset, kernel))
        h = z * states[0] + (1 - z) * candidate
        return {"z": z, "r": r, "reset": reset, "candidate": candidate, "h": h}

    def gate_wirings(self) -> tuple[CellGate, ...]:
        gate = activations.name_of(self.recurrent_activation)
        inner = activations.name_of(self.activation)
        own = CellGate("candidate", 2, inner, times="r" if self.reset_after else "",
                   reads="" if self.reset_after else "reset")  # fmt: skip
        return CellGate("z", 0, gate), CellGate("r", 1, gate), own

    def made_wirings(self) -> tuple[Made, ...]:
        stays = Inner("h", BEFORE), Inner("z", NOW)
        new = Inner("candidate", NOW), Apply("subtract", (Number(1.0), Inner("z", NOW)))
        h = Made("h", Dot((stays, new)))
        if self.reset_after:
            return (h,)
        return Made("reset", Dot(((Inner("h", BEFORE), Inner("r", NOW)),))), h


class GRU(RNN):
    """Each step: `h = z · h_before + (1 - z) · candidate`; h is put out.

    The gates z (update) and r (reset) and the candidate see what the step brings and the output
    before.
    reset_after: r multiplies what the recurrent kernel makes of the last output, which then has a
        bias of its own; False: r multiplies the last output itself, as in the paper.
    Axes: (batch, steps, features) -> (batch, units), or (batch, steps, units) with return_sequences
    use_cudnn: accepted; JAX chooses how it computes.
    Source: Cho et al. 2014, arXiv:1406.1078; keras 3.15 `layers/rnn/gru.py`.
    Example:
        >>> GRU(4, return_sequences=True).compute_output_shape((None, 10, 8))
        (None, 10, 4)
    """

    keeps_activity_regularizer = True
    not_kept = ("use_cudnn", "implementation")
    examples = (
        Example({"units": 3}, (4, 2)),
        Example({"units": 2, "return_sequences": True, "reset_after": False}, (3, 2)),
        Example({"units": 2, "go_backwards": True, "use_bias": False}, (3, 1)),
    )

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
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
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        reset_after: bool = True,
        use_cudnn: bool | str = "auto",
        *,
        zero_output_for_mask: bool = False,
        implementation: int = 2,
        **kwargs: Any,
    ) -> None:
        self.around(GRUCell, locals())
        self.use_cudnn = use_cudnn
