"""What code written for Keras asks of the layers that prepare data."""

import numpy as np
import pytest

import lanthorn
from lanthorn import layers


def test_the_weights_of_tf_idf_can_be_read():
    layer = layers.StringLookup(output_mode="tf_idf")
    assert layer.idf_weights is None
    layer.adapt(["one", "one", "one", "two", "two", "three"])
    expected = np.log(1 + 6 / (1 + np.array([3, 2, 1])))
    np.testing.assert_allclose(layer.idf_weights[1:], expected, rtol=1e-6)
    assert layer.get_config()["idf_weights"] is None
    given = layers.StringLookup(vocabulary=["a"], idf_weights=[2.0], output_mode="tf_idf")
    assert given.idf_weights.tolist() == [2.0, 2.0]
    assert given.get_config()["idf_weights"] == [2.0]


@pytest.mark.parametrize("kind", [layers.StringLookup, layers.TextVectorization])
def test_a_vocabulary_is_written_to_a_folder_and_read_from_it(kind, tmp_path):
    layer, other = kind(), kind()
    layer.adapt(["b", "a", "b"])
    layer.save_assets(tmp_path)
    (tmp_path / "vocabulary.txt").write_text((tmp_path / "vocabulary.txt").read_text() + "\n\n")
    other.load_assets(str(tmp_path))
    assert other.get_vocabulary() == layer.get_vocabulary()


def test_a_vocabulary_that_was_given_stays_in_the_config(tmp_path):
    layer = layers.IntegerLookup(vocabulary=[4, 5])
    layer.save_assets(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"no file 'nowhere.txt' to read"):
        layers.StringLookup(vocabulary="nowhere.txt")


@pytest.mark.parametrize("error", [ValueError, RuntimeError])
def test_a_lookup_that_has_not_learnt_is_refused_under_both_types(error):
    with pytest.raises(error, match="has not seen data yet"):
        layers.StringLookup()(["a"])


def test_numbers_with_fractions_are_not_crossed():
    with pytest.raises(ValueError, match=r"crosses text or whole numbers.*float64.*Discretization"):
        layers.HashedCrossing(5)((np.array([1.5]), np.array([1.0])))
    with pytest.raises(ValueError, match="float"):
        layers.HashedCrossing(5)(([1.0], [2]))


def test_a_list_of_pairs_is_batches_whose_targets_do_not_count():
    x = np.random.default_rng(1).normal(3, 2, (24, 3)).astype("float32")
    layer = layers.Normalization()
    layer.adapt([(x[i : i + 8], np.zeros(8)) for i in range(0, 24, 8)])
    np.testing.assert_allclose(np.asarray(layer(x)).mean(axis=0), 0, atol=1e-5)


def test_a_mask_goes_through_a_pipeline():
    class Canary(lanthorn.Layer):
        def call(self, x, training=False, mask=None):
            self.seen = (training, mask is not None)
            return x

        def compute_mask(self, x, mask=None):
            return mask

    line = layers.Pipeline([Canary(), Canary()])
    line(np.zeros((2, 3)), training=True, mask=np.ones((2, 3), bool))
    assert [layer.seen for layer in line.layers] == [(True, True)] * 2
    line(np.zeros((2, 3)))
    assert [layer.seen for layer in line.layers] == [(True, False)] * 2


def test_the_config_of_a_pipeline_comes_back_whole_after_a_call():
    line = layers.Pipeline([layers.AutoContrast(), layers.RandomBrightness(0.1)])
    line(np.zeros((2, 3, 4, 3), "float32"))
    config = line.get_config()
    assert layers.Pipeline.from_config(config).get_config() == config


def test_several_scales_are_one_for_each_channel_in_either_order():
    layer = layers.Rescaling([1.0, 2.0, 3.0], offset=0.5)
    x = np.ones((2, 3, 4, 5), "float32")
    lanthorn.config.set_image_data_format("channels_first")
    try:
        found = np.asarray(layer(x))
    finally:
        lanthorn.config.set_image_data_format("channels_last")
    assert found[0, :, 0, 0].tolist() == [1.5, 2.5, 3.5]
    assert np.asarray(layer(np.ones((2, 3), "float32")))[0].tolist() == [1.5, 2.5, 3.5]


def test_no_change_at_all_may_be_asked_of_rand_augment():
    x = np.random.default_rng(1).uniform(0, 255, (2, 4, 4, 3)).astype("float32")
    np.testing.assert_array_equal(np.asarray(layers.RandAugment(num_ops=0)(x, training=True)), x)
