"""Layers of pictures beside Keras's: the same seed draws the very same picture."""

from __future__ import annotations

import inspect

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lanthorn
from lanthorn import layers
from tests.examples import IS_THOROUGH, examples
from tests.parity.twins import KERAS_WARNS

pytestmark = KERAS_WARNS

FAMILY = [
    name
    for file, names in layers.FILES.items()
    if file.startswith("augmentation.")
    for name in names
]
OTHERWISE = {
    "AugMix": "Keras lets Python's own generator choose",
    "RandomCrop": "Keras cuts small pictures out of proportion",
}
FEW = {"max_examples": examples(2, 60), "deadline": None}


def numbers(rng, shape, value_range=(0, 255)):
    low, high = value_range
    return rng.uniform(low, high, shape).astype("float32")


def same(ours, theirs, spread=255.0):
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6 * spread)


def both(name, **settings):
    return getattr(layers, name)(**settings), getattr(keras.layers, name)(**settings)


CASES = [
    pytest.param(name, example, id=f"{name}-{index}")
    for name in FAMILY
    if name not in OTHERWISE
    for index, example in enumerate(getattr(layers, name).examples)
    if index == 0 or IS_THOROUGH
]


@pytest.mark.parametrize(("name", "example"), CASES)
def test_the_same_seed_gives_the_same_pictures_again_and_again(name, example):
    value_range = example.settings.get("value_range", (0, 255))
    rng = np.random.default_rng(1)
    ours, theirs = both(name, **example.settings)
    for _ in range(2):
        x = numbers(rng, (3, *example.shape), value_range)
        same(ours(x, training=True), theirs(x, training=True), value_range[1])


ALONE = ("RandomFlip", "RandomRotation", "RandomErasing", "RandomHue", "Equalization", "Resizing")


@pytest.mark.parametrize("name", ALONE)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_one_picture_alone_is_changed_as_a_batch_of_one(name, data_format):
    given = {"RandomRotation": {"factor": 0.2}, "RandomHue": {"factor": 0.5},
             "Resizing": {"height": 3, "width": 5}}.get(name, {})  # fmt: skip
    if "seed" in inspect.signature(getattr(layers, name)).parameters:
        given["seed"] = 4
    x = numbers(np.random.default_rng(2), (4, 5, 3))
    x = x.transpose(2, 0, 1) if data_format == "channels_first" else x
    ours, theirs = both(name, data_format=data_format, **given)
    same(ours(x), theirs(x))
    batch = both(name, data_format=data_format, **given)[0](x[None])
    same(batch[0], both(name, data_format=data_format, **given)[0](x))


fractions = st.floats(0, 0.9).map(lambda x: round(x, 2))
signed = st.floats(-0.9, 0.9).map(lambda x: round(x, 2))
pairs = st.tuples(signed, signed)
SETTINGS = {
    "RandomRotation": {"factor": st.one_of(fractions, pairs)},
    "RandomTranslation": {"height_factor": st.one_of(fractions, pairs), "width_factor": pairs},
    "RandomZoom": {"height_factor": pairs, "width_factor": st.one_of(st.none(), pairs)},
    "RandomShear": {"x_factor": fractions, "y_factor": fractions},
    "RandomBrightness": {"factor": st.one_of(fractions, pairs)},
    "RandomContrast": {"factor": st.tuples(fractions, fractions)},
    "RandomSharpness": {"factor": st.tuples(fractions, fractions)},
    "RandomGaussianBlur": {"factor": fractions, "kernel_size": st.sampled_from([1, 3, (3, 5)])},
    "RandomErasing": {"factor": fractions, "scale": st.tuples(fractions, fractions)},
    "Solarization": {"addition_factor": fractions, "threshold_factor": fractions},
    "RandomPosterization": {"factor": st.integers(1, 8)},
    "CutMix": {"factor": st.tuples(st.floats(0.2, 0.9), st.floats(0.2, 0.9))},
    "MixUp": {"alpha": st.floats(0.1, 1.0)},
    "RandomHue": {"factor": st.tuples(fractions, fractions)},
    "RandomColorDegeneration": {"factor": st.one_of(fractions, pairs)},
    "RandAugment": {"num_ops": st.integers(1, 3), "factor": fractions},
}
BENT = ("RandomRotation", "RandomTranslation", "RandomZoom", "RandomShear")


