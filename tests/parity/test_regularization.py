"""Dropout of all kinds, noise and activity penalties: Keras's very numbers from the same seeds."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies

import lanthorn
from lanthorn import layers
from lanthorn.layers.example import Example
from tests.examples import examples

SHAPES = {
    "SpatialDropout1D": (4, 3),
    "SpatialDropout2D": (3, 2, 3),
    "SpatialDropout3D": (2, 1, 2, 3),
}
NAMES = [*SHAPES, "AlphaDropout", "GaussianDropout", "GaussianNoise", "Dropout"]


def drawn(layer, x, times=3):
    return [np.asarray(layer(x, training=True), "float32") for _ in range(times)]


@settings(max_examples=examples(6, 80))
@given(
    name=strategies.sampled_from(NAMES),
    rate=strategies.floats(0, 0.9),
    seed=strategies.integers(0, 2**31),
    channels_first=strategies.booleans(),
    dtype=strategies.sampled_from(["float32", "mixed_float16", "bfloat16"]),
)
def test_the_very_same_numbers_are_drawn(name, rate, seed, channels_first, dtype):
    chosen = {("stddev" if name == "GaussianNoise" else "rate"): rate, "seed": seed, "dtype": dtype}
    if name in ("SpatialDropout2D", "SpatialDropout3D") and channels_first:
        chosen["data_format"] = "channels_first"
    x = np.random.default_rng(0).normal(size=(3, *SHAPES.get(name, (4, 5)))).astype("float32")
    ours, theirs = getattr(layers, name)(**chosen), getattr(keras.layers, name)(**chosen)
    for a, b in zip(drawn(ours, x), drawn(theirs, x), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(ours(x), theirs(x))
    assert ours(x, training=True).dtype == theirs(x, training=True).dtype


@settings(max_examples=examples(4, 20))
@given(data=strategies.data(), seed=strategies.integers(0, 100))
def test_alpha_dropout_by_a_noise_shape(data, seed):
    shape = [data.draw(strategies.sampled_from([None, 1, size])) for size in (3, 4, 5)]
    x = np.random.default_rng(0).normal(size=(3, 4, 5)).astype("float32")
    chosen = {"rate": 0.4, "noise_shape": tuple(shape), "seed": seed}
    ours, theirs = layers.AlphaDropout(**chosen), keras.layers.AlphaDropout(**chosen)
    for a, b in zip(drawn(ours, x), drawn(theirs, x), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7)


def test_alpha_dropout_keeps_mean_and_spread():
    x = np.random.default_rng(0).normal(size=(500, 200)).astype("float32")
    y = np.asarray(layers.AlphaDropout(0.3, seed=1)(x, training=True))
    assert abs(y.mean()) < 0.02 and abs(y.std() - 1) < 0.02


def test_a_channel_is_dropped_whole():
    x = np.ones((20, 6, 5, 7), "float32")
    y = np.asarray(layers.SpatialDropout2D(0.5, seed=0)(x, training=True))
    fate = y[:, :1, :1, :]
    np.testing.assert_array_equal(y, np.broadcast_to(fate, y.shape))
    assert {0.0, 2.0} == set(np.unique(fate))


@pytest.mark.parametrize("chosen", [{"l1": 0.5}, {"l2": 0.1}, {"l1": 0.2, "l2": 0.3}, {}])
def test_the_activity_penalty_joins_the_loss(chosen):
    x = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")

    def loss(library):
        model = library.Sequential([library.layers.Input((3,)),
                                    library.layers.ActivityRegularization(**chosen)])  # fmt: skip
        model.compile(loss="mse")
        return model.evaluate(x, x, verbose=0)

    assert loss(lanthorn) == pytest.approx(loss(keras), rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_keeps_the_seed(name, tmp_path):
    example = getattr(layers, name).examples[0]
    x = np.ones((4, *example.shape), "float32")
    model = lanthorn.Sequential([layers.Input(example.shape),
                                 getattr(layers, name)(**example.settings)])  # fmt: skip
    model.save(tmp_path / "m.keras")
    again = lanthorn.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(model(x, training=True), again(x, training=True))


def test_a_mixed_policy_outlives_the_config():
    layer = layers.SpatialDropout1D(0.5, dtype="mixed_float16")
    assert type(layer).from_config(layer.get_config()).compute_dtype == "float16"
    assert keras.layers.SpatialDropout1D.from_config(layer.get_config()).compute_dtype == "float16"


def test_masks_pass_through():
    x = np.random.default_rng(0).integers(0, 3, (4, 5)).astype("int32")
    for name in ("SpatialDropout1D", "AlphaDropout", "GaussianDropout", "GaussianNoise",
                 "ActivityRegularization"):  # fmt: skip
        layer = getattr(layers, name)(*([] if name == "ActivityRegularization" else [0.1]))
        mask = x != 0
        assert layer.compute_mask(x, mask) is mask


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.AlphaDropout(1.0), "0 to below 1, not 1.0"),
        (lambda: layers.AlphaDropout(-0.1), "not -0.1"),
        (lambda: layers.AlphaDropout(0.1, (3, 1))(np.ones((2, 3))), r"noise_shape \(3, 1\)"),
        (lambda: layers.AlphaDropout(0.1, (1,))(np.ones((2, 3))), r"noise_shape \(1,\)"),
        (lambda: layers.GaussianDropout(1), "0 to below 1, not 1"),
        (lambda: layers.GaussianDropout("half"), "not 'half'"),
        (lambda: layers.GaussianNoise(1.5), "0 to 1, not 1.5"),
        (lambda: layers.SpatialDropout1D(2), "fraction from 0 to 1, not 2"),
        (lambda: layers.SpatialDropout1D(0.1)(np.ones((2, 3))), r"\(batch, steps, features\)"),
        (lambda: layers.SpatialDropout2D(0.1)(np.ones((2, 3, 3))), "height, width, channels"),
        (lambda: layers.SpatialDropout3D(0.1, "channels_first")(np.ones((2, 3))),
         r"\(batch, channels, depth, height, width\)"),
        (lambda: layers.SpatialDropout2D(0.1, "channels"), "data_format is one of"),
        (lambda: layers.ActivityRegularization(l1=-1), "l1"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_what_is_wanted(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_every_example_says_what_happens_in_training():
    from lanthorn import explain

    for name in SHAPES:
        example: Example = getattr(layers, name).examples[0]
        text = str(explain(getattr(layers, name)(**example.settings), example.shape))
        assert "switched off whole" in text
