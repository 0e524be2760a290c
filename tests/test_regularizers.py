"""Penalties equal Keras's, by object, name and config."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from lanthorn import regularizers
from lanthorn.engine.registry import UnknownNameError
from lanthorn.engine.variable import Variable

W = jnp.asarray(np.random.default_rng(0).normal(size=(5, 3)).astype("float32"))

MADE = [
    ("L1", {}), ("L1", {"l1": 0.3}), ("L2", {}), ("L2", {"l2": 2}), ("L1L2", {}),
    ("L1L2", {"l1": 0.1, "l2": 0.2}), ("L1L2", {"l2": 0.2}), ("OrthogonalRegularizer", {}),
    ("OrthogonalRegularizer", {"factor": 0.5, "mode": "columns"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "settings"), MADE)
def test_a_penalty_and_its_gradient_are_those_of_keras(name, settings):
    mine = getattr(regularizers, name)(**settings)
    theirs = getattr(keras.regularizers, name)(**settings)
    np.testing.assert_allclose(mine(W), theirs(W), rtol=1e-6)
    np.testing.assert_allclose(mine(Variable(W)), theirs(W), rtol=1e-6)
    np.testing.assert_allclose(jax.grad(mine)(W), jax.grad(theirs)(W), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize(("name", "settings"), MADE)
def test_a_regularizer_has_the_config_of_keras_and_comes_back_from_it(name, settings):
    mine = getattr(regularizers, name)(**settings)
    theirs = keras.regularizers.serialize(getattr(keras.regularizers, name)(**settings))
    config = regularizers.serialize(mine)
    numbers = config["config"]
    # Keras keeps some factors as float32 tensors: 0.01 is written 0.009999999776482582.
    assert numbers.keys() == theirs["config"].keys()
    for key, value in numbers.items():
        same = theirs["config"][key]
        assert value == same if isinstance(value, str) else value == pytest.approx(same, rel=1e-7)
    assert {**config, "config": 0} == {**theirs, "config": 0}
    assert regularizers.deserialize(config).get_config() == numbers


@pytest.mark.parametrize("name", ["L1", "L2", "L1L2", "l1", "l2", "l1l2", "OrthogonalRegularizer"])
def test_a_name_gives_what_it_gives_in_keras(name):
    mine, theirs = regularizers.get(name), keras.regularizers.get(name)
    assert type(mine).__name__ == type(theirs).__name__
    numbers = [{k: v for k, v in x.get_config().items() if k != "mode"} for x in (mine, theirs)]
    assert numbers[0] == pytest.approx(numbers[1], rel=1e-7)


def test_the_name_l1_l2_means_both_at_a_hundredth():
    assert regularizers.get("l1_l2").get_config() == {"l1": 0.01, "l2": 0.01}


def test_snake_case_names_are_the_classes():
    assert regularizers.l2 is regularizers.L2 and regularizers.l1_l2 is regularizers.L1L2
    assert regularizers.get(None) is None


def test_an_unknown_name_is_told_the_nearest():
    with pytest.raises(UnknownNameError, match=r"'L2'|'l2'"):
        regularizers.get("l22")


@pytest.mark.parametrize("factor", [-1.0, float("nan"), float("inf"), "0.1"])
def test_a_factor_that_is_no_penalty_is_refused(factor):
    with pytest.raises(ValueError, match="0 or more"):
        regularizers.L2(factor)


def test_the_orthogonal_penalty_wants_a_matrix():
    with pytest.raises(ValueError, match=r"\(2, 3, 4\)"):
        regularizers.OrthogonalRegularizer()(np.zeros((2, 3, 4), "float32"))
