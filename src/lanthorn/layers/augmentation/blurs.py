"""RandomGaussianBlur and RandomSharpness: pictures smoother, or with harder edges."""

from __future__ import annotations

from typing import Any

from lanthorn import ops, random
from lanthorn.layers.augmentation.factors import checked_range, span
from lanthorn.layers.augmentation.pictures import LAST
from lanthorn.layers.augmentation.random_changes import Augmentation
from lanthorn.layers.checks import per_axis
from lanthorn.layers.example import Example


class RandomGaussianBlur(Augmentation):
    """While training, each number of some pictures becomes a mean of those around it.

    factor: how likely a picture is blurred, drawn from this span for each.
    kernel_size: how many places the mean is over, along width and height; odd.
    sigma: how wide the blur is, in places, drawn from this span for the whole batch.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_gaussian_blur.py`.
    Example:
        >>> RandomGaussianBlur(0.5).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"seed": 1}, (3, 4, 2)),
        Example({"factor": (1.0, 1.0), "kernel_size": (3, 5), "sigma": (0.5, 1.0),
                 "value_range": (0, 1), "seed": 2}, (4, 3, 1)),
        Example({"factor": (1.0, 1.0), "seed": 3, "data_format": "channels_first"}, (2, 3, 4)),
    )  # fmt: skip

    def __init__(
        self,
        factor: Any = 1.0,
        kernel_size: Any = 3,
        sigma: Any = 1.0,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = span(self, "factor", factor, 0, 1)
        self.kernel_size = per_axis(self, "kernel_size", kernel_size, 2)
        if any(size % 2 == 0 for size in self.kernel_size):
            raise ValueError(f"RandomGaussianBlur: kernel_size is odd, not {kernel_size!r}.")
        self.sigma = span(self, "sigma", sigma, 0, 1)
        self.value_range = checked_range(self, value_range)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        chance = random.uniform(shape[:1], *self.factor, seed=seed)
        is_blurred = random.uniform(shape[:1], seed=seed) < chance
        sigma = random.uniform((2,), *self.sigma, self.compute_dtype, seed) + 1e-6
        return {"should_apply_blur": is_blurred, "blur_factor": sigma}

    def transform(self, images: Any, transformation: Any) -> Any:
        sigma = ops.cast(transformation["blur_factor"], images.dtype)
        blurred = ops.image.gaussian_blur(images, self.kernel_size, sigma, LAST)
        is_blurred = ops.reshape(transformation["should_apply_blur"], (-1, 1, 1, 1))
        found = ops.where(is_blurred, blurred, images)
        return ops.clip(found, *self.value_range)


class RandomSharpness(Augmentation):
    """While training, `y = x + (1 - 2 · factor) · (smooth - x)`: smoother or sharper.

    smooth: a mean over 3 × 3 places, the middle one with 5 parts in 13. Past the edge is 0.
    factor: 0 is quite smooth, 0.5 leaves the picture, 1 is sharper by as much.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_sharpness.py`.
    Example:
        >>> RandomSharpness(0.8).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"factor": 0.8, "seed": 1}, (3, 4, 2)),
        Example({"factor": (0.5, 1.0), "value_range": (0, 1), "seed": 2}, (3, 3, 1)),
        Example({"factor": 1, "seed": 3, "data_format": "channels_first"}, (2, 3, 4)),
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
        self.factor = span(self, "factor", factor, 0, 1)
        self.value_range = checked_range(self, value_range)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        return {"factor": random.uniform(shape[:1], *self.factor, seed=seed)}

    def transform(self, images: Any, transformation: Any) -> Any:
        factor = ops.cast(transformation["factor"], images.dtype)
        sharpness = 2 * ops.reshape(factor, (-1, 1, 1, 1))
        moved = images + (1.0 - sharpness) * (smooth(images) - images)
        return ops.clip(moved, *self.value_range)


def smooth(images: Any) -> Any:
    """The mean of 3 × 3 places with weights 1 and, in the middle, 5: nine sums and no kernel."""
    height, width = images.shape[1:3]
    room = ops.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    around = sum(
        room[:, row : row + height, column : column + width]
        for row in range(3)
        for column in range(3)
    )
    return (around + 4 * images) / 13
