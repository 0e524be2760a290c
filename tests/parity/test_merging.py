"""Merging layers beside Keras's: random shapes, masks, products, and the functions' names."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies

import lanthorn
from lanthorn import ShapeError, layers
from lanthorn.layers.example import Example
from tests.examples import examples
from tests.parity.test_random_settings import compare

ELEMENTWISE = ["Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"]
FUNCTIONS = [name.lower() for name in ELEMENTWISE]
sizes = strategies.integers(1, 4)


@settings(max_examples=examples(4, 40))
@given(name=strategies.sampled_from(ELEMENTWISE), data=strategies.data())
def test_random_merging_number_by_number(name, data):
    shape = data.draw(strategies.lists(sizes, min_size=1, max_size=3))
    count = 2 if name == "Subtract" else data.draw(strategies.integers(1, 4))
    given_shapes = []
    for _ in range(count):
        own = [data.draw(strategies.sampled_from([size, size, 1])) for size in shape]
        gone = data.draw(strategies.sampled_from([0, 0, 1]))
        given_shapes.append(tuple(own[gone:] or own))
    compare(name, Example({}, given_shapes), data.draw(strategies.integers(0, 100)))


@settings(max_examples=examples(4, 30))
@given(data=strategies.data())
def test_random_concatenations(data):
    shape = data.draw(strategies.lists(sizes, min_size=1, max_size=3))
    axis = data.draw(strategies.integers(1, len(shape)))
    given_shapes = []
    for size in data.draw(strategies.lists(sizes, min_size=1, max_size=3)):
        given_shapes.append(tuple([*shape[: axis - 1], size, *shape[axis:]]))
    axis = data.draw(strategies.sampled_from([axis, axis - len(shape) - 1]))
    compare("Concatenate", Example({"axis": axis}, given_shapes), 0)


@settings(max_examples=examples(4, 60))
@given(data=strategies.data(), normalize=strategies.booleans())
def test_random_products(data, normalize):
    length = data.draw(sizes)
    left, right = (data.draw(strategies.lists(sizes, max_size=2)) for _ in range(2))
    places = [data.draw(strategies.integers(0, len(rest))) for rest in (left, right)]
    left.insert(places[0], length), right.insert(places[1], length)
    axes = [places[0] + 1, places[1] + 1]
    if len(set(axes)) == 1 and data.draw(strategies.booleans()):
        axes = axes[0]
    example = Example({"axes": axes, "normalize": normalize}, [tuple(left), tuple(right)])
    compare("Dot", example, data.draw(strategies.integers(0, 100)))


# -- masks -----------------------------------------------------------------------------------------


@settings(max_examples=examples(12, 80))
@given(
    name=strategies.sampled_from([*ELEMENTWISE, "Concatenate", "Dot"]),
    axis=strategies.sampled_from([1, -1]),
    has_mask=strategies.tuples(strategies.booleans(), strategies.booleans()),
    seed=strategies.integers(0, 100),
)
def test_masks_become_those_of_keras(name, axis, has_mask, seed):
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=(3, 4, 2)).astype("float32") for _ in range(2)]
    masks = [rng.integers(0, 2, (3, 4)).astype(bool) if has else None for has in has_mask]
    chosen = {"Concatenate": {"axis": axis}, "Dot": {"axes": axis}}.get(name, {})
    ours = getattr(layers, name)(**chosen).compute_mask(arrays, masks)
    theirs = getattr(keras.layers, name)(**chosen).compute_mask(
        arrays, [None if m is None else keras.ops.convert_to_tensor(m) for m in masks]
    )
    assert (ours is None) == (theirs is None)
    if ours is not None:
        np.testing.assert_array_equal(ours, theirs)


@settings(max_examples=examples(4, 60))
@given(
    name=strategies.sampled_from(["Multiply", "Maximum", "Minimum", "Add", "Average"]),
    has_mask=strategies.lists(strategies.booleans(), min_size=2, max_size=3),
    seed=strategies.integers(0, 100),
)
def test_masked_numbers_have_no_say_where_keras_gives_them_none(name, has_mask, seed):
    rng = np.random.default_rng(seed)
    rows = [rng.integers(0, 3, (4, 5)).astype("int32") for _ in has_mask]
    tables = [rng.normal(size=(3, 2)).astype("float32") for _ in has_mask]

    def merged(library):
        inputs = [library.Input((5,), dtype="int32") for _ in has_mask]
        found = [
            library.layers.Embedding(3, 2, mask_zero=has)(x)
            for has, x in zip(has_mask, inputs, strict=True)
        ]
        model = library.Model(inputs, getattr(library.layers, name)()(found))
        model.set_weights(tables)
        return np.asarray(model(rows))

    np.testing.assert_allclose(merged(lanthorn), merged(keras), rtol=1e-6)


def test_the_merged_mask_reaches_the_layers_behind():
    def model(library):
        inputs = [library.Input((5,), dtype="int32") for _ in range(2)]
        found = [library.layers.Embedding(3, 2, mask_zero=True)(x) for x in inputs]
        joined = library.layers.Concatenate(axis=1)(found)
        return library.Model(inputs, library.layers.BatchNormalization()(joined))

    rng = np.random.default_rng(1)
    rows = [rng.integers(0, 3, (4, 5)).astype("int32") for _ in range(2)]
    ours, theirs = model(lanthorn), model(keras)
    ours.set_weights(theirs.get_weights())
    outputs = [np.asarray(m(rows, training=True)) for m in (ours, theirs)]
    np.testing.assert_allclose(*outputs, rtol=1e-3, atol=1e-4)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


# -- functions, files, types -----------------------------------------------------------------------


@pytest.mark.parametrize("name", [*FUNCTIONS, "concatenate", "dot"])
def test_each_has_a_function(name):
    x = [np.arange(6, dtype="float32").reshape(2, 3) + i for i in range(2)]
    ours, theirs = getattr(layers, name)(x), getattr(keras.layers, name)(x)
    np.testing.assert_allclose(ours, theirs)
    assert name in layers.__all__ and name not in layers.table.classes


def test_functions_take_the_settings_of_their_layer():
    a, b = lanthorn.Input((3, 2)), lanthorn.Input((3, 2))
    assert layers.concatenate([a, b], axis=1, name="row").shape == (None, 6, 2)
    assert layers.dot([a, b], axes=2, normalize=True).shape == (None, 3, 3)


@pytest.mark.parametrize("policy", ["mixed_float16", "bfloat16"])
@pytest.mark.parametrize("name", [*ELEMENTWISE, "Concatenate", "Dot"])
def test_types_are_those_of_keras(name, policy):
    x = [np.arange(6, dtype="float32").reshape(2, 3) + i for i in range(2)]
    chosen = {"axes": 1} if name == "Dot" else {}
    ours = getattr(layers, name)(**chosen, dtype=policy)(x)
    theirs = getattr(keras.layers, name)(**chosen, dtype=policy)(x)
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(np.asarray(ours, "float32"), np.asarray(theirs, "float32"))


def test_an_open_axis_meets_an_axis_of_size_one_and_stays_open():
    shape = layers.Add().compute_output_shape([(None, None, 3), (None, 1, 3)])
    assert shape == (None, None, 3)


A, B = np.ones((2, 3)), np.ones((2, 4))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.Multiply()(A), r"Multiply\(\)\(\[a, b\]\)"),
        (lambda: layers.Average()([A, B]), "features: 3 here, 4 there"),
        (lambda: layers.Subtract()([A, A, A]), "two inputs"),
        (lambda: layers.Add().compute_mask([A, A], A), "a mask, or None, for each of its 2"),
        (lambda: layers.Add().compute_mask([A, A], [None]), "a mask, or None, for each of its 2"),
        (lambda: layers.Dot(0), "other than 0"),
        (lambda: layers.Dot((1, 0)), "other than 0"),
        (lambda: layers.Dot((1, 2, 3)), "each of the two inputs"),
        (lambda: layers.Dot("last"), "not 'last'"),
        (lambda: layers.Dot(1)([A, B]), "features: 3 here, features: 4 there"),
        (lambda: layers.Dot(2)([A, A]), "have axes 2 besides their batch"),
        (lambda: layers.Dot(1)([A, A, A]), "two inputs"),
        (lambda: layers.Concatenate(axis=1)([A, np.ones((2, 3, 1))]), "same number of axes"),
    ],
)
def test_bad_input_is_refused_with_what_is_wanted(make, message):
    with pytest.raises(ValueError, match=message) as caught:
        make()
    if isinstance(caught.value, ShapeError):
        assert "batch" in str(caught.value)
