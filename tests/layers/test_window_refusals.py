"""Impossible windows are refused in the layer's own name, with both shapes."""

from __future__ import annotations

import numpy as np
import pytest

import lanthorn
from lanthorn import layers

SETTINGS = {
    "Conv1D: 3 filters cannot be shared out among 2 groups.": lambda: layers.Conv1D(3, 2, groups=2),
    "Conv3D: strides (1, 2, 1) and dilation_rate (2, 2, 2) cannot both be more than 1.": (
        lambda: layers.Conv3D(2, 2, strides=(1, 2, 1), dilation_rate=2)
    ),
    "Conv1DTranspose: output_padding (2,) is less than strides (2,) along every axis; more rows "
    "would belong to the next stride.": (
        lambda: layers.Conv1DTranspose(1, 3, strides=2, output_padding=2)
    ),
    "Conv2DTranspose: output_padding is a whole number of 0 or more, not -1.": (
        lambda: layers.Conv2DTranspose(1, 3, strides=2, output_padding=-1)
    ),
    "DepthwiseConv2D: depth_multiplier is a whole number of 1 or more, not 0.": (
        lambda: layers.DepthwiseConv2D(3, depth_multiplier=0)
    ),
    "SeparableConv1D: kernel_size is a whole number of 1 or more, not 0.": (
        lambda: layers.SeparableConv1D(3, 0)
    ),
    "Conv2D: padding is one of 'valid', 'same', not 'causal'": (
        lambda: layers.Conv2D(1, 2, padding="causal")
    ),
    "MaxPooling3D: pool_size is one whole number or 3 of them, not (2, 2).": (
        lambda: layers.MaxPooling3D((2, 2))
    ),
    "AveragePooling1D: data_format is one of 'channels_last', 'channels_first', not "
    "'channel_first'": lambda: layers.AveragePooling1D(2, data_format="channel_first"),
    "AdaptiveMaxPooling2D: output_size is a whole number of 1 or more, not 0.": (
        lambda: layers.AdaptiveMaxPooling2D((0, 2))
    ),
    "ZeroPadding1D: padding is one whole number or a pair of them, not (1, 2, 3).": (
        lambda: layers.ZeroPadding1D((1, 2, 3))
    ),
    "ZeroPadding2D: padding is a whole number of 0 or more, not -1.": (
        lambda: layers.ZeroPadding2D(((0, -1), 0))
    ),
    "Cropping3D: cropping is one whole number or 3 numbers or pairs of them, not (1, 2).": (
        lambda: layers.Cropping3D((1, 2))
    ),
    "UpSampling2D: interpolation is one of 'nearest', 'bilinear', 'bicubic', 'lanczos3', "
    "'lanczos5', not 'linear'": lambda: layers.UpSampling2D(interpolation="linear"),
    "UpSampling1D: size is a whole number of 1 or more, not 1.5.": (
        lambda: layers.UpSampling1D(1.5)
    ),
    "RepeatVector: n is a whole number of 1 or more, not 0.": lambda: layers.RepeatVector(0),
    "Reshape: target_shape has sizes and at most one -1 or None, not (-1, None).": (
        lambda: layers.Reshape((-1, None))
    ),
}

