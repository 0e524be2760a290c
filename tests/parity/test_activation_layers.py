"""Rectifiers, softmax with a mask, and every activation by its name, beside Keras's."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies

import lanthorn
from lanthorn import ShapeError, activations, layers
from lanthorn.layers.example import Example
from tests.contract import checks
from tests.examples import examples
from tests.parity.test_random_settings import compare

sizes = strategies.integers(1, 4)
NAMES = [name for name in activations.__all__ if name not in ("deserialize", "get", "serialize")]
CALLABLE = [name for name in NAMES if name != "threshold"]  # it has arguments without defaults


@pytest.mark.parametrize("name", CALLABLE)
def test_every_activation_is_told_and_computed_as_its_layer_does(name):
    example = Example({"activation": name}, (2, 4))
    if name not in ("glu", "sparsemax"):  # Keras tells no shape of glu; its sparsemax is wrong
        compare("Activation", example, 0)
    case = checks.Case(layers.Activation, example)
    checks.arithmetic_gives_the_real_numbers(case)
    if name != "sparsemax":  # which has inputs too small to matter
        checks.declared_reads_are_the_inputs_that_matter(case)
    checks.jacobian_is_zero_where_nothing_is_declared(case)


@pytest.mark.parametrize("name", [name for name in CALLABLE if name != "glu"])
def test_every_activation_at_the_end_of_a_dense_layer_is_told(name):
    case = checks.Case(layers.Dense, Example({"units": 3, "activation": name}, (2, 3)))
    checks.arithmetic_gives_the_real_numbers(case)
    for language in ("en", "ko"):
        text = str(lanthorn.explain(case.layer, (2, 3), language=language))
        assert activations.name_of(activations.get(name)) in text or name == "linear"


def test_glu_gives_half_the_axis_and_says_so():
    x = np.random.default_rng(0).normal(size=(3, 2, 6)).astype("float32")
    ours, theirs = layers.Activation("glu"), keras.layers.Activation("glu")
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-6)
    assert ours.compute_output_shape((None, 2, 6)) == (None, 2, 3)
    with pytest.raises(ShapeError, match="even size"):
        ours(x[..., :5])


@settings(max_examples=examples(5, 25))
@given(
    shape=strategies.lists(sizes, min_size=1, max_size=3),
    data=strategies.data(),
    seed=strategies.integers(0, 100),
)
def test_random_rectifiers(shape, data, seed):
    axes = strategies.sets(strategies.integers(1, len(shape)))
    shared = data.draw(strategies.one_of(strategies.none(), axes.map(sorted)))
    compare("PReLU", Example({"shared_axes": shared}, tuple(shape)), seed)
    slope = data.draw(strategies.floats(0, 2))
    compare("LeakyReLU", Example({"negative_slope": slope}, tuple(shape)), seed)
    compare("ELU", Example({"alpha": data.draw(strategies.floats(0.1, 2))}, tuple(shape)), seed)


@pytest.mark.filterwarnings("ignore:softmax over axis")
@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")
@settings(max_examples=examples(4, 40))
@given(
    shape=strategies.lists(sizes, min_size=1, max_size=3),
    data=strategies.data(),
    seed=strategies.integers(0, 100),
    dtype=strategies.sampled_from(["float32", "float16", "mixed_bfloat16"]),
)
def test_softmax_with_a_mask(shape, data, seed, dtype):
    rng = np.random.default_rng(seed)
    whole = (3, *shape)
    mask_shape = [data.draw(strategies.sampled_from([1, size])) for size in whole]
    mask_shape = mask_shape[data.draw(strategies.integers(0, len(whole) - 1)) :]
    mask = rng.integers(0, 2, mask_shape)
    mask = mask.astype(data.draw(strategies.sampled_from(["bool", "int32", "float32"])))
    axis = data.draw(strategies.sampled_from([-1, 1, [-1], list(range(1, len(whole)))]))
    x = rng.normal(size=whole).astype("float32")
    ours = layers.Softmax(axis=axis, dtype=dtype)
    theirs = keras.layers.Softmax(axis=axis, dtype=dtype)
    a, b = ours(x, mask=mask), theirs(x, mask=keras.ops.convert_to_tensor(mask))
    assert a.dtype == b.dtype
    np.testing.assert_allclose(
        np.asarray(a, "float32"), np.asarray(b, "float32"), rtol=1e-3, atol=1e-6
    )


def test_alpha_is_an_old_name_for_the_slope():
    with pytest.warns(UserWarning, match="negative_slope"):
        assert layers.LeakyReLU(alpha=0.25).negative_slope == 0.25


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.LeakyReLU(-1), "zero or more, not -1"),
        (lambda: layers.LeakyReLU(None), "zero or more, not None"),
        (lambda: layers.ELU(None), "alpha is a number, not None"),
        (lambda: layers.PReLU(shared_axes=[0]), r"counted from 1.*not \[0\]"),
        (lambda: layers.PReLU(shared_axes=-1), r"counted from 1.*not \[-1\]"),
        (lambda: layers.PReLU(shared_axes=[3])(np.ones((2, 3))), r"has axes \[3\]"),
        (lambda: layers.PReLU()(keras_input((None, 3))), "one alpha for each place"),
        (lambda: built(layers.PReLU(), (4,))(np.ones((2, 3))), r"sizes \(4,\)"),
        (lambda: layers.Softmax()(np.ones((2, 3)), mask=np.ones((2, 2))), "mask of shape"),
        (lambda: layers.Softmax()(np.ones((2, 3)), mask=np.ones((1, 2, 3))), "expand_dims"),
    ],
)
def test_bad_input_is_refused_with_what_is_wanted(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def keras_input(shape):
    return lanthorn.Input(shape)


def built(layer, shape):
    layer.build((None, *shape))
    return layer
