"""StackedRNNCells: cells in a row, each seeing the output of the one before; and what cells are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes, Axis
from lanthorn.engine.naming import name_scope
from lanthorn.engine.structure import leaves
from lanthorn.layers.base import Layer
from lanthorn.layers.recurrent.cell import Cell
from lanthorn.layers.signatures import call_signature
from lanthorn.wiring import Compose, Part
from lanthorn.wiring.compose import owned


class StackedRNNCells(Layer):
    """One cell made of several: the first sees the step, each other the output before it.

    Axes: (batch, features) -> (batch, units of the last cell)
    Source: keras 3.15 `layers/rnn/stacked_rnn_cells.py`.
    Example:
        >>> from lanthorn.layers import GRUCell, LSTMCell
        >>> StackedRNNCells([LSTMCell(4), GRUCell(3)]).state_size
        [[4, 4], 3]
    """

    examples = ()  # it is called with a step and states: see RNN

    def __init__(self, cells: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cells = [checked_cell(self, cell) for cell in cells]
        if not self.cells:
            raise ValueError("StackedRNNCells: there must be at least one cell.")

    @property
    def state_size(self) -> list[Any]:
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self) -> int:
        return output_size_of(self.cells[-1])

    def state_axes(self, x: Axes) -> list[Any]:
        found = []
        for cell in self.cells:
            found.append(state_axes_of(cell, x))
            x = output_axes_of(cell, x)
        return found

    def step_axes(self, x: Axes) -> Axes:
        for cell in self.cells:
            x = output_axes_of(cell, x)
        return x

    def output_axes(self, x: Axes, states: Any = None) -> Any:
        return self.step_axes(x), self.state_axes(x)

    def build(self, x: Any) -> None:
        x = Axes.of(x)
        for cell in self.cells:
            if isinstance(cell, Layer):
                cell.ensure_built(x)
            x = output_axes_of(cell, x)

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        return self.handed_out([initial_states_of(cell, batch_size) for cell in self.cells])

    def by_cell(self, states: Any) -> list[Any]:
        """States however grouped, shared out among the cells: a list for each."""
        return self._shared_out(iter(leaves(states)))

    def _shared_out(self, rest: Iterator[Any]) -> list[Any]:
        return [
            cell._shared_out(rest)
            if isinstance(cell, StackedRNNCells)
            else [next(rest) for _ in state_sizes(cell)]
            for cell in self.cells
        ]

    def handed_out(self, states: list[Any]) -> list[Any]:
        """The states by cell, those of a cell that keeps a number and not a list by themselves."""
        pairs = zip(self.cells, states, strict=True)
        return [states[0] if keeps_one(cell) else states for cell, states in pairs]

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        after = []
        for cell, before in zip(self.cells, states, strict=True):
            is_list = isinstance(before, list | tuple)
            takes_training = isinstance(cell, Layer) and call_signature(type(cell)).takes_training
            options = {"training": training} if takes_training else {}
            run: Any = cell if callable(cell) else cell.call
            inputs, found = run(inputs, list(before) if is_list else [before], **options)
            found = list(found) if isinstance(found, list | tuple) else [found]
            after.append(found if is_list else found[0])
        return inputs, after

    def sequence(
        self, inputs: Any, states: list[Any], mask: Any, training: bool, backwards: bool,
        unroll: bool, zero_output_for_mask: bool,
    ) -> tuple[Any, list[Any]]:  # fmt: skip
        """All steps, one cell after the other."""
        after = []
        for cell, before in zip(self.cells, states, strict=True):
            is_zero = zero_output_for_mask and cell is self.cells[-1]
            with name_scope(cell.name):
                inputs, found = cell.sequence(
                    inputs, before, mask, training, backwards, unroll, is_zero
                )
            after.append(found)
            if backwards:  # what comes out is in the order it was worked out
                mask = None if mask is None else ops.flip(mask, axis=1)
                backwards = False
        return inputs, after

    def everything(
        self, inputs: Any, states: list[Any], mask: Any, backwards: bool
    ) -> dict[str, Any]:
        """Every named number of every cell, by step."""
        found = {}
        for cell, before in zip(self.cells, states, strict=True):
            parts = cell.everything(inputs, before, mask, backwards)
            found |= {f"{cell.name}/{name}": array for name, array in parts.items()}
            inputs = parts[cell.states[0]]
        return found

    def recurring(self, x: Axes, initial: tuple[int, ...], **how: Any) -> Compose:
        """The cells' wirings in a row. Between cells numbers go by step, whatever the order."""
        pieces: list[Part] = []
        rest = list(initial)
        for cell in self.cells:
            is_last = cell is self.cells[-1]
            between = {} if is_last else {"sequences": True, "by_step": True}
            own = tuple(range(1, len(cell.states) + 1)) if initial else ()
            found = cell.recurring(x, own, **{**how, **between})
            sources = (pieces[-1].name if pieces else 0, *rest[: len(own)])
            del rest[: len(own)]
            pieces.append(Part(cell.name, owned(cell.name, found), sources))
            x = Axes([*x.axes[:2], *output_axes_of(cell, Axes([x.axes[0], *x.axes[2:]])).sample])
        return Compose(tuple(pieces), told="stacked")

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return super().from_config(dict(config))


