"""RandomColorJitter: brightness, contrast, saturation and hue together."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.augmentation.colors import RandomHue, RandomSaturation
from lanthorn.layers.augmentation.factors import checked_range
from lanthorn.layers.augmentation.levels import RandomBrightness, RandomContrast
from lanthorn.layers.augmentation.random_changes import Augmentation
from lanthorn.layers.example import Example


class RandomColorJitter(Augmentation):
    """While training, brightness, contrast, saturation and hue vary, one after another.

    Each factor is that of its own layer (RandomBrightness, RandomContrast, RandomSaturation,
    RandomHue); what has none stays as it is.
    Axes: unchanged; 3 channels where saturation or hue vary.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_color_jitter.py`.
    Example:
        >>> RandomColorJitter(hue_factor=0.1).compute_output_shape((None, 28, 28, 3))
        (None, 28, 28, 3)
    """

    examples = (
        Example({"brightness_factor": 0.2, "contrast_factor": 0.3, "seed": 1}, (3, 4, 2)),
        Example({"value_range": (0, 1), "saturation_factor": 0.4, "hue_factor": 0.3, "seed": 2},
                (2, 3, 3)),
        Example({"brightness_factor": 0.2, "contrast_factor": 0.3, "saturation_factor": 0.4,
                 "hue_factor": 0.1, "seed": 3}, (3, 4, 3)),
    )  # fmt: skip

    def __init__(
        self,
        value_range: Any = (0, 255),
        brightness_factor: Any = None,
        contrast_factor: Any = None,
        saturation_factor: Any = None,
        hue_factor: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.value_range = checked_range(self, value_range)
        self.brightness_factor = brightness_factor
        self.contrast_factor = contrast_factor
        self.saturation_factor = saturation_factor
        self.hue_factor = hue_factor

        def one(cls: Any, factor: Any) -> Any:
            if factor is None:
                return None
            return cls(
                factor, value_range, seed=seed, data_format=data_format, dtype=self.dtype_policy
            )

        self.random_brightness = one(RandomBrightness, brightness_factor)
        self.random_contrast = one(RandomContrast, contrast_factor)
        self.random_saturation = one(RandomSaturation, saturation_factor)
        self.random_hue = one(RandomHue, hue_factor)

    def steps(self) -> dict[str, Augmentation]:
        names = ("random_brightness", "random_contrast", "random_saturation", "random_hue")
        found = {name: getattr(self, name) for name in names}
        return {name: layer for name, layer in found.items() if layer is not None}

    def output_axes(self, x: Any) -> Any:
        if isinstance(x, Axes):
            for layer in self.steps().values():
                layer.output_axes(x)
        return super().output_axes(x)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        return {name: layer.draw(shape, seed) for name, layer in self.steps().items()}

    def transform(self, images: Any, transformation: Any) -> Any:
        for name, layer in self.steps().items():
            images = ops.cast(layer.transform(images, transformation[name]), images.dtype)
        return images
