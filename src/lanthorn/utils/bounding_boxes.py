"""Boxes around what a picture shows: written otherwise, cut, moved, compared.

A box is 4 numbers, in one of the ways of `layers.augmentation.boxes.FORMATS`; boxes are
(count, 4) or (batch, count, 4).
Source: keras 3.15 `keras.utils.bounding_boxes`.
"""

from __future__ import annotations

import math
from typing import Any

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.layers.augmentation import boxes as written

RELATIVE = "rel_"


def convert_format(
    boxes: Any, source: str, target: str, height: Any = None, width: Any = None,
    dtype: str = "float32",
) -> Any:  # fmt: skip
    """Boxes written in `target`; of a dict with "boxes" a dict.

    height, width: of the picture, between fractions of it and places.
    Raises: ValueError for an unknown format, other than 4 numbers a box, or a size that is missing.
    Example:
        >>> convert_format([[10.0, 20.0, 30.0, 40.0]], "xyxy", "xywh").tolist()
        [[10.0, 20.0, 20.0, 20.0]]
    """
    if isinstance(boxes, dict):
        found = convert_format(boxes["boxes"], source, target, height, width, dtype)
        return {**boxes, "boxes": found}
    source, target = source.lower(), target.lower()
    for form in (source, target):
        if form not in written.FORMATS:
            raise ValueError(f"Boxes are written as {', '.join(written.FORMATS)}, not {form!r}.")
    found = ops.cast(boxes, dtype)
    if found.ndim == 0 or found.shape[-1] != 4:
        raise ValueError(f"A box is 4 numbers, but the boxes are of shape {tuple(found.shape)}.")
    is_relative = source.startswith(RELATIVE), target.startswith(RELATIVE)
    if any(is_relative) and (height is None or width is None):
        raise ValueError(
            f"Between {source!r} and {target!r} the height and the width of the picture count: "
            "give both."
        )
    if source == target:
        return found
    if all(is_relative):  # fractions stay fractions
        source, target = source.removeprefix(RELATIVE), target.removeprefix(RELATIVE)
    size = (height, width) if any(is_relative) else (1.0, 1.0)
    return written.written(written.corners(found, source, size), target, size)


def clip_to_image_size(
    bounding_boxes: dict[str, Any], height: Any = None, width: Any = None,
    bounding_box_format: str = "xyxy",
) -> dict[str, Any]:  # fmt: skip
    """The part of each box that lies in the picture; the label is -1 where nothing is left.

    bounding_boxes: a dict of "boxes" and, if there are, "labels".
    """
    _only(bounding_box_format, ("xyxy", "rel_xyxy"))
    size = (1.0, 1.0) if bounding_box_format == "rel_xyxy" else (height, width)
    if None in size:
        raise ValueError(
            "Boxes in places are cut at the height and width of the picture: give both."
        )
    kept = written.clipped(ops.convert_to_tensor(bounding_boxes["boxes"]), size)
    found = {**bounding_boxes, "boxes": kept}
    if bounding_boxes.get("labels") is not None:
        labels = ops.convert_to_tensor(bounding_boxes["labels"])
        found["labels"] = ops.where(written.is_empty(kept), ops.cast(-1, labels.dtype), labels)
    return found


def crop(
    boxes: Any, top: Any, left: Any, height: Any, width: Any, bounding_box_format: str = "xyxy"
) -> Any:
    """Boxes of a picture as those of the piece of it that begins at (top, left)."""
    _only(bounding_box_format, ("xyxy",))
    return written.clipped(pad(boxes, -top, -left), (height, width))


def pad(
    boxes: Any, top: Any, left: Any, height: Any = None, width: Any = None,
    bounding_box_format: str = "xyxy",
) -> Any:  # fmt: skip
    """Boxes of a picture with `top` rows above it and `left` columns before it."""
    _only(bounding_box_format, ("xyxy",))
    return ops.convert_to_tensor(boxes) + ops.convert_to_tensor([left, top, left, top])


