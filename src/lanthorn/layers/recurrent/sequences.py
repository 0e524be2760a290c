"""What every recurrent layer asks of its input: the axes of a sequence, of states, of a mask."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.engine.scope import current_scope
from lanthorn.engine.structure import leaves


def sequence_and_states(x: Any, initial_state: Any = None) -> tuple[Axes, list[Axes]]:
    """The sequence's axes and those of the initial states, given together or apart."""
    if not isinstance(x, Axes):
        x, *initial_state = x
    return x, axes_in(initial_state) if initial_state else []


def step_of(x: Axes) -> Axes:
    """What one step of a sequence brings."""
    batch, _, *step = x.as_sequence().axes
    return Axes([batch, *step])


def axes_in(structure: Any) -> list[Axes]:
    """The axes of a structure's tensors, in order. (Axes are tuples: not to be walked into.)"""
    if isinstance(structure, list) or (isinstance(structure, tuple) and not is_shape(structure)):
        return [axes for item in structure for axes in axes_in(item)]
    return [Axes.of(structure)]


def is_shape(value: tuple[Any, ...]) -> bool:
    return isinstance(value, Axes) or all(size is None or isinstance(size, int) for size in value)


def missing_steps(x: Axes) -> str:
    """What may be done about an input that is no sequence of rows of numbers."""
    if len(x) == 2:
        one = f" If each of the {x[1]} numbers is one step, put Reshape(({x[1]}, 1)) before it."
        return "There is no axis of steps." + (one if x[1] is not None else "")
    if len(x) == 4 and x[-1] == 1 and None not in x[1:]:
        return f"If each row is one step, put Reshape(({x[1]}, {x[2]})) before it."
    return "TimeDistributed(Flatten()) before it makes each step one row of numbers."


def by_steps(mask: Any, x: Any) -> Any:
    """A mask as (batch, steps): of more axes a step counts where anything in it does."""
    if mask is None:
        return None
    mask = next(iter(leaves(mask)))
    batch, steps = x.shape[:2]
    if mask.ndim == 1:
        return ops.broadcast_to(mask[:, None], (batch, steps))
    if mask.ndim > 2:
        mask = ops.any(ops.reshape(mask, (*mask.shape[:2], -1)), axis=-1)
    return ops.broadcast_to(mask, (batch, mask.shape[1])) if mask.shape[0] == 1 else mask


def mask_beside(tensor: Any) -> Any:
    scope = current_scope()
    return None if scope is None else scope.mask_of(tensor)


def require_by_step(layer: Any, mask: Any, x: Any) -> None:
    """Refuse a mask that has not one place for each step of each sample.

    Raises: ValueError.
    """
    if mask is None:
        return
    (batch, steps), given = x.shape[:2], tuple(mask.shape)
    if given[:2] != (batch, steps):
        raise ValueError(
            f"{layer.name} ({type(layer).__name__}): the mask must have one place for each of the "
            f"{batch} × {steps} steps of the batch, but has the shape {given}."
        )