# -- what cells are --------------------------------------------------------------------------------


def checked_cell(owner: Any, cell: Any) -> Any:
    """A cell, or the one that a config describes.

    Raises: ValueError for what has no `call` and `state_size`.
    """
    if isinstance(cell, dict):
        from lanthorn import layers

        cell = layers.table.deserialize(cell)
    kind = owner.__name__ if isinstance(owner, type) else type(owner).__name__
    for name, meaning in (
        (
            "call",
            "what a step computes: call(self, inputs, states) gives the output and the states",
        ),
        ("state_size", "how many numbers each state has"),
    ):
        if name not in dir(cell):
            raise ValueError(
                f"{kind}: {type(cell).__name__} is no cell, for it has no `{name}`, {meaning}."
            )
    return cell


def is_ours(cell: Any) -> bool:
    """Whether it is a cell of this library through and through, whose way of going is known."""
    if isinstance(cell, StackedRNNCells):
        return all(map(is_ours, cell.cells))
    return isinstance(cell, Cell) and type(cell).call.__module__.startswith("lanthorn.")


def first_cell(cell: Any) -> Any:
    return first_cell(cell.cells[0]) if isinstance(cell, StackedRNNCells) else cell


def state_sizes(cell: Any) -> list[Any]:
    size = cell.state_size
    if not isinstance(size, int | list | tuple):
        raise ValueError(
            f"{type(cell).__name__}: state_size is a whole number, or a list with one for each "
            f"state, not {size!r}."
        )
    return [size] if isinstance(size, int) else list(size)


def keeps_one(cell: Any) -> bool:
    """Whether Keras gives its state as a number: it has one, and no say in how it begins."""
    return isinstance(cell.state_size, int) and not hasattr(cell, "get_initial_state")


def output_size_of(cell: Any) -> int:
    size = getattr(cell, "output_size", None)
    return state_sizes(cell)[0] if size is None else size


def state_axes_of(cell: Any, x: Axes) -> list[Any]:
    """The axes of a cell's states, for the axes of what one step brings."""
    if isinstance(cell, StackedRNNCells):
        return cell.state_axes(x)
    if isinstance(cell, Cell):
        return [cell.step_axes(x) for _ in cell.states]
    return [Axes([x.axes[0], Axis("units", size)]) for size in state_sizes(cell)]


def output_axes_of(cell: Any, x: Axes) -> Axes:
    if isinstance(cell, StackedRNNCells | Cell):
        return cell.step_axes(x)
    return Axes([x.axes[0], Axis("units", output_size_of(cell))])


def initial_states_of(cell: Any, batch: Any) -> list[Any]:
    """The states before the first step: the cell's own choice, or zeros."""
    own = getattr(cell, "get_initial_state", None)
    if own is None:
        dtype = getattr(cell, "compute_dtype", "float32")
        return [ops.zeros((batch, size), dtype) for size in state_sizes(cell)]
    found = own(batch_size=batch)
    return [as_list(each) for each in found] if isinstance(found, list | tuple) else [found]


def as_list(value: Any) -> Any:
    return [as_list(each) for each in value] if isinstance(value, list | tuple) else value
