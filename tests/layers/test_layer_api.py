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
    forward = outer.forward_layer
    assert forward.cell.path == f"both/{forward.name}/{forward.cell.name}"


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


class Adding(layers.Layer):
    def call(self, x):
        self.add_loss(keras.ops.sum(x))
        return x


def test_the_terms_of_the_last_call_can_be_read_until_the_next():
    layer = Adding(activity_regularizer="l1")
    model = keras.Sequential([keras.Sequential([layer]), layers.Dense(1, kernel_regularizer="l2")])
    for _ in range(2):
        model(np.ones((2, 3), "float32"))
        penalty = 0.01 * float(np.sum(np.square(model.layers[1].kernel.numpy())))
        assert [float(term) for term in layer.losses] == pytest.approx([6.0, 0.03])
        assert [float(term) for term in model.losses] == pytest.approx([6.0, 0.03, penalty])


def test_a_call_that_adds_nothing_leaves_no_terms_of_the_one_before():
    class Sometimes(layers.Layer):
        def call(self, x, training=False):
            if training:
                self.add_loss(keras.ops.sum(x))
            return x

    layer = Sometimes()
    model = keras.Sequential([layer])
    model(np.ones((2, 3)), training=True)
    assert len(model.losses) == 1
    model(np.ones((2, 3)))
    assert model.losses == [] == layer.losses


def test_an_empty_batch_has_no_activity_to_punish():
    layer = layers.Activation("relu", activity_regularizer="l2")
    layer(np.ones((0, 5), "float32"))
    assert float(layer.losses[0]) == 0.0


def test_the_mask_of_a_tensor_goes_on_when_its_type_changes():
    steps = keras.Input((3,), dtype="int32")
    x = layers.Embedding(5, 2, mask_zero=True, dtype="mixed_bfloat16")(steps)
    mean = layers.GlobalAveragePooling1D(dtype="float32")(x)
    model = keras.Model(steps, mean)
    rows = model.layers[1].embeddings.numpy()
    got = model.predict(np.array([[1, 2, 0]]), verbose=0)
    np.testing.assert_allclose(got[0], (rows[1] + rows[2]) / 2, rtol=1e-2)


def test_a_build_may_ask_for_the_shape_of_a_mask():
    class Masked(layers.Layer):
        def build(self, x_shape, attention_mask_shape):
            self.seen = attention_mask_shape

        def call(self, x, attention_mask):
            return x

    layer = Masked()
    layer(np.ones((2, 3)), attention_mask=np.ones((2, 3), bool))
    assert layer.seen == (None, 3)


def test_a_build_that_asks_for_what_call_does_not_take_is_refused():
    class Wrong(layers.Layer):
        def call(self, a, b):
            return a + b

    class Unnamed(Wrong):
        def build(self, a_shape, b):
            pass

    class Other(Wrong):
        def build(self, a_shape, c_shape):
            pass

    x = np.ones((2, 3))
    with pytest.raises(ValueError, match=r"Unnamed\.build has the argument `b`"):
        Unnamed()(x, x)
    with pytest.raises(ValueError, match="does not have argument `c`: it takes a, b"):
        Other()(x, x)


@pytest.mark.parametrize("x", [np.ones((2, 3)), keras.Input((3,))])
def test_plain_values_are_given_by_name(x):
    with pytest.raises(ValueError, match=r"dropout.*True is none: write training=True"):
        layers.Dropout(0.5, name="dropout")(x, True)


def test_a_weight_made_anew_by_each_call_is_refused():
    class Forgetful(layers.Layer):
        def call(self, x):
            return x + self.add_weight(shape=(3,), name="extra")

    with pytest.raises(ValueError, match=r"cannot add new elements.*'extra' in build"):
        Forgetful()(np.ones((2, 3)))


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_trainable_is_yes_or_no(value):
    with pytest.raises(ValueError, match="Dense: trainable has to be a boolean"):
        layers.Dense(2, trainable=value)


