"""What layers of pictures and sounds refuse, and how they say it."""

import re

import numpy as np
import pytest

import lanthorn
from lanthorn import initializers, layers

X = np.zeros((2, 5, 6, 3), "float32")

WRONG_SETTINGS = [
    ("Resizing", {"height": 0, "width": 2}, "Resizing: height is a whole number of 1 or more"),
    ("Resizing", {"height": 2, "width": 2, "interpolation": "cubic"}, "interpolation is one of"),
    ("Resizing", {"height": 2, "width": 2, "crop_to_aspect_ratio": True,
                  "pad_to_aspect_ratio": True}, "two ways to keep proportions: choose one"),
    ("Resizing", {"height": 2, "width": 2, "fill_mode": "wrap"}, "fill_mode is one of 'constant'"),
    ("Resizing", {"height": 2, "width": 2, "data_format": "last"}, "data_format is one of"),
    ("CenterCrop", {"height": 2, "width": 1.5}, "CenterCrop: width is a whole number"),
    ("RandomFlip", {"mode": "sideways"}, "mode is one of 'horizontal'"),
    ("RandomFlip", {"bounding_box_format": "xy"}, "bounding_box_format is one of 'xyxy'"),
    ("RandomRotation", {"factor": 2}, "RandomRotation: factor is a number from -1 to 1 or two"),
    ("RandomRotation", {"factor": (0.1, 0.2, 0.3)}, "the least and the most, not (0.1, 0.2, 0.3)"),
    ("RandomRotation", {"factor": "far"}, "not 'far'"),
    ("RandomRotation", {"factor": 0.1, "fill_mode": "zero"}, "fill_mode is one of 'reflect'"),
    ("RandomTranslation", {"height_factor": (0, 3), "width_factor": 0}, "not (0, 3)"),
    ("RandomZoom", {"height_factor": (-1, 0)}, "nothing would be left to see"),
    ("RandomPerspective", {"scale": 2}, "scale is a number from 0 to 1, not 2"),
    ("RandomBrightness", {"factor": 0.1, "value_range": 255}, "value_range is two numbers"),
    ("RandomBrightness", {"factor": 0.1, "value_range": (1, 1)}, "two different numbers"),
    ("RandomPosterization", {"factor": 9}, "factor is a number from 1 to 8"),
    ("RandomGrayscale", {"factor": 1.5}, "factor is a fraction from 0 to 1, not 1.5"),
    ("RandomGaussianBlur", {"kernel_size": 4}, "kernel_size is odd, not 4"),
    ("RandomErasing", {"fill_value": (1, 2)}, "a number, three of them or None, not (1, 2)"),
    ("MixUp", {"alpha": 0}, "MixUp: alpha is a number above 0, not 0"),
    ("AugMix", {"alpha": -1}, "AugMix: alpha is a number above 0, not -1"),
    ("RandAugment", {"num_ops": -1}, "num_ops is a whole number of 0 or more"),
    ("Equalization", {"bins": 0}, "bins is a whole number of 1 or more"),
    ("MaxNumBoundingBoxes", {"max_number": 0}, "max_number is a whole number of 1 or more"),
    ("ContrastLimitedAdaptiveHistogramEqualization", {"clip_limit": "low"}, "clip_limit is a num"),
    ("MelSpectrogram", {"fft_length": 8, "sequence_length": 9}, "make it at least as long"),
    ("MelSpectrogram", {"min_freq": 9000}, "min_freq 9000 is not below max_freq 8000"),
    ("MelSpectrogram", {"window": "flat"}, "window is one of 'hann', 'hamming'"),
    ("STFTSpectrogram", {"frame_step": 0}, "frame_step is a whole number of 1 or more, not 0"),
    ("STFTSpectrogram", {"fft_length": 0}, "fft_length is a whole number of 1 or more, not 0"),
    ("MelSpectrogram", {"sequence_length": 0}, "sequence_length is a whole number of 1 or more"),
    ("STFTSpectrogram", {"mode": "loud"}, "mode is one of 'log'"),
    ("STFTSpectrogram", {"frame_length": 4, "frame_step": 5}, "would skip samples"),
    ("STFTSpectrogram", {"frame_length": 9, "fft_length": 8}, "make it at least as long"),
    ("STFTSpectrogram", {"window": "hammock"}, "STFTSpectrogram: there is no window called"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "settings", "words"), WRONG_SETTINGS)