def affine_transform(
    boxes: Any, angle: Any, translate_x: Any, translate_y: Any, scale: Any, shear_x: Any,
    shear_y: Any, height: Any, width: Any, center_x: Any = None, center_y: Any = None,
    bounding_box_format: str = "xyxy",
) -> Any:  # fmt: skip
    """The boxes around where the corners of boxes (batch, count, 4) go.

    angle, shear_x, shear_y: in degrees, one for each picture. translate_x, translate_y: as
        fractions of the picture. scale: how many times as large. center_x, center_y: what stays,
        as fractions; the middle unless given.
    """
    _only(bounding_box_format, ("xyxy",))
    turn, slant_x, slant_y = (
        -ops.cast(degrees, "float32") * (math.pi / 180.0) for degrees in (angle, shear_x, shear_y)
    )
    x = (0.5 if center_x is None else center_x) * (width - 1)
    y = (0.5 if center_y is None else center_y) * (height - 1)
    from_x, from_y = x - translate_x * (width - 1), y - translate_y * (height - 1)
    cos, sin = (
        ops.cos(turn - slant_y) / ops.cos(slant_y),
        ops.sin(turn - slant_y) / ops.cos(slant_y),
    )
    slope = ops.tan(slant_x)
    across = scale * (ops.cos(turn) + sin * slope), -scale * (cos * slope + ops.sin(turn))
    down = scale * sin, scale * cos
    nothing = ops.zeros_like(turn)
    rows = (
        *across, x - across[0] * from_x - across[1] * from_y,
        *down, y - down[0] * from_x - down[1] * from_y,
        nothing, nothing, nothing + 1,
    )  # fmt: skip
    matrices = ops.reshape(ops.stack(rows, axis=-1), (-1, 3, 3))
    return written.moved(ops.cast(boxes, "float32"), matrices)


# -- boxes against anchors -------------------------------------------------------------------------

CENTERED = ("center_xywh", "center_yxhw")


def encode_box_to_deltas(
    anchors: Any, boxes: Any, anchor_format: str, box_format: str,
    encoding_format: str = "center_yxhw", variance: Any = None, image_shape: Any = None,
) -> Any:  # fmt: skip
    """`((center - anchor's center) / anchor's size, ln(size / anchor's size)) / variance`."""
    variance, size = _checked(variance, encoding_format), _size(image_shape)
    anchors = convert_format(anchors, anchor_format, encoding_format, *size)
    boxes = convert_format(boxes, box_format, encoding_format, *size)
    least = defaults.epsilon()
    unit, extent = (ops.maximum(part[..., 2:], least) for part in (anchors, boxes))
    shift = (boxes[..., :2] - anchors[..., :2]) / unit
    return ops.concatenate([shift, ops.log(extent / unit)], axis=-1) / variance


def decode_deltas_to_boxes(
    anchors: Any, boxes_delta: Any, anchor_format: str, box_format: str,
    encoded_format: str = "center_yxhw", variance: Any = None, image_shape: Any = None,
) -> Any:  # fmt: skip
    """What `encode_box_to_deltas` made deltas of; of dicts by level a dict."""
    factor, size = _checked(variance, encoded_format), _size(image_shape)
    if isinstance(anchors, dict) and isinstance(boxes_delta, dict):
        rest = (anchor_format, box_format, encoded_format, variance, image_shape)
        return {
            level: decode_deltas_to_boxes(anchor, boxes_delta[level], *rest)
            for level, anchor in anchors.items()
        }
    anchors = convert_format(anchors, anchor_format, encoded_format, *size)
    deltas = ops.convert_to_tensor(boxes_delta) * factor
    center = deltas[..., :2] * anchors[..., 2:] + anchors[..., :2]
    extent = ops.exp(deltas[..., 2:]) * anchors[..., 2:]
    boxes = ops.concatenate([center, extent], axis=-1)
    return convert_format(boxes, encoded_format, box_format, *size)


