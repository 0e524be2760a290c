"""Models as graphs: branches, merges, sharing, nesting, and what is refused."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, strategies

import lanthorn
from lanthorn import Input, Model, Sequential, layers
from lanthorn.engine.naming import clear_session


def two_branches(library):
    x = library.Input((4,), name="x")
    a = library.layers.Dense(3, name="a")(x)
    b = library.layers.Dense(3, name="b")(a)
    c = library.layers.Dense(3, name="c")(x)
    d = library.layers.Add(name="d")([b, c])
    e = library.layers.Concatenate(name="e")([d, a])
    return library.Model(x, [library.layers.Dense(2, name="f")(e), a])


def shared_layer(library):
    x, y = library.Input((4,), name="x"), library.Input((4,), name="y")
    shared = library.layers.Dense(4, name="shared")
    once = shared(x)
    twice = shared(library.layers.Add(name="sum")([once, shared(y)]))
    return library.Model([x, y], twice)


def nested(library):
    inner = library.Sequential(
        [library.layers.Input((4,)), library.layers.Dense(5, name="i")], name="inner"
    )
    x = library.Input((4,), name="x")
    return library.Model(x, library.layers.Dense(2, name="o")(inner(x)))


def diamond(library):
    x = library.Input((4,), name="x")
    tensors = [library.layers.Dense(4, name=f"d{i}")(x) for i in range(3)]
    tensors.append(library.layers.Add(name="s")([tensors[2], tensors[0]]))
    tensors.append(library.layers.Dense(4, name="t")(tensors[1]))
    return library.Model(x, library.layers.Concatenate(name="z")(tensors[1:]))


@pytest.mark.parametrize("build", [two_branches, shared_layer, nested, diamond])
def test_layers_weights_and_outputs_come_in_keras_s_order(build):
    theirs, ours = build(keras), build(lanthorn)
    assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]
    assert [v.path for v in ours.weights] == [v.path for v in theirs.weights]
    assert ours.output_names == theirs.output_names
    ours.set_weights(theirs.get_weights())
    rng = np.random.default_rng(0)
    given = [rng.normal(size=(3, 4)).astype("float32") for _ in ours.inputs]
    x = given if len(given) > 1 else given[0]
    for a, b in (
        zip(
            np.atleast_1d(ours.predict(x, verbose=0)),
            np.atleast_1d(theirs.predict(x, verbose=0)),
            strict=True,
        )
        if not isinstance(ours.output, list)
        else zip(ours.predict(x, verbose=0), theirs.predict(x, verbose=0), strict=True)
    ):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@given(seed=strategies.integers(0, 10_000))
def test_random_graphs_are_ordered_as_in_keras(seed):
    def build(library):
        rng = np.random.default_rng(seed)
        x = library.Input((3,), name="x")
        tensors = [x]
        for i in range(int(rng.integers(2, 9))):
            picks = rng.integers(0, len(tensors), 2)
            if rng.random() < 0.5:
                tensors.append(library.layers.Dense(3, name=f"n{i}")(tensors[picks[0]]))
            else:
                pair = [tensors[p] for p in picks]
                tensors.append(library.layers.Add(name=f"n{i}")(pair))
        return library.Model(x, tensors[-1])

    theirs, ours = build(keras), build(lanthorn)
    assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]
    assert [v.shape for v in ours.weights] == [tuple(v.shape) for v in theirs.weights]


def test_default_names_count_as_in_keras():
    def names(library):
        library.utils.clear_session()
        made = [library.layers.Dense(1), library.layers.Dense(1), library.layers.Conv2D(1, 1)]
        made += [library.layers.MaxPooling2D(), library.layers.ReLU()]
        made.append(library.Sequential([library.layers.Input((2,)), library.layers.Dense(1)]))
        x = library.Input((2,))
        made.append(library.Model(x, library.layers.Dense(1)(x)))
        return [layer.name for layer in made]

    assert names(lanthorn) == names(keras)
    clear_session()


def test_a_name_used_twice_is_refused():
    x = Input((2,))
    y = layers.Dense(2, name="a")(x)
    with pytest.raises(ValueError, match='The name "a" is used 2 times'):
        Model(x, layers.Dense(2, name="a")(y))


def test_an_output_that_needs_another_input_is_refused_by_name():
    x, stranger = Input((2,), name="x"), Input((2,), name="stranger")
    with pytest.raises(ValueError, match=r"'stranger'.*not among the model's\s+inputs \('x'\)"):
        Model(x, layers.Add()([x, stranger]))


def test_wrong_input_shape_names_the_model_and_both_shapes():
    model = Sequential([Input((28, 28, 1)), layers.Flatten(), layers.Dense(2)], name="digits")
    message = (
        r"digits \(Sequential\) wants \(batch \?, height 28, width 28, channels 1\), but was "
        r"given \(batch 2, steps 14, features 14\)"
    )
    with pytest.raises(lanthorn.ShapeError, match=message):
        model.predict(np.zeros((2, 14, 14)), verbose=0)


def test_adding_a_layer_that_does_not_fit_leaves_the_model_as_it_was():
    model = Sequential([Input((4, 4, 1)), layers.Conv2D(2, 3)])
    with pytest.raises(lanthorn.ShapeError, match=r"The input is 2 × 2 and the window 3 × 3"):
        model.add(layers.Conv2D(2, 3))
    assert len(model.layers) == 1 and model.output_shape == (None, 2, 2, 2)
    model.add(layers.Flatten())
    assert model.output_shape == (None, 8)


def test_pop_takes_the_last_layer_off():
    model = Sequential([Input((3,)), layers.Dense(2), layers.Dense(5)])
    model.pop()
    assert model.output_shape == (None, 2)
    model.add(layers.Dense(7))
    assert model.predict(np.ones((1, 3)), verbose=0).shape == (1, 7)


def test_the_question_itself():
    x = np.array([[[1, 2], [3, 4], [5, 6]]])
    dense, four = layers.Dense(16, input_shape=(3, 2)), layers.Dense(4)
    with_flatten = Sequential([dense, layers.Activation("relu"), layers.Flatten(), four])
    without = Sequential(
        [layers.Dense(16, input_shape=(3, 2)), layers.Activation("relu"), layers.Dense(4)]
    )
    first = Sequential([layers.Flatten(input_shape=(3, 2)), layers.Dense(16), layers.Dense(4)])
    for model in (with_flatten, without, first):
        model.compile(loss="mean_squared_error", optimizer="SGD")
    assert with_flatten.predict(x, verbose=0).shape == (1, 4)
    assert without.predict(x, verbose=0).shape == (1, 3, 4)
    assert first.predict(x, verbose=0).shape == (1, 4)
    assert dense.count_params() == 48 and four.count_params() == 196
    assert with_flatten.count_params() == 244
