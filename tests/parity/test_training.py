"""Training beside Keras's own: the same weights after the same steps."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import lanthorn

RNG = np.random.default_rng(5)
X = RNG.normal(size=(40, 8, 8, 1)).astype("float32")
LABELS = RNG.integers(0, 4, 40)
ONE_HOT = np.eye(4, dtype="float32")[LABELS]

OPTIMIZERS = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"learning_rate": 0.05, "momentum": 0.9}),
    "nesterov": ("SGD", {"learning_rate": 0.05, "momentum": 0.8, "nesterov": True}),
    "rmsprop": ("RMSprop", {}),
    "rmsprop-all": ("RMSprop", {"centered": True, "momentum": 0.5, "rho": 0.8}),
    "adam": ("Adam", {}),
    "amsgrad": ("Adam", {"amsgrad": True, "learning_rate": 0.01}),
    "adamw": ("AdamW", {"weight_decay": 0.1}),
    "clipped": ("Adam", {"global_clipnorm": 0.1, "learning_rate": 0.01}),
}


def network(library):
    layers = library.layers
    return library.Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Conv2D(4, 3, activation="relu", name="c"),
            layers.BatchNormalization(name="n"),
            layers.MaxPooling2D(name="p"),
            layers.Flatten(name="f"),
            layers.Dense(8, activation="tanh", name="d"),
            layers.Dense(4, activation="softmax", name="o"),
        ]
    )


def twins(build=network):
    theirs, ours = build(keras), build(lanthorn)
    ours.set_weights(theirs.get_weights())
    return ours, theirs


def assert_equal_weights(ours, theirs, tolerance=1e-5):
    for a, b, v in zip(ours.get_weights(), theirs.get_weights(), ours.weights, strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance, err_msg=v.path)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_five_steps_of_each_optimizer_give_equal_weights(name):
    cls, settings = OPTIMIZERS[name]
    ours, theirs = twins()
    for library, model in ((lanthorn, ours), (keras, theirs)):
        optimizer = getattr(library.optimizers, cls)(**settings)
        model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
        for step in range(5):
            rows = slice(step * 8, step * 8 + 8)
            model.last = model.train_on_batch(X[rows], LABELS[rows])
    np.testing.assert_allclose(ours.last, theirs.last, rtol=1e-4, atol=1e-5)
    assert_equal_weights(ours, theirs)


@pytest.mark.parametrize("loss", ["categorical_crossentropy", "mse", "binary_crossentropy"])
def test_fit_gives_the_history_and_weights_of_keras(loss):
    ours, theirs = twins()
    found = {}
    for library, model in (("ours", ours), ("theirs", theirs)):
        model.compile("sgd", loss, metrics=["categorical_accuracy", "mae"])
        np.random.seed(3)
        history = model.fit(X, ONE_HOT, batch_size=12, epochs=3, validation_split=0.25, verbose=0)
        found[library] = history.history
        model.found = model.evaluate(X, ONE_HOT, verbose=0)
    assert list(found["ours"]) == list(found["theirs"])
    for key, values in found["theirs"].items():
        np.testing.assert_allclose(found["ours"][key], values, rtol=2e-4, atol=1e-5, err_msg=key)
    np.testing.assert_allclose(ours.found, theirs.found, rtol=2e-4, atol=1e-5)
    assert_equal_weights(ours, theirs)
    np.testing.assert_allclose(
        ours.predict(X, verbose=0), theirs.predict(X, verbose=0), rtol=1e-4, atol=1e-5
    )


def branches(library):
    layers = library.layers
    a, b = library.Input((6,), name="a"), library.Input((6,), name="b")
    shared = layers.Dense(5, activation="relu", name="shared")
    joined = layers.Concatenate(name="joined")([shared(a), shared(b)])
    total = layers.Add(name="total")([layers.Dense(3, name="l")(joined), layers.Dense(3)(a)])
    return library.Model([a, b], [layers.Dense(1, name="one")(total), total], name="branches")


def test_branches_several_inputs_outputs_weights_and_penalties():
    rng = np.random.default_rng(1)
    data = {"a": rng.normal(size=(20, 6)), "b": rng.normal(size=(20, 6))}
    targets = [rng.normal(size=(20, 1)), rng.normal(size=(20, 3))]
    ours, theirs = twins(branches)
    for model in (ours, theirs):
        model.compile(
            "adam", loss=["mse", "mae"], loss_weights=[1.0, 0.3], metrics=[["mae"], ["mse"]]
        )
        model.logs = model.fit(
            data, targets, batch_size=8, epochs=2, shuffle=False, verbose=0
        ).history
        model.result = model.evaluate(data, targets, verbose=0)
    assert sorted(ours.logs) == sorted(theirs.logs)
    for key in theirs.logs:
        np.testing.assert_allclose(ours.logs[key], theirs.logs[key], rtol=1e-4, err_msg=key)
    np.testing.assert_allclose(ours.result, theirs.result, rtol=1e-4)
    assert_equal_weights(ours, theirs)
    for a, b in zip(ours.predict(data, verbose=0), theirs.predict(data, verbose=0), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_sample_and_class_weights_count_as_in_keras():
    weights = np.linspace(0.1, 2, 40)
    for options in ({"sample_weight": weights}, {"class_weight": {0: 0.5, 2: 3.0}}):
        ours, theirs = twins()
        for model in (ours, theirs):
            model.compile(
                "sgd", "sparse_categorical_crossentropy", metrics=["accuracy"],
                weighted_metrics=["accuracy"],
            )  # fmt: skip
            model.logs = model.fit(X, LABELS, shuffle=False, verbose=0, **options).history
        assert sorted(ours.logs) == sorted(theirs.logs)
        for key in theirs.logs:
            np.testing.assert_allclose(ours.logs[key], theirs.logs[key], rtol=1e-4, err_msg=key)
        assert_equal_weights(ours, theirs)


def test_regularizers_and_activity_enter_loss_and_weights():
    def build(library):
        layers = library.layers
        return library.Sequential(
            [
                layers.Input((5,)),
                layers.Dense(
                    4, kernel_regularizer="l2", activity_regularizer=library.regularizers.L1(0.1)
                ),
                layers.Dense(1, kernel_constraint=library.constraints.MaxNorm(0.2)),
            ]
        )

    x = np.random.default_rng(0).normal(size=(10, 5)).astype("float32")
    ours, theirs = twins(build)
    for model in (ours, theirs):
        model.compile("sgd", "mse")
        model.logs = [model.train_on_batch(x, x[:, :1]) for _ in range(3)]
        model.result = model.evaluate(x, x[:, :1], verbose=0)
    np.testing.assert_allclose(ours.logs, theirs.logs, rtol=1e-4)
    np.testing.assert_allclose(ours.result, theirs.result, rtol=1e-4)
    assert_equal_weights(ours, theirs)


def test_a_frozen_layer_stays_and_takes_effect_at_once():
    ours, theirs = twins()
    for model in (ours, theirs):
        model.layers[0].trainable = False
        model.compile("adam", "sparse_categorical_crossentropy")
        model.fit(X, LABELS, shuffle=False, verbose=0)
    assert_equal_weights(ours, theirs)
    # Keras raises when it is changed after compile; here it takes effect.
    frozen = ours.layers[4].get_weights()
    ours.layers[4].trainable = False
    ours.fit(X, LABELS, verbose=0)
    for old, new in zip(frozen, ours.layers[4].get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
