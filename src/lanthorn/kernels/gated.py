"""Gated: steps that see input and past through one matrix product each: LSTM, GRU and the like.

`gated` is `plain_gated` with a change of its own, told forwards (`jax.jvp`); JAX turns it round for
the gradient. The loop forward keeps the sums of each step and nothing else, and the loop back works
out the gates anew; what the kernels do to the change is one matrix product for all steps, outside
the loop, not a small one in each step.

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
from jax import core, lax
from jax.custom_derivatives import SymbolicZero
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir

from lanthorn.kernels.recurrence import by_step, counting, kept
from lanthorn.kernels.slices import on_a_cpu

Seen = tuple[Any, ...]
"""What each gate sees: the sum of what the step and the past bring, or both apart, as a pair."""
States = tuple[Any, ...]
Mix = Callable[[Seen, States], States]
"""What the gates see and the states before → the states after. The first state is the output."""

Found = tuple[Any, States]
"""The first state of every step, and the states after the last."""


class Way(NamedTuple):
    """apart: the gates that see both products apart. unroll: the steps are written out in a row."""

    apart: tuple[int, ...] = ()
    unroll: bool = False


class Sums(NamedTuple):
    """kernel: of the input; None where the inputs are its product already. past: of the output.

    bias, past_bias: added to the products, or None.
    """

    kernel: Any
    bias: Any
    past: Any
    past_bias: Any


def plain_gated(mix: Mix, way: Way, inputs: Any, sums: Sums, states: States, mask: Any) -> Found:
    """`states[t] = mix(inputs[t] · kernel + states[t-1][0] · past, states[t-1])`, plainly.

    Axes: steps in front of the batch. Gives the first state of all steps, and the last states.
    """

    def one(states: States, given: Any) -> tuple[States, Any]:
        x, counts = given
        after = mixed(mix, seen(way.apart, x, sums, states), states, counts)
        return after, after[0]

    last, outputs = lax.scan(one, states, (inputs, mask), unroll=way.unroll)
    return outputs, last


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


@partial(jax.custom_jvp, nondiff_argnums=(0, 1))
def gated(mix: Mix, way: Way, inputs: Any, sums: Sums, states: States, mask: Any) -> Found:
    """`plain_gated`, with a gradient whose loop keeps and does less.

    `mix` may depend on nothing but its arguments.
    """
    return plain_gated(mix, way, inputs, sums, states, mask)


@partial(gated.defjvp, symbolic_zeros=True)
def _changed(mix: Mix, way: Way, given: Any, changes: Any) -> tuple[Found, Found]:
    """What comes out, and how it changes with what goes in."""
    inputs, sums, states, mask = given
    of_inputs, of_sums, of_states, _ = changes
    found, gates = _walked(mix, way, inputs, sums, states, mask)
    before: Any = jax.tree.map(
        lambda one, all_: jnp.concatenate([one[None], all_[:-1]]), states, found
    )
    still = jnp.zeros((*inputs.shape[:2], sums.past.shape[1]), sums.past.dtype)
    new = still + _change(inputs, of_inputs, sums.kernel, of_sums.kernel, of_sums.bias)
    old = still + _change(before[0], None, sums.past, of_sums.past, of_sums.past_bias)
    shared, alone = _by_gate(way.apart, len(gates), new, old)

    @partial(jax.checkpoint, prevent_cse=False)  # the loop back works the gates out anew
    def mixed_change(gates: Any, states: Any, counts: Any, of_gates: Any, of_states: Any) -> Any:
        return jax.jvp(
            lambda gates, states: mixed(mix, gates, states, counts),
            (gates, states),
            (of_gates, of_states),
        )[1]

    def one(of_states: States, given: Any) -> tuple[States, Any]:
        gates, states, counts, shared, alone = given
        of_gates = jnp.split(shared + of_states[0] @ sums.past, len(gates), axis=-1)
        pairs: list[Any] = list(of_gates)
        for gate, own in zip(way.apart, alone, strict=True):
            pairs[gate] = (own, of_gates[gate])
        after = mixed_change(gates, states, counts, tuple(pairs), of_states)
        return after, after[0]

    first = tuple(
        jnp.zeros_like(state) if is_zero(change) else change
        for state, change in zip(states, of_states, strict=True)
    )
    seen_at = tuple(gates), before, mask, shared, alone
    last, outputs = lax.scan(one, first, seen_at, unroll=way.unroll)
    return (found[0], jax.tree.map(lambda array: array[-1], found)), (outputs, last)


def _walked(
    mix: Mix, way: Way, inputs: Any, sums: Sums, states: States, mask: Any
) -> tuple[States, Any]:
    """All states of all steps, and what each gate sees."""

    def one(states: States, given: Any) -> tuple[States, Any]:
        x, counts = given
        gates = seen(way.apart, x, sums, states)
        after = mixed(mix, gates, states, counts)
        return after, (after, gates)

    return lax.scan(one, states, (inputs, mask), unroll=way.unroll)[1]


def is_zero(change: Any) -> bool:
    """Whether what it is the change of stays as it is."""
    return change is None or isinstance(change, SymbolicZero)


def _change(x: Any, of_x: Any, kernel: Any, of_kernel: Any, of_bias: Any) -> Any:
    """How `product(x, kernel, bias)` changes, for all steps at once."""
    found: Any = 0
    if not is_zero(of_x):
        found += of_x if kernel is None else at_each_step(of_x, kernel)
    if not is_zero(of_kernel):
        found += at_each_step(x, of_kernel)
    return found if is_zero(of_bias) else found + of_bias


def _by_gate(apart: tuple[int, ...], count: int, new: Any, old: Any) -> tuple[Any, Any]:
    """The change of all gates' sums, and that of what is new to the gates that see it apart."""
    if not apart:
        return new + old, ()
    pairs = zip(jnp.split(new, count, axis=-1), jnp.split(old, count, axis=-1), strict=True)
    news, olds = zip(*pairs, strict=True)
    shared = [olds[gate] if gate in apart else news[gate] + olds[gate] for gate in range(count)]
    return jnp.concatenate(shared, axis=-1), tuple(news[gate] for gate in apart)


