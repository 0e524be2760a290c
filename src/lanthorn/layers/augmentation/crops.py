"""CenterCrop and RandomCrop: pictures cut to a size."""

from __future__ import annotations

from typing import Any

from lanthorn import ops, random
from lanthorn.axes import Axes
from lanthorn.layers.augmentation.pictures import LAST
from lanthorn.layers.augmentation.pieces import Piece, Sized, piece_of
from lanthorn.layers.augmentation.random_changes import Augmentation
from lanthorn.layers.checks import positive
from lanthorn.layers.example import Example
from lanthorn.wiring import Rearrange, Wiring


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