def _checked(variance: Any, form: str) -> Any:
    _only(form, CENTERED)
    if variance is None:
        return 1.0
    variance = ops.convert_to_tensor(variance, "float32")
    if variance.ndim == 0 or variance.shape[-1] != 4:
        raise ValueError(f"variance is 4 numbers, not of shape {tuple(variance.shape)}.")
    return variance


def _size(image_shape: Any) -> tuple[Any, Any]:
    return (None, None) if image_shape is None else (image_shape[0], image_shape[1])


def _only(form: str, known: tuple[str, ...]) -> None:
    if form not in known:
        raise ValueError(f"Here boxes are written as {' or '.join(known)}, not {form!r}.")


# -- boxes against each other ----------------------------------------------------------------------


def compute_iou(
    boxes1: Any, boxes2: Any, bounding_box_format: str, use_masking: bool = False,
    mask_val: float = -1, image_shape: Any = None,
) -> Any:  # fmt: skip
    """How much of both boxes together both cover: (…, count1, count2), from 0 to 1.

    use_masking: `mask_val` where a box is no box: all of its numbers are negative.
    """
    first = _corners("boxes1", boxes1, bounding_box_format, image_shape)[..., :, None, :]
    second = _corners("boxes2", boxes2, bounding_box_format, image_shape)[..., None, :, :]
    both = _shared(first, second)
    found = both / (_area(first) + _area(second) - both + defaults.epsilon())
    if not use_masking:
        return found
    is_none = [ops.max(part, axis=-1) < 0.0 for part in (first, second)]
    return ops.where(ops.logical_or(*is_none), ops.cast(mask_val, found.dtype), found)


def compute_ciou(
    boxes1: Any, boxes2: Any, bounding_box_format: str, image_shape: Any = None
) -> Any:
    """`iou - distance² / diagonal² - v · α`: boxes of the same place and proportions have 1.

    Source: Zheng et al. 2020, arXiv:1911.08287, equations 7 to 10.
    """
    small = defaults.epsilon()
    first = _corners("boxes1", boxes1, bounding_box_format, image_shape, ranks=None)
    second = _corners("boxes2", boxes2, bounding_box_format, image_shape, ranks=None)
    both = _shared(first, second)
    extents = [part[..., 2:] - part[..., :2] for part in (first, second)]
    areas = [extent[..., 0] * (extent[..., 1] + small) for extent in extents]
    iou = both / (areas[0] + areas[1] - both + 2 * small)
    around = ops.maximum(first[..., 2:], second[..., 2:])
    around = around - ops.minimum(first[..., :2], second[..., :2])
    centers = [(part[..., :2] + part[..., 2:]) / 2 for part in (first, second)]
    distance = ops.sum(ops.square(centers[0] - centers[1]), axis=-1)
    diagonal = ops.sum(ops.square(around), axis=-1) + small
    slopes = [ops.arctan(extent[..., 0] / (extent[..., 1] + small)) for extent in extents]
    v = (4 / math.pi**2) * ops.square(slopes[1] - slopes[0])
    return iou - distance / diagonal - v * v / (v - iou + 1 + small)


def _corners(
    name: str, boxes: Any, form: str, image_shape: Any, ranks: tuple[int, ...] | None = (2, 3)
) -> Any:
    boxes = ops.convert_to_tensor(boxes)
    if ranks is not None and boxes.ndim not in ranks:
        raise ValueError(
            f"{name} is (count, 4) or (batch, count, 4), not of shape {tuple(boxes.shape)}."
        )
    return convert_format(boxes, form, "xyxy", *_size(image_shape))


def _shared(first: Any, second: Any) -> Any:
    """The area that both boxes cover."""
    begin = ops.maximum(first[..., :2], second[..., :2])
    extent = ops.maximum(ops.minimum(first[..., 2:], second[..., 2:]) - begin, 0)
    return extent[..., 0] * extent[..., 1]


def _area(boxes: Any) -> Any:
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])
