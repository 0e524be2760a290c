"""The quick recurrence is the plain one: numbers, gradients, and gradients of gradients."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lanthorn.kernels import recurrence
from lanthorn.kernels.gated import Sums, Way, gated, gated_rnn, plain_gated, seen

STEPS, BATCH, FEATURES, UNITS = 5, 3, 2, 4


def lstm(seen, states):
    i, f, g, o = seen
    c = jax.nn.sigmoid(f) * states[1] + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(c), c


def gru(seen, states):
    z, r = jax.nn.sigmoid(seen[0]), jax.nn.sigmoid(seen[1])
    new, old = seen[2]
    return (z * states[0] + (1 - z) * jnp.tanh(new + r * old),)


WAYS = {lstm: Way(), gru: Way((2,))}


def given(mix, masked, biased, projected=False):
    gates, states = (4, 2) if mix is lstm else (3, 1)
    rng = np.random.default_rng(0)

    def drawn(*shape):
        return jnp.asarray(rng.normal(size=shape), jnp.float32)

    wide = gates * UNITS
    sums = Sums(
        None if projected else drawn(FEATURES, wide),
        drawn(wide) if biased else None,
        drawn(UNITS, wide) * 0.5,
        drawn(wide) if biased else None,
    )
    return (
        drawn(STEPS, BATCH, wide if projected else FEATURES),
        sums,
        tuple(drawn(BATCH, UNITS) for _ in range(states)),
        jnp.asarray(rng.random((STEPS, BATCH)) < 0.6) if masked else None,
    )


def close(ours, plain):
    for one, other in zip(jax.tree.leaves(ours), jax.tree.leaves(plain), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("mix", [lstm, gru])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize("projected", [False, True])
def test_numbers_and_gradients_are_the_plain_ones(mix, masked, biased, projected):
    inputs, sums, states, mask = given(mix, masked, biased, projected)

    def run(way, *of):
        return way(mix, WAYS[mix], *of, mask)

    close(run(gated, inputs, sums, states), run(plain_gated, inputs, sums, states))

    def slopes(way):
        def total(*of):
            return sum(jnp.sum(jnp.sin(3 * array)) for array in jax.tree.leaves(run(way, *of)))

        return jax.grad(total, argnums=(0, 1, 2))(inputs, sums, states)

    close(slopes(gated), slopes(plain_gated))


@pytest.mark.parametrize("mix", [lstm, gru])
@pytest.mark.parametrize("masked", [False, True])
def test_changes_are_the_plain_ones(mix, masked):
    *of, mask = given(mix, masked, True)

    def run(way, *of):
        return way(mix, WAYS[mix], *of, mask)

    def change(way):
        return jax.jvp(lambda *of: run(way, *of), tuple(of), tuple(of))

    close(change(gated), change(plain_gated))


def test_slopes_of_each_sample_are_the_plain_ones():
    inputs, sums, states, _ = given(gru, False, True)
    inputs, states = jnp.swapaxes(inputs, 0, 1)[:, :, None], tuple(s[:, None] for s in states)

    def slopes(way):
        def total(sums, x, states):
            return jnp.sum(way(gru, Way((2,)), x, sums, states, None)[0] ** 2)

        return jax.vmap(jax.grad(total), (None, 0, 0))(sums, inputs, states)

    close(slopes(gated), slopes(plain_gated))


def test_gradients_of_gradients_are_the_plain_ones():
    inputs, sums, states, mask = given(lstm, True, True)

    def steepness(way, past):
        def total(past):
            return jnp.sum(way(lstm, Way(), inputs, sums._replace(past=past), states, mask)[0] ** 2)

        return jnp.sum(jax.grad(total)(past) ** 2)

    close(jax.grad(steepness, 1)(gated, sums.past), jax.grad(steepness, 1)(plain_gated, sums.past))


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("is_zero", [False, True])
def test_both_ways_of_going_agree(backwards, is_zero):
    inputs, sums, states, mask = given(lstm, True, True)
    x, mask = jnp.swapaxes(inputs, 0, 1), mask.T

    def step(x, before, shared):
        after = lstm(seen((), x, sums, before), before)
        return after[0], after, shared + 1

    outputs, last, count = recurrence.rnn(step, x, states, 0, mask, backwards, False, is_zero)
    assert int(count) == STEPS  # what is shared goes on under a mask too
    close(
        (outputs, list(last)),
        gated_rnn(lstm, Way(unroll=is_zero), x, sums, states, mask, backwards, is_zero),
    )
