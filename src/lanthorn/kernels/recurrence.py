"""Recurrence: the same small computation step after step, each beginning where the last one ended.

`rnn` runs any step; `kernels/gated.py` those of LSTM, GRU and the like, with a quicker gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

Step = Callable[[Any, Any, Any], tuple[Any, Any, Any]]
"""What one step brings, the states before it and what all samples share → its output, the states
after it, and what they share then."""


def rnn(
    step: Step,
    inputs: Any,
    states: Any,
    shared: Any = (),
    mask: Any = None,
    backwards: bool = False,
    unroll: bool = False,
    zero_output_for_mask: bool = False,
) -> tuple[Any, Any, Any]:
    """Every step's output, in the order they were worked out; the last states; what is shared.

    shared: what a step hands on besides states and no mask holds back: counts of random draws.
    mask: (batch, steps); where it is False the states stay as they are and the output is that of
        the step before (the first state stands for it), or 0.
    unroll: write the steps out one by one instead of looping; the numbers are the same.
    Axes: (batch, steps, …) -> (batch, steps, …)
    """

    def one(carried: Any, given: Any) -> tuple[Any, Any]:
        (states, shared), (x, counts) = carried, given
        output, after, shared = step(x, states, shared)
        if counts is not None:
            before = jnp.zeros_like(output) if zero_output_for_mask else first_of(states)
            output, after = where(counts, output, before), kept(counts, after, states)
        return (after, shared), output

    xs = by_step(inputs), counting(mask)
    (states, shared), outputs = lax.scan(
        one, (states, shared), xs, reverse=backwards, unroll=unroll
    )
    return in_order(outputs, backwards), states, shared


def watched(
    step: Callable[[Any, Any], dict[str, Any]],
    names: tuple[str, ...],
    inputs: Any,
    states: Any,
    mask: Any,
    backwards: bool,
) -> dict[str, Any]:
    """Every named number of every step, by step; the states (`names`) as they were kept."""

    def one(states: Any, given: Any) -> tuple[Any, Any]:
        x, counts = given
        parts = step(x, states)
        after = tuple(parts[name] for name in names)
        after = after if counts is None else kept(counts, after, states)
        return after, parts | dict(zip(names, after, strict=True))

    xs = by_step(inputs), counting(mask)
    return in_order(lax.scan(one, states, xs, reverse=backwards)[1], False)


def counting(mask: Any) -> Any:
    """Which steps count, steps in front; None when all do."""
    return None if mask is None else by_step(jnp.asarray(mask, bool))


def by_step(inputs: Any) -> Any:
    """Steps in front of the batch."""
    return jax.tree.map(lambda array: jnp.swapaxes(array, 0, 1), inputs)


def in_order(outputs: Any, backwards: bool) -> Any:
    """The batch in front again, and the steps in the order they were worked out."""

    def turned(array: Any) -> Any:
        return jnp.swapaxes(jnp.flip(array, 0) if backwards else array, 0, 1)

    return jax.tree.map(turned, outputs)


def first_of(states: Any) -> Any:
    """The state that stands for the last output: the first; of cells in a row, the last one's."""
    first = states[0]
    return first_of(states[-1]) if isinstance(first, list | tuple) else first


def where(counts: Any, new: Any, old: Any) -> Any:
    """`new` for the samples that count, `old` for the others."""
    return jnp.where(counts.reshape(-1, *[1] * (new.ndim - 1)), new, old)


def kept(counts: Any, new: Any, old: Any) -> Any:
    return jax.tree.map(partial(where, counts), new, old)
