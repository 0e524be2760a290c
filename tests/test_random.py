"""Random numbers are Keras's, bit for bit, and pure where a step is compiled."""

import random
import subprocess
import sys

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

import lanthorn.random as ours
from lanthorn.engine.scope import Scope, in_scope
from lanthorn.random.seeds import global_seed_generator, reset_global_seed_generator

LOGITS = np.random.default_rng(0).normal(size=(3, 5)).astype("float32")
X = jnp.asarray(np.random.default_rng(1).normal(size=(4, 6)).astype("float32"))

DRAWS = [
    ("normal", ((3, 4),), {"mean": 1.0, "stddev": 2.0}),
    ("normal", ((3,),), {"dtype": "float16"}),
    ("uniform", ((3, 4),), {"minval": -1.0, "maxval": 3.0}),
    ("truncated_normal", ((50,),), {"stddev": 0.5}),
    ("randint", ((3, 4), 0, 100), {}),
    ("randint", ((3,), -5, 5), {"dtype": "int8"}),
    ("categorical", (LOGITS, 7), {}),
    ("dropout", (X, 0.4), {}),
    ("dropout", (X, 0.4), {"noise_shape": (None, 1)}),
    ("dropout", (X, 0.0), {}),
    ("dropout", (X, 1.0), {}),
    ("shuffle", (X,), {}),
    ("shuffle", (X,), {"axis": 1}),
    ("gamma", ((3,), 0.5), {}),
    ("beta", ((3,), 0.5, 2.0), {}),
    ("binomial", ((3,), 10.0, 0.3), {}),
]


@pytest.mark.parametrize(("name", "args", "kwargs"), DRAWS)
def test_a_seed_draws_the_bits_of_keras(name, args, kwargs):
    mine = np.asarray(getattr(ours, name)(*args, seed=1337, **kwargs))
    theirs = np.asarray(getattr(keras.random, name)(*args, seed=1337, **kwargs))
    assert mine.dtype == theirs.dtype
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize(("name", "args", "kwargs"), DRAWS[:1] + DRAWS[7:8])
def test_a_generator_draws_the_bits_of_keras_call_after_call(name, args, kwargs):
    mine, theirs = ours.SeedGenerator(5), keras.random.SeedGenerator(5)
    for _ in range(3):
        np.testing.assert_array_equal(
            getattr(ours, name)(*args, seed=mine, **kwargs),
            getattr(keras.random, name)(*args, seed=theirs, **kwargs),
        )


def test_a_generator_counts_on_and_jumps_as_in_keras():
    mine, theirs = ours.SeedGenerator(123456789), keras.random.SeedGenerator(123456789)
    for ordered in (True, True, False, False, True, False):
        mine_now, theirs_now = mine.next(ordered), np.asarray(theirs.next(ordered))
        np.testing.assert_array_equal(mine_now, theirs_now)
    assert np.asarray(mine.state.value).dtype == np.uint32


def test_a_generator_keeps_its_settings():
    assert ours.SeedGenerator(3, name="mine").get_config() == {"seed": 3, "name": "mine"}
    again = ours.SeedGenerator.from_config({"seed": None, "name": "mine"})
    assert again.get_config() == {"seed": None, "name": "mine"}
    assert again.state.path == "mine/seed_generator_state"
    assert again.state.name == "seed_generator_state" and not again.state.trainable


def test_python_random_seeds_everything_that_has_no_seed():
    def draw():
        random.seed(3)
        reset_global_seed_generator()
        return np.asarray(ours.normal((3,))), ours.SeedGenerator().seed

    first, second = draw(), draw()
    np.testing.assert_array_equal(first[0], second[0])
    assert first[1] == second[1]
    random.seed(3)
    assert first[1] != random.randint(1, 10**9)  # the global generator drew one first
    assert first[1] == random.randint(1, 10**9)


def test_unseeded_draws_differ_from_each_other():
    assert not np.array_equal(ours.normal((3,)), ours.normal((3,)))
    assert global_seed_generator() is global_seed_generator()


def test_an_unseeded_draw_inside_a_compiled_step_is_refused():
    with pytest.raises(ValueError, match="SeedGenerator"):
        jax.jit(lambda: ours.normal((2,)))()


def test_in_a_scope_the_generator_itself_stays_and_the_scope_moves_on():
    generator = ours.SeedGenerator(9)

    @jax.jit
    def step(key):
        scope = Scope(values={id(generator.state): key})
        with in_scope(scope):
            drawn = ours.normal((2,), seed=generator)
        return drawn, scope.values[id(generator.state)]

    drawn, after = step(generator.state.value)
    np.testing.assert_array_equal(drawn, ours.normal((2,), seed=9))
    np.testing.assert_array_equal(after, [9, 1])
    np.testing.assert_array_equal(generator.state.value, [9, 0])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ours.normal((2,), dtype="int32"), "randint"),
        (lambda: ours.randint((2,), 0, 5, dtype="float32"), "uniform"),
        (lambda: ours.categorical(X[0], 2), "batch, classes"),
        (lambda: ours.normal((2,), seed="7"), "whole number"),
        (lambda: ours.SeedGenerator(1.5), "whole number"),
    ],
)
def test_a_draw_that_makes_no_sense_is_refused_with_the_way_out(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_a_generator_is_made_without_loading_numpy_or_jax():
    code = (
        "from lanthorn.random import SeedGenerator; SeedGenerator(); "
        "assert not {'jax', 'numpy'} & set(sys.modules)"
    )
    in_a_fresh_process(code)


def in_a_fresh_process(code):
    path = f"import sys; sys.path[:] = {sys.path!r}; "
    subprocess.run([sys.executable, "-c", path + code], check=True)
