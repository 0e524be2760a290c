"""Models and layers of the user's own: they need nothing but build, call and add_weight."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import lanthorn


def classes(library):
    """The same user code for both libraries."""

    class Scaled(library.layers.Layer):
        def __init__(self, start=1.0, **kwargs):
            super().__init__(**kwargs)
            self.start = start

        def build(self, input_shape):
            self.scale = self.add_weight(
                shape=(input_shape[-1],), initializer=library.initializers.Constant(self.start)
            )
            self.seen = self.add_weight(shape=(), initializer="zeros", trainable=False, name="n")

        def call(self, inputs, training=False):
            if training:
                self.seen.assign(self.seen + 1.0)
            return inputs * self.scale

    class Net(library.Model):
        def __init__(self, width):
            super().__init__()
            self.scaled = Scaled(2.0)
            self.blocks = [library.layers.Dense(width, activation="tanh") for _ in range(2)]
            self.heads = {"out": library.layers.Dense(1)}

        def call(self, inputs, training=False):
            x = self.scaled(inputs, training=training)
            for block in self.blocks:
                x = block(x) + 0.0 * self.scaled.scale[0]
            self.add_loss(0.01 * library.ops.sum(library.ops.square(x)))
            return self.heads["out"](x)

    return Scaled, Net


X = np.random.default_rng(0).normal(size=(24, 4)).astype("float32")
Y = X[:, :1] ** 2


def test_a_subclassed_model_trains_as_in_keras():
    models = {}
    for library in (lanthorn, keras):
        model = classes(library)[1](6)
        model(X[:2])
        models[library] = model
    ours, theirs = models[lanthorn], models[keras]
    assert [tuple(v.shape) for v in ours.weights] == [tuple(v.shape) for v in theirs.weights]
    ours.set_weights(theirs.get_weights())
    for model in (ours, theirs):
        model.compile("adam", "mse")
        model.logs = model.fit(X, Y, batch_size=8, epochs=2, shuffle=False, verbose=0).history
    np.testing.assert_allclose(ours.logs["loss"], theirs.logs["loss"], rtol=1e-4)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    assert float(ours.scaled.seen.numpy()) == 6.0


def test_a_layer_without_a_shape_rule_is_found_by_tracing():
    Scaled, _ = classes(lanthorn)
    x = lanthorn.Input((3, 2))
    y = Scaled()(x)
    assert y.shape == (None, 3, 2) and y.shape.names == ("batch", "steps", "features")
    model = lanthorn.Model(x, lanthorn.layers.Flatten()(y))
    np.testing.assert_array_equal(
        model.predict(np.ones((1, 3, 2)), verbose=0), np.ones((1, 6), "float32")
    )


def test_a_users_layer_keeps_what_it_was_given():
    Scaled, _ = classes(lanthorn)
    layer = Scaled(start=3.0, name="mine")
    config = layer.get_config()
    assert config["start"] == 3.0 and Scaled.from_config(config).start == 3.0


def test_compute_output_shape_of_a_users_layer_counts():
    class Halves(lanthorn.layers.Layer):
        def call(self, inputs):
            return inputs[:, ::2]

        def compute_output_shape(self, input_shape):
            return (input_shape[0], (input_shape[1] + 1) // 2)

    assert Halves()(lanthorn.Input((5,))).shape == (None, 3)


def test_a_model_inside_a_model_trains_its_weights_too():
    inner = lanthorn.Sequential([lanthorn.layers.Dense(3)])
    model = lanthorn.Sequential([lanthorn.Input((4,)), inner, lanthorn.layers.Dense(1)])
    model.compile("sgd", "mse")
    before = inner.get_weights()
    model.fit(X, Y, verbose=0)
    assert not np.allclose(before[0], inner.get_weights()[0])
    inner.trainable = False
    assert len(model.trainable_variables) == 2


def test_two_models_share_a_layer_and_its_weights():
    shared = lanthorn.layers.Dense(2, input_shape=(4,))
    one = lanthorn.Sequential([shared, lanthorn.layers.Dense(1)])
    two = lanthorn.Sequential([lanthorn.Input((4,)), shared])
    before = two.predict(X, verbose=0)
    one.compile("sgd", "mse")
    one.fit(X, Y, verbose=0)
    assert not np.allclose(before, two.predict(X, verbose=0))


def test_a_model_without_call_says_what_is_missing():
    class Empty(lanthorn.Model):
        pass

    with pytest.raises(NotImplementedError, match="Empty has no `call` method"):
        Empty()(X)
