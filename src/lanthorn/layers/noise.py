"""Noise: while training, numbers are shaken at random, so that no single one is relied on."""

from __future__ import annotations

import math
from typing import Any

from lanthorn import ops, random
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import number
from lanthorn.layers.dropout import noise_sizes, require_noise_fits
from lanthorn.layers.example import Example
from lanthorn.layers.stateless import Stateless
from lanthorn.wiring import Elementwise


class Noise(Stateless):
    """What all noise shares: nothing happens outside training."""

    supports_masking = True

    def output_axes(self, x: Axes) -> Axes:
        return x


def fraction(layer: Layer, setting: str, value: Any, includes_one: bool = False) -> float:
    """A setting from 0 to 1.

    Raises: ValueError for anything else; for 1 too, unless it is included.
    """
    wanted = f"a number from 0 to {'1' if includes_one else 'below 1'}"
    found = number(layer, setting, value, wanted)
    if not 0 <= found <= 1 or (found == 1 and not includes_one):
        raise ValueError(f"{type(layer).__name__}: {setting} is {wanted}, not {value!r}.")
    return found


class GaussianNoise(Noise):
    """`y = x + noise` while training, the noise normal with spread `stddev`; otherwise `y = x`.

    stddev: from 0 to 1, in the input's units.
    Axes: unchanged.
    Source: keras 3.15 `layers/regularization/gaussian_noise.py`, whose numbers are drawn.
    Example:
        >>> GaussianNoise(0.1).compute_output_shape((None, 8))
        (None, 8)
    """

    examples = (Example({"stddev": 0.5, "seed": 1}, (3, 4)), Example({"stddev": 0.0}, (5,)))

    def __init__(self, stddev: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stddev = fraction(self, "stddev", stddev, includes_one=True)
        self.seed = seed
        if stddev > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or self.stddev == 0:
            return inputs
        return inputs + random.normal(
            inputs.shape, stddev=self.stddev, dtype=self.compute_dtype, seed=self.seed_generator
        )

    def wiring(self, x: Axes) -> Elementwise:
        return Elementwise("linear", (("stddev", self.stddev),), told="noise")


class GaussianDropout(Noise):
    """`y = x · noise` while training, the noise normal around 1; otherwise `y = x`.

    rate: the spread of the noise is √(rate / (1 - rate)), as that of Dropout with this rate.
    Axes: unchanged.
    Source: Srivastava et al. 2014, JMLR 15, section 10; keras 3.15
        `layers/regularization/gaussian_dropout.py`, whose numbers are drawn.
    Example:
        >>> GaussianDropout(0.1).compute_output_shape((None, 8))
        (None, 8)
    """

    examples = (Example({"rate": 0.5, "seed": 1}, (3, 4)), Example({"rate": 0.0}, (5,)))

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = fraction(self, "rate", rate)
        self.seed = seed
        if rate > 0:
            self.seed_generator = random.SeedGenerator(seed)

    @property
    def spread(self) -> float:
        return math.sqrt(self.rate / (1.0 - self.rate))

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or self.rate == 0:
            return inputs
        return inputs * random.normal(
            inputs.shape, 1.0, self.spread, dtype=self.compute_dtype, seed=self.seed_generator
        )

    def wiring(self, x: Axes) -> Elementwise:
        return Elementwise("linear", (("stddev", self.spread),), told="factor_noise")


LOWEST = -1.7580993408473766
"""What selu tends to for very negative numbers: -1.0507 × 1.6733."""


class AlphaDropout(Noise):
    """`y = a · x + b`, x being -1.758 with probability `rate`; `y = x` outside training.

    -1.758 is where selu ends; a and b keep mean 0 and variance 1 as they were.
    noise_shape: where it says 1, all numbers along that axis share one fate; None is the input's
        own size.
    Axes: unchanged.
    Source: Klambauer et al. 2017, arXiv:1706.02515; keras 3.15
        `layers/regularization/alpha_dropout.py`, whose numbers are drawn.
    Example:
        >>> AlphaDropout(0.1).compute_output_shape((None, 8))
        (None, 8)
    """

    examples = (Example({"rate": 0.5, "seed": 1}, (3, 4)), Example({"rate": 0.0}, (5,)))

    def __init__(
        self,
        rate: float,
        noise_shape: tuple[int | None, ...] | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.rate = fraction(self, "rate", rate)
        self.noise_shape = noise_sizes(self, noise_shape)
        self.seed = seed
        if rate > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def output_axes(self, x: Axes) -> Axes:
        require_noise_fits(self, self.noise_shape, x)
        return x

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or self.rate == 0:
            return inputs
        wanted = self.noise_shape or (None,) * inputs.ndim
        pairs = zip(inputs.shape, wanted, strict=True)
        shape = tuple(own if size is None else size for own, size in pairs)
        is_kept = ops.cast(
            random.uniform(shape, seed=self.seed_generator) >= self.rate, inputs.dtype
        )
        factor = ((1 - self.rate) * (1 + self.rate * LOWEST**2)) ** -0.5
        shift = -factor * LOWEST * self.rate
        return factor * (inputs * is_kept + LOWEST * (1 - is_kept)) + shift

    def wiring(self, x: Axes) -> Elementwise:
        settings = (("rate", self.rate), ("lowest", round(LOWEST, 4)))
        return Elementwise("linear", settings, told="alpha_dropout")


class ActivityRegularization(Stateless):
    """`y = x`; the loss grows by `(l1 · Σ |x| + l2 · Σ x²) / samples`.

    Axes: unchanged.
    Source: keras 3.15 `layers/regularization/activity_regularization.py`.
    Example:
        >>> ActivityRegularization(l1=0.01).compute_output_shape((None, 8))
        (None, 8)
    """

    supports_masking = True
    examples = (Example({"l1": 0.5}, (3, 4)), Example({"l2": 0.25}, (5,)), Example({}, (2, 2)))

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        from lanthorn.regularizers import L1L2

        super().__init__(activity_regularizer=L1L2(l1=l1, l2=l2), **kwargs)
        self.l1 = l1
        self.l2 = l2

    def output_axes(self, x: Axes) -> Axes:
        return x

    def call(self, inputs: Any) -> Any:
        return inputs

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["activity_regularizer"]  # l1 and l2 say it
        return config

    def wiring(self, x: Axes) -> Elementwise:
        return Elementwise("linear", (("l1", self.l1), ("l2", self.l2)), told="activity")
