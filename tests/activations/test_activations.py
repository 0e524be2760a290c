"""Activation functions equal Keras's, their gradients too, and the scalars that explain them."""

import inspect

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from lanthorn import activations
from lanthorn.activations import functions
from lanthorn.engine.registry import UnknownNameError
from lanthorn.wiring.functions import FUNCTIONS

X = np.linspace(-7, 7, 57).astype("float32").reshape(3, 19)  # 0, ±0.5, ±1, ±3 and ±6 are in it
NAMES = [name for name in dir(activations) if name in keras.activations.__dict__ and
         inspect.isfunction(getattr(activations, name)) and
         name not in ("get", "serialize", "deserialize")]  # fmt: skip

SETTINGS = {
    "relu": [{}, {"negative_slope": 0.1}, {"max_value": 6}, {"max_value": 3.0},
             {"threshold": 1.0}, {"negative_slope": 0.2, "max_value": 4.0, "threshold": 1.0},
             {"negative_slope": 0.2, "max_value": 6}],
    "leaky_relu": [{}, {"negative_slope": 0.01}], "elu": [{}, {"alpha": 0.3}],
    "celu": [{}, {"alpha": 2.0}], "gelu": [{}, {"approximate": True}], "squareplus": [{}, {"b": 1}],
    "soft_shrink": [{}, {"threshold": 1.0}], "hard_shrink": [{}, {"threshold": 1.0}],
    "threshold": [{"threshold": 0.5, "default_value": 7.0}], "softmax": [{}, {"axis": 0}],
    "log_softmax": [{}, {"axis": 0}], "glu": [{"axis": 0}],
}  # fmt: skip
OF_ONE_SHAPE = {"glu": X[:2], "sparsemax": X}

CASES = [(name, settings) for name in NAMES for settings in SETTINGS.get(name, [{}])
         if name != "sparsemax"]  # fmt: skip


def test_the_names_are_those_of_keras():
    theirs = {n for n in dir(keras.activations) if not n.startswith("_")}
    assert set(activations.__all__) == theirs


@pytest.mark.parametrize(("name", "settings"), CASES)
def test_values_and_slopes_are_those_of_keras(name, settings):
    mine, theirs = getattr(activations, name), getattr(keras.activations, name)
    x = OF_ONE_SHAPE.get(name, X)
    np.testing.assert_allclose(mine(x, **settings), theirs(x, **settings), rtol=1e-6, atol=1e-7)
    ours_slope = jax.grad(lambda x: jnp.sum(mine(x, **settings)))(x)
    keras_slope = jax.grad(lambda x: jnp.sum(theirs(x, **settings)))(x)
    np.testing.assert_allclose(ours_slope, keras_slope, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_the_arguments_are_those_of_keras(name):
    mine = inspect.signature(getattr(activations, name)).parameters
    theirs = inspect.signature(getattr(keras.activations, name)).parameters
    assert {n: p.default for n, p in mine.items()} == {n: p.default for n, p in theirs.items()}


def test_sparsemax_is_the_nearest_distribution():
    shares = np.asarray(activations.sparsemax(X / 3))
    np.testing.assert_allclose(shares.sum(-1), 1.0, rtol=1e-5)
    assert (shares >= 0).all() and (shares == 0).any()
    generator = np.random.default_rng(0)
    apart = ((shares - X / 3) ** 2).sum(-1)
    for other in generator.dirichlet(np.ones(19), size=200):
        assert (apart <= ((other - X / 3) ** 2).sum(-1) + 1e-5).all()


EXPLAINED = {
    "gelu_tanh": lambda x: functions.gelu(x, approximate=True),
    **{name: getattr(functions, name) for name in FUNCTIONS
       if hasattr(functions, name) and name != "threshold"},
}  # fmt: skip
SCALARS_OF_LAYERS = {  # tested with the layers that use them
    "rescale", "standardize", "add", "subtract", "multiply", "average", "maximum", "minimum",
    "prelu", "gate", "root_mean_square", "unit", "spread", "cosine", "threshold",
    "masked", "normalize", "denormalize", "equals", "in_bin", "reaches",
    "scaled", "tanh_of_sum", "stretch", "size", "log_of_size", "power", "angle",
}  # fmt: skip


def test_every_scalar_function_is_held_against_something():
    assert set(FUNCTIONS) - set(EXPLAINED) <= SCALARS_OF_LAYERS


@pytest.mark.parametrize("name", sorted(EXPLAINED))
def test_the_scalar_that_explains_an_activation_is_the_activation(name):
    ours = np.asarray(EXPLAINED[name](X)).ravel()
    scalars = [FUNCTIONS[name].compute(float(x)) for x in X.ravel()]
    np.testing.assert_allclose(scalars, ours, rtol=2e-6, atol=1e-6)
    theirs = (
        keras.activations.gelu(X, approximate=True)
        if name == "gelu_tanh"
        else getattr(keras.activations, name)(X)
    )
    np.testing.assert_allclose(scalars, np.asarray(theirs).ravel(), rtol=2e-6, atol=1e-6)


RELU_SETTINGS = [s for s in SETTINGS["relu"] if s]


@pytest.mark.parametrize("settings", RELU_SETTINGS)
def test_the_scalar_relu_knows_every_setting(settings):
    x = X.ravel()
    x = x[x != settings.get("threshold", 0.0)]
    scalars = [FUNCTIONS["relu"].compute(float(v), **settings) for v in x]
    np.testing.assert_allclose(scalars, keras.activations.relu(x, **settings), rtol=1e-5, atol=1e-6)


WITH_SETTINGS = [
    (name, settings)
    for name in ("celu", "elu", "hard_shrink", "leaky_relu", "soft_shrink", "squareplus",
                 "threshold")
    for settings in SETTINGS[name] if settings
]  # fmt: skip


@pytest.mark.parametrize(("name", "settings"), WITH_SETTINGS)
def test_the_scalars_know_every_setting(name, settings):
    scalars = [FUNCTIONS[name].compute(float(x), **settings) for x in X.ravel()]
    theirs = getattr(keras.activations, name)(X, **settings)
    np.testing.assert_allclose(scalars, np.asarray(theirs).ravel(), rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("name", [*NAMES, "swish", "hard_swish"])
def test_a_name_gives_the_function_and_the_function_its_name(name):
    function = activations.get(name)
    assert function is getattr(activations, name)
    assert activations.serialize(function) == keras.activations.serialize(
        keras.activations.get(name)
    )
    assert activations.deserialize(activations.serialize(function)) is function


def test_none_means_linear_and_a_function_means_itself():
    assert activations.get(None) is activations.linear
    assert activations.get(np.tanh) is np.tanh
    assert activations.linear(X) is X


def test_an_unknown_name_is_told_the_nearest():
    with pytest.raises(UnknownNameError, match="'relu'"):
        activations.get("relux")


def test_softmax_of_one_number_warns():
    with pytest.warns(UserWarning, match="sigmoid"):
        activations.softmax(np.ones((3, 1), "float32"))
