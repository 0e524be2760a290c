"""Recurrence: the same small computation step after step, each beginning where the last one ended.

`rnn` runs any step. `gated` runs those that see their input and their past through one matrix
product each: LSTM, GRU and the like. Forward it is the same loop; for the gradient it keeps the
sums of each step and nothing else, and the kernels' sums over all steps are one matrix product
after the loop, not small ones added up within it.

LSTM(64) on 32 × 28 × 28 numbers and LSTM(128) on 32 × 100 × 64, forward and gradients inside
`fori_loop`, on two cores of an AMD EPYC: 2.9 and 48.9 ms with JAX's own gradient, 2.4 and 31.9
with `gated`. Gates are arrays of their own: reading a quarter of a wider array in each step is not
vectorized by XLA, and took twice as long forward. benchmarks/recurrent.py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from lanthorn.kernels.slices import on_a_cpu

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


# -- one matrix product of the input and one of the past in each step ------------------------------

Seen = tuple[Any, ...]
"""What each gate sees: the sum of what the step and the past bring, or both apart, as a pair."""
States = tuple[Any, ...]
Mix = Callable[[Seen, States], States]
"""What the gates see and the states before → the states after. The first state is the output."""


class Sums(NamedTuple):
    """kernel: of the input; None where the inputs are its product already. past: of the output.

    bias, past_bias: added to the products, or None.
    """

    kernel: Any
    bias: Any
    past: Any
    past_bias: Any


def plain_gated(
    mix: Mix, apart: tuple[int, ...], inputs: Any, sums: Sums, states: States, mask: Any
) -> States:
    """`states[t] = mix(inputs[t] · kernel + states[t-1][0] · past, states[t-1])`, plainly.

    apart: the gates that see both products apart. Axes: steps in front of the batch. Gives all
    states of all steps.
    """

    def one(states: States, given: Any) -> tuple[States, States]:
        x, counts = given
        after = mixed(mix, seen(apart, x, sums, states), states, counts)
        return after, after

    return lax.scan(one, states, (inputs, mask))[1]


def seen(apart: tuple[int, ...], x: Any, sums: Sums, states: States) -> Seen:
    """What each gate sees in a step."""
    gates = sums.past.shape[1] // sums.past.shape[0]
    new = product(x, sums.kernel, sums.bias)
    old = product(states[0], sums.past, sums.past_bias)
    if not apart:
        return tuple(jnp.split(new + old, gates, axis=-1))
    pairs = zip(jnp.split(new, gates, axis=-1), jnp.split(old, gates, axis=-1), strict=True)
    return tuple(pair if gate in apart else sum(pair) for gate, pair in enumerate(pairs))


def product(x: Any, kernel: Any, bias: Any) -> Any:
    found = x if kernel is None else x @ kernel
    return found if bias is None else found + bias


def mixed(mix: Mix, seen: Seen, states: States, counts: Any) -> States:
    after = mix(seen, states)
    return after if counts is None else kept(counts, after, states)


@partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def gated(
    mix: Mix, apart: tuple[int, ...], inputs: Any, sums: Sums, states: States, mask: Any
) -> States:
    """`plain_gated`, with a gradient whose loop keeps and does less.

    `mix` may depend on nothing but its arguments. Gradients of gradients work; `jax.jvp` does not.
    """
    return plain_gated(mix, apart, inputs, sums, states, mask)


def _forward(
    mix: Mix, apart: tuple[int, ...], inputs: Any, sums: Sums, states: States, mask: Any
) -> tuple[States, Any]:
    def one(states: States, given: Any) -> tuple[States, Any]:
        x, counts = given
        gates = seen(apart, x, sums, states)
        after = mixed(mix, gates, states, counts)
        return after, (after, gates)

    _, (found, gates) = lax.scan(one, states, (inputs, mask))
    return found, (found, gates, inputs, sums, states, mask)


def _backward(mix: Mix, apart: tuple[int, ...], kept_back: Any, slopes: States) -> Any:
    found, gates, inputs, sums, states, mask = kept_back
    before = jax.tree.map(lambda one, all_: jnp.concatenate([one[None], all_[:-1]]), states, found)

    def one(slope: States, given: Any) -> tuple[States, Any]:
        gates, states, counts, own = given
        _, pull = jax.vjp(lambda *of: mixed(mix, *of, counts), gates, states)
        of_gates, (first, *others) = pull(jax.tree.map(jnp.add, slope, own))
        of_old = side_by_side(of_gates, apart, 1)
        alone = tuple(of_gates[gate][0] for gate in apart)
        return (first + of_old @ sums.past.T, *others), (of_old, alone)

    last = jax.tree.map(lambda array: jnp.zeros_like(array[0]), found)
    of_states, (of_old, alone) = lax.scan(one, last, (gates, before, mask, slopes), reverse=True)
    of_new = of_old
    if apart:
        blocks = jnp.split(of_old, len(gates), axis=-1)
        for gate, block in zip(apart, alone, strict=True):
            blocks[gate] = block
        of_new = jnp.concatenate(blocks, axis=-1)
    of_kernel, of_inputs = None, of_new
    if sums.kernel is not None:
        of_kernel, of_inputs = over_all(inputs, of_new), of_new @ sums.kernel.T
    of_sums = Sums(
        of_kernel,
        None if sums.bias is None else of_new.sum((0, 1)),
        over_all(before[0], of_old),
        None if sums.past_bias is None else of_old.sum((0, 1)),
    )
    return of_inputs, of_sums, of_states, None


def side_by_side(gates: Seen, apart: tuple[int, ...], side: int) -> Any:
    """The slopes of all gates in a row; of those seen apart, one of the two."""
    return jnp.concatenate(
        [each[side] if gate in apart else each for gate, each in enumerate(gates)], axis=-1
    )


def over_all(left: Any, right: Any) -> Any:
    """Σ over steps and samples of the products: a single matrix product."""
    return jnp.einsum("tbi,tbj->ij", left, right)


gated.defvjp(_forward, _backward)


def gated_rnn(
    mix: Mix,
    apart: tuple[int, ...],
    inputs: Any,
    sums: Sums,
    states: Any,
    mask: Any = None,
    backwards: bool = False,
    zero_output_for_mask: bool = False,
) -> tuple[Any, list[Any]]:
    """What `rnn` gives, for steps that are `mix`."""
    steps, counts = by_step(inputs), counting(mask)
    if not on_a_cpu():  # many small products cost more there than one large one
        steps = product(steps, sums.kernel, sums.bias)
        sums = sums._replace(kernel=None, bias=None)
    if backwards:
        steps, counts = jax.tree.map(lambda array: jnp.flip(array, 0), (steps, counts))
    found = gated(mix, apart, steps, sums, tuple(states), counts)
    outputs = found[0]
    if counts is not None and zero_output_for_mask:
        outputs = jnp.where(counts[..., None], outputs, 0)
    return jnp.swapaxes(outputs, 0, 1), [array[-1] for array in found]
