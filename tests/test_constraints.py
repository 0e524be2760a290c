"""Constraints equal Keras's, by object, name and config."""

import keras
import numpy as np
import pytest

from lanthorn import constraints
from lanthorn.engine.registry import UnknownNameError
from lanthorn.engine.variable import Variable

W = 3 * np.random.default_rng(0).normal(size=(3, 2, 4, 5)).astype("float32")

MADE = [
    ("MaxNorm", {}), ("MaxNorm", {"max_value": 1.0, "axis": [0, 1, 2]}), ("NonNeg", {}),
    ("UnitNorm", {}), ("UnitNorm", {"axis": (0, 1)}), ("MinMaxNorm", {}),
    ("MinMaxNorm", {"min_value": 4.0, "max_value": 6.0, "rate": 0.5, "axis": 3}),
    ("Constraint", {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "settings"), MADE)
def test_a_constrained_weight_is_that_of_keras(name, settings):
    mine = getattr(constraints, name)(**settings)
    theirs = getattr(keras.constraints, name)(**settings)
    for w in (W, np.zeros_like(W)):
        np.testing.assert_allclose(mine(w), theirs(w), rtol=1e-6, atol=1e-7)
    if name != "Constraint":
        np.testing.assert_allclose(mine(Variable(W)), theirs(W), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("name", "settings"), MADE)
def test_a_constraint_has_the_config_of_keras_and_comes_back_from_it(name, settings):
    mine = getattr(constraints, name)(**settings)
    config = constraints.serialize(mine)
    assert config == keras.constraints.serialize(getattr(keras.constraints, name)(**settings))
    assert constraints.deserialize(config).get_config() == mine.get_config()


@pytest.mark.parametrize(
    "name",
    ["MaxNorm", "max_norm", "MinMaxNorm", "min_max_norm", "NonNeg", "non_neg", "UnitNorm",
     "unit_norm"],
)  # fmt: skip
def test_a_name_gives_what_it_gives_in_keras(name):
    mine, theirs = constraints.get(name), keras.constraints.get(name)
    assert type(mine).__name__ == type(theirs).__name__
    assert mine.get_config() == theirs.get_config()


def test_snake_case_names_are_the_classes():
    assert constraints.max_norm is constraints.MaxNorm
    assert constraints.get(None) is None


def test_an_unknown_name_is_told_the_nearest():
    with pytest.raises(UnknownNameError, match=r"max_norm|MaxNorm"):
        constraints.get("maxnorm_")
