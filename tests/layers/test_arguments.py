"""Arguments that Keras's own users give: their kinds, their names, what is refused."""

import json

import numpy as np
import pytest

import lanthorn as keras
from lanthorn import layers

PICTURES = np.arange(2 * 3 * 4 * 5, dtype="float32").reshape(2, 3, 4, 5)


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.UpSampling2D(2, data_format="channels_first"),
        lambda: layers.UpSampling2D(2, data_format="channels_first", interpolation="bilinear"),
        lambda: layers.MaxPooling2D(2, data_format="channels_first"),
        lambda: layers.Conv2D(2, 2, data_format="channels_first"),
        lambda: layers.ZeroPadding2D(1, data_format="channels_first"),
    ],
)
def test_pictures_given_by_name_are_turned_like_those_given_by_place(make):
    layer = make()
    by_place = np.asarray(layer(PICTURES))
    np.testing.assert_array_equal(np.asarray(layer(inputs=PICTURES)), by_place)


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.RepeatVector("3"),
        lambda: layers.UpSampling1D(2.5),
        lambda: layers.UpSampling1D(True),
        lambda: layers.Embedding(3.7, 8),
        lambda: layers.LayerNormalization(axis={"axis": -1}),
        lambda: layers.UnitNormalization(axis={"axis": -1}),
        lambda: layers.Dense("4"),
    ],
)
def test_a_setting_of_another_kind_is_both_of_python_s_errors(make):
    with pytest.raises(TypeError) as first:
        make()
    assert isinstance(first.value, ValueError)


def test_a_number_of_the_wrong_size_is_a_value_error_alone():
    with pytest.raises(ValueError) as caught:
        layers.UpSampling1D(-2)
    assert not isinstance(caught.value, TypeError)


@pytest.mark.parametrize("cls", [layers.Dropout, layers.AlphaDropout])
def test_noise_shape_is_a_tuple_of_sizes_that_fit(cls):
    assert cls(0.5, noise_shape=[20, 1, None]).noise_shape == (20, 1, None)
    for wrong in ("Invalid", (20, 1.5, 10), (20, -1, 10), (20, 0, 10)):
        with pytest.raises(ValueError, match=f"{cls.__name__}: noise_shape"):
            cls(0.5, noise_shape=wrong)
    with pytest.raises(ValueError, match=r"noise_shape \(None, 1\)"):
        cls(0.5, noise_shape=(None, 1))(np.ones((2, 3, 4)), training=True)


def test_softmax_may_share_among_samples_and_is_not_told_of_one_then():
    x = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")
    shares = np.asarray(layers.Softmax(axis=(0, 1))(x))
    np.testing.assert_allclose(shares, np.exp(x) / np.exp(x).sum(), rtol=1e-6)
    assert "across the batch" in str(keras.explain(layers.Softmax(axis=0), (2,)))


@pytest.mark.parametrize(
    "layer",
    [layers.Dense(2), layers.EinsumDense("abcd,de->abce", (None, None, 2)), layers.Conv2D(2, 1)],
)
def test_an_activation_taken_away_changes_nothing(layer):
    layer.activation = None
    assert np.isfinite(np.asarray(layer(PICTURES))).all()
    assert layer.wired(keras.axes.Axes.of((None, 3, 4, 5))).activation == "linear"


def test_masks_of_merged_symbols_are_symbols():
    a, b = keras.Input((4, 5)), keras.Input((4, 5))
    mask = np.ones((2, 4), bool)
    for merge in (layers.Concatenate(axis=1), layers.Add()):
        assert merge.compute_mask([a, b], [None, None]) is None
        with pytest.raises(ValueError, match="list"):
            merge.compute_mask(a, [None, None])
        with pytest.raises(ValueError, match="for each of its 2 inputs"):
            merge.compute_mask([a, b], mask)
    steps = keras.Input((4,), dtype="bool")
    assert layers.Concatenate(axis=1).compute_mask([a, b], [steps, None]).shape == (None, 8)
    every = np.ones((2, 4, 5), bool)
    assert layers.Concatenate(axis=1).compute_mask([a, b], [every, every]).shape == (2, 8)


def test_a_batch_masked_throughout_has_mean_zero():
    layer = layers.BatchNormalization()
    y = layer(np.ones((2, 4, 3)), training=True, mask=np.zeros((2, 4), bool))
    assert np.isfinite(np.asarray(y)).all()
    np.testing.assert_allclose(np.asarray(layer.moving_mean.value), 0.0)


def test_what_is_masked_has_no_part_in_a_batch_s_mean_whatever_it_is():
    layer = layers.BatchNormalization(momentum=0.0)
    x = np.array([[[1.0], [3.0], [np.nan]]])
    layer(x, training=True, mask=np.array([[True, True, False]]))
    np.testing.assert_allclose(np.asarray(layer.moving_mean.value), 2.0, rtol=1e-6)


