"""RandomElasticTransform: pictures as if printed on rubber."""

from __future__ import annotations

from typing import Any

from lanthorn import ops, random
from lanthorn.layers.augmentation.factors import checked_range, span
from lanthorn.layers.augmentation.matrices import METHODS
from lanthorn.layers.augmentation.pictures import LAST
from lanthorn.layers.augmentation.random_changes import Bending
from lanthorn.layers.checks import one_of
from lanthorn.layers.example import Example


class RandomElasticTransform(Bending):
    """While training, moves every place of some pictures a little, neighbours much alike.

    factor: how likely a picture is changed, drawn from this span for each.
    scale: how much, drawn from this span for the whole batch: places move by about a tenth of the
        picture, and what lies within a twentieth moves alike.
    fill_mode: what lies past the edge, as for RandomRotation; "mirror" is c b | a b c d | c b.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_elastic_transform.py`.
    Example:
        >>> RandomElasticTransform().compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"seed": 1}, (6, 5, 2)),
        Example({"factor": (1.0, 1.0), "scale": (0.5, 1.0), "interpolation": "nearest",
                 "fill_mode": "constant", "value_range": (0, 1), "seed": 2}, (4, 3, 1)),
    )  # fmt: skip

    def __init__(
        self,
        factor: Any = 1.0,
        scale: Any = 1.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        known = ("constant", "nearest", "wrap", "mirror", "reflect")
        self.factor = span(self, "factor", factor, 0, 1)
        self.scale = span(self, "scale", scale, 0, 1)
        self.interpolation = one_of(self, "interpolation", interpolation, METHODS)
        self.fill_mode = one_of(self, "fill_mode", fill_mode, known)
        self.fill_value = fill_value
        self.value_range = checked_range(self, value_range)

    def works(self, training: bool) -> bool:
        return super().works(training) and self.scale[1] != 0 and self.factor[1] != 0

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        chance = random.uniform(shape[:1], *self.factor, seed=seed)
        is_moved = random.uniform(shape[:1], seed=seed) < chance
        scale = random.uniform((), *self.scale, self.compute_dtype, seed)
        key = ops.convert_to_tensor(seed.next()) if hasattr(seed, "next") else seed
        return {"apply_transform": is_moved, "distortion_factor": scale, "seed": key}

    def move(self, images: Any, transformation: Any, interpolation: str) -> Any:
        scale = ops.cast(transformation["distortion_factor"], images.dtype)
        height, width = images.shape[1:3]
        moved = ops.image.elastic_transform(
            images, max(height, width) * 0.1 * scale, min(height, width) * 0.05 * scale,
            interpolation, self.fill_mode, self.fill_value,
            transformation["seed"], LAST,
        )  # fmt: skip
        is_moved = ops.reshape(transformation["apply_transform"], (-1, 1, 1, 1))
        return ops.where(is_moved, moved, images)

    def transform(self, images: Any, transformation: Any) -> Any:
        return ops.clip(super().transform(images, transformation), *self.value_range)
