"""RandAugment and AugMix: a few of many changes, drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lanthorn import ops, random
from lanthorn.layers.augmentation.blurs import RandomSharpness
from lanthorn.layers.augmentation.colors import RandomColorDegeneration
from lanthorn.layers.augmentation.factors import checked_range, is_number, plain_number, span
from lanthorn.layers.augmentation.histograms import AutoContrast, Equalization
from lanthorn.layers.augmentation.levels import (
    RandomBrightness,
    RandomContrast,
    RandomPosterization,
    Solarization,
)
from lanthorn.layers.augmentation.matrices import (
    METHODS,
    RandomRotation,
    RandomShear,
    RandomTranslation,
)
from lanthorn.layers.augmentation.random_changes import Augmentation
from lanthorn.layers.checks import natural, one_of, positive
from lanthorn.layers.example import Example
from lanthorn.random.seeds import Keys


class Policy(Augmentation):
    """What layers share that choose among the changes of others.

    `changes` names them in the order they are counted in; each is an attribute of this layer.
    """

    moves_places = True
    changes: tuple[str, ...]
    value_range: tuple[float, float]
    factor: tuple[float, float]
    interpolation: str

    def make_changes(self) -> None:
        factor, values = self.factor, {"value_range": self.value_range}
        bends = {"interpolation": self.interpolation}
        makers: dict[str, Callable[..., Any]] = {
            "random_shear": lambda **k: RandomShear(factor, factor, **bends, **k),
            "random_translation": lambda **k: RandomTranslation(factor, factor, **bends, **k),
            "random_rotation": lambda **k: RandomRotation(factor, **bends, **k),
            "random_brightness": lambda **k: RandomBrightness(factor, **values, **k),
            "random_color_degeneration": lambda **k: RandomColorDegeneration(factor, **values, **k),
            "random_contrast": lambda **k: RandomContrast(factor, **values, **k),
            "random_sharpness": lambda **k: RandomSharpness(factor, **values, **k),
            "solarization": lambda **k: Solarization(factor, factor, **values, **k),
            "random_posterization": lambda **k: RandomPosterization(
                max(1, int(8 * factor[1])), **values, **k
            ),
        }
        for name, make in makers.items():
            if name in self.changes:
                setattr(self, name, make(seed=self.seed, dtype=self.dtype_policy))
        for name, cls in (("auto_contrast", AutoContrast), ("equalization", Equalization)):
            setattr(self, name, cls(**values, dtype=self.dtype_policy))


class RandAugment(Policy):
    """While training, does `num_ops` of eleven changes to a batch, drawn one after another.

    The changes: RandomShear, RandomTranslation, RandomRotation, RandomBrightness,
    RandomColorDegeneration, RandomContrast, RandomSharpness, RandomPosterization, Solarization,
    AutoContrast, Equalization.
    factor: how strong each of them may be, from 0 to 1.
    Axes: unchanged.
    Source: Cubuk et al. 2019, arXiv:1909.13719; keras 3.15 `rand_augment.py`.
    Example:
        >>> RandAugment().compute_output_shape((None, 28, 28, 3))
        (None, 28, 28, 3)
    """

    changes = (
        "random_shear", "random_translation", "random_rotation", "random_brightness",
        "random_color_degeneration", "random_contrast", "random_sharpness", "random_posterization",
        "solarization", "auto_contrast", "equalization",
    )  # fmt: skip
    examples = (
        Example({"seed": 1}, (3, 4, 3)),
        Example({"num_ops": 1, "factor": 0.3, "value_range": (0, 1), "seed": 2}, (3, 3, 1)),
    )

    def __init__(
        self,
        value_range: Any = (0, 255),
        num_ops: int = 2,
        factor: Any = 0.5,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.value_range = checked_range(self, value_range)
        self.num_ops = natural(self, "num_ops", num_ops)
        self.factor = span(self, "factor", factor, 0, 1)
        self.interpolation = one_of(self, "interpolation", interpolation, METHODS)
        self.make_changes()

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        chosen = random.randint((self.num_ops,), 0, len(self.changes), seed=seed)
        numbers = {name: getattr(self, name).draw(shape, seed) for name in self.changes}
        return {"transforms": numbers, "layer_idxes": chosen}

    def done(self, x: Any, transformation: Any, change: Callable[[Any, Any, Any], Any]) -> Any:
        """`x` after the chosen changes; `change(layer, x, numbers)` is what each does to it."""
        chosen, numbers = transformation["layer_idxes"], transformation["transforms"]
        steps = [
            lambda x, name=name: ops.cast(change(getattr(self, name), x, numbers[name]), x.dtype)
            for name in self.changes
        ]
        for i in range(self.num_ops):
            x = ops.switch(chosen[i], steps, x)
        return x

    def transform(self, images: Any, transformation: Any) -> Any:
        return self.done(images, transformation, lambda layer, x, own: layer.transform(x, own))

    def move_masks(self, masks: Any, transformation: Any) -> Any:
        return self.done(masks, transformation, lambda layer, x, own: layer.move_masks(x, own))

    def move_corners(self, corners: Any, transformation: Any, size: tuple[int, int]) -> Any:
        def change(layer: Any, x: Any, own: Any) -> Any:
            return layer.move_corners(x, own, size) if layer.moves_places else x

        return self.done(corners, transformation, change)


class AugMix(Policy):
    """While training, mixes each picture with several that went through chains of changes.

    `y = share · x + (1 - share) · Σ over chains of weight · chained x`, the share drawn from
    Beta(alpha, alpha) and the weights from Dirichlet(alpha). In each of `num_chains` chains as many
    as `chain_depth` changes are done, the same to a whole batch.
    factor: how strong each of them may be, from 0 to 1.
    all_ops: also those of light and colour.
    Axes: unchanged. Boxes stay where they are.
    Source: Hendrycks et al. 2020, arXiv:1912.02781; keras 3.15 `aug_mix.py`, where Python's own
        generator chooses the changes, once for a compiled step; here `seed` does, anew each time.
    Example:
        >>> AugMix().compute_output_shape((None, 28, 28, 3))
        (None, 28, 28, 3)
    """

    examples = (
        Example({"seed": 1}, (3, 4, 3)),
        Example({"num_chains": 2, "chain_depth": 1, "all_ops": False, "value_range": (0, 1),
                 "seed": 2}, (3, 3, 1)),
    )  # fmt: skip
    geometry = (
        "random_shear", "random_translation", "random_rotation", "random_posterization",
        "solarization", "auto_contrast", "equalization",
    )  # fmt: skip
    light = (
        "random_brightness", "random_color_degeneration", "random_contrast", "random_sharpness",
    )  # fmt: skip

    def __init__(
        self,
        value_range: Any = (0, 255),
        num_chains: int = 3,
        chain_depth: int = 3,
        factor: Any = 0.3,
        alpha: float = 1.0,
        all_ops: bool = True,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.value_range = checked_range(self, value_range)
        self.num_chains = positive(self, "num_chains", num_chains)
        self.chain_depth = positive(self, "chain_depth", chain_depth)
        self.factor = span(self, "factor", factor, 0, 1)
        if not is_number(alpha) or alpha <= 0:
            raise ValueError(f"AugMix: alpha is a number above 0, not {alpha!r}.")
        self.alpha = plain_number(alpha)
        self.all_ops = all_ops
        self.interpolation = one_of(self, "interpolation", interpolation, METHODS)
        self.changes = self.geometry + (self.light if all_ops else ())
        self.make_changes()

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        parts = random.gamma((self.num_chains,), self.alpha, seed=seed)
        share = random.beta((), self.alpha, self.alpha, seed=seed)
        steps = (self.num_chains, self.chain_depth)
        chosen = random.randint(steps, 0, len(self.changes) + 1, seed=seed)
        keys = random.randint((*steps, MOST_DRAWS, 2), 0, 2**31 - 1, "uint32", seed)
        weights = parts / ops.sum(parts)
        return {
            "weight_sample": share, "chain_mixing_weights": weights,
            "changes": chosen, "keys": keys,
        }  # fmt: skip

    def mixed(self, x: Any, transformation: Any, change: Callable[[Any, Any, Any], Any]) -> Any:
        share, weights, chosen, keys = (
            transformation[name]
            for name in ("weight_sample", "chain_mixing_weights", "changes", "keys")
        )
        shape = x.shape

        def step(x: Any, numbers: Any) -> Any:
            which, own = numbers
            branches = [lambda x: x]
            for layer in (getattr(self, name) for name in self.changes):
                branches.append(
                    lambda x, layer=layer: ops.cast(
                        change(layer, x, layer.draw(shape, Keys(own))), x.dtype
                    )
                )
            return ops.switch(which, branches, x)

        def chain(total: Any, numbers: Any) -> Any:
            weight, which, own = numbers
            return total + ops.cast(weight, x.dtype) * folded(step, x, (which, own))

        total = folded(chain, ops.zeros_like(x), (weights, chosen, keys))
        share = ops.cast(share, x.dtype)
        return share * x + (1 - share) * total

    def transform(self, images: Any, transformation: Any) -> Any:
        found = self.mixed(images, transformation, lambda layer, x, own: layer.transform(x, own))
        return ops.clip(found, *self.value_range)

    def move_masks(self, masks: Any, transformation: Any) -> Any:
        masks = ops.cast(masks, self.compute_dtype)
        return self.mixed(masks, transformation, lambda layer, x, own: layer.move_masks(x, own))

    def move_corners(self, corners: Any, transformation: Any, size: tuple[int, int]) -> Any:
        return corners


MOST_DRAWS = 3
"""How often one of the changes draws: RandomShear three times."""


def folded(step: Callable[[Any, Any], Any], x: Any, numbers: tuple[Any, ...]) -> Any:
    """`step` over and over, with the numbers of one row after another.

    Compiled it is a loop, so that the changes are compiled once and not for every step.
    """
    from lanthorn.ops.core import is_known

    if not is_known(numbers[0]):
        return ops.scan(lambda x, row: (step(x, row), None), x, numbers)[0]
    for i in range(numbers[0].shape[0]):
        x = step(x, tuple(part[i] for part in numbers))
    return x
