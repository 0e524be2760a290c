"""summary() prints the very text that Keras prints."""

from __future__ import annotations

import keras
import pytest

import lanthorn


def row(library):
    layers = library.layers
    return library.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu", name="first"),
            layers.MaxPooling2D(name="pool"),
            layers.BatchNormalization(name="a_normalization_with_a_long_name"),
            layers.Flatten(name="flat"),
            layers.Dense(1000, name="wide"),
            layers.Dropout(0.5, name="drop"),
            layers.Dense(10, activation="softmax", name="classes"),
        ],
        name="row",
    )


def graph(library):
    layers = library.layers
    a, b = library.Input((6,), name="a"), library.Input((6,), name="b")
    shared = layers.Dense(5, name="shared_by_both")
    joined = layers.Concatenate(name="joined")([shared(a), shared(b)])
    out = layers.Add(name="sum")(
        [layers.Dense(3, name="left")(joined), layers.Dense(3, name="r")(a)]
    )
    return library.Model([a, b], out, name="graph")


def straight(library):
    x = library.Input((3, 2), name="x")
    return library.Model(x, library.layers.Dense(4, name="d")(x), name="straight")


def unbuilt(library):
    return library.Sequential([library.layers.Dense(4, name="d")], name="unbuilt")


def frozen(library):
    model = row(library)
    model.layers[0].trainable = False
    return model


def printed(library, build, **options):
    texts = []
    build(library).summary(print_fn=texts.append, **options)
    (text,) = texts
    return text


@pytest.mark.parametrize("build", [row, graph, straight, unbuilt, frozen])
@pytest.mark.parametrize("options", [{}, {"line_length": 60}, {"show_trainable": True}], ids=str)
def test_summary_is_keras_s_to_the_letter(build, options):
    assert printed(lanthorn, build, **options) == printed(keras, build, **options)


def test_optimizer_state_has_a_line_of_its_own_and_is_not_counted_as_the_model_s():
    model = straight(lanthorn)
    model.compile("adam", "mse")
    import numpy as np

    model.train_on_batch(np.ones((2, 3, 2)), np.ones((2, 3, 4)))
    texts = []
    model.summary(print_fn=texts.append)
    assert " Total params: 12 (48.00 B)" in texts[0]
    assert " Optimizer params: 26 (104.00 B)" in texts[0]
