"""Layers that hand their input on: as it is, or with empty steps marked."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.checks import number
from lanthorn.layers.example import Example
from lanthorn.layers.stateless import Stateless
from lanthorn.wiring import Elementwise, Masked


class Identity(Stateless):
    """`y = x`: a place for a layer that may come later.

    Axes: unchanged.
    Source: keras 3.15 `layers/core/identity.py`.
    Example:
        >>> Identity().compute_output_shape((None, 8))
        (None, 8)
    """

    supports_masking = True
    examples = (Example({}, (3, 4)), Example({}, (5,)))

    def output_axes(self, x: Any) -> Any:
        return x

    def call(self, inputs: Any) -> Any:
        return inputs

    def wiring(self, x: Axes) -> Elementwise:
        return Elementwise("linear")


class Masking(Stateless):
    """Marks steps whose numbers are all `mask_value` as empty, and makes them 0.

    Later layers that know masks leave the empty steps out, and so does the loss.
    Axes: (batch, …, features), unchanged; the mask has the same axes but the last.
    Raises: ValueError when mask_value is no number.
    Source: keras 3.15 `layers/core/masking.py`.
    Example:
        >>> Masking(-1.0)([[[-1.0, -1.0], [-1.0, 2.0]]])
        Array([[[ 0.,  0.],
                [-1.,  2.]]], dtype=float32)
    """

    supports_masking = True
    examples = (Example({}, (3, 2)), Example({"mask_value": 0}, (2, 2, 1)))

    def __init__(self, mask_value: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mask_value = number(self, "mask_value", mask_value)

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) >= 2, x, "(batch, …, features)")
        return x

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return ops.any(ops.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs: Any) -> Any:
        is_full = ops.any(ops.not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        return ops.where(is_full, inputs, 0)

    def wiring(self, x: Axes) -> Masked:
        return Masked(self.mask_value)
