"""MixUp and CutMix: pictures mixed with others of their batch, and their labels alike."""

from __future__ import annotations

from typing import Any

from lanthorn import ops, random
from lanthorn.layers.augmentation.erasing import patch, stretch
from lanthorn.layers.augmentation.factors import is_number, plain_number, span
from lanthorn.layers.augmentation.random_changes import Augmentation
from lanthorn.layers.example import Example


class Mixture(Augmentation):
    """What layers that mix each picture with another share."""

    def mix_labels(self, labels: Any, transformation: Any) -> Any:
        """`share · label + (1 - share) · the other's label`."""
        is_float = ops.dtype(labels).startswith(("float", "bfloat"))
        if labels.ndim == 1 and not is_float:
            raise ValueError(
                f"{self.name} ({type(self).__name__}) mixes labels, and class numbers cannot be "
                "mixed: give one_hot labels (batch, classes)."
            )
        return mixed(labels, transformation)


def mixed(x: Any, transformation: Any) -> Any:
    """`share · x + (1 - share) · the other's x`."""
    share = ops.reshape(transformation["mix_weight"], (-1,) + (1,) * (x.ndim - 1))
    if ops.dtype(x).startswith(("float", "bfloat")):
        share = ops.cast(share, x.dtype)
    other = ops.take(x, transformation["permutation_order"], axis=0)
    return share * x + (1.0 - share) * other


class MixUp(Mixture):
    """While training, `y = share · x + (1 - share) · another picture of the batch`; labels too.

    alpha: the share is drawn from Beta(alpha, alpha): small values mix little.
    Axes: unchanged. Labels are (batch, classes); boxes of both pictures are kept.
    Raises: ValueError for class numbers as labels.
    Source: Zhang et al. 2018, arXiv:1710.09412, equation 1; keras 3.15 `mix_up.py`.
    Example:
        >>> MixUp(0.2).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    moves_places = True
    examples = (Example({"seed": 1}, (3, 4, 2)), Example({"alpha": 0.7, "seed": 2}, (2, 3, 1)))

    def __init__(
        self,
        alpha: float = 0.2,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        if not is_number(alpha) or alpha <= 0:
            raise ValueError(f"MixUp: alpha is a number above 0, not {alpha!r}.")
        self.alpha = plain_number(alpha)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        partner = random.shuffle(ops.arange(shape[0]), seed=seed)
        share = random.beta(shape[:1], self.alpha, self.alpha, seed=seed)
        return {"mix_weight": share, "permutation_order": partner}

    def transform(self, images: Any, transformation: Any) -> Any:
        return mixed(images, transformation)

    def move_masks(self, masks: Any, transformation: Any) -> Any:
        return mixed(masks, transformation)

    def move_boxes(self, found: Any, labels: Any, transformation: Any) -> Any:
        partner = transformation["permutation_order"]
        return tuple(
            ops.concatenate([part, ops.take(part, partner, axis=0)], axis=1)
            for part in (found, labels)
        )


class CutMix(Mixture):
    """While training, a patch of each picture shows another picture of the batch.

    factor: how large patches are: their share of the picture is 1 - Beta(f, f) for an f of this
        span. Labels are mixed by the share of the picture that is left.
    Axes: unchanged. Labels are (batch, classes). One picture alone stays as it is.
    Raises: ValueError for class numbers as labels, and for bounding boxes.
    Source: Yun et al. 2019, arXiv:1905.04899, equation 1; keras 3.15 `cut_mix.py`.
    Example:
        >>> CutMix().compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    moves_places = True
    examples = (
        Example({"seed": 1}, (3, 4, 2)),
        Example({"factor": (0.5, 0.9), "seed": 2, "data_format": "channels_first"}, (2, 3, 4)),
    )

    def __init__(
        self,
        factor: Any = 1.0,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = span(self, "factor", factor, 0, 1)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        count, height, width, _ = shape
        dtype = self.compute_dtype
        alpha = random.uniform((), *self.factor, dtype, seed) + 1e-6
        side = ops.sqrt(1.0 - random.beta((count,), alpha, alpha, dtype, seed))
        across, down = stretch(width, side, seed), stretch(height, side, seed)
        cut = (across[1] - across[0]) * (down[1] - down[0])
        partner = random.shuffle(ops.arange(count), seed=seed)
        return {
            "permutation_order": partner,
            "batch_masks": patch(shape, across, down),
            "mix_weight": ops.reshape(1.0 - cut / (width * height), (-1, 1, 1, 1)),
        }

    def transform(self, images: Any, transformation: Any) -> Any:
        other = ops.take(images, transformation["permutation_order"], axis=0)
        return ops.where(transformation["batch_masks"], other, images)

    def move_masks(self, masks: Any, transformation: Any) -> Any:
        return self.transform(masks, transformation)
