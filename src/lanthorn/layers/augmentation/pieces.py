"""What pictures of another size are made of: the piece that is kept, and how it is stretched."""

from __future__ import annotations

from typing import Any, NamedTuple

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.augmentation.pictures import Pictures
from lanthorn.wiring import Resample
from lanthorn.wiring.resample import resampled


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


def piece_of(images: Any, piece: Piece) -> Any:
    """That part of each picture; where it begins may be known only when computed."""
    sizes = (images.shape[0], piece.height, piece.width, images.shape[-1])
    return ops.slice(images, (0, piece.top, piece.left, 0), sizes)
