"""RandomErasing: a patch of each picture is painted over."""

from __future__ import annotations

from typing import Any

from lanthorn import ops, random
from lanthorn.layers.augmentation.factors import checked_range, is_number, span
from lanthorn.layers.augmentation.random_changes import Augmentation
from lanthorn.layers.example import Example


class RandomErasing(Augmentation):
    """While training, paints over a patch of some pictures.

    factor: how likely a picture is painted over, drawn from this span for each.
    scale: how much of the picture the patch covers, as a fraction.
    fill_value: the paint: a number, one for each of 3 channels, or None for normal random numbers.
    Axes: unchanged.
    Source: Zhong et al. 2017, arXiv:1708.04896; keras 3.15 `random_erasing.py`.
    Example:
        >>> RandomErasing(0.5).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"seed": 1}, (3, 4, 2)),
        Example({"factor": (1.0, 1.0), "scale": (0.3, 0.6), "fill_value": 0.5,
                 "value_range": (0, 1), "seed": 2}, (5, 4, 3)),
        Example({"factor": (1.0, 1.0), "seed": 3, "data_format": "channels_first"}, (2, 3, 4)),
    )  # fmt: skip

    def __init__(
        self,
        factor: Any = 1.0,
        scale: Any = (0.02, 0.33),
        fill_value: Any = None,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = span(self, "factor", factor, 0, 1)
        self.scale = span(self, "scale", scale, 0, 1)
        self.value_range = checked_range(self, value_range)
        three = isinstance(fill_value, tuple | list) and len(fill_value) == 3
        if not (fill_value is None or is_number(fill_value) or three):
            raise ValueError(
                f"RandomErasing: fill_value is a number, three of them or None, not {fill_value!r}."
            )
        self.fill_value = fill_value

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        count, height, width, channels = shape
        shares = random.uniform((count, 2), *self.scale, self.compute_dtype, seed)
        sides = ops.sqrt(shares)
        across = stretch(width, sides[:, 0], seed)
        down = stretch(height, sides[:, 1], seed)
        chance = random.uniform((count,), *self.factor, seed=seed)
        is_erased = random.uniform((count,), seed=seed) < chance
        if self.fill_value is not None:
            paint = ops.cast(self.fill_value, self.compute_dtype)
        elif self.data_format == "channels_first":  # drawn in the order of the data, as in Keras
            sizes = (count, channels, height, width)
            paint = random.normal(sizes, dtype=self.compute_dtype, seed=seed)
            paint = ops.moveaxis(paint, 1, -1) * self.value_range[1]
        else:
            paint = random.normal(shape, dtype=self.compute_dtype, seed=seed)
            paint = paint * self.value_range[1]
        return {
            "apply_erasing": is_erased,
            "batch_masks": patch(shape, across, down),
            "fill_value": ops.clip(paint, *self.value_range),
        }

    def transform(self, images: Any, transformation: Any) -> Any:
        is_erased = ops.reshape(transformation["apply_erasing"], (-1, 1, 1, 1))
        covered = ops.logical_and(is_erased, transformation["batch_masks"])
        paint = ops.cast(transformation["fill_value"], images.dtype)
        return ops.where(covered, paint, images)


def stretch(length: int, share: Any, seed: Any) -> tuple[Any, Any]:
    """Where a stretch of that share of an axis begins and ends, for each picture."""
    reach = share * length
    first = random.uniform(share.shape, dtype=share.dtype, seed=seed) * (length - reach)
    return first, first + reach


def patch(shape: tuple[int, ...], across: tuple[Any, Any], down: tuple[Any, Any]) -> Any:
    """Which places of each picture lie within both stretches: (batch, height, width, 1)."""
    inside = []
    for size, (first, last) in ((shape[1], down), (shape[2], across)):
        places = ops.arange(size, dtype=first.dtype)
        inside.append((places >= first[:, None]) & (places < last[:, None]))
    return (inside[0][:, :, None] & inside[1][:, None, :])[..., None]
