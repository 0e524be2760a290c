"""Boxes around what a picture shows: their ways of writing, and how they move with it."""

from __future__ import annotations

from typing import Any

from lanthorn import ops

FORMATS = (
    "xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw",
    "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh",
)  # fmt: skip
"""x runs to the right, y down; w and h are width and height; "rel_": as fractions of the picture.

Source: keras 3.15 `layers/preprocessing/image_preprocessing/bounding_boxes`.
"""

Size = tuple[Any, Any]


def corners(boxes: Any, form: str, size: Size) -> Any:
    """(left, top, right, bottom) in places of a picture of `size`, from boxes written in `form`."""
    a, b, c, d = (boxes[..., i] for i in range(4))
    kind = form.removeprefix("rel_")
    if kind == "xyxy":
        sides = (a, b, c, d)
    elif kind == "yxyx":
        sides = (b, a, d, c)
    elif kind == "xywh":
        sides = (a, b, a + c, b + d)
    elif kind == "center_xywh":
        sides = (a - c / 2, b - d / 2, a + c / 2, b + d / 2)
    else:
        sides = (b - d / 2, a - c / 2, b + d / 2, a + c / 2)
    return ops.stack(_scaled(sides, form, size[1], size[0]), axis=-1)


def written(boxes: Any, form: str, size: Size) -> Any:
    """What `corners` would read: boxes in `form`."""
    inverse = (1 / size[1], 1 / size[0])
    left, top, right, bottom = _scaled([boxes[..., i] for i in range(4)], form, *inverse)
    width, height = right - left, bottom - top
    kind = form.removeprefix("rel_")
    if kind == "xyxy":
        parts = (left, top, right, bottom)
    elif kind == "yxyx":
        parts = (top, left, bottom, right)
    elif kind == "xywh":
        parts = (left, top, width, height)
    elif kind == "center_xywh":
        parts = (left + width / 2, top + height / 2, width, height)
    else:
        parts = (top + height / 2, left + width / 2, height, width)
    return ops.stack(parts, axis=-1)


def _scaled(sides: Any, form: str, across: float, down: float) -> list[Any]:
    if not form.startswith("rel_"):
        return list(sides)
    return [side * factor for side, factor in zip(sides, (across, down) * 2, strict=True)]


def clipped(boxes: Any, size: Size) -> Any:
    """The part of each box that lies in a picture of `size`."""
    height, width = size
    return ops.clip(boxes, 0.0, ops.convert_to_tensor([width, height, width, height], "float32"))


def is_empty(boxes: Any) -> Any:
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1]) <= 0


def mapped(boxes: Any, matrices: Any) -> Any:
    """The boxes around where the corners of boxes go.

    matrices: (batch, 8), each the rows `a0 a1 a2 b0 b1 b2 c0 c1` of a map from places of the result
        to places of the picture; boxes go the other way.
    """
    whole = ops.concatenate([matrices, ops.ones_like(matrices[:, :1])], axis=-1)
    return moved(boxes, ops.linalg.inv(ops.reshape(whole, (-1, 3, 3))))


def moved(boxes: Any, matrices: Any) -> Any:
    """The boxes around where the corners of boxes go. matrices: (batch, 3, 3), of places."""
    x = ops.take(boxes, ops.convert_to_tensor([0, 2, 2, 0]), axis=-1)
    y = ops.take(boxes, ops.convert_to_tensor([1, 1, 3, 3]), axis=-1)
    points = ops.stack([x, y, ops.ones_like(x)], axis=-1)
    found = ops.einsum("bij,bnkj->bnki", matrices, points)
    found = found[..., :2] / found[..., 2:]
    return ops.concatenate([ops.min(found, axis=2), ops.max(found, axis=2)], axis=-1)
