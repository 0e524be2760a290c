"""Resizing: pictures stretched to a size."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.augmentation.pictures import LAST
from lanthorn.layers.augmentation.pieces import Piece, Sized, framed, largest_piece
from lanthorn.layers.checks import one_of, positive
from lanthorn.layers.example import Example
from lanthorn.wiring import Resample

METHODS = ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5")


class Resizing(Sized):
    """Pictures of height × width: every new place is a weighted mean of the old ones around it.

    interpolation: "bilinear", "nearest", "bicubic", "lanczos3" or "lanczos5".
    antialias: when it shrinks, take the mean over all that is shrunk into one place.
    crop_to_aspect_ratio, pad_to_aspect_ratio: cut off, or put `fill_value` around, so that nothing
        is stretched out of proportion.
    Axes: (batch, height, width, channels) -> (batch, height', width', channels)
    Units: whole numbers stay whole, rounded.
    Raises: ValueError for both kinds of proportions; ShapeError for what is no picture.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/resizing.py`.
    Example:
        >>> Resizing(32, 48).compute_output_shape((None, 28, 28, 3))
        (None, 32, 48, 3)
    """

    examples = (
        Example({"height": 4, "width": 7}, (5, 3, 2)),
        Example({"height": 6, "width": 3, "interpolation": "nearest"}, (4, 5, 1)),
        Example({"height": 3, "width": 9, "interpolation": "bicubic", "antialias": True},
                (7, 4, 1)),
        Example({"height": 2, "width": 3, "interpolation": "lanczos3", "antialias": True},
                (5, 8, 1)),
        Example({"height": 3, "width": 4, "crop_to_aspect_ratio": True}, (8, 5, 1)),
        Example({"height": 4, "width": 4, "pad_to_aspect_ratio": True, "fill_value": 0.5},
                (3, 7, 1)),
        Example({"height": 5, "width": 2, "data_format": "channels_first"}, (2, 4, 3)),
    )  # fmt: skip

    def __init__(
        self,
        height: int,
        width: int,
        interpolation: str = "bilinear",
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        fill_mode: str = "constant",
        fill_value: float = 0.0,
        antialias: bool = False,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.height = positive(self, "height", height)
        self.width = positive(self, "width", width)
        self.interpolation = one_of(self, "interpolation", interpolation, METHODS)
        self.crop_to_aspect_ratio = crop_to_aspect_ratio
        self.pad_to_aspect_ratio = pad_to_aspect_ratio
        self.fill_mode = one_of(self, "fill_mode", fill_mode, ("constant",))
        self.fill_value = fill_value
        self.antialias = bool(antialias)
        if crop_to_aspect_ratio and pad_to_aspect_ratio:
            raise ValueError(
                "Resizing: crop_to_aspect_ratio and pad_to_aspect_ratio are two ways to keep "
                "proportions: choose one."
            )

    def prepared(self, images: Any) -> Any:
        return images

    def piece(self, size: tuple[int, int]) -> Piece:
        if self.crop_to_aspect_ratio:
            return largest_piece(size, (self.height, self.width))
        if self.pad_to_aspect_ratio:
            return framed(size, (self.height, self.width))
        return Piece(0, 0, *size)

    def transform(self, images: Any, transformation: Any) -> Any:
        return self.stretched(images, self.interpolation)

    def move_masks(self, masks: Any, transformation: Any) -> Any:
        return self.stretched(masks, "nearest")

    def stretched(self, images: Any, interpolation: str) -> Any:
        return ops.image.resize(
            images, (self.height, self.width), interpolation, self.antialias,
            self.crop_to_aspect_ratio, self.pad_to_aspect_ratio, self.fill_mode, self.fill_value,
            data_format=LAST,
        )  # fmt: skip

    def wiring(self, x: Axes) -> Resample:
        framing = "cut" if self.crop_to_aspect_ratio else ""
        framing = "framed" if self.pad_to_aspect_ratio else framing
        fill = float(self.fill_value)
        return self.resample(x, self.interpolation, self.antialias, framing, fill, "")
