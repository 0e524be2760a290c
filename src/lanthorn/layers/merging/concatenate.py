"""Concatenate: inputs laid one behind the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes, Axis
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import WrongKindError, is_whole
from lanthorn.layers.example import Example
from lanthorn.layers.merging.base import each_mask, several, spread
from lanthorn.wiring import Rearrange


class Concatenate(Layer):
    """Lays the inputs one behind the other along `axis`; computes nothing.

    Axes: those of the inputs, which agree but for `axis`, whose sizes add up.
    Raises: ShapeError naming both shapes when they do not.
    Source: keras 3.15 `layers/merging/concatenate.py`.
    Example:
        >>> Concatenate().compute_output_shape([(None, 8), (None, 4)])
        (None, 12)
    """

    supports_masking = True
    examples = (
        Example({}, [(3, 2), (3, 4)]),
        Example({"axis": 1}, [(1, 2), (3, 2), (2, 2)]),
    )

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not is_whole(axis):
            raise WrongKindError(f"Concatenate: axis is a whole number, not {axis!r}.")
        self.axis = axis

    def output_axes(self, x: Sequence[Axes]) -> Axes:
        several(self, x)
        first = x[0]
        fits = all(len(axes) == len(first) for axes in x) and -len(first) <= self.axis < len(first)
        self.require(fits, x, f"inputs with the same number of axes, among them axis {self.axis}")
        axis = self.axis % len(first)
        for other in x[1:]:
            for index, (a, b) in enumerate(zip(first, other, strict=True)):
                self.require(
                    index == axis or a == b or None in (a, b), (first, other),
                    f"inputs that agree on every axis but {first.names[axis]}",
                    f"{first.names[index]}: {a} here, {b} there.",
                )  # fmt: skip
        sizes = [axes[axis] for axes in x]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        return first.replace(axis, Axis(first.names[axis], total))

    def call(self, inputs: Any) -> Any:
        several(self, inputs)
        return ops.concatenate(inputs, axis=self.axis)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The masks one behind the other; an input without one counts everywhere."""
        masks = each_mask(self, inputs, mask)
        if all(mask is None for mask in masks):
            return None
        whole = [
            ops.ones_like(tensor, dtype="bool") if mask is None else spread(mask, tensor)
            for tensor, mask in zip(inputs, masks, strict=True)
        ]
        return ops.any(ops.concatenate(whole, axis=self.axis), axis=-1)

    def wiring(self, x: Any) -> Rearrange:
        return Rearrange("concatenate", axis=self.axis % len(x[0]) - 1)