SHAPES = {
    "c (Conv1D) wants an input at least as large as its window, 5, but was given (batch ?, steps "
    "4, features 2).\n  The input is 4 and the window 5.": (
        lambda: layers.Conv1D(1, 3, dilation_rate=2, name="c"), (4, 2)
    ),
    "c (Conv2D) wants (batch, channels, height, width), but was given (batch ?, features 3, steps "
    "8).": (lambda: layers.Conv2D(1, 2, data_format="channels_first", name="c"), (3, 8)),
    "c (Conv2D) wants a number of channels that 2 groups can share, but was given (batch ?, "
    "channels 3, height 8, width 7).\n  3 is no multiple of 2.": (
        lambda: layers.Conv2D(2, 2, groups=2, data_format="channels_first", name="c"), (3, 8, 7)
    ),
    "c (DepthwiseConv1D) wants a known number of channels, but was given (batch ?, steps 4, "
    "features ?).": (lambda: layers.DepthwiseConv1D(2, name="c"), (4, None)),
    "c (Conv1DTranspose) wants an input that makes an output of at least one place, but was given "
    "(batch ?, steps 1, features 1).\n  Spread out with strides (2,), padding 'same' and "
    "output_padding (0,), 1 would become 0.": (
        lambda: layers.Conv1DTranspose(
            1, 2, strides=2, padding="same", output_padding=0, name="c"
        ), (1, 1)
    ),
    "c (MaxPooling2D) wants an input at least as large as its window, 3 × 3, but was given (batch "
    "?, channels 1, height 2, width 4).\n  The input is 2 × 4 and the window 3 × 3.": (
        lambda: layers.MaxPooling2D(3, data_format="channels_first", name="c"), (1, 2, 4)
    ),
    "c (GlobalMaxPooling3D) wants (batch, depth, height, width, channels), but was given (batch ?, "
    "height 2, width 2, channels 2).": (
        lambda: layers.GlobalMaxPooling3D(name="c"), (2, 2, 2)
    ),
    "c (AdaptiveMaxPooling1D) wants (batch, channels, steps), but was given (batch ?, features 2)."
    : (
        lambda: layers.AdaptiveMaxPooling1D(2, data_format="channels_first", name="c"), (2,)
    ),
    "c (Cropping2D) wants an input larger than what is cut off, 2 × 4, but was given (batch ?, "
    "height 3, width 4, channels 1).\n  The input is 3 × 4, and cropping ((1, 1), (2, 2)) takes "
    "away 2 × 4.": (lambda: layers.Cropping2D((1, 2), name="c"), (3, 4, 1)),
    "c (ZeroPadding2D) wants (batch, height, width, channels), but was given (batch ?, steps 3, "
    "features 4).": (lambda: layers.ZeroPadding2D(name="c"), (3, 4)),
    "c (UpSampling3D) wants (batch, depth, height, width, channels), but was given (batch ?, steps "
    "3, features 4).": (lambda: layers.UpSampling3D(name="c"), (3, 4)),
    "c (RepeatVector) wants (batch, features), but was given (batch ?, steps 3, features 4).": (
        lambda: layers.RepeatVector(2, name="c"), (3, 4)
    ),
}  # fmt: skip


@pytest.mark.parametrize("message", SETTINGS)
def test_impossible_settings(message):
    with pytest.raises(ValueError) as refusal:
        SETTINGS[message]()
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize("message", SHAPES)
def test_impossible_shapes(message):
    make, shape = SHAPES[message]
    with pytest.raises(lanthorn.ShapeError) as refusal:
        make()(layers.Input(shape))
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda: layers.Conv2D(2, 2), "(batch, height, width, channels 3)"),
        (lambda: layers.Conv2DTranspose(2, 2), "(batch, height, width, channels 3)"),
        (
            lambda: layers.DepthwiseConv2D(2, data_format="channels_first"),
            "(batch, channels 3, height, width)",
        ),
        (
            lambda: layers.SeparableConv2D(2, 2, data_format="channels_first"),
            "(batch, channels 3, height, width)",
        ),
    ],
)
def test_another_number_of_channels_than_it_was_built_for(make, wanted):
    layer = make()
    is_first = layer.data_format == "channels_first"
    layer(layers.Input((3, 5, 5) if is_first else (5, 5, 3)))
    with pytest.raises(lanthorn.ShapeError) as refusal:
        layer(layers.Input((2, 5, 5) if is_first else (5, 5, 2)))
    assert f"wants {wanted}, but was given" in str(refusal.value)
    assert "It was built for 3 channels" in str(refusal.value)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_a_transposed_convolution_of_nothing_is_refused(rank):
    layer = getattr(layers, f"Conv{rank}DTranspose")(2, 3, name="up")
    with pytest.raises(
        lanthorn.ShapeError, match=r"up \(Conv.DTranspose\) wants .* at least one place"
    ):
        layer(np.ones((1, *(0,) * rank, 2), "float32"))