def test_a_lambda_is_made_of_its_config_and_functions_given_beside_it():
    def double(x):
        return 2 * x

    config = layers.Lambda(double).get_config()
    made = layers.Lambda.from_config(config, custom_objects={"double": double}, safe_mode=False)
    np.testing.assert_allclose(np.asarray(made(np.ones((1, 2)))), 2.0)


def test_what_a_wrapper_of_a_config_wraps_is_built_as_it_was():
    layer = layers.SpectralNormalization(layers.Dense(2))
    layer.build((None, 3))
    again = layers.SpectralNormalization.from_config(layer.get_config())
    assert again.layer.kernel.shape == (3, 2)
    assert again.get_config() == layer.get_config()


def test_a_number_type_may_be_numpy_s_own():
    x = np.ones((1, 2))
    assert keras.Input((2,), dtype=x.dtype).dtype == "float64"
    assert keras.KerasTensor((2,), dtype=np.arange(3).dtype).dtype == "int64"
    assert layers.Dense(2, dtype=np.dtype("float16")).compute_dtype == "float16"


@pytest.mark.parametrize(
    "make",
    [
        lambda x: layers.Dropout(x),
        lambda x: layers.GaussianNoise(x),
        lambda x: layers.Masking(x),
        lambda x: layers.ELU(x),
        lambda x: layers.ReLU(negative_slope=x, max_value=x),
        lambda x: layers.LeakyReLU(x),
        lambda x: layers.BatchNormalization(momentum=x),
    ],
)
def test_numbers_may_be_numpy_s_and_are_kept_as_python_s(make):
    config = make(np.float32(0.5)).get_config()
    assert json.loads(json.dumps(config)) == {**make(0.5).get_config(), "name": config["name"]}
    for wrong in ("0.5", True):
        with pytest.raises(TypeError, match=r"number|fraction"):
            make(wrong)


def test_sizes_and_orders_may_be_arrays():
    assert layers.Reshape(np.array([2, -1])).get_config()["target_shape"] == (2, -1)
    assert layers.Permute([2, 1]).dims == (2, 1)


REFUSED = {
    "Reshape: target_shape": lambda: layers.Reshape((2.5,)),
    "Permute: dims": lambda: layers.Permute(2),
    "Softmax: axis": lambda: layers.Softmax("last"),
    "Concatenate: axis": lambda: layers.Concatenate("last"),
    "BatchNormalization: axis": lambda: layers.BatchNormalization([1]),
    "same number of samples": lambda: layers.Add()([np.ones((2, 2)), np.ones((3, 2))]),
    "given nothing": lambda: layers.Add()([]),
    r"at least \(batch\)": lambda: layers.Maximum()([np.float32(1), np.float32(2)]),
    r"flatten.*at least \(batch\)": lambda: layers.Flatten(name="flatten")(np.float32(1)),
    "3 is no multiple of 2": lambda: layers.Conv2D(4, 2, groups=2)(np.ones((1, 3, 3, 3))),
    "the same axis here": lambda: layers.LayerNormalization([1, -1])(np.ones((1, 2))),
    "a mask of shape": lambda: layers.BatchNormalization()(
        np.ones((2, 3)), mask=np.ones((2, 3), bool)
    ),
}


@pytest.mark.parametrize("told", REFUSED)
def test_what_cannot_be_is_refused_in_words(told):
    with pytest.raises(ValueError, match=told):
        REFUSED[told]()


def test_one_channel_is_no_plural():
    layer = layers.Conv2D(2, 2)
    layer(np.ones((1, 3, 3, 1)))
    with pytest.raises(ValueError, match="built for 1 channel and"):
        layer(np.ones((1, 3, 3, 2)))


def test_the_sums_of_a_convolution_may_be_changed_in_a_class_of_yours():
    class Centred(layers.Conv2D):
        def convolution_op(self, inputs, kernel):
            return super().convolution_op(inputs, kernel - keras.ops.mean(kernel))

    layer = Centred(2, 2, use_bias=False)
    np.testing.assert_allclose(np.asarray(layer(np.ones((1, 3, 3, 1)))).sum(), 0.0, atol=1e-5)


def test_a_table_that_is_read_both_ways_may_be_built_without_a_shape():
    layer = layers.ReversibleEmbedding(5, 2, tie_weights=False)
    layer.build()
    assert [tuple(weight.shape) for weight in layer.weights] == [(5, 2), (2, 5)]
    assert layer(np.array([[1, 2]])).shape == (1, 2, 2)