def test_types_are_known_by_pythons_words_and_complex_numbers_pass():
    assert layers.Dense(2, dtype="mixed_float16").dtype_policy.quantization_mode is None
    assert keras.Variable([1], dtype="int").dtype == "int32"
    z = layers.Identity(dtype="complex64")(np.array([[1 + 2j]], "complex64"))
    assert z.dtype.name == "complex64"


def test_a_layer_from_a_config_is_given_its_policy():
    class Asking(layers.Dense):
        def __init__(self, units, dtype=None, **kwargs):
            self.given = dtype
            super().__init__(units, dtype=dtype, **kwargs)

    config = Asking(2, dtype="mixed_float16").get_config()
    assert Asking.from_config(config).given.name == "mixed_float16"


def test_an_input_may_begin_with_a_tensor_that_exists():
    tensor = keras.KerasTensor((None, 3), dtype="int32")
    first = layers.InputLayer(input_tensor=tensor)
    assert first.output is tensor and first.batch_shape == (None, 3) and first.dtype == "int32"
    inputs = keras.Input(shape=(3,), tensor=keras.KerasTensor((None, 3)))
    model = keras.Model(inputs, layers.Dense(2)(inputs))
    assert model(np.ones((4, 3))).shape == (4, 2)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "needs a shape"),
        ({"shape": (3,), "batch_shape": (2, 3)}, "give shape or batch_shape"),
        ({"batch_size": 3, "batch_shape": (2, 3)}, "give batch_size or batch_shape"),
        ({"input_tensor": np.ones((2, 3))}, "is a KerasTensor, not ndarray"),
        ({"shape": (4,), "input_tensor": keras.KerasTensor((2, 3))}, r"not the one given beside"),
        ({"batch_size": 5, "input_tensor": keras.KerasTensor((2, 3))}, r"\(5, 3\)"),
        ({"dtype": "float16", "input_tensor": keras.KerasTensor((2, 3))}, "not that of the tensor"),
        ({"shape": (3,), "sizes": 4}, "no argument 'sizes'"),
    ],
)
def test_an_input_told_twice_or_not_at_all_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        layers.InputLayer(**given)


def test_an_input_may_be_told_in_the_words_of_earlier_keras():
    assert layers.InputLayer(input_shape=(2, 3), batch_size=4).batch_shape == (4, 2, 3)
    assert layers.InputLayer(batch_input_shape=(4, 2)).batch_shape == (4, 2)


def test_a_table_needs_no_input_to_be_made():
    table = layers.Embedding(4, 2)
    table.build()
    assert table.embeddings.shape == (4, 2)
    given = layers.Embedding(4, 2, weights=[np.arange(8).reshape(4, 2)])
    np.testing.assert_array_equal(given.embeddings.numpy()[1], [2, 3])


def test_the_activity_of_a_single_number_is_punished_whole():
    layer = layers.ActivityRegularization(l1=0.5)
    layer(np.float32(3.0))
    assert float(layer.losses[0]) == 1.5


def test_a_name_in_the_place_of_a_shape_is_told_where_it_belongs():
    with pytest.raises(ValueError, match=r"add_weight\(name='w', shape=…\)"):
        layers.Layer().add_weight("w", shape=(2,))
    with pytest.raises(TypeError, match="each of them once"):
        layers.Layer().add_weight((2,), shape=(3,))
    assert layers.Layer().add_weight((2,), "ones").numpy().tolist() == [1.0, 1.0]


@pytest.mark.parametrize("cls", [layers.Dense, layers.LSTM])
def test_a_layer_of_a_config_is_built_for_what_the_config_says(cls):
    layer = cls(3)
    layer.build((None, 4, 2))
    twin = layers.deserialize(layers.serialize(layer))
    twin.set_weights(layer.get_weights())
    assert twin.built
    assert not layers.deserialize(layers.serialize(cls(3))).built
