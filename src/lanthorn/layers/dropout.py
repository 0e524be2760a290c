"""Dropout: while training, numbers, or whole maps of them, are switched off at random."""

from __future__ import annotations

from typing import Any, ClassVar

from lanthorn import random
from lanthorn.axes import Axes, default_names
from lanthorn.engine.plain import object_config
from lanthorn.layers.checks import WrongKindError, number, positive
from lanthorn.layers.checks import data_format as checked_format
from lanthorn.layers.example import Example
from lanthorn.layers.stateless import Stateless
from lanthorn.wiring import Elementwise


def noise_sizes(layer: Any, value: Any) -> tuple[int | None, ...] | None:
    """`noise_shape` as a tuple: sizes, or None for the input's own.

    Raises: ValueError for anything else.
    """
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        raise WrongKindError(
            f"{type(layer).__name__}: noise_shape is a tuple of sizes, or of None for the input's "
            f"own, not {value!r}."
        )
    return tuple(size if size is None else positive(layer, "noise_shape", size) for size in value)


def require_noise_fits(layer: Any, shape: tuple[int | None, ...] | None, x: Axes) -> None:
    """Raise a ShapeError unless noise of these sizes can be laid over the input."""
    if shape is None:
        return
    pairs = zip(shape, x, strict=False)
    layer.require(
        len(shape) == len(x)
        and all(None in (size, own) or size in (1, own) for size, own in pairs),
        x,
        f"sizes that noise_shape {shape} can be laid over",
    )


class Dropout(Stateless):
    """`y = x / (1 - rate)` for each number kept, 0 for the others; `y = x` outside training.

    Each number is dropped with probability `rate` (a fraction, 0 to 1), anew at every step.
    noise_shape: where it says 1, all numbers along that axis share one fate; None is the input's
        own size.
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
        self.rate = number(self, "rate", rate, "a fraction from 0 to 1")
        if not 0 <= self.rate <= 1:
            raise ValueError(
                f"{type(self).__name__}: rate is a fraction from 0 to 1, not {rate!r}."
            )
        self.seed = seed
        self.noise_shape = noise_sizes(self, noise_shape)
        if rate > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def output_axes(self, x: Axes) -> Axes:
        require_noise_fits(self, self.noise_shape, x)
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


class SpatialDropout(Dropout):
    """What dropping whole channels shares: one fate for all places of a channel of a sample."""

    rank: ClassVar[int]

    def __init__(
        self,
        rate: float,
        seed: int | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(rate, seed=seed, name=name, dtype=dtype, **kwargs)
        self.data_format = "channels_last"

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) == self.rank, x, self._wanted())
        return x

    def _wanted(self) -> str:
        names = default_names(self.rank - 1)
        if self.data_format == "channels_first":
            names = (*names[-1:], *names[:-1])
        return f"({', '.join(('batch', *names))})"

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or self.rate == 0:
            return inputs
        channel = 1 if self.data_format == "channels_first" else inputs.ndim - 1
        shape = [size if i in (0, channel) else 1 for i, size in enumerate(inputs.shape)]
        return random.dropout(inputs, self.rate, noise_shape=shape, seed=self.seed_generator)

    def get_config(self) -> dict[str, Any]:
        policy = self.dtype_policy
        is_plain = policy.compute_dtype == policy.variable_dtype
        return {
            "rate": self.rate,
            "seed": self.seed,
            "name": self.name,
            "dtype": policy.name if is_plain else object_config(policy),
        }

    def wiring(self, x: Axes) -> Elementwise:
        channel = 0 if self.data_format == "channels_first" else len(x) - 2
        return Elementwise(
            "linear", (("rate", self.rate),), along=(channel,), told="spatial_dropout"
        )


class SpatialDropout1D(SpatialDropout):
    """`y = x / (1 - rate)` for each channel kept, 0 for the others; `y = x` outside training.

    Axes: (batch, steps, features), unchanged. All steps of a feature share one fate.
    Raises: ShapeError for another number of axes.
    Source: Tompson et al. 2014, arXiv:1411.4280; keras 3.15
        `layers/regularization/spatial_dropout.py`.
    Example:
        >>> SpatialDropout1D(0.5).compute_output_shape((None, 10, 8))
        (None, 10, 8)
    """

    rank = 3
    examples = (Example({"rate": 0.5, "seed": 1}, (3, 4)), Example({"rate": 0.0}, (2, 2)))

    def __init__(
        self, rate: float, seed: int | None = None, name: str | None = None, dtype: Any = None
    ) -> None:
        super().__init__(rate, seed=seed, name=name, dtype=dtype)


class SpatialDropoutND(SpatialDropout):
    """Spatial dropout of pictures, whose channels may be told to come first."""

    def __init__(
        self,
        rate: float,
        data_format: str | None = None,
        seed: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(rate, seed=seed, name=name, dtype=dtype)
        self.data_format = checked_format(self, data_format)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "data_format": self.data_format}


class SpatialDropout2D(SpatialDropoutND):
    """`y = x / (1 - rate)` for each channel kept, 0 for the others; `y = x` outside training.

    Axes: (batch, height, width, channels), unchanged; with data_format="channels_first"
        (batch, channels, height, width). All places of a channel share one fate.
    Raises: ShapeError for another number of axes.
    Source: Tompson et al. 2014, arXiv:1411.4280; keras 3.15
        `layers/regularization/spatial_dropout.py`.
    Example:
        >>> SpatialDropout2D(0.5).compute_output_shape((None, 8, 8, 3))
        (None, 8, 8, 3)
    """

    rank = 4
    examples = (
        Example({"rate": 0.5, "seed": 1}, (2, 3, 4)),
        Example({"rate": 0.2, "data_format": "channels_first"}, (3, 2, 2)),
    )


class SpatialDropout3D(SpatialDropoutND):
    """`y = x / (1 - rate)` for each channel kept, 0 for the others; `y = x` outside training.

    Axes: (batch, depth, height, width, channels), unchanged; with data_format="channels_first"
        (batch, channels, depth, height, width). All places of a channel share one fate.
    Raises: ShapeError for another number of axes.
    Source: Tompson et al. 2014, arXiv:1411.4280; keras 3.15
        `layers/regularization/spatial_dropout.py`.
    Example:
        >>> SpatialDropout3D(0.5).compute_output_shape((None, 4, 8, 8, 3))
        (None, 4, 8, 8, 3)
    """

    rank = 5
    examples = (
        Example({"rate": 0.5, "seed": 1}, (2, 1, 2, 3)),
        Example({"rate": 0.2, "data_format": "channels_first"}, (3, 2, 1, 2)),
    )