@pytest.mark.parametrize("name", SETTINGS)
@settings(**FEW)
@given(data=st.data())
def test_random_settings_give_the_same_pictures(name, data):
    given = data.draw(st.fixed_dictionaries(SETTINGS[name]))
    given["seed"] = data.draw(st.integers(0, 99))
    if name in BENT:
        given["fill_mode"] = data.draw(st.sampled_from(["reflect", "wrap", "constant", "nearest"]))
    size = data.draw(st.tuples(st.integers(2, 7), st.integers(2, 7)))
    x = numbers(np.random.default_rng(given["seed"]), (2, *size, 3))
    ours, theirs = both(name, **given)
    ours, theirs = np.asarray(ours(x, training=True)), np.asarray(theirs(x, training=True))
    assert ours.shape == theirs.shape
    # a place between two, or a level on the edge, may fall to either side by rounding
    apart = np.abs(ours - theirs) > 1e-2
    assert apart.mean() < (0.06 if name in ("RandAugment", "RandomPosterization") else 0.01)


@settings(**FEW)
@given(
    size=st.tuples(st.integers(2, 9), st.integers(2, 9)),
    target=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    method=st.sampled_from(["bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"]),
    fit=st.sampled_from([{}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True}]),
    antialias=st.booleans(),
)
def test_sizes_of_all_kinds_and_what_is_told_of_them(size, target, method, fit, antialias):
    from lanthorn.layers.example import Example
    from tests.contract import checks

    given = {"height": target[0], "width": target[1], "interpolation": method,
             "antialias": antialias, "fill_value": 0.3, **fit}  # fmt: skip
    x = numbers(np.random.default_rng(0), (2, *size, 2), (0, 1))
    ours, theirs = both("Resizing", **given)
    same(ours(x), theirs(x), 1.0)
    same(*(layer(x) for layer in both("CenterCrop", height=target[0], width=target[1])), 1.0)
    for cls, own in ((layers.Resizing, given), (layers.CenterCrop, {"height": target[0],
                     "width": target[1]}), (layers.RandomCrop, {"height": target[0],
                     "width": target[1]})):  # fmt: skip
        case = checks.Case(cls, Example(own, (*size, 1)))
        checks.shape_rule_tells_the_real_shape(case)
        checks.arithmetic_gives_the_real_numbers(case)


def test_whole_numbers_stay_whole_when_resized():
    x = np.random.default_rng(0).integers(0, 256, (2, 5, 6, 3)).astype("uint8")
    ours, theirs = both("Resizing", height=3, width=8)
    assert ours(x).dtype == "uint8"
    np.testing.assert_array_equal(np.asarray(ours(x)), np.asarray(theirs(x)))


# -- what belongs to the pictures ----------------------------------------------------------------

BOXES = np.array(
    [[[1, 1, 4, 3], [0, 2, 6, 5]], [[2, 0, 5, 4], [3, 3, 4, 5]], [[-1, -1, -1, -1], [0, 0, 6, 5]]],
    "float32",
)
NAMES = np.array([[1, 2], [3, 4], [-1, 5]], "int32")


def everything(rng):
    return {
        "images": numbers(rng, (3, 5, 6, 3)),
        "labels": np.eye(4, dtype="float32")[[0, 2, 3]],
        "segmentation_masks": rng.integers(0, 3, (3, 5, 6, 1)).astype("float32"),
        "bounding_boxes": {"boxes": BOXES.copy(), "labels": NAMES.copy()},
    }


