"""Boxes beside Keras's: written otherwise, cut, moved, compared."""

import itertools

import keras
import numpy as np
import pytest

from lanthorn.layers.augmentation.boxes import FORMATS
from lanthorn.utils import bounding_boxes as ours
from tests.parity.twins import KERAS_WARNS

pytestmark = KERAS_WARNS
theirs = keras.utils.bounding_boxes

SIZE = {"height": 40, "width": 50}


def boxes(seed, *lead):
    rng = np.random.default_rng(seed)
    first = rng.uniform(-5, 40, (*lead, 2))
    return np.concatenate([first, first + rng.uniform(1, 20, (*lead, 2))], -1).astype("float32")


def same(found, expected):
    assert np.asarray(found).shape == np.asarray(expected).shape
    np.testing.assert_allclose(np.asarray(found), np.asarray(expected), rtol=2e-5, atol=1e-4)


@pytest.mark.parametrize(("source", "target"), [*itertools.product(FORMATS, FORMATS)])
def test_boxes_are_written_as_keras_writes_them(source, target):
    x = boxes(1, 2, 3)
    found = ours.convert_format(x, source, target, **SIZE)
    same(found, theirs.convert_format(x, source, target, **SIZE))
    if not source.startswith("rel_") and not target.startswith("rel_"):
        same(ours.convert_format(x, source, target), found)


def test_what_cannot_be_written_is_refused():
    for arguments, words in (
        (("foo", "xyxy"), "Boxes are written as xyxy"),
        (("xyxy", "rel_xyxy"), "the height and the width of the picture count"),
    ):
        with pytest.raises(ValueError, match=words):
            ours.convert_format(boxes(1, 3), *arguments)
    with pytest.raises(ValueError, match=r"A box is 4 numbers.*\(3, 2\)"):
        ours.convert_format(boxes(1, 3)[:, :2], "xyxy", "xywh")
    with pytest.raises(ValueError, match="give both"):
        ours.clip_to_image_size({"boxes": boxes(1, 3)})
    with pytest.raises(ValueError, match=r"boxes1 is \(count, 4\) or"):
        ours.compute_iou(np.ones(4), boxes(1, 3), "xyxy")
    with pytest.raises(ValueError, match="variance is 4 numbers"):
        ours.encode_box_to_deltas(boxes(1, 3), boxes(2, 3), "xyxy", "xyxy", variance=[1.0])


@pytest.mark.parametrize("form", ["xyxy", "rel_xyxy"])
def test_boxes_are_cut_at_the_edges(form):
    x = boxes(2, 2, 5) * (1 if form == "xyxy" else 0.05)
    given = {"boxes": x, "labels": np.arange(10).reshape(2, 5)}
    found = ours.clip_to_image_size(given, **SIZE, bounding_box_format=form)
    expected = theirs.clip_to_image_size(dict(given), **SIZE, bounding_box_format=form)
    for name in expected:
        same(found[name], expected[name])


def test_boxes_move_into_a_piece_and_out_of_it():
    x = boxes(3, 4)
    same(ours.crop(x, 5, 7, 20, 30), theirs.crop(x, 5, 7, 20, 30))
    same(ours.pad(x, 5, 7), theirs.pad(x, 5, 7))


def test_boxes_turn_slant_and_grow_with_their_pictures():
    rng = np.random.default_rng(4)
    x = boxes(4, 3, 2)
    numbers = {
        name: rng.uniform(low, high, 3).astype("float32")
        for name, low, high in (
            ("angle", -90, 90), ("translate_x", -0.5, 0.5), ("translate_y", -0.5, 0.5),
            ("scale", 0.5, 2), ("shear_x", -30, 30), ("shear_y", -30, 30),
        )
    }  # fmt: skip
    for center in ({}, {"center_x": 0.2, "center_y": 0.7}):
        found = ours.affine_transform(x, **numbers, **SIZE, **center)
        same(found, theirs.affine_transform(x, **numbers, **SIZE, **center))


@pytest.mark.parametrize("variance", [None, [0.1, 0.1, 0.2, 0.2]])
@pytest.mark.parametrize("form", ["center_yxhw", "center_xywh"])
def test_deltas_against_anchors_go_both_ways(form, variance):
    anchors, x = boxes(5, 3), boxes(6, 2, 3)
    rest = ("xyxy", "xywh", form, variance, (40, 50, 3))
    found = ours.encode_box_to_deltas(anchors, x, *rest)
    same(found, theirs.encode_box_to_deltas(anchors, x, *rest))
    back = ours.decode_deltas_to_boxes(anchors, found, *rest)
    same(back, theirs.decode_deltas_to_boxes(anchors, np.asarray(found), *rest))
    by_level = ours.decode_deltas_to_boxes({"a": anchors}, {"a": found}, *rest)
    same(by_level["a"], back)


@pytest.mark.parametrize("leads", [((3,), (4,)), ((2, 3), (2, 4)), ((2, 3), (4,)), ((3,), (2, 4))])
def test_overlap_is_told_for_every_pair(leads):
    first, second = boxes(7, *leads[0]), boxes(8, *leads[1])
    first[..., 0, :] = -1
    found = ours.compute_iou(first, second, "xyxy")
    same(found, theirs.compute_iou(first, second, "xyxy"))
    masked = np.asarray(ours.compute_iou(first, second, "xyxy", use_masking=True, mask_val=-7))
    assert (masked[..., 0, :] == -7).all() and (masked[..., 1:, :] >= 0).all()


def test_overlap_with_place_and_proportions_is_keras_s():
    first, second = boxes(9, 2, 3), boxes(10, 2, 3)
    same(ours.compute_ciou(first, second, "xyxy"), theirs.compute_ciou(first, second, "xyxy"))
