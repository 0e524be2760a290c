"""`layer.build(shape)` by hand is what the first call does, once."""

import numpy as np
import pytest

import lanthorn
from lanthorn import layers


class Own(layers.Layer):
    def build(self, input_shape):
        self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones")

    def call(self, inputs):
        return inputs * self.factor


class Further(Own):
    def build(self, input_shape):
        super().build(input_shape)
        self.shift = self.add_weight(shape=(input_shape[-1],), initializer="zeros")

    def call(self, inputs):
        return super().call(inputs) + self.shift


class Holding(layers.Layer):
    def build(self, input_shape):
        self.inside = layers.Dense(2)
        self.inside.build(input_shape)
        super().build(input_shape)

    def call(self, inputs):
        return self.inside(inputs)


@pytest.mark.parametrize("shape", [(None, 4), [None, 4], (3, 4)])
@pytest.mark.parametrize("make", [lambda: layers.Dense(2), Own, Further, Holding])
def test_a_layer_built_by_hand_has_its_weights_once(make, shape):
    layer, called = make(), make()
    layer.build(shape)
    assert layer.built
    weights = layer.weights
    layer.build(shape)
    layer(np.ones((3, 4)))
    called(np.ones((3, 4)))
    assert [id(w) for w in layer.weights] == [id(w) for w in weights]
    assert [w.shape for w in layer.weights] == [w.shape for w in called.weights]
    # A weight's path tells the layers it was made in.
    assert [w.path.split("/")[-1] for w in layer.weights] == [
        w.path.split("/")[-1] for w in called.weights
    ]


def test_build_takes_its_shape_by_name():
    layer = layers.Dense(2)
    layer.build(input_shape=(None, 4))
    assert layer.kernel.shape == (4, 2) and layer.kernel.path == f"{layer.name}/kernel"


def test_a_merging_layer_is_built_for_a_list_of_shapes():
    layer = layers.Add()
    layer.build([(None, 3), (None, 3)])
    assert layer.built and layer.get_build_config() == {"input_shape": [(None, 3), (None, 3)]}


def test_a_build_that_fails_leaves_the_layer_as_it_was():
    layer = layers.Dense(2)
    with pytest.raises(ValueError, match="last axis of known size"):
        layer.build((None, None))
    assert not layer.built and layer.weights == []
    layer.build((None, 4))
    assert len(layer.weights) == 2


def test_models_are_built_as_before():
    model = lanthorn.Sequential([layers.Dense(2), layers.Dense(1)])
    model.build((None, 4))
    assert model.built and model.count_params() == 13


def test_several_shapes_are_known_by_their_names():
    class Pair(layers.Layer):
        def build(self, a_shape, b_shape=None, c_shape=None):
            self.seen = (a_shape, b_shape, c_shape)

        def call(self, a, b=None, c=None):
            return a

    layer = Pair()
    layer.build(c_shape=(None, 3), a_shape=(None, 1))
    assert layer.seen == ((None, 1), None, (None, 3))
