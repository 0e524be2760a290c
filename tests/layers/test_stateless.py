"""Layers without weights are ready as soon as they are made, and tell all the same what came in."""

import numpy as np
import pytest

import lanthorn as keras
from lanthorn import layers

MADE = [
    lambda: layers.Dropout(0.5),
    lambda: layers.SpatialDropout2D(0.5),
    lambda: layers.GaussianNoise(0.1),
    lambda: layers.GaussianDropout(0.1),
    lambda: layers.AlphaDropout(0.1),
    layers.ActivityRegularization,
    layers.Identity,
    layers.Masking,
    lambda: layers.Activation("relu"),
    layers.Softmax,
    layers.ReLU,
    layers.LeakyReLU,
    layers.ELU,
    layers.MaxPooling2D,
    lambda: layers.AveragePooling1D(2),
    layers.GlobalMaxPooling3D,
    layers.UnitNormalization,
]


@pytest.mark.parametrize("make", MADE)
def test_a_layer_without_weights_is_built_from_the_start(make):
    assert make().built


def test_a_layer_of_yours_is_built_by_its_first_call_when_it_builds_something():
    class Scaled(layers.Dropout):
        def build(self, input_shape):
            self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones")

        def call(self, inputs, training=False):
            return super().call(inputs * self.scale, training=training)

    layer = Scaled(0.5)
    assert not layer.built
    layer(np.ones((2, 3)))
    assert layer.built and layer.scale.shape == (3,)


def test_what_came_into_it_is_told_in_a_model_without_a_graph():
    class Two(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense, self.dropout = layers.Dense(3), layers.Dropout(0.5)

        def call(self, inputs):
            return self.dropout(self.dense(inputs))

    model = Two()
    model(np.ones((2, 4)))
    assert [entry.inputs for entry in keras.explain(model).entries] == [
        ((None, 4),),
        ((None, 3),),
    ]
