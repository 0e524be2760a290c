"""Dropout: while training, numbers are switched off at random."""

from __future__ import annotations

from typing import Any

from lanthorn import random
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.wiring import Elementwise


class Dropout(Layer):
    """`y = x / (1 - rate)` for each number kept, 0 for the others; `y = x` outside training.

    Each number is dropped with probability `rate` (a fraction, 0 to 1), anew at every step.
    Axes: unchanged.
    Source: Srivastava et al. 2014, JMLR 15; keras 3.15 `layers/regularization/dropout.py`.
    Example:
        >>> Dropout(0.5).compute_output_shape((None, 8))
        (None, 8)
    """

    supports_masking = True
    examples = (Example({"rate": 0.5, "seed": 1}, (3, 4)), Example({"rate": 0.0}, (5,)))

    def __init__(
        self,
        rate: float,
        noise_shape: tuple[int | None, ...] | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if isinstance(rate, bool) or not 0 <= rate <= 1:
            raise ValueError(f"Dropout: rate is a fraction from 0 to 1, not {rate!r}.")
        self.rate = rate
        self.seed = seed
        self.noise_shape = noise_shape
        if rate > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def output_axes(self, x: Axes) -> Axes:
        return x

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or self.rate == 0:
            return inputs
        shape = self.noise_shape
        if shape is not None:
            shape = tuple(
                size if wanted is None else wanted
                for size, wanted in zip(inputs.shape, shape, strict=True)
            )
        return random.dropout(inputs, self.rate, noise_shape=shape, seed=self.seed_generator)

    def wiring(self, x: Axes) -> Elementwise:
        return Elementwise("linear", (("rate", self.rate),), told="dropout")