def test_a_setting_that_cannot_be_meant_is_refused(name, settings, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        getattr(layers, name)(**settings)


WRONG_INPUTS = [
    ("RandomFlip", {}, (2, 5), "wants (batch, height, width, channels), but was given (batch 2"),
    ("Resizing", {"height": 2, "width": 2, "data_format": "channels_first"}, (5,),
     "wants (batch, channels, height, width)"),
    ("RandomHue", {"factor": 0.1}, (2, 5, 6, 4), "it has 4 channels"),
    ("RandomGrayscale", {}, (2, 5, 6, 2), "wants 3 channels or 1"),
    ("RandomColorJitter", {"hue_factor": 0.1}, (2, 5, 6, 1), "it has 1 channels"),
    ("MelSpectrogram", {"fft_length": 16}, (2, 0), "at least 1 sample"),
    ("MelSpectrogram", {}, (2, 8, 1), "wants (batch, samples)"),
    ("STFTSpectrogram", {"frame_length": 8}, (2, 7, 1), "The signal has 7 steps and a frame 8."),
    ("STFTSpectrogram", {}, (2, 7), "wants (batch, steps, channels)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "settings", "shape", "words"), WRONG_INPUTS)
def test_an_input_of_another_shape_is_refused(name, settings, shape, words):
    with pytest.raises(lanthorn.ShapeError, match=re.escape(words)):
        getattr(layers, name)(**settings)(np.zeros(shape, "float32"))


def test_a_batch_without_channels_is_not_taken_for_one_picture():
    with pytest.raises(lanthorn.ShapeError, match=re.escape("give it one of size 1")):
        lanthorn.Sequential([lanthorn.Input((28, 28)), layers.RandomFlip()])


def test_what_belongs_to_pictures_is_refused_when_it_cannot_be_changed():
    boxes = {"boxes": np.zeros((2, 1, 4)), "labels": np.zeros((2, 1))}
    with pytest.raises(ValueError, match="wants a dict with 'images', not with"):
        layers.RandomFlip()({"pictures": X})
    with pytest.raises(ValueError, match="bounding_box_format is one of xyxy"):
        layers.RandomFlip()({"images": X, "bounding_boxes": boxes})
    with pytest.raises(ValueError, match="bounding_boxes is a dict of 'boxes'"):
        layers.RandomFlip(bounding_box_format="xyxy")({"images": X, "bounding_boxes": [1]})
    with pytest.raises(ValueError, match="does not work on bounding boxes"):
        layers.CutMix(bounding_box_format="xyxy")({"images": X, "bounding_boxes": boxes})
    with pytest.raises(ValueError, match="class numbers cannot be mixed"):
        layers.MixUp()({"images": X, "labels": np.array([1, 2])})


def test_boxes_of_both_pictures_are_kept_when_they_are_mixed():
    boxes = {"boxes": np.arange(8.0).reshape(2, 1, 4), "labels": np.array([[3], [5]])}
    found = layers.MixUp(seed=1, bounding_box_format="xyxy")({"images": X, "bounding_boxes": boxes})
    assert found["bounding_boxes"]["boxes"].shape == (2, 2, 4)
    for labels in np.asarray(found["bounding_boxes"]["labels"]):
        assert set(labels.tolist()) <= {3, 5}


def test_a_crop_takes_its_boxes_along():
    picture = np.zeros((1, 8, 9, 1), "float32")
    picture[0, 3:5, 4:7] = 1.0
    boxes = {"boxes": np.array([[[4.0, 3.0, 7.0, 5.0]]]), "labels": np.array([[1]])}
    layer = layers.RandomCrop(6, 6, seed=3, bounding_box_format="xyxy")
    found = layer({"images": picture, "bounding_boxes": boxes})
    left, top, right, bottom = np.asarray(found["bounding_boxes"]["boxes"])[0, 0].astype(int)
    inside = np.asarray(found["images"])[0, top:bottom, left:right, 0]
    assert inside.size == inside.sum() == np.asarray(found["images"]).sum()


def test_an_stft_kernel_wants_the_shape_of_one():
    for settings, words in (
        ({"side": "left"}, "side is 'real' or 'imag'"),
        ({"scaling": "loud"}, "scaling is 'density', 'spectrum' or None"),
        ({"window": "hammock"}, "there is no window called 'hammock'"),
    ):
        with pytest.raises(ValueError, match=re.escape(words)):
            initializers.STFT(**settings)
    with pytest.raises(ValueError, match="wants a shape"):
        initializers.STFT()((4, 2, 3))
    with pytest.raises(ValueError, match=re.escape("has shape (3,) and not (4,)")):
        initializers.STFT(window=[1.0, 2.0, 3.0])((4, 1, 3))


def test_sound_in_whole_numbers_is_refused_with_the_way_out():
    with pytest.raises(TypeError, match=r"was given int32. x.astype.'float32'. makes them"):
        layers.STFTSpectrogram(frame_length=8)(np.ones((2, 20, 1), "int32"))


@pytest.mark.parametrize("name", ["RandomGrayscale", "RandomRotation", "MixUp"])
def test_numbers_of_numpy_are_taken_and_kept_as_plain_ones(name):
    setting = "alpha" if name == "MixUp" else "factor"
    config = getattr(layers, name)(**{setting: np.float32(0.25)}).get_config()
    assert config[setting] in (0.25, (-0.25, 0.25))
    assert "float32" not in repr(config[setting])
