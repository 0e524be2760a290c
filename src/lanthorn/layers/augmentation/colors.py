"""Colours of other strength and hue, or none."""

from __future__ import annotations

from typing import Any

from lanthorn import ops, random
from lanthorn.axes import Axes
from lanthorn.engine import defaults
from lanthorn.layers.augmentation.factors import (
    checked_range,
    is_number,
    plain_number,
    ranged,
    span,
)
from lanthorn.layers.augmentation.pictures import LAST
from lanthorn.layers.augmentation.random_changes import Augmentation
from lanthorn.layers.example import Example


class Coloured(Augmentation):
    """What layers share that work on red, green and blue together."""

    may_be_gray = False

    def output_axes(self, x: Any) -> Any:
        if isinstance(x, Axes) and len(x) in (3, 4):
            channels = x[-3] if self.data_format == "channels_first" else x[-1]
            known = (1, 3, None) if self.may_be_gray else (3, None)
            self.require(
                channels in known,
                x,
                f"3 channels{' or 1' if self.may_be_gray else ''}",
                f"Colours are red, green and blue; it has {channels} channels.",
            )
        return super().output_axes(x)


class RandomSaturation(Coloured):
    """While training, multiplies the saturation of each picture by `f / (1 - f)`.

    factor: f; 0 makes the picture gray, 0.5 leaves it, 1 makes colours as strong as can be.
    Axes: unchanged; 3 channels.
    Raises: ShapeError for another number of channels.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_saturation.py`.
    Example:
        >>> RandomSaturation((0.3, 0.7)).compute_output_shape((None, 28, 28, 3))
        (None, 28, 28, 3)
    """

    examples = (
        Example({"factor": (0.2, 0.5), "seed": 1}, (3, 4, 3)),
        Example({"factor": 0.4, "value_range": (0, 1), "seed": 2}, (2, 3, 3)),
        Example({"factor": (0.0, 0.4), "seed": 3, "data_format": "channels_first"}, (3, 2, 4)),
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
        self.factor = span(self, "factor", factor, -1, 1)
        self.value_range = checked_range(self, value_range)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        share = random.uniform(shape[:1], *self.factor, seed=seed)
        return {"factor": share / (1 - share + defaults.epsilon())}

    def transform(self, images: Any, transformation: Any) -> Any:
        hue, saturation, value = hsv(images)
        factor = ops.cast(transformation["factor"], images.dtype)[:, None, None]
        return rgb(hue, ops.clip(saturation * factor, 0, 1), value)


class RandomHue(Coloured):
    """While training, turns the hues of each picture along the colour wheel.

    factor: how far, as a fraction of half the wheel, either way.
    Axes: unchanged; 3 channels.
    Raises: ShapeError for another number of channels.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_hue.py`.
    Example:
        >>> RandomHue(0.1).compute_output_shape((None, 28, 28, 3))
        (None, 28, 28, 3)
    """

    examples = (
        Example({"factor": 0.2, "seed": 1}, (3, 4, 3)),
        Example({"factor": (0.5, 1.0), "value_range": (0, 1), "seed": 2}, (2, 3, 3)),
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
        side = ops.where(random.uniform(shape[:1], seed=seed) > 0.5, -1.0, 1.0)
        return {"factor": side * random.uniform(shape[:1], *self.factor, seed=seed) * 0.5}

    def transform(self, images: Any, transformation: Any) -> Any:
        hue, saturation, value = hsv(ranged(images, self.value_range, (0, 1)))
        hue = hue + ops.cast(transformation["factor"], images.dtype)[:, None, None]
        hue = ops.where(hue > 1.0, hue - 1.0, ops.where(hue < 0.0, hue + 1.0, hue))
        colours = ops.clip(rgb(hue, saturation, value), 0, 1)
        return ranged(colours, (0, 1), self.value_range)


def hsv(images: Any) -> Any:
    """Hue, saturation and value of pictures, each (batch, height, width)."""
    return ops.unstack(ops.image.rgb_to_hsv(images, LAST), axis=-1)


def rgb(hue: Any, saturation: Any, value: Any) -> Any:
    """The pictures with these hues, saturations and values."""
    return ops.image.hsv_to_rgb(ops.stack([hue, saturation, value], axis=-1), LAST)


class RandomGrayscale(Coloured):
    """While training, takes the colours from some pictures; the channels stay, all alike.

    factor: how likely a picture is made gray, a fraction.
    Axes: unchanged; 3 channels, or 1, which nothing is taken from.
    Raises: ShapeError for another number of channels.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_grayscale.py`.
    Example:
        >>> RandomGrayscale(0.2).compute_output_shape((None, 28, 28, 3))
        (None, 28, 28, 3)
    """

    may_be_gray = True
    examples = (
        Example({"seed": 1}, (3, 4, 3)),
        Example({"factor": 1.0, "seed": 2}, (2, 3, 1)),
        Example({"factor": 0.3, "seed": 3, "data_format": "channels_first"}, (3, 2, 4)),
    )

    def __init__(
        self,
        factor: float = 0.5,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        if not is_number(factor) or not 0 <= factor <= 1:
            raise ValueError(f"RandomGrayscale: factor is a fraction from 0 to 1, not {factor!r}.")
        self.factor = plain_number(factor)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        return {"should_apply": random.uniform(shape[:1], seed=seed) < self.factor}

    def transform(self, images: Any, transformation: Any) -> Any:
        gray = ops.image.rgb_to_grayscale(images, LAST)
        is_gray = ops.reshape(transformation["should_apply"], (-1, 1, 1, 1))
        return ops.where(is_gray, gray, images)


class RandomColorDegeneration(Coloured):
    """While training, `y = x + factor · (gray - x)`: colours fade.

    factor: how far towards gray; negative makes colours stronger. A single number f draws from -f.
    Axes: unchanged; 3 channels.
    Raises: ShapeError for another number of channels.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_color_degeneration.py`.
    Example:
        >>> RandomColorDegeneration(0.5).compute_output_shape((None, 28, 28, 3))
        (None, 28, 28, 3)
    """

    examples = (
        Example({"factor": 0.5, "seed": 1}, (3, 4, 3)),
        Example({"factor": (0.3, 1.0), "value_range": (0, 1), "seed": 2}, (2, 3, 3)),
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
        self.factor = span(self, "factor", factor, -1, 1)
        self.value_range = checked_range(self, value_range)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        return {"factor": random.uniform((shape[0], 1, 1, 1), *self.factor, seed=seed)}

    def transform(self, images: Any, transformation: Any) -> Any:
        gray = ops.image.rgb_to_grayscale(images, LAST)
        faded = images + ops.cast(transformation["factor"], images.dtype) * (gray - images)
        return ops.clip(faded, *self.value_range)
