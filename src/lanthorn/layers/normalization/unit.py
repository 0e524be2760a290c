"""Unit normalization: numbers brought together to length 1."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.example import Example
from lanthorn.layers.normalization.axes import checked_axes, sample_axes
from lanthorn.layers.stateless import Stateless
from lanthorn.wiring import Normalize

SHORTEST = 1e-12
"""Lengths below this count as this, so that zeros stay zeros."""


class UnitNormalization(Stateless):
    """`y = x / √(Σ x²)`, the sum over `axis`: afterwards Σ y² is 1.

    Axes: unchanged.
    Raises: ShapeError for an axis that the input does not have.
    Source: keras 3.15 `layers/normalization/unit_normalization.py`.
    Example:
        >>> UnitNormalization()([[3.0, 4.0]])
        Array([[0.6, 0.8]], dtype=float32)
    """

    supports_masking = True
    examples = (
        Example({}, (3, 4)),
        Example({"axis": [1, 2]}, (2, 3)),
        Example({"axis": 1}, (3, 2)),
    )

    def __init__(self, axis: int | list[int] | tuple[int, ...] = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = checked_axes(self, axis)

    def output_axes(self, x: Axes) -> Axes:
        sample_axes(self, self.axis, x)
        return x

    def call(self, inputs: Any) -> Any:
        return ops.normalize(inputs, axis=self.axis, order=2, epsilon=SHORTEST)

    def wiring(self, x: Axes) -> Normalize:
        return Normalize("unit", sample_axes(self, self.axis, x), SHORTEST)
