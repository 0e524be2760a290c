"""Resizing, CenterCrop, RandomCrop: pictures of another size."""

from __future__ import annotations

from typing import Any, NamedTuple

from lanthorn import ops, random
from lanthorn.axes import Axes
from lanthorn.layers.augmentation.pictures import LAST, Augmentation, Pictures
from lanthorn.layers.checks import one_of, positive
from lanthorn.layers.example import Example
from lanthorn.wiring import Rearrange, Resample, Wiring
from lanthorn.wiring.resample import resampled

METHODS = ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5")


class Piece(NamedTuple):
    """The part of a picture that is kept, in its own places; a frame around it begins before 0."""

    top: Any
    left: Any
    height: int
    width: int


def fitting(size: tuple[int, int], target: tuple[int, int]) -> tuple[int, int]:
    """How high a picture of this width would be with the target's proportions, and how wide one of
    this height."""
    return size[1] * target[0] // target[1], size[0] * target[1] // target[0]


def largest_piece(size: tuple[int, int], target: tuple[int, int]) -> Piece:
    """The largest part in the middle that has the target's proportions."""
    kept = [max(min(own, fit), 1) for own, fit in zip(size, fitting(size, target), strict=True)]
    first = [(own - part) // 2 for own, part in zip(size, kept, strict=True)]
    return Piece(*first, *kept)


def framed(size: tuple[int, int], target: tuple[int, int]) -> Piece:
    """The picture with as much around it as the target's proportions want."""
    fits = zip(size, fitting(size, target), strict=True)
    around = [max(fit - own, 0) // 2 for own, fit in fits]
    return Piece(-around[0], -around[1], size[0] + 2 * around[0], size[1] + 2 * around[1])


class Sized(Pictures):
    """What layers with a height and a width to come out share."""

    moves_places = True
    height: int
    width: int

    def new_size(self, height: Any, width: Any) -> tuple[int, int]:
        return self.height, self.width

    def piece(self, size: tuple[int, int]) -> Piece:
        """The part of a picture of this size that is stretched to the new size."""
        return largest_piece(size, (self.height, self.width))

    def piece_drawn(self, transformation: Any, size: tuple[int, int]) -> Piece:
        return self.piece(size)

    def move_corners(self, corners: Any, transformation: Any, size: tuple[int, int]) -> Any:
        top, left, height, width = self.piece_drawn(transformation, size)
        first = ops.convert_to_tensor([left, top, left, top], "float32")
        factor = ops.convert_to_tensor([self.width / width, self.height / height] * 2, "float32")
        return (corners - first) * factor

    def resample(self, x: Axes, method: str, antialias: bool, framing: str, fill: float, told: str
                 ) -> Resample:  # fmt: skip
        height, width = x[1:3]
        if height is None or width is None:
            lines: tuple[Any, ...] = ((), ())
        else:
            top, left, kept_height, kept_width = self.piece((height, width))
            lines = (
                resampled(kept_height, self.height, method, antialias, top),
                resampled(kept_width, self.width, method, antialias, left),
            )
        return Resample(method, (0, 1), lines, antialias, framing, fill, told)


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


class CenterCrop(Sized):
    """The middle height × width places of each picture.

    A picture that is smaller than that is cut to the new proportions and stretched (bilinear).
    Axes: (batch, height, width, channels) -> (batch, height', width', channels)
    Edges: of an odd number of rows or columns too many, the smaller half goes at the front.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/center_crop.py`.
    Example:
        >>> CenterCrop(20, 20).compute_output_shape((None, 28, 28, 1))
        (None, 20, 20, 1)
    """

    examples = (
        Example({"height": 2, "width": 3}, (5, 6, 2)),
        Example({"height": 4, "width": 4}, (3, 6, 1)),
        Example({"height": 3, "width": 2, "data_format": "channels_first"}, (2, 4, 5)),
    )

    def __init__(
        self, height: int, width: int, data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.height = positive(self, "height", height)
        self.width = positive(self, "width", width)

    def is_cut(self, size: tuple[int, int]) -> bool:
        """Whether the picture is large enough to be cut without stretching."""
        return size[0] >= self.height and size[1] >= self.width

    def piece(self, size: tuple[int, int]) -> Piece:
        if not self.is_cut(size):
            return super().piece(size)
        first = (size[0] - self.height) // 2, (size[1] - self.width) // 2
        return Piece(*first, self.height, self.width)

    def transform(self, images: Any, transformation: Any) -> Any:
        return self.cut(images, "bilinear")

    def move_masks(self, masks: Any, transformation: Any) -> Any:
        return self.cut(masks, "nearest")

    def cut(self, images: Any, interpolation: str) -> Any:
        size = (images.shape[1], images.shape[2])
        target = (self.height, self.width)
        if not self.is_cut(size):
            return ops.image.resize(
                images, target, interpolation, crop_to_aspect_ratio=True, data_format=LAST
            )
        return piece_of(images, self.piece(size))

    def wiring(self, x: Axes) -> Wiring:
        height, width = x[1:3]
        if height is None or width is None:
            return Rearrange("crop")
        if not self.is_cut((height, width)):
            return self.resample(x, "bilinear", False, "cut", 0.0, "")
        row, column, rows, columns = self.piece((height, width))
        edges = ((row, height - row - rows), (column, width - column - columns), (0, 0))
        return Rearrange("crop", edges=edges)


class RandomCrop(Sized, Augmentation):
    """A piece of height × width of each picture, the same place for a whole batch.

    Where it lies is drawn while training. Otherwise, and where the picture is not larger than the
    piece, it is the largest piece in the middle with these proportions, stretched (bilinear).
    Axes: (batch, height, width, channels) -> (batch, height', width', channels)
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_crop.py`.
    Example:
        >>> RandomCrop(24, 24).compute_output_shape((None, 28, 28, 1))
        (None, 24, 24, 1)
    """

    examples = (
        Example({"height": 3, "width": 2, "seed": 1}, (5, 6, 2)),
        Example({"height": 4, "width": 4, "seed": 2}, (3, 5, 1)),
        Example({"height": 2, "width": 2, "seed": 3, "data_format": "channels_first"}, (1, 5, 4)),
    )

    def __init__(
        self,
        height: int,
        width: int,
        seed: int | None = None,
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, name=name, **kwargs)
        self.height = positive(self, "height", height)
        self.width = positive(self, "width", width)

    def is_changed_by(self, transformation: Any, training: bool) -> bool:
        return True

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> Any:
        images = data["images"] if isinstance(data, dict) else data
        drawn = super().get_random_transformation(data, training, seed)
        return drawn or {"input_shape": tuple(images.shape)}

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        _, height, width, _ = shape
        if height <= self.height or width <= self.width:
            return {}
        room = (height - self.height + 1, width - self.width + 1)
        top, left = (
            ops.cast(random.uniform((), 0, float(places), seed=seed), "int32") for places in room
        )
        return {"top": top, "left": left}

    def piece_drawn(self, transformation: Any, size: tuple[int, int]) -> Piece:
        if not transformation or "top" not in transformation:
            return self.piece(size)
        return Piece(transformation["top"], transformation["left"], self.height, self.width)

    def transform(self, images: Any, transformation: Any) -> Any:
        return self.cut(images, transformation, "bilinear")

    def move_masks(self, masks: Any, transformation: Any) -> Any:
        return self.cut(masks, transformation, "nearest")

    def cut(self, images: Any, transformation: Any, interpolation: str) -> Any:
        piece = self.piece_drawn(transformation, (images.shape[1], images.shape[2]))
        found = piece_of(images, piece)
        if (piece.height, piece.width) == (self.height, self.width):
            return found
        return ops.image.resize(found, (self.height, self.width), interpolation, data_format=LAST)

    def wiring(self, x: Axes) -> Wiring:
        return self.resample(x, "bilinear", False, "cut", 0.0, "cropped")


def piece_of(images: Any, piece: Piece) -> Any:
    """That part of each picture; where it begins may be known only when computed."""
    sizes = (images.shape[0], piece.height, piece.width, images.shape[-1])
    return ops.slice(images, (0, piece.top, piece.left, 0), sizes)
