"""Rectifiers: what is positive goes through, what is negative is bent."""

from __future__ import annotations

import warnings
from typing import Any

from lanthorn import activations, constraints, initializers, regularizers
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import number
from lanthorn.layers.example import Example
from lanthorn.layers.stateless import Stateless
from lanthorn.wiring import Elementwise


def not_negative(layer: Any, setting: str, value: Any) -> Any:
    """A setting of zero or more.

    Raises: ValueError for anything else.
    """
    wanted = "a number of zero or more"
    found = number(layer, setting, value, wanted)
    if not found >= 0:
        raise ValueError(f"{type(layer).__name__}: {setting} is {wanted}, not {value!r}.")
    return found


class ReLU(Stateless):
    """`y = x where x ≥ threshold (at most max_value), else negative_slope · (x - threshold)`.

    Axes: unchanged.
    Source: keras 3.15 `layers/activations/relu.py`.
    Example:
        >>> ReLU(max_value=6.0).compute_output_shape((None, 8))
        (None, 8)
    """

    supports_masking = True
    examples = (
        Example({}, (3, 4)),
        Example({"max_value": 1.0, "negative_slope": 0.1, "threshold": 0.2}, (5,)),
        Example({"max_value": 0.0, "negative_slope": 0.5}, (4,)),
    )

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.max_value = None if max_value is None else not_negative(self, "max_value", max_value)
        self.negative_slope = not_negative(self, "negative_slope", negative_slope)
        self.threshold = not_negative(self, "threshold", threshold)

    def output_axes(self, x: Axes) -> Axes:
        return x

    def call(self, inputs: Any) -> Any:
        return activations.relu(
            inputs,
            negative_slope=self.negative_slope,
            max_value=self.max_value,
            threshold=self.threshold,
        )

    def wiring(self, x: Axes) -> Elementwise:
        settings = {"negative_slope": self.negative_slope, "threshold": self.threshold}
        told = [(name, value) for name, value in settings.items() if value]
        if self.max_value is not None:
            told.append(("max_value", self.max_value))
        return Elementwise("relu", tuple(told))


class LeakyReLU(Stateless):
    """`y = x where x > 0, else negative_slope · x`.

    Axes: unchanged.
    Source: Maas et al. 2013; keras 3.15 `layers/activations/leaky_relu.py`.
    Example:
        >>> LeakyReLU(0.1).compute_output_shape((None, 8))
        (None, 8)
    """

    supports_masking = True
    examples = (Example({}, (3, 4)), Example({"negative_slope": 0.05}, (5,)))

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any) -> None:
        if "alpha" in kwargs:
            warnings.warn("LeakyReLU's alpha is called negative_slope now.", stacklevel=2)
            negative_slope = kwargs.pop("alpha")
        super().__init__(**kwargs)
        self.negative_slope = not_negative(self, "negative_slope", negative_slope)

    def output_axes(self, x: Axes) -> Axes:
        return x

    def call(self, inputs: Any) -> Any:
        return activations.leaky_relu(inputs, negative_slope=self.negative_slope)

    def wiring(self, x: Axes) -> Elementwise:
        return Elementwise("leaky_relu", (("negative_slope", self.negative_slope),))


class ELU(Stateless):
    """`y = x where x > 0, else alpha · (exp(x) - 1)`.

    Axes: unchanged.
    Source: Clevert et al. 2015, arXiv:1511.07289; keras 3.15 `layers/activations/elu.py`.
    Example:
        >>> ELU(0.5).compute_output_shape((None, 8))
        (None, 8)
    """

    supports_masking = True
    examples = (Example({}, (3, 4)), Example({"alpha": 0.25}, (2, 1, 3)))

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = number(self, "alpha", alpha)

    def output_axes(self, x: Axes) -> Axes:
        return x

    def call(self, inputs: Any) -> Any:
        return activations.elu(inputs, alpha=self.alpha)

    def wiring(self, x: Axes) -> Elementwise:
        return Elementwise("elu", (("alpha", self.alpha),))


class PReLU(Layer):
    """`y = x where x > 0, else alpha · x`, with an alpha learnt for each place of a sample.

    shared_axes: axes along which one alpha serves all places, counted from 1: `[1, 2]` gives each
        channel of a picture one alpha.
    Axes: unchanged.
    Raises: ShapeError for an axis that the input does not have, that has no size, or that has
        another size than it was built for.
    Source: He et al. 2015, arXiv:1502.01852; keras 3.15 `layers/activations/prelu.py`.
    Example:
        >>> layer = PReLU(shared_axes=[1, 2])
        >>> layer.build((None, 8, 8, 3))
        >>> layer.alpha.shape
        (1, 1, 3)
    """

    supports_masking = True
    examples = (
        Example({}, (3, 2)),
        Example({"shared_axes": [1, 2]}, (2, 3, 4)),
        Example({"shared_axes": [1], "alpha_initializer": "ones"}, (5,)),
    )

    def __init__(
        self,
        alpha_initializer: Any = "Zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        if shared_axes is not None:
            shared_axes = (
                list(shared_axes) if isinstance(shared_axes, list | tuple) else [shared_axes]
            )
            if any(not isinstance(axis, int) or axis < 1 for axis in shared_axes):
                raise ValueError(
                    "PReLU: shared_axes are counted from 1, because 0 is the batch; "
                    f"not {shared_axes!r}."
                )
        self.shared_axes = shared_axes

    def output_axes(self, x: Axes) -> Axes:
        shared = self.shared_axes or []
        self.require(all(axis < len(x) for axis in shared), x, f"an input that has axes {shared}")
        if self.built:
            sizes = tuple(self.alpha.shape)
            fits = len(sizes) == len(x) - 1 and all(
                axis in shared or size in (None, made_for)
                for axis, (size, made_for) in enumerate(zip(x[1:], sizes, strict=False), start=1)
            )
            self.require(fits, x, f"one sample of sizes {sizes}, 1 being any size")
        return x

    def build(self, x: Axes) -> None:
        x = Axes.of(x)
        self.output_axes(x)
        shared = self.shared_axes or []
        sizes = [1 if axis in shared else size for axis, size in enumerate(x)][1:]
        self.require(
            None not in sizes, x, "sizes for all axes but the batch and shared_axes",
            "It learns one alpha for each place.",
        )  # fmt: skip
        self.alpha = self.add_weight(
            sizes,
            self.alpha_initializer,
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
            name="alpha",
            axes=x.names[1:],
        )

    def call(self, inputs: Any) -> Any:
        alpha = self.compute(self.alpha)
        return activations.relu(inputs) - alpha * activations.relu(-inputs)

    def wiring(self, x: Axes) -> Elementwise:
        shared = self.shared_axes or []
        along = tuple(axis - 1 for axis in range(1, len(x)) if axis not in shared)
        return Elementwise("prelu", arguments=(self.alpha.spec,), along=along)
