"""Pictures changed at random while training."""

from __future__ import annotations

from typing import Any

from lanthorn import random
from lanthorn.axes import Axes
from lanthorn.layers.augmentation.pictures import Pictures
from lanthorn.wiring import Elementwise, Wiring


class Augmentation(Pictures):
    """Pictures changed at random while training, and handed on unchanged otherwise.

    Called by itself, without a word about `training`, such a layer trains, as in Keras.
    seed: a whole number; the same one draws the same changes, and the ones Keras on JAX draws.
    """

    def __init__(self, *, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed = seed
        self.generator = random.SeedGenerator(seed)

    def works(self, training: bool) -> bool:
        return bool(training)

    def is_changed_by(self, transformation: Any, training: bool) -> bool:
        return self.works(training) and transformation is not None

    def wiring(self, x: Axes) -> Wiring:
        return Elementwise("linear", told="augmentation")


class Bending(Augmentation):
    """An augmentation that reads every place of the result at another place of the picture."""

    moves_places = True
    interpolation: str

    def move(self, images: Any, transformation: Any, interpolation: str) -> Any:
        raise NotImplementedError

    def transform(self, images: Any, transformation: Any) -> Any:
        return self.move(images, transformation, self.interpolation)

    def move_masks(self, masks: Any, transformation: Any) -> Any:
        return self.move(masks, transformation, "nearest")
