"""Cell: what one step of a recurrent layer computes, for the cells whose gates lie side by side."""

from __future__ import annotations

from typing import Any, NamedTuple

from lanthorn import activations, constraints, initializers, ops, random, regularizers
from lanthorn.axes import Axes, Axis
from lanthorn.layers.base import Layer
from lanthorn.wiring import Contract, Recur, Wiring
from lanthorn.wiring.recur import CellGate, Made

TABLES = {
    "activation": activations,
    "constraint": constraints,
    "initializer": initializers,
    "regularizer": regularizers,
}
"""Where a setting is looked up, by the last word of its name."""


class Fates(NamedTuple):
    """What dropout multiplies with, the same at every step: for the input and for the last output.

    One factor for all gates, or one for each; None where nothing is dropped.
    """

    inputs: tuple[Any, ...] | None = None
    past: tuple[Any, ...] | None = None

    @property
    def differ(self) -> bool:
        """Whether the gates see different numbers, or not what was put out."""
        return self.past is not None or (self.inputs is not None and len(self.inputs) > 1)


class Cell(Layer):
    """A step of SimpleRNN, LSTM, GRU or ConvLSTM.

    Each gate is `activation(x · kernel + h · recurrent_kernel + bias)`; the kernels hold those of
    all gates side by side, in the order of `gates`. `parts` makes the states of them.
    """

    examples = ()  # it is called with a step and states: the layers around it have examples
    gates: tuple[str, ...]
    """What the blocks of the kernels are for, in order; the layer's file says which is which."""
    states: tuple[str, ...]
    """Which of the `parts` are kept for the next step; the first is the output."""
    activation: Any
    recurrent_activation: Any
    use_bias: bool
    unit_forget_bias: bool
    bias_initializer: Any
    dropout: float
    recurrent_dropout: float
    implementation: int = 2
    apart: tuple[int, ...] = ()
    """Which gates see what the step brings and what the past brings apart, and not their sum."""
    is_gated = True
    """Whether input and last output are seen through one matrix product each and nothing else."""

    def keep(self, **settings: Any) -> None:
        """Keep settings under their own names; activations, initializers … are looked up."""
        for name, value in settings.items():
            table = TABLES.get(name.rpartition("_")[2])
            setattr(self, name, value if table is None else table.get(value))
        for name in ("dropout", "recurrent_dropout"):
            rate = settings.get(name, 0.0)
            if isinstance(rate, bool) or not 0 <= rate <= 1:
                raise ValueError(
                    f"{type(self).__name__}: {name} is a fraction from 0 to 1, not {rate!r}."
                )

    def keep_seed(self, seed: Any) -> None:
        self.seed = seed
        self.seed_generator = random.SeedGenerator(seed)

    # -- sizes ----------------------------------------------------------------------------------

    units: int
    wants = "(batch, steps, features)"
    step_rank = 2
    features_word = "features"

    @property
    def state_size(self) -> Any:
        sizes = [self.units for _ in self.states]
        return sizes if len(sizes) > 1 else sizes[0]

    @property
    def output_size(self) -> int:
        return self.units

    def step_axes(self, x: Axes) -> Axes:
        """The axes of a step's output, for the axes of what a step brings."""
        self.require(len(x) == 2, x, "(batch, features)", "A cell works on a single step.")
        return Axes([x.axes[0], Axis("units", self.units)])

    def output_axes(self, x: Axes, states: Any = None) -> Any:
        self.require_features(x)
        after = self.step_axes(x)
        return after, [after for _ in self.states] if isinstance(states, list | tuple) else after

    def require_features(self, x: Axes, asked: tuple[Layer, Axes] | None = None) -> None:
        """Refuse another number of features than the kernel has weights for.

        asked: the layer around and what it was given, when the cell is not called by itself.
        """
        if self.built:
            made_for = self.kernel.shape[-2]
            layer, given = asked or (self, x)
            layer.require(
                x[-1] == made_for,
                given,
                f"{self.features_word} {made_for} on the last axis",
                f"It was built for {made_for} {self.features_word} and learns weights for each.",
            )

    # -- weights --------------------------------------------------------------------------------

    def build(self, x: Axes) -> None:
        self.require(x[-1] is not None, x, "a last axis (features) of known size")
        self.make_weights((), x[-1], self.units)

    def make_weights(self, window: tuple[int, ...], features: int | None, units: int) -> None:
        """Kernel, recurrent kernel and bias; `window` is what a convolution has in front."""
        count = len(self.gates)
        places = ("height", "width", "depth")[: len(window)]
        self.kernel = self._weight(
            "kernel", (*window, features, count * units), (*places, "features", "gates·units")
        )
        self.recurrent_kernel = self._weight(
            "recurrent_kernel", (*window, units, count * units), (*places, "units", "gates·units")
        )
        self.bias = None
        if self.use_bias:
            self.bias = self._weight("bias", *self.bias_axes(count * units))

    def _weight(self, name: str, shape: tuple[Any, ...], axes: tuple[str, ...]) -> Any:
        short = "recurrent" if name == "recurrent_kernel" else name
        return self.add_weight(
            shape,
            self.first_bias if name == "bias" else getattr(self, f"{short}_initializer"),
            regularizer=getattr(self, f"{short}_regularizer"),
            constraint=getattr(self, f"{short}_constraint"),
            name=name,
            axes=axes,
        )

    def bias_axes(self, size: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
        return (size,), ("gates·units",)

    @property
    def first_bias(self) -> Any:
        """What draws the bias."""
        return self.bias_initializer

    # -- numbers --------------------------------------------------------------------------------

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        is_list = isinstance(states, list | tuple)
        before = tuple(states) if is_list else (states,)
        fates = self.fates(inputs, before[0]) if training else Fates()
        after = self.after(self.brought(inputs, fates), before, fates)
        return after[0], list(after) if is_list else after[0]

    def sequence(
        self, inputs: Any, states: list[Any], mask: Any, training: bool, backwards: bool,
        unroll: bool, zero_output_for_mask: bool,
    ) -> tuple[Any, list[Any]]:  # fmt: skip
        """All steps: their outputs in the order they were worked out, and the last states."""
        from lanthorn.kernels import gated, recurrence

        fates = self.fates(inputs[:, 0], states[0]) if training else Fates()
        if self.is_gated and not (self.has_own_activation or fates.differ):
            x = inputs * fates.inputs[0][:, None] if fates.inputs else inputs
            sums = gated.Sums(
                self.compute(self.kernel), self.input_bias,
                self.compute(self.recurrent_kernel), self.recurrent_bias,
            )  # fmt: skip
            way = gated.Way(self.apart, unroll)
            return gated.gated_rnn(
                self.mix, way, x, sums, states, mask, backwards, zero_output_for_mask
            )
        x = self.brought(inputs, fates)

        def step(x: Any, before: Any, shared: Any) -> Any:
            after = self.after(x, before, fates)
            return after[0], after, shared

        outputs, after, _ = recurrence.rnn(
            step, x, tuple(states), (), mask, backwards, unroll, zero_output_for_mask
        )
        return outputs, list(after)

    def everything(
        self, inputs: Any, states: list[Any], mask: Any, backwards: bool
    ) -> dict[str, Any]:
        """All `parts` of all steps at inference, by step; those that are kept as they were kept."""
        from lanthorn.kernels import recurrence

        def step(x: Any, before: Any) -> Any:
            return self.parts(self.seen(x, self.past(before[0], Fates())), before)

        return recurrence.watched(
            step, self.states, self.brought(inputs, Fates()), tuple(states), mask, backwards
        )

    def fates(self, x: Any, h: Any) -> Fates:
        """Drawn anew for each sequence, as Keras draws them."""
        count = len(self.gates) if self.implementation == 1 else 1

        def drawn(like: Any, rate: float) -> Any:
            ones = ops.ones_like(like)
            seed = self.seed_generator
            return tuple(random.dropout(ones, rate, seed=seed) for _ in range(count))

        return Fates(
            drawn(x, self.dropout) if self.dropout > 0 else None,
            drawn(h, self.recurrent_dropout) if self.recurrent_dropout > 0 else None,
        )

    def brought(self, inputs: Any, fates: Fates) -> tuple[Any, ...]:
        """What the input brings to each gate: of one step, or of all of them at once."""
        kernel = self.compute(self.kernel)
        found = self._by_gate(self.input_sums, inputs, fates.inputs, kernel)
        if self.input_bias is None:
            return found
        parts = ops.split(self.input_bias, len(self.gates), axis=-1)
        return tuple(each + bias for each, bias in zip(found, parts, strict=True))

    def past(self, h: Any, fates: Fates) -> tuple[Any, ...]:
        """What the last output brings to each gate."""
        found = self._by_gate(self.past_sums, h, fates.past, self.compute(self.recurrent_kernel))
        if self.recurrent_bias is None:
            return found
        parts = ops.split(self.recurrent_bias, len(self.gates), axis=-1)
        return tuple(each + bias for each, bias in zip(found, parts, strict=True))

    def _by_gate(self, product: Any, numbers: Any, fates: Any, kernel: Any) -> tuple[Any, ...]:
        """The product with each gate's block of the kernel, each with its own dropout if any."""
        count = len(self.gates)
        if fates is not None:
            behind = numbers.ndim - fates[0].ndim  # a whole sequence: steps behind the batch
            fates = [fate[:, None] if behind else fate for fate in fates]
        if fates is None or len(fates) == 1:
            whole = product(numbers if fates is None else numbers * fates[0], kernel)
            return tuple(ops.split(whole, count, axis=-1))
        blocks = ops.split(kernel, count, axis=-1)
        return tuple(
            product(numbers * fate, block) for fate, block in zip(fates, blocks, strict=True)
        )

    def input_sums(self, inputs: Any, kernel: Any) -> Any:
        """The weighted sums of what one step brings, or all steps."""
        return ops.matmul(inputs, kernel)

    def past_sums(self, h: Any, kernel: Any) -> Any:
        """The weighted sums of the last output."""
        return ops.matmul(h, kernel)

    @property
    def input_bias(self) -> Any:
        return None if self.bias is None else self.compute(self.bias)

    @property
    def recurrent_bias(self) -> Any:
        """A bias of the recurrent product's own, where there is one."""
        return None

    def seen(self, x: Any, past: Any) -> tuple[Any, ...]:
        """What each gate sees: a sum, or a pair."""
        pairs = enumerate(zip(x, past, strict=True))
        return tuple(pair if gate in self.apart else pair[0] + pair[1] for gate, pair in pairs)

    def parts(self, seen: Any, states: Any) -> dict[str, Any]:
        """Every number of a step that has a name: gates and states."""
        raise NotImplementedError

    def mix(self, seen: Any, states: Any) -> tuple[Any, ...]:
        """The states after a step. Depends on nothing but its arguments."""
        parts = self.parts(seen, states)
        return tuple(parts[name] for name in self.states)

    def after(self, x: Any, states: Any, fates: Fates) -> tuple[Any, ...]:
        return self.mix(self.seen(x, self.past(states[0], fates)), states)

    @property
    def has_own_activation(self) -> bool:
        """Whether an activation is the user's: it may depend on more than its argument."""
        used = (self.activation, getattr(self, "recurrent_activation", None))
        return any(
            activations.name_of(each).startswith("custom:") for each in used if each is not None
        )

    # -- what is told of it ---------------------------------------------------------------------

    kind = ""
    """What its wiring is called."""

    def gate_wirings(self) -> tuple[CellGate, ...]:
        raise NotImplementedError

    def made_wirings(self) -> tuple[Made, ...]:
        """What is made of the gates, in the order of `parts`."""
        return ()

    def sums(self, x: Axes) -> tuple[Wiring, Wiring]:
        """The weighted sums of what a step brings (axes `x`) and of the last output."""
        after = self.step_axes(x)
        wide = after.replace(-1, Axis("gates·units", self.kernel.shape[-1]))
        return (
            Contract(self.kernel.spec).between((x,), wide),
            Contract(self.recurrent_kernel.spec).between((after,), wide),
        )

    def recurring(self, x: Axes, initial: tuple[int, ...], **how: Any) -> Recur:
        """The wiring of the cell going through a sequence of axes `x`."""
        step = Axes([x.axes[0], *x.axes[2:]])
        after = self.step_axes(step)
        seen, again = self.sums(step)
        found = Recur(
            self.kind,
            seen,
            again,
            self.gate_wirings(),
            self.made_wirings(),
            self.states,
            None if self.bias is None else self.bias.spec,
            initial=initial,
            dropout=self.dropout,
            recurrent_dropout=self.recurrent_dropout,
            **how,
        )
        steps = [x.axes[1]] if found.sequences else []
        inputs = (x, *(after for _ in initial))
        return found.between(inputs, Axes([x.axes[0], *steps, *after.sample]))

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """Zeros, one array for each state."""
        return [ops.zeros((batch_size, self.units), self.compute_dtype) for _ in self.states]
