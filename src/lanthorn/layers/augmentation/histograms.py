"""AutoContrast, Equalization, CLAHE: numbers spread over the range as their histogram asks."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.augmentation.factors import checked_range, is_number, ranged
from lanthorn.layers.augmentation.levels import BYTES
from lanthorn.layers.augmentation.pictures import Pictures
from lanthorn.layers.checks import per_axis, positive
from lanthorn.layers.example import Example
from lanthorn.wiring import Elementwise, Normalize, Opaque, Wiring
from lanthorn.words.shapes import sizes_text

LEVELS = 256


class AutoContrast(Pictures):
    """`y = (x - darkest) / (brightest - darkest)`, stretched over value_range.

    Darkest and brightest are those of each channel of each picture; a channel of one number stays.
    Not only while training.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/auto_contrast.py`.
    Example:
        >>> AutoContrast().compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (Example({}, (3, 4, 2)), Example({"value_range": (0, 1)}, (2, 3, 1)))

    def __init__(self, value_range: Any = (0, 255), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.value_range = checked_range(self, value_range)

    def transform(self, images: Any, transformation: Any) -> Any:
        x = ranged(images, self.value_range, BYTES)
        low, high = (f(x, axis=(1, 2), keepdims=True) for f in (ops.min, ops.max))
        scale = 255.0 / ops.where(high > low, high - low, 1.0)
        stretched = ops.clip(x * scale - low * scale, 0.0, 255.0)
        return ops.where(high > low, ranged(stretched, BYTES, self.value_range), images)

    def wiring(self, x: Axes) -> Wiring:
        return Normalize("stretch", (0, 1), arguments=self.value_range)


class Equalization(Pictures):
    """While training, makes all brightnesses about as frequent: `y = 255 · (share of numbers ≤ x)`.

    The shares are counted over the whole batch, in every channel by itself.
    bins: how many brightnesses are told apart.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/equalization.py`.
    Example:
        >>> Equalization().compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({}, (3, 4, 2)),
        Example({"value_range": (0, 1), "bins": 16}, (3, 3, 1)),
        Example({"data_format": "channels_first"}, (2, 3, 4)),
    )

    def __init__(
        self,
        value_range: Any = (0, 255),
        bins: int = 256,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.bins = positive(self, "bins", bins)
        self.value_range = checked_range(self, value_range)

    def works(self, training: bool) -> bool:
        return bool(training)

    def wiring(self, x: Axes) -> Wiring:
        return Elementwise("linear", told="augmentation")

    def transform(self, images: Any, transformation: Any) -> Any:
        x = scaled(images, self.value_range, BYTES)
        wide = ops.cast(x, "float32")
        last = self.bins - 1
        counts = histogram(whole(wide * last / 255, last), self.bins)
        upto = ops.cumsum(counts, axis=-1)
        first = ops.min(ops.where(upto > 0, upto, upto[:, -1:]), axis=-1, keepdims=True)
        rest = ops.maximum(upto[:, -1:] - first, 1)
        table = ops.cast(upto - first, "float32") * 255 / rest
        table = ops.clip(ops.round(table), 0, 255)
        equal = looked_up(table, whole(wide / 255.0 * last, last))
        is_plain = ops.count_nonzero(counts, axis=-1) <= 1
        found = ops.where(is_plain, x, ops.cast(equal, x.dtype))
        return scaled(found, BYTES, self.value_range)


def scaled(x: Any, source: tuple[float, float], target: tuple[float, float]) -> Any:
    scale = (target[1] - target[0]) / (source[1] - source[0])
    return x * scale + (target[0] - source[0] * scale)


def whole(x: Any, most: int) -> Any:
    """The whole part of each number, from 0 to `most`."""
    return ops.clip(ops.cast(x, "int32"), 0, most)


def histogram(levels: Any, count: int) -> Any:
    """How often each level occurs in each channel: (.., channels) -> (channels, count)."""
    channels = levels.shape[-1]
    places = levels + count * ops.arange(channels)
    ones = ops.ones((levels.size,), "int32")
    found = ops.segment_sum(ones, ops.reshape(places, (-1,)), channels * count)
    return ops.reshape(found, (channels, count))


def looked_up(table: Any, levels: Any) -> Any:
    """`table[channel, level]` at each place."""
    channels, count = table.shape
    return ops.take(ops.reshape(table, (-1,)), levels + count * ops.arange(channels))


class ContrastLimitedAdaptiveHistogramEqualization(Pictures):
    """Equalizes each region of a picture by its own histogram, blending from one to the next.

    clip_limit: how much more frequent than the mean a brightness may count; what is above is shared
        out to all, so that even regions stay even. 0 sets no limit.
    tile_grid_size: how many regions, (down, across).
    Not only while training.
    Axes: unchanged.
    Source: Zuiderveld 1994, Graphics Gems IV, VIII.5; keras 3.15 `clahe.py`.
    Example:
        >>> ContrastLimitedAdaptiveHistogramEqualization().compute_output_shape((None, 64, 64, 1))
        (None, 64, 64, 1)
    """

    examples = (
        Example({"tile_grid_size": (2, 2)}, (4, 6, 2)),
        Example({"tile_grid_size": (2, 3), "clip_limit": 0.0, "value_range": (0, 1)}, (5, 7, 1)),
        Example({"tile_grid_size": (1, 2), "data_format": "channels_first"}, (2, 3, 4)),
    )

    def __init__(
        self,
        value_range: Any = (0, 255),
        clip_limit: float = 4.0,
        tile_grid_size: Any = (8, 8),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.value_range = checked_range(self, value_range)
        if not is_number(clip_limit):
            raise ValueError(f"{type(self).__name__}: clip_limit is a number, not {clip_limit!r}.")
        self.clip_limit = clip_limit
        self.tile_grid_size = per_axis(self, "tile_grid_size", tile_grid_size, 2)

    def prepared(self, images: Any) -> Any:
        return images

    def transform(self, images: Any, transformation: Any) -> Any:
        x = ranged(ops.cast(images, "float32"), self.value_range, BYTES)
        count, height, width, channels = x.shape
        down, across = self.tile_grid_size
        rows, columns = -(-height // down), -(-width // across)
        room = ((0, 0), (0, rows * down - height), (0, columns * across - width), (0, 0))
        levels = whole(ops.pad(x, room, mode="symmetric"), LEVELS - 1)
        levels = ops.reshape(levels, (count, down, rows, across, columns, channels))
        tiles = ops.transpose(levels, (2, 4, 0, 1, 3, 5))
        flat = ops.reshape(tiles, (rows * columns, -1))  # one column for each tile and channel
        table = self.equalizing(histogram(flat, LEVELS), rows * columns)
        table = ops.reshape(table, (count, down, across, channels, LEVELS))
        return ranged(blended(table, x, (rows, columns)), BYTES, self.value_range)

    def equalizing(self, counts: Any, places: int) -> Any:
        """What each level of each tile becomes: (tiles, levels)."""
        counts = ops.cast(counts, "float32")
        if self.clip_limit > 0:
            kept = ops.minimum(counts, self.clip_limit * places / LEVELS)
            counts = kept + ops.sum(counts - kept, axis=-1, keepdims=True) / LEVELS
        upto = ops.cumsum(counts, axis=-1)
        first = ops.min(upto, axis=-1, keepdims=True)
        rest = places - first
        return ops.clip((upto - first) * 255.0 / ops.where(rest == 0, 1.0, rest), 0, 255)

    def wiring(self, x: Axes) -> Wiring:
        low, high = self.value_range
        tiles = sizes_text(self.tile_grid_size)
        return Opaque(told="regions", settings=(("low", low), ("high", high), ("tiles", tiles)))


def blended(table: Any, x: Any, tile: tuple[int, int]) -> Any:
    """Each number as the tables of the four tiles around its place have it, the nearer ones more.

    Axes: table (batch, down, across, channels, levels), x (batch, height, width, channels).
    """
    count, down, across, channels, levels = table.shape
    value = whole(x, levels - 1)

    def sides(size: int, length: int, tiles: int) -> tuple[Any, Any, Any]:
        """The tiles before and behind each place of an axis, and the second one's weight."""
        at = (ops.arange(size, dtype="float32") - length / 2.0) / length
        before = ops.floor(at)
        first, second = (
            ops.cast(ops.clip(tile, 0, tiles - 1), "int32") for tile in (before, before + 1)
        )
        return first, second, at - before

    rows, columns = sides(x.shape[1], tile[0], down), sides(x.shape[2], tile[1], across)
    of_picture = ops.arange(count)[:, None, None, None] * down
    flat = ops.reshape(table, (-1,))

    def read(row: Any, column: Any) -> Any:
        of_tile = (of_picture + row[None, :, None, None]) * across + column[None, None, :, None]
        return ops.take(flat, (of_tile * channels + ops.arange(channels)) * levels + value)

    def line(row: Any) -> Any:
        weight = columns[2][None, None, :, None]
        return read(row, columns[0]) * (1.0 - weight) + read(row, columns[1]) * weight

    weight = rows[2][None, :, None, None]
    return line(rows[0]) * (1.0 - weight) + line(rows[1]) * weight
