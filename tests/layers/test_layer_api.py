"""What every layer offers under Keras's names: paths, masks, metrics, building from a config."""

import numpy as np
import pytest

import lanthorn as keras
from lanthorn import layers


def test_a_path_tells_the_layers_around_a_layer():
    outer = layers.Bidirectional(layers.LSTM(2), name="both")
    assert outer.path is None
    outer.build((None, 4, 3))
    assert outer.path == "both"
    assert outer.forward_layer.cell.path == "both/forward_lstm/lstm_cell"


@pytest.mark.parametrize("cls", [layers.Masking, layers.LSTM, layers.Concatenate, layers.Embedding])
def test_masks_are_asked_for_by_name_and_may_be_left_out(cls):
    layer = {
        layers.LSTM: lambda: cls(2, return_sequences=True),
        layers.Embedding: lambda: cls(3, 2),
    }.get(cls, cls)()
    inputs = np.ones((2, 3, 4), "float32")
    given = [inputs, inputs] if cls is layers.Concatenate else inputs
    layer.compute_mask(given)
    layer.compute_mask(given, mask=None)


def test_metrics_are_those_in_attributes_here_and_inside():
    class Counting(layers.Layer):
        def __init__(self, inside=None):
            super().__init__()
            self.mean = keras.metrics.Mean()
            self.inside = inside

    outer = Counting(Counting())
    assert outer.metrics == [outer.mean, outer.inside.mean]
    assert len(outer.metrics_variables) == 4


def test_a_layer_is_built_from_what_another_was_built_for():
    class Pair(layers.Layer):
        def build(self, a_shape, b_shape):
            self.kernel = self.add_variable(shape=(a_shape[-1], b_shape[-1]), initializer="ones")

        def call(self, a, b):
            return a @ self.kernel + b

    first, second = Pair(), Pair()
    first(np.ones((2, 3)), np.ones((2, 4)))
    second.build_from_config(first.get_build_config())
    assert second.kernel.shape == (3, 4)
    dense = layers.Dense(2)
    dense.build_from_config({"input_shape": (None, 3)})
    assert dense.kernel.shape == (3, 2)


def test_layers_inside_are_listed_with_or_without_the_outer_one_and_those_deeper():
    both = layers.Bidirectional(layers.LSTM(2))
    both.build((None, 4, 3))
    inside = both._flatten_layers(include_self=False)
    assert both not in inside and both.forward_layer.cell in inside
    assert both.forward_layer.cell not in both._flatten_layers(recursive=False)


def test_a_symbolic_tensor_is_described_with_keras_s_arguments():
    tensor = keras.KerasTensor((None, 4), dtype="int32", sparse=False, name="x")
    assert (tensor.shape, tensor.dtype, tensor.name) == ((None, 4), "int32", "x")
    assert (tensor.sparse, tensor.ragged) == (False, False)
    with pytest.raises(ValueError, match="dense"):
        keras.KerasTensor((2,), sparse=True)
    assert keras.KerasTensor((2,), np.float16).dtype == "float16"


def test_operators_on_symbolic_tensors_give_keras_s_numbers():
    x = keras.Input((2, 3))
    flat = x.reshape((-1, 6))
    outputs = [flat, (x > 0) & (x < 1), (x > 0) | (x < -1), (x > 0) ^ (x < 1), ~(x > 0)]
    outputs += [round(x), round(x, 1), x[:, :1].squeeze(1)]
    numbers = np.linspace(-2, 2, 12).reshape(2, 2, 3).astype("float32")
    got = keras.Model(x, outputs)(numbers)
    n = numbers
    wanted = [n.reshape(-1, 6), (n > 0) & (n < 1), (n > 0) | (n < -1), (n > 0) ^ (n < 1), ~(n > 0)]
    wanted += [np.round(n), np.round(n, 1), n[:, 0]]
    for mine, other in zip(got, wanted, strict=True):
        np.testing.assert_allclose(np.asarray(mine), other, atol=1e-6)


@pytest.mark.parametrize("convert", [float, int, np.asarray])
def test_a_symbolic_tensor_has_no_numbers(convert):
    with pytest.raises(ValueError, match="no numbers yet"):
        convert(keras.Input((3,)))


def test_variables_take_part_in_arithmetic():
    v = keras.Variable([-1.5, 2.25])
    np.testing.assert_allclose(abs(v), [1.5, 2.25])
    np.testing.assert_allclose(+v, [-1.5, 2.25])
    np.testing.assert_allclose(round(v), [-2.0, 2.0])
    flags = keras.Variable([True, False], dtype="bool")
    np.testing.assert_array_equal(~flags, [False, True])
    np.testing.assert_array_equal(flags | True, [True, True])
    np.testing.assert_array_equal(flags & flags, [True, False])
    np.testing.assert_array_equal(flags ^ True, [False, True])


def test_a_scope_of_custom_objects_may_be_empty():
    with keras.utils.custom_object_scope(custom_objects=None):
        assert layers.Dense(2).units == 2
