"""RNN: a cell goes through a sequence, each step beginning where the last one ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lanthorn import initializers, ops
from lanthorn.axes import Axes
from lanthorn.engine.naming import scoped_path, to_snake_case
from lanthorn.engine.scope import mask_between_calls
from lanthorn.engine.structure import leaves, map_leaves
from lanthorn.engine.variable import Variable
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example, inside
from lanthorn.layers.recurrent.cell import Cell
from lanthorn.layers.recurrent.own_cells import listed, pure_step
from lanthorn.layers.recurrent.sequences import (
    axes_in,
    by_steps,
    mask_beside,
    missing_steps,
    require_by_step,
    sequence_and_states,
    step_of,
)
from lanthorn.layers.recurrent.stacked import (
    StackedRNNCells,
    checked_cell,
    first_cell,
    initial_states_of,
    is_ours,
    output_axes_of,
    state_axes_of,
)
from lanthorn.layers.settings import parameters
from lanthorn.wiring import Opaque, Wiring
from lanthorn.wiring.compose import owned
from lanthorn.words.shapes import axes_text


class Kept:
    """A state that a stateful layer keeps between calls. It is neither learnt nor in files."""

    tracked_kind = "seed"  # travels with the variables as the state of a random generator does

    def __init__(self, state: Variable) -> None:
        self.state = state


class RNN(Layer):
    """`output[t], states[t] = cell(x[t], states[t - 1])`, from the first step to the last.

    cell: a layer (or a list of them) with `state_size` and `call(inputs, states)`, which gives the
        output and the new states; `output_size` and `get_initial_state(batch_size)` if it likes.
    return_sequences: hand on every step's output, not only the last one's.
    return_state: hand on the last states too.
    go_backwards: begin with the last step; outputs come in the order they are worked out.
    stateful: begin where the last batch ended, until `reset_state()`.
    unroll: compile the steps one by one instead of as a loop; the numbers are the same.
    zero_output_for_mask: where the mask leaves a step out, put out 0 instead of the last output.
    Axes: (batch, steps, …) -> (batch, units), or (batch, steps, units) with return_sequences
    Raises: ShapeError for an input without steps, or initial states of other sizes than the
        cell's; ValueError for a stateful layer whose batch size is open.
    Source: keras 3.15 `layers/rnn/rnn.py`, `backend/jax/rnn.py`.
    Example:
        >>> from lanthorn.layers import GRUCell, LSTMCell
        >>> RNN([LSTMCell(4), GRUCell(3)]).compute_output_shape((None, 10, 8))
        (None, 3)
    """

    supports_masking = True
    reads_sequences = True
    own_settings = (
        "return_sequences",
        "return_state",
        "go_backwards",
        "stateful",
        "unroll",
        "zero_output_for_mask",
    )
    examples = (
        Example({"cell": inside("GRUCell", units=3, name="cell")}, (4, 2)),
        Example(
            {
                "cell": inside(
                    "StackedRNNCells",
                    cells=[
                        inside("LSTMCell", units=2, name="first"),
                        inside("SimpleRNNCell", units=3, name="second"),
                    ],
                    name="cells",
                ),
                "go_backwards": True,
            },
            (3, 2),
        ),
    )

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.cell = (
            StackedRNNCells(cell) if isinstance(cell, list | tuple) else checked_cell(self, cell)
        )
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.zero_output_for_mask = zero_output_for_mask
        self._kept: Any = None

    def around(self, cls: type, given: dict[str, Any]) -> None:
        """Become an RNN around a cell, from all that the layer's own `__init__` was given."""
        options = given["kwargs"]
        common = {key: options[key] for key in ("dtype", "trainable") if key in options}
        own = {key: value for key, value in given.items() if key in parameters(cls)}
        cell = cls(**own, **common, name=to_snake_case(cls.__name__))
        rest = {key: given[key] for key in RNN.own_settings if key in given}
        regularizer = given["activity_regularizer"]
        RNN.__init__(self, cell, **rest, activity_regularizer=regularizer, **options)

    def __getattr__(self, name: str) -> Any:
        """A setting that the cell keeps: `units`, `activation` …"""
        cell = vars(self).get("cell")
        if isinstance(cell, Cell) and name in parameters(type(cell)):
            return getattr(cell, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    # -- axes -----------------------------------------------------------------------------------

    def output_axes(self, x: Any, initial_state: Any = None) -> Any:
        x, states = sequence_and_states(x, initial_state)
        after = self.state_axes(x)
        if states:
            self._require_states(states, axes_in(after))
        out = output_axes_of(self.cell, step_of(x))
        if self.return_sequences:
            out = Axes([*x.as_sequence().axes[:2], *out.sample])
        if self.return_state and isinstance(self.cell, StackedRNNCells):
            alone = [axes_in(each) for each in after]
            pairs = zip(after, alone, strict=True)
            after = [one[0] if len(one) == 1 else each for each, one in pairs]
        return (out, *after) if self.return_state else out

    def state_axes(self, x: Axes) -> list[Any]:
        """The axes of the states, for a sequence of these axes."""
        self._require_sequence(x)
        return state_axes_of(self.cell, step_of(x))

    def _require_sequence(self, x: Axes) -> None:
        cell = first_cell(self.cell)
        rank = cell.step_rank + 1 if isinstance(cell, Cell) else None
        wanted = cell.wants if isinstance(cell, Cell) else "(batch, steps, …)"
        self.require(
            len(x) == rank if rank else len(x) >= 3,
            x,
            wanted,
            missing_steps(x) if rank == 3 else "",
        )
        self.require(x[1] != 0, x, f"{wanted}, at least one step")
        if isinstance(cell, Cell):
            cell.require_features(step_of(x), (self, x))
        if self.unroll and x[1] is None:
            raise ValueError(
                f"{self.name} ({type(self).__name__}): unroll=True writes the steps out one by "
                "one, so their number must be known: give it in Input(shape)."
            )

    def _require_states(self, given: list[Axes], wanted: list[Axes]) -> None:
        fits = len(given) == len(wanted) and all(
            tuple(one[1:]) == tuple(other[1:]) for one, other in zip(given, wanted, strict=True)
        )
        texts = " and ".join(axes_text(axes.with_batch(None)) for axes in wanted)
        count = f"{len(wanted)} initial states" if len(wanted) > 1 else "an initial state"
        self.require(fits, given, f"{count} {texts}")

    # -- states ---------------------------------------------------------------------------------

    @property
    def wants_batch_size(self) -> bool:
        """Whether it must be built knowing how many samples a batch has."""
        return self.stateful

    def build(self, x: Any) -> None:
        x = Axes.of(x)
        self.state_axes(x)
        if isinstance(self.cell, Layer):
            self.cell.ensure_built(step_of(x))
        if self.stateful and self._kept is None:
            if x[0] is None:
                raise ValueError(
                    f"{self.name} ({type(self).__name__}): stateful=True goes on where the last "
                    "batch ended, sample by sample, so the batch size must be known: "
                    "Input(batch_shape=(batch, steps, features))."
                )
            self._kept = self._kept_states(self.state_axes(x))

    def _kept_states(self, axes: Any) -> Any:
        """A variable for each state, with the cell's own first value."""
        if isinstance(axes, list):
            return [self._kept_states(each) for each in axes]
        name = "rnn_state"
        variable = Variable(
            initializers.get("zeros"), tuple(axes), dtype=self.variable_dtype, trainable=False,
            name=name, path=scoped_path(name, self.name),
        )  # fmt: skip
        return Kept(variable)

    @property
    def states(self) -> Any:
        """The variables of a stateful layer's states; None when it keeps none."""
        if self._kept is None:
            return None
        return self._handed_out(map_leaves(lambda kept: kept.state, self._kept))

    def _handed_out(self, states: Any) -> Any:
        return self.cell.handed_out(states) if isinstance(self.cell, StackedRNNCells) else states

    def reset_state(self) -> None:
        """Let a stateful layer begin anew: its states become 0."""
        for variable in leaves(self.states):
            variable.assign(initializers.get("zeros")(tuple(variable.shape), variable.dtype))

    def reset_states(self) -> None:
        """`reset_state` by its older name."""
        self.reset_state()

    @property
    def state_size(self) -> list[Any]:
        size = self.cell.state_size
        return [size] if isinstance(size, int) else list(size)

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """The states before the first step, as the cell gives them."""
        return initial_states_of(self.cell, batch_size)

    # -- numbers --------------------------------------------------------------------------------

    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False
    ) -> Any:
        if mask is None and initial_state is not None:
            mask = mask_beside(sequences)
        mask = by_steps(mask, sequences)
        require_by_step(self, mask, sequences)
        states = self._first_states(sequences, initial_state)
        outputs, states = self._through(sequences, states, mask, training)
        if self.stateful:
            for variable, state in zip(leaves(self.states), leaves(states), strict=True):
                variable.assign(ops.cast(state, variable.dtype))
        outputs, states = map_leaves(
            lambda array: ops.cast(array, self.compute_dtype), (outputs, states)
        )
        output = outputs if self.return_sequences else self._last(outputs, states)
        return (output, *self._handed_out(states)) if self.return_state else output

    def _last(self, outputs: Any, states: Any) -> Any:
        """The last output: a state of our cells, whose slopes need no row of zeros a step."""
        if not is_ours(self.cell) or self.zero_output_for_mask:
            return outputs[:, -1]
        cell, state = self.cell, states
        while isinstance(cell, StackedRNNCells):
            cell, state = cell.cells[-1], state[-1]
        return state[0]

    def _first_states(self, x: Any, initial_state: Any) -> Any:
        batch = x.shape[0]
        if initial_state is not None:
            states = listed(initial_state)
            given = [Axes.of(state.shape) for state in leaves(states)]
            self.require(
                all(axes[0] == batch for axes in given), given, f"initial states of {batch} samples"
            )
            states = states if isinstance(states, list) else [states]
            if isinstance(self.cell, StackedRNNCells):
                states = self.cell.by_cell(states)
        elif self.stateful:
            states = map_leaves(lambda kept: kept.state.value, self._kept)
            kept_for = next(iter(leaves(states))).shape[0]
            if kept_for != batch:
                raise ValueError(
                    f"{self.name} ({type(self).__name__}): stateful=True keeps states of "
                    f"{kept_for} samples, but this batch has {batch}. Give batches of {kept_for}, "
                    "or leave out what is left over at the end."
                )
        elif is_ours(self.cell):
            axes = self.state_axes(Axes.of(x.shape))
            states = map_leaves(lambda each: ops.zeros((batch, *each[1:])), axes)
        else:
            states = self.get_initial_state(batch)
            if isinstance(self.cell, StackedRNNCells):
                states = self.cell.by_cell(states)
        dtype = getattr(self.cell, "compute_dtype", self.compute_dtype)
        return map_leaves(lambda state: ops.cast(state, dtype), states)

    def _through(self, x: Any, states: Any, mask: Any, training: bool) -> tuple[Any, Any]:
        if is_ours(self.cell):
            return self.cell.sequence(
                x, states, mask, training, self.go_backwards, self.unroll,
                self.zero_output_for_mask,
            )  # fmt: skip
        from lanthorn.kernels import recurrence

        step, variables = pure_step(self.cell, training)
        outputs, states, shared = recurrence.rnn(
            step, x, states, [variable.value for variable in variables], mask,
            self.go_backwards, self.unroll, self.zero_output_for_mask,
        )  # fmt: skip
        for variable, value in zip(variables, shared, strict=True):
            variable.assign(value)
        return outputs, states

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        mask = next(iter(leaves(mask)), None) if self.return_sequences else None
        return [mask] if self.return_state else mask

    # -- what is told of it ---------------------------------------------------------------------

    def intermediates(self, *inputs: Any, mask: Any = None) -> dict[str, Any]:
        if self.stateful or not is_ours(self.cell):
            return {}
        x, *states = [ops.cast(array, self.compute_dtype) for array in inputs]
        mask = by_steps(mask_between_calls(inputs[0]) if mask is None else mask, x)
        states = self._first_states(x, states or None)
        return self.cell.everything(x, states, mask, self.go_backwards)

    def mask_told(self, mask: Any, inputs: Sequence[Any], arguments: Mapping[str, Any]) -> Any:
        if mask is None and inputs:
            mask = mask_between_calls(inputs[0])
        mask = by_steps(mask, inputs[0])
        return super().mask_told(mask, inputs, arguments)

    def wiring(self, x: Any) -> Wiring:
        x, states = sequence_and_states(x)
        if not is_ours(self.cell):
            return Opaque(weights=tuple(variable.spec for variable in self.weights))
        initial = tuple(range(1, len(states) + 1))
        found = self.cell.recurring(
            x,
            initial,
            sequences=self.return_sequences,
            backwards=self.go_backwards,
            zero_where_masked=self.zero_output_for_mask,
            kept=self.stateful,
        )
        return owned(self.cell.name, found)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        settings = dict(config)
        if "cell" in settings and cls.__init__ is RNN.__init__:
            settings["cell"] = checked_cell(cls, settings["cell"])
        return super().from_config(settings)
