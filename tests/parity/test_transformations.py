"""What is drawn for pictures, and the methods that change them with it, are Keras's."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lanthorn import layers, ops
from tests.parity.twins import KERAS_WARNS

pytestmark = KERAS_WARNS

DRAWN = [
    ("MixUp", {}),
    ("CutMix", {}),
    ("RandomBrightness", {"factor": 0.4}),
    ("RandomContrast", {"factor": 0.4}),
    ("RandomInvert", {}),
    ("RandomPosterization", {"factor": 5}),
    ("Solarization", {"addition_factor": 0.2, "threshold_factor": 0.9}),
    ("RandomFlip", {"mode": "horizontal"}),
    ("RandomErasing", {}),
    ("RandomElasticTransform", {}),
    ("RandomGaussianBlur", {"kernel_size": (3, 5)}),
    ("RandomHue", {"factor": 0.5}),
    ("RandomSaturation", {"factor": 0.4}),
    ("RandomColorDegeneration", {"factor": 0.4}),
    ("RandomPerspective", {"scale": 0.4}),
    ("RandomRotation", {"factor": 0.2}),
    ("RandomTranslation", {"height_factor": 0.2, "width_factor": (-0.1, 0.4)}),
    ("RandomZoom", {"height_factor": 0.2, "width_factor": 0.3}),
    ("RandomShear", {"x_factor": 0.2, "y_factor": 0.3}),
    ("RandomSharpness", {"factor": 0.8}),
    ("AutoContrast", {}),
    ("Equalization", {}),
    ("CenterCrop", {"height": 3, "width": 4}),
]
IN_THE_ORDER_OF_THE_DATA = ("MixUp", "CutMix", "RandomFlip", "RandomTranslation")


def same(ours, theirs):
    assert np.asarray(ours).shape == np.asarray(theirs).shape
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-5, atol=1e-3)


@pytest.mark.parametrize(("name", "settings"), DRAWN)
def test_what_keras_drew_changes_pictures_alike(name, settings):
    x = np.random.default_rng(3).uniform(0, 255, (3, 6, 7, 3)).astype("float32")
    ours = getattr(layers, name)(**settings)
    theirs = getattr(keras.layers, name)(**settings)
    given = theirs.get_random_transformation(x, training=True, seed=4)
    expected = np.asarray(theirs.transform_images(x, given, training=True))
    same(ours.transform_images(x, given, training=True), expected)
    drawn = ours.get_random_transformation(x, training=True, seed=4)
    assert set(given or ()) - set(drawn) <= {"image_height", "image_width", "batch_size"}
    same(theirs.transform_images(x, drawn, training=True), expected)


@pytest.mark.parametrize("name", IN_THE_ORDER_OF_THE_DATA)
def test_pictures_come_and_go_in_the_order_of_the_data(name):
    settings = dict(DRAWN)[name] | {"data_format": "channels_first", "seed": 2}
    x = np.random.default_rng(3).uniform(0, 255, (3, 3, 6, 7)).astype("float32")
    layer = getattr(layers, name)(**settings)
    drawn = layer.get_random_transformation({"images": x})
    last = getattr(layers, name)(**settings | {"data_format": "channels_last"})
    expected = last.transform_images(np.moveaxis(x, 1, -1), drawn)
    same(layer.transform_images(x, drawn), np.moveaxis(np.asarray(expected), -1, 1))


def test_nothing_is_drawn_and_nothing_changes_outside_training():
    layer, x = layers.RandomFlip(), np.ones((2, 4, 4, 1), "float32")
    assert layer.get_random_transformation(x, training=False) is None
    same(layer.transform_images(x, None, training=False), x)
    same(layer.transform_labels(np.ones(2), None, training=False), np.ones(2))
    same(layer.transform_segmentation_masks(x, None, training=False), x)


def test_boxes_move_by_a_transformation_written_by_hand():
    layer = layers.RandomTranslation(0.5, 0.5, bounding_box_format="xyxy")
    boxes = {"boxes": np.array([[2, 1, 4, 3], [6, 4, 8, 6]]), "labels": np.array([[1, 2]])}
    given = {"translations": np.array([[1.0, 2.0]]), "input_shape": (10, 8, 3)}
    found = layer.transform_bounding_boxes(boxes, given, training=True)
    same(found["boxes"], [[3, 3, 5, 5], [7, 6, 8, 8]])
    assert layer.transform_bounding_boxes(boxes, given, training=False) is boxes
    with pytest.raises(ValueError, match="tells the 'input_shape' of the pictures"):
        layer.transform_bounding_boxes(boxes, {"translations": np.ones((1, 2))})


def test_a_layer_of_one_s_own_says_what_is_drawn_and_how_pictures_change():
    class Noise(layers.RandomBrightness):
        def get_random_transformation(self, data, training=True, seed=None):
            return {"added": 2.0} if training else None

        def transform_images(self, images, transformation, training=True):
            return images + transformation["added"] if training else images

        def transform_labels(self, labels, transformation, training=True):
            return ops.convert_to_tensor(labels) * transformation["added"]

    x = np.ones((2, 3, 3, 1), "float32")
    same(Noise(0.1)(x, training=True), x + 2)
    same(Noise(0.1)(x[0], training=True), x[0] + 2)
    same(Noise(0.1)(x, training=False), x)
    found = Noise(0.1)({"images": x, "labels": np.array([1.0, 3.0])}, training=True)
    same(found["labels"], [2.0, 6.0])


@pytest.mark.parametrize("samples", [1, 3, 50])
def test_a_signal_shorter_than_half_a_transform_is_mirrored_over_and_over(samples):
    x = np.random.default_rng(5).normal(size=(2, samples)).astype("float32")
    settings = {"fft_length": 200, "sequence_stride": 5, "num_mel_bins": 4}
    ours = layers.MelSpectrogram(**settings)
    same(ours(x), keras.layers.MelSpectrogram(**settings)(x))
    assert ours.compute_output_shape((2, samples)) == ours(x).shape