TOGETHER = [
    ("RandomFlip", {"seed": 1}, True),
    ("RandomFlip", {"seed": 2, "mode": "vertical"}, True),
    ("RandomRotation", {"factor": 0.2, "seed": 3}, True),
    ("RandomTranslation", {"height_factor": 0.4, "width_factor": 0.3, "seed": 4}, True),
    ("RandomZoom", {"height_factor": (-0.4, -0.1), "width_factor": (-0.3, -0.2), "seed": 5}, True),
    ("RandomPerspective", {"factor": (1.0, 1.0), "scale": 0.3, "seed": 6}, True),
    ("CenterCrop", {"height": 3, "width": 4}, True),
    ("CenterCrop", {"height": 7, "width": 4}, True),
    ("Resizing", {"height": 10, "width": 3}, True),
    ("RandomBrightness", {"factor": 0.2, "seed": 7}, True),
    ("RandomErasing", {"seed": 8}, True),
    ("RandomShear", {"x_factor": 0.4, "y_factor": 0.2, "seed": 9}, False),  # Keras: of fractions
    ("RandomCrop", {"height": 3, "width": 4, "seed": 10}, False),  # Keras: x and y exchanged
]


@pytest.mark.parametrize(("name", "given", "same_boxes"), TOGETHER)
def test_labels_masks_and_boxes_go_with_their_pictures(name, given, same_boxes):
    given = {**given, "bounding_box_format": "xyxy"}
    ours, theirs = both(name, **given)
    mine = ours(everything(np.random.default_rng(3)), training=True)
    other = theirs(everything(np.random.default_rng(3)), training=True)
    for part in ("images", "labels", "segmentation_masks"):
        if part == "segmentation_masks" and name == "CenterCrop":
            assert set(np.unique(mine[part])) <= {0, 1, 2}  # Keras blends classes when it stretches
        else:
            same(mine[part], other[part])
    if same_boxes:
        mine, other = mine["bounding_boxes"], other["bounding_boxes"]
        np.testing.assert_allclose(mine["boxes"], other["boxes"], atol=1e-3)
        np.testing.assert_array_equal(np.asarray(mine["labels"]), np.asarray(other["labels"]))


@pytest.mark.parametrize("name", ["MixUp", "CutMix"])
def test_labels_are_mixed_as_their_pictures_are(name):
    def parts():
        return {part: everything(np.random.default_rng(3))[part] for part in ("images", "labels")}

    ours, theirs = both(name, seed=5)
    mine, other = ours(parts(), training=True), theirs(parts(), training=True)
    for part in mine:
        same(mine[part], other[part])
    np.testing.assert_allclose(np.sum(mine["labels"], axis=-1), 1, rtol=1e-5)


def test_boxes_are_kept_to_a_number_of_them():
    for count in (1, 4):
        ours, theirs = both("MaxNumBoundingBoxes", max_number=count, bounding_box_format="xyxy")
        mine = ours(everything(np.random.default_rng(3)))["bounding_boxes"]
        other = theirs(everything(np.random.default_rng(3)))["bounding_boxes"]
        for part in ("boxes", "labels"):
            np.testing.assert_array_equal(np.asarray(mine[part]), np.asarray(other[part]))


def test_a_box_covers_what_it_covered_however_it_is_written():
    from keras.utils import bounding_boxes as keras_boxes

    from lanthorn.layers.augmentation import boxes

    drawn = np.random.default_rng(0).uniform(0, 9, (3, 2, 4)).astype("float32")
    for form in boxes.FORMATS:
        mine = boxes.written(boxes.corners(drawn, form, (8, 10)), form, (8, 10))
        np.testing.assert_allclose(mine, drawn, rtol=1e-4, atol=1e-4)
        other = keras_boxes.convert_format(drawn, form, "xyxy", height=8, width=10)
        np.testing.assert_allclose(boxes.corners(drawn, form, (8, 10)), other, rtol=1e-5)