# JAX works out a kernel's slopes as Σ slopes[t, b, j] · x[t, b, i]; XLA:CPU then turns the wide one
# of both round, which took as long again as all else in the loop's step back (4.0 ms against 1.7
# for 80 × 32 × 64 numbers and 256 columns). The other way round it is the narrow one.
_at_each_step = Primitive("at_each_step")


def at_each_step(x: Any, kernel: Any) -> Any:
    """`x[t, b] · kernel` for all steps t and samples b, with quicker slopes of the kernel."""
    return _at_each_step.bind(x, kernel)


def over_all(left: Any, right: Any) -> Any:
    """Σ over steps and samples of the products: a single matrix product."""
    return jnp.einsum("tbi,tbj->ij", left, right)


def _beside_each_other(given: Any, axes: Any) -> tuple[Any, int]:
    """Under `jax.vmap`: JAX's own product."""
    return jax.vmap(jnp.matmul, in_axes=axes)(*given), 0


_at_each_step.def_impl(jnp.matmul)
_at_each_step.def_abstract_eval(
    lambda x, kernel: core.ShapedArray((*x.shape[:-1], kernel.shape[-1]), x.dtype)
)
ad.defbilinear(
    _at_each_step,
    lambda slopes, x, kernel: at_each_step(slopes, kernel.T),
    lambda slopes, x, kernel: over_all(x, slopes),
)
batching.primitive_batchers[_at_each_step] = _beside_each_other
mlir.register_lowering(_at_each_step, mlir.lower_fun(jnp.matmul, multiple_results=False))


def gated_rnn(
    mix: Mix,
    way: Way,
    inputs: Any,
    sums: Sums,
    states: Any,
    mask: Any = None,
    backwards: bool = False,
    zero_output_for_mask: bool = False,
) -> tuple[Any, list[Any]]:
    """What `rnn` gives, for steps that are `mix`."""
    steps: Any = by_step(inputs)
    counts = counting(mask)
    if not on_a_cpu():  # many small products cost more there than one large one
        steps = product(steps, sums.kernel, sums.bias)
        sums = sums._replace(kernel=None, bias=None)
    if backwards:
        steps, counts = jax.tree.map(lambda array: jnp.flip(array, 0), (steps, counts))
    outputs, last = gated(mix, way, steps, sums, tuple(states), counts)
    if counts is not None and zero_output_for_mask:
        outputs = jnp.where(counts[..., None], outputs, 0)
    return jnp.swapaxes(outputs, 0, 1), list(last)
