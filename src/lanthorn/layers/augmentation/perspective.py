"""RandomPerspective: pictures seen at a slant."""

from __future__ import annotations

from typing import Any

from lanthorn import ops, random
from lanthorn.layers.augmentation import boxes
from lanthorn.layers.augmentation.factors import span
from lanthorn.layers.augmentation.matrices import METHODS
from lanthorn.layers.augmentation.pictures import LAST
from lanthorn.layers.augmentation.random_changes import Bending
from lanthorn.layers.checks import one_of
from lanthorn.layers.example import Example


class RandomPerspective(Bending):
    """While training, sees a picture as if it hung at a slant: each corner moves by itself.

    factor: how likely a picture is changed, drawn from this span for each.
    scale: how far a corner moves, as a fraction of its distance from the upper left.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_perspective.py`.
    Example:
        >>> RandomPerspective(1.0, 0.3).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"factor": (1.0, 1.0), "scale": 0.5, "seed": 1}, (4, 5, 2)),
        Example({"interpolation": "nearest", "fill_value": 0.3, "seed": 2}, (3, 3, 1)),
        Example({"seed": 3, "data_format": "channels_first"}, (2, 3, 4)),
    )

    def __init__(
        self,
        factor: Any = 1.0,
        scale: float = 1.0,
        interpolation: str = "bilinear",
        fill_value: float = 0.0,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = span(self, "factor", factor, 0, 1)
        self.interpolation = one_of(self, "interpolation", interpolation, METHODS)
        self.fill_value = fill_value
        if not isinstance(scale, int | float) or not 0 <= scale <= 1:
            raise ValueError(f"RandomPerspective: scale is a number from 0 to 1, not {scale!r}.")
        self.scale = scale

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        count, height, width, _ = shape
        chance = random.uniform((count,), *self.factor, seed=seed)
        is_changed = random.uniform((count,), seed=seed) < chance
        reach = 0.5 * self.scale
        moves = random.uniform((count, 4, 2), -reach, reach, self.compute_dtype, seed)
        right, bottom = width - 1.0, height - 1.0
        corners = [[0.0, 0.0], [right, 0.0], [0.0, bottom], [right, bottom]]
        starts = ops.broadcast_to(ops.cast(corners, self.compute_dtype), (count, 4, 2))
        return {
            "apply_perspective": is_changed, "start_points": starts,
            "end_points": starts + starts * moves,
        }  # fmt: skip

    def move(self, images: Any, transformation: Any, interpolation: str) -> Any:
        starts, ends = corners_of(transformation)
        moved = ops.image.perspective_transform(
            images, starts, ends, interpolation, self.fill_value, LAST
        )
        is_changed = ops.reshape(transformation["apply_perspective"], (-1, 1, 1, 1))
        return ops.where(is_changed, moved, images)

    def move_corners(self, corners: Any, transformation: Any, size: tuple[int, int]) -> Any:
        from lanthorn.ops.warps import homography

        moved = boxes.mapped(corners, homography(*corners_of(transformation)))
        is_changed = ops.reshape(transformation["apply_perspective"], (-1, 1, 1))
        return ops.where(is_changed, moved, corners)


def corners_of(transformation: Any) -> tuple[Any, Any]:
    """Where the corners of pictures are, and where they go: each (batch, 4, 2)."""
    start, end = (
        ops.convert_to_tensor(transformation[name]) for name in ("start_points", "end_points")
    )
    return start, ops.cast(end, start.dtype)
