"""Pictures lighter, darker, starker, inverted: each number by itself, or against its channel."""

from __future__ import annotations

from typing import Any

from lanthorn import ops, random
from lanthorn.layers.augmentation.factors import checked_range, ranged, span
from lanthorn.layers.augmentation.random_changes import Augmentation
from lanthorn.layers.example import Example

BYTES = (0, 255)


class RandomBrightness(Augmentation):
    """While training, `y = x + brightness · (high - low)`, kept from low to high.

    factor: how much brighter, as a fraction of the range; negative is darker.
    value_range: (low, high), the darkest and the brightest number.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_brightness.py`.
    Example:
        >>> RandomBrightness(0.2).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"factor": 0.2, "seed": 1}, (3, 4, 2)),
        Example({"factor": (0.1, 0.5), "value_range": (0, 1), "seed": 2}, (3, 3, 1)),
        Example({"factor": 1, "seed": 3, "data_format": "channels_first"}, (2, 3, 4)),
    )

    def __init__(
        self, factor: Any, value_range: Any = (0, 255), seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(seed=seed, **kwargs)
        self.factor = span(self, "factor", factor, -1, 1)
        self.value_range = checked_range(self, value_range)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        low, high = self.value_range
        delta = random.uniform((shape[0], 1, 1, 1), *self.factor, seed=seed) * (high - low)
        return {"rgb_delta": delta}

    def transform(self, images: Any, transformation: Any) -> Any:
        return ops.clip(
            images + ops.cast(transformation["rgb_delta"], images.dtype), *self.value_range
        )


class RandomContrast(Augmentation):
    """While training, `y = mean + contrast · (x - mean)`, each channel against its own mean.

    factor: how much contrast varies around 1: (a, b) draws from 1 - a to 1 + b, and a single number
        f from 1 to 1 + f. The result is kept within value_range.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_contrast.py`.
    Example:
        >>> RandomContrast(0.2).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"factor": 0.2, "seed": 1}, (3, 4, 2)),
        Example({"factor": (0.5, 0.9), "value_range": (0, 1), "seed": 2}, (3, 3, 1)),
        Example({"factor": 1, "seed": 3, "data_format": "channels_first"}, (2, 3, 4)),
    )

    def __init__(
        self, factor: Any, value_range: Any = (0, 255), seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(seed=seed, **kwargs)
        self.factor = span(self, "factor", factor, 0, 1)
        self.value_range = checked_range(self, value_range)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        less, more = self.factor
        sizes = (shape[0], 1, 1, 1)
        factor = random.uniform(sizes, 1.0 - less, 1.0 + more, self.compute_dtype, seed)
        return {"contrast_factor": factor}

    def transform(self, images: Any, transformation: Any) -> Any:
        mean = ops.mean(images, axis=(1, 2), keepdims=True)
        contrast = ops.cast(transformation["contrast_factor"], images.dtype)
        return ops.clip((images - mean) * contrast + mean, *self.value_range)


class RandomInvert(Augmentation):
    """While training, some pictures become their negatives: `y = low + high - x`.

    factor: how likely a picture is inverted, drawn from this span for each.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_invert.py`.
    Example:
        >>> RandomInvert(0.5).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"seed": 1}, (3, 4, 2)),
        Example({"factor": (1.0, 1.0), "value_range": (0, 1), "seed": 2}, (3, 3, 1)),
    )

    def __init__(
        self,
        factor: Any = 1.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = span(self, "factor", factor, 0, 1)
        self.value_range = checked_range(self, value_range)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        chance = random.uniform(shape[:1], *self.factor, seed=seed)
        return {"apply_inversion": random.uniform(shape[:1], seed=seed) < chance}

    def transform(self, images: Any, transformation: Any) -> Any:
        is_inverted = ops.reshape(transformation["apply_inversion"], (-1, 1, 1, 1))
        return ops.where(is_inverted, sum(self.value_range) - images, images)


class RandomPosterization(Augmentation):
    """While training, keeps only the highest bits of each number of 0 to 255.

    factor: how many of the 8 bits: of (a, b), a to b - 1 are drawn, of one number b 1 to b - 1.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_posterization.py`.
    Example:
        >>> RandomPosterization(4).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"factor": 5, "seed": 1}, (3, 4, 2)),
        Example({"factor": (3, 3), "value_range": (0, 1), "seed": 2}, (3, 3, 1)),
    )

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = span(self, "factor", factor, 1, 8)
        self.value_range = checked_range(self, value_range)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        least, most = self.factor
        if least == most:
            bits = ops.full(shape[:1], least, dtype="uint8")
        else:
            bits = random.randint(shape[:1], int(least), int(most), "uint8", seed)
        return {"shift_factor": ops.cast(8, "uint8") - bits}

    def transform(self, images: Any, transformation: Any) -> Any:
        lost = ops.reshape(transformation["shift_factor"], (-1, 1, 1, 1))
        whole = ops.cast(ranged(images, self.value_range, BYTES), "uint8")
        kept = ops.bitwise_left_shift(ops.bitwise_right_shift(whole, lost), lost)
        return ranged(ops.cast(kept, images.dtype), BYTES, self.value_range)


class Solarization(Augmentation):
    """While training, adds to each number and inverts those above a threshold.

    addition_factor, threshold_factor: how much is added, and where the threshold lies, as fractions
        of the range; a single number f draws from 0 to f.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/solarization.py`.
    Example:
        >>> Solarization(0.1, 0.5).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"threshold_factor": 0.5, "seed": 1}, (3, 4, 2)),
        Example({"addition_factor": (0.1, 0.3), "threshold_factor": (0.0, 0.9),
                 "value_range": (0, 1), "seed": 2}, (3, 3, 1)),
    )  # fmt: skip

    def __init__(
        self,
        addition_factor: Any = 0.0,
        threshold_factor: Any = 0.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, **kwargs)
        self.addition_factor = span(self, "addition_factor", addition_factor, 0, 1, within=True)
        self.threshold_factor = span(self, "threshold_factor", threshold_factor, 0, 1, within=True)
        self.value_range = checked_range(self, value_range)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        def drawn(least: float, most: float) -> Any:
            sizes = (shape[0], 1, 1, 1)
            return random.uniform(sizes, least, most * 255, self.compute_dtype, seed)

        return {
            "additions": drawn(*self.addition_factor), "thresholds": drawn(*self.threshold_factor),
        }  # fmt: skip

    def transform(self, images: Any, transformation: Any) -> Any:
        added, threshold = (
            ops.cast(transformation[name], images.dtype) for name in ("additions", "thresholds")
        )
        x = ops.clip(ranged(images, self.value_range, BYTES) + added, 0, 255)
        return ranged(ops.where(x < threshold, x, 255 - x), BYTES, self.value_range)
