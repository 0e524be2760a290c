"""RandomFlip: pictures seen in a mirror."""

from __future__ import annotations

from typing import Any

from lanthorn import ops, random
from lanthorn.layers.augmentation.random_changes import Augmentation
from lanthorn.layers.checks import one_of
from lanthorn.layers.example import Example

AXES = {"horizontal": (2,), "vertical": (1,), "horizontal_and_vertical": (2, 1)}
"""Which axes of (batch, height, width, channels) run backwards."""


class RandomFlip(Augmentation):
    """While training, every other picture on average has left and right, top and bottom exchanged.

    mode: "horizontal" exchanges left and right, "vertical" top and bottom,
        "horizontal_and_vertical" both at once, that is, half a turn.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_flip.py`.
    Example:
        >>> RandomFlip("horizontal").compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    moves_places = True
    examples = (
        Example({"seed": 1}, (3, 4, 2)),
        Example({"mode": "horizontal", "seed": 2}, (2, 5, 1)),
        Example({"mode": "vertical", "seed": 3, "data_format": "channels_first"}, (1, 3, 4)),
    )

    def __init__(
        self,
        mode: str = "horizontal_and_vertical",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.mode = one_of(self, "mode", mode, tuple(AXES))

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        return {"flips": random.uniform((shape[0], 1, 1, 1), seed=seed) <= 0.5}

    def transform(self, images: Any, transformation: Any) -> Any:
        flips = ops.reshape(transformation["flips"], (-1, 1, 1, 1))
        return ops.where(flips, ops.flip(images, axis=AXES[self.mode]), images)

    def move_masks(self, masks: Any, transformation: Any) -> Any:
        return self.transform(masks, transformation)

    def move_corners(self, corners: Any, transformation: Any, size: tuple[int, int]) -> Any:
        height, width = size
        left, top, right, bottom = (corners[..., i] for i in range(4))
        if 2 in AXES[self.mode]:
            left, right = width - right, width - left
        if 1 in AXES[self.mode]:
            top, bottom = height - bottom, height - top
        flips = ops.reshape(transformation["flips"], (-1, 1, 1))
        return ops.where(flips, ops.stack([left, top, right, bottom], axis=-1), corners)
