"""First values by chance. The spread keeps numbers from growing or dying layer after layer.

The numbers come from NumPy's generator and are not those that Keras would draw from the same
seed; the distribution is the same. The same initializer gives the same numbers every time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from lanthorn.initializers.base import Initializer, numpy_type

Axes = Sequence[int] | None


class RandomInitializer(Initializer):
    """seed: a whole number, a SeedGenerator (other numbers at every call), or None: one is drawn
    now from Python's `random`, so `random.seed` fixes it.
    """

    def __init__(self, seed: Any = None) -> None:
        from lanthorn.random.seeds import SeedGenerator, make_default_seed

        if isinstance(seed, dict):  # from a file
            seed = SeedGenerator.from_config(seed["config"])
        if seed is not None and not isinstance(seed, (int, SeedGenerator)):
            raise ValueError(f"seed must be a whole number or a SeedGenerator, not {seed!r}.")
        self._given_seed = seed
        self.seed = make_default_seed() if seed is None else seed

    def generator(self) -> Any:
        """A NumPy generator at its beginning."""
        import numpy as np

        if isinstance(self.seed, int):
            return np.random.default_rng(self.seed & 0xFFFFFFFFFFFFFFFF)
        return np.random.default_rng([int(part) for part in self.seed.next()])

    def get_config(self) -> dict[str, Any]:
        from lanthorn.engine.registry import to_config

        seed = self._given_seed
        return {"seed": to_config(seed) if hasattr(seed, "get_config") else seed}


class RandomNormal(RandomInitializer):
    """Normal numbers around `mean`."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.mean = mean
        self.stddev = stddev

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        drawn = normal(self.generator(), shape)
        return placed(drawn, self.stddev, self.mean, dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mean": self.mean, "stddev": self.stddev}


class TruncatedNormal(RandomNormal):
    """Normal numbers around `mean`, none further away than two `stddev`."""

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        drawn = truncated_normal(self.generator(), shape)
        return placed(drawn, self.stddev, self.mean, dtype)


class RandomUniform(RandomInitializer):
    """Numbers from `minval` to `maxval`, all alike likely."""

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.minval = minval
        self.maxval = maxval

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        drawn = self.generator().random(tuple(shape), "float32")
        return placed(drawn, self.maxval - self.minval, self.minval, dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "minval": self.minval, "maxval": self.maxval}


MODES = ("fan_in", "fan_out", "fan_avg")
DISTRIBUTIONS = ("truncated_normal", "untruncated_normal", "uniform")

TRUNCATED_SPREAD = 0.87962566103423978
"""The standard deviation of normal numbers of which those beyond two are thrown away."""


class VarianceScaling(RandomInitializer):
    """Numbers of variance scale / n, where n is how many numbers a unit adds up (`fan_in`), how
    many units a number reaches (`fan_out`), or the mean of both (`fan_avg`).

    input_axes, output_axes: which axes of the weight are inputs and outputs; both or neither.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: Any = None,
        input_axes: Axes = None,
        output_axes: Axes = None,
    ) -> None:
        if scale <= 0.0:
            raise ValueError(f"scale must be more than 0, not {scale}.")
        if mode not in MODES:
            raise ValueError(f"mode must be one of {MODES}, not {mode!r}.")
        distribution = distribution.lower()
        distribution = "truncated_normal" if distribution == "normal" else distribution
        if distribution not in DISTRIBUTIONS:
            raise ValueError(f"distribution must be one of {DISTRIBUTIONS}, not {distribution!r}.")
        super().__init__(seed)
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.input_axes = input_axes
        self.output_axes = output_axes

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        fan_in, fan_out = fans(shape, self.input_axes, self.output_axes)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        stddev = math.sqrt(self.scale / max(1.0, n))
        generator = self.generator()
        if self.distribution == "truncated_normal":
            return placed(truncated_normal(generator, shape), stddev / TRUNCATED_SPREAD, 0, dtype)
        if self.distribution == "untruncated_normal":
            return placed(normal(generator, shape), stddev, 0, dtype)
        limit = math.sqrt(3.0) * stddev
        return placed(generator.random(tuple(shape), "float32"), 2 * limit, -limit, dtype)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "input_axes": self.input_axes,
            "output_axes": self.output_axes,
        }


class NamedScaling(VarianceScaling):
    """A VarianceScaling with a name of its own: only the seed and the axes can be set."""

    SCALE = 1.0
    MODE = "fan_in"
    DISTRIBUTION = "truncated_normal"

    def __init__(self, seed: Any = None, input_axes: Axes = None, output_axes: Axes = None) -> None:
        super().__init__(self.SCALE, self.MODE, self.DISTRIBUTION, seed, input_axes, output_axes)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        return {name: config[name] for name in ("seed", "input_axes", "output_axes")}


class GlorotUniform(NamedScaling):
    """Between ±√(6 / (fan_in + fan_out)). Source: Glorot & Bengio 2010, equation 16."""

    MODE, DISTRIBUTION = "fan_avg", "uniform"


class GlorotNormal(NamedScaling):
    """Of standard deviation √(2 / (fan_in + fan_out)). Source: Glorot & Bengio 2010."""

    MODE = "fan_avg"


class HeUniform(NamedScaling):
    """Between ±√(6 / fan_in). Source: He et al. 2015, arXiv:1502.01852."""

    SCALE, DISTRIBUTION = 2.0, "uniform"


class HeNormal(NamedScaling):
    """Of standard deviation √(2 / fan_in). Source: He et al. 2015, arXiv:1502.01852."""

    SCALE = 2.0


class LecunUniform(NamedScaling):
    """Between ±√(3 / fan_in). Source: LeCun et al. 1998, Efficient BackProp, equation 16."""

    DISTRIBUTION = "uniform"


class LecunNormal(NamedScaling):
    """Of standard deviation √(1 / fan_in). Source: LeCun et al. 1998, Efficient BackProp."""


class Orthogonal(RandomInitializer):
    """A matrix whose rows (or columns, the fewer of both) are at right angles and `gain` long.

    A weight of more than two axes is one matrix: all axes but the last are its rows.
    Raises: ValueError when the shape has less than two axes.
    Source: Saxe et al. 2014, arXiv:1312.6120.
    """

    def __init__(self, gain: float = 1.0, seed: Any = None) -> None:
        super().__init__(seed)
        self.gain = gain

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        import numpy as np

        if len(shape) < 2:
            raise ValueError(f"Orthogonal needs two axes or more, and this shape is {shape}.")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        tall = (max(rows, columns), min(rows, columns))
        q, r = np.linalg.qr(normal(self.generator(), tall))
        q = q * np.sign(np.diag(r))  # without the signs some directions would be likelier
        q = q.T if rows < columns else q
        return placed(q.reshape(tuple(shape)), self.gain, 0, dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "gain": self.gain}


def fans(shape: Sequence[int], inputs: Axes = None, outputs: Axes = None) -> tuple[int, int]:
    """How many numbers one output adds up, and how many outputs one number reaches.

    Example:
        >>> fans((3, 3, 16, 32))
        (144, 288)
    """
    if inputs is not None and outputs is not None:
        return math.prod(shape[a] for a in inputs), math.prod(shape[a] for a in outputs)
    if len(shape) < 2:
        size = math.prod(shape)
        return size, size
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def normal(generator: Any, shape: Sequence[int]) -> Any:
    return generator.standard_normal(tuple(shape), "float32")


def truncated_normal(generator: Any, shape: Sequence[int]) -> Any:
    """Normal numbers; those beyond ±2 are drawn again until none is."""
    import numpy as np

    drawn = generator.standard_normal(math.prod(shape), "float32")
    outside = np.flatnonzero(np.abs(drawn) > 2)
    while outside.size:
        drawn[outside] = generator.standard_normal(outside.size, "float32")
        outside = outside[np.abs(drawn[outside]) > 2]
    return drawn.reshape(tuple(shape))


def placed(drawn: Any, scale: float, offset: float, dtype: Any) -> Any:
    """drawn · scale + offset, in the type that was asked for."""
    wanted = numpy_type(dtype)
    if (wanted.kind == "f" and wanted.itemsize < 4) or wanted.kind == "V":
        return (drawn * scale + offset).astype(wanted)  # short floats: rounded once, at the end
    drawn = drawn.astype(wanted, copy=False)
    drawn *= scale
    drawn += offset
    return drawn