@pytest.mark.parametrize("form", ["yxyx", "rel_xyxy", "center_xywh"])
def test_boxes_move_alike_however_they_are_written(form):
    from lanthorn.layers.augmentation import boxes

    def moved(form):
        layer = layers.RandomRotation(0.2, seed=3, bounding_box_format=form)
        given = everything(np.random.default_rng(3))
        corners = np.asarray(boxes.written(BOXES, form, (5, 6)))
        given["bounding_boxes"]["boxes"] = corners
        found = layer(given, training=True)["bounding_boxes"]["boxes"]
        return np.asarray(boxes.corners(found, form, (5, 6)))

    np.testing.assert_allclose(moved(form), moved("xyxy"), atol=1e-4)


# -- in models -----------------------------------------------------------------------------------


def test_a_model_trains_on_changed_pictures_and_predicts_on_plain_ones():
    lanthorn.utils.set_random_seed(1)
    model = lanthorn.Sequential([
        lanthorn.Input((8, 8, 3)), layers.RandomFlip(seed=1), layers.RandomRotation(0.1, seed=2),
        layers.RandomZoom(0.2, seed=3), layers.RandomCrop(6, 6, seed=4),
        layers.RandomContrast(0.3, value_range=(0, 1), seed=5),
        layers.RandomElasticTransform(value_range=(0, 1), seed=6),
        layers.RandAugment(value_range=(0, 1), seed=7), layers.Resizing(4, 4),
        layers.Flatten(), layers.Dense(2),
    ])  # fmt: skip
    x = numbers(np.random.default_rng(0), (12, 8, 8, 3), (0, 1))
    model.compile("sgd", "mse")
    model.fit(x, np.zeros((12, 2), "float32"), batch_size=4, epochs=2, verbose=0)
    states = [np.asarray(layer.generator.state.value) for layer in model.layers[:2]]
    assert all(state[1] >= 6 for state in states), "each step draws anew"
    first, again = (model.predict(x, verbose=0) for _ in range(2))
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("name", ["AugMix", "RandAugment", "RandomElasticTransform"])
def test_compiled_and_not_compiled_give_the_same_pictures(name):
    import jax

    x = numbers(np.random.default_rng(0), (2, 6, 5, 3))

    def changed(compile_):
        layer = getattr(layers, name)(seed=3)
        layer(x)
        values = [np.asarray(v.value) for v in layer.non_trainable_variables]
        call = lambda values, x: layer.stateless_call([], values, x, training=True)[0]  # noqa: E731
        return np.asarray((compile_(call))(values, x))

    np.testing.assert_allclose(changed(jax.jit), changed(lambda f: f), atol=2e-2)


def test_a_patch_may_be_painted_in_a_colour():
    x = numbers(np.random.default_rng(0), (2, 5, 6, 3))  # Keras 3.15 fails on three numbers
    layer = layers.RandomErasing((1.0, 1.0), (0.5, 0.9), fill_value=(1.0, 2.0, 3.0), seed=1)
    found = np.asarray(layer(x))
    is_painted = (found != x).all(axis=-1)
    assert is_painted.any() and (found[is_painted] == [1.0, 2.0, 3.0]).all()
    np.testing.assert_array_equal(found[~is_painted], x[~is_painted])


def test_aug_mix_stays_within_its_range_and_changes_with_its_seed():
    x = numbers(np.random.default_rng(0), (2, 6, 5, 3))
    layer, again = layers.AugMix(seed=1), layers.AugMix(seed=1)
    first, second = np.asarray(layer(x)), np.asarray(layer(x))
    np.testing.assert_array_equal(first, np.asarray(again(x)))
    assert np.abs(first - second).max() > 1 and first.min() >= 0 and first.max() <= 255


def test_a_random_crop_of_a_large_picture_is_keras_s():
    x = numbers(np.random.default_rng(0), (2, 7, 9, 2))
    ours, theirs = both("RandomCrop", height=4, width=3, seed=6)
    for _ in range(3):
        same(ours(x, training=True), theirs(x, training=True))


def test_outside_training_a_crop_has_the_size_that_its_shape_rule_tells():
    x = numbers(np.random.default_rng(0), (2, 7, 9, 2))
    ours = layers.RandomCrop(4, 3)(x, training=False)
    wanted = layers.Resizing(4, 3, crop_to_aspect_ratio=True)(x)
    same(ours, wanted)
