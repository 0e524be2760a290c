"""Merging number by number: sums, products, means, the largest and the smallest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.example import Example
from lanthorn.layers.merging.base import Merge

MERGE_EXAMPLES = (
    Example({}, [(3, 2), (3, 2)]),
    Example({}, [(4,), (4,), (4,)]),
    Example({}, [(2, 3), (1, 3)]),
)


class Add(Merge):
    """`y[o] = x1[o] + x2[o] + …`.

    Axes: those of the inputs, which agree.
    Raises: ShapeError naming both shapes when they do not.
    Source: keras 3.15 `layers/merging/add.py`.
    Example:
        >>> Add().compute_output_shape([(None, 8), (None, 8)])
        (None, 8)
    """

    function = "add"
    examples = MERGE_EXAMPLES

    def merge(self, inputs: list[Any], masks: list[Any]) -> Any:
        return reduce(lambda a, b: a + b, inputs)


class Subtract(Merge):
    """`y[o] = x1[o] - x2[o]`.

    Axes: those of the two inputs, which agree.
    Raises: ShapeError naming both shapes when they do not; ValueError unless there are two.
    Source: keras 3.15 `layers/merging/subtract.py`.
    Example:
        >>> Subtract().compute_output_shape([(None, 8), (None, 8)])
        (None, 8)
    """

    function = "subtract"
    examples = (
        Example({}, [(3, 2), (3, 2)]),
        Example({}, [(2, 3), (1, 3)]),
        Example({}, [(1,), (4,)]),
    )

    def output_axes(self, x: Sequence[Axes]) -> Axes:
        merged = super().output_axes(x)
        self.require(len(x) == 2, x, "two inputs", "The second is taken from the first.")
        return merged

    def merge(self, inputs: list[Any], masks: list[Any]) -> Any:
        return inputs[0] - inputs[1]


class Multiply(Merge):
    """`y[o] = x1[o] · x2[o] · …`.

    Where an input is masked it counts as 1; where all of them are, the output is 0.
    Axes: those of the inputs, which agree.
    Raises: ShapeError naming both shapes when they do not.
    Source: keras 3.15 `layers/merging/multiply.py`.
    Example:
        >>> Multiply().compute_output_shape([(None, 8), (None, 8)])
        (None, 8)
    """

    function = "multiply"
    examples = MERGE_EXAMPLES

    def merge(self, inputs: list[Any], masks: list[Any]) -> Any:
        pairs = zip(inputs, masks, strict=True)
        factors = [x if mask is None else ops.where(mask, x, ops.ones_like(x)) for x, mask in pairs]
        product = reduce(lambda a, b: a * b, factors)
        if any(mask is None for mask in masks):
            return product
        return ops.where(reduce(ops.logical_or, masks), product, ops.zeros_like(product))


class Average(Merge):
    """`y[o] = (x1[o] + x2[o] + …) / n`.

    Axes: those of the inputs, which agree.
    Raises: ShapeError naming both shapes when they do not.
    Source: keras 3.15 `layers/merging/average.py`.
    Example:
        >>> Average().compute_output_shape([(None, 8), (None, 8)])
        (None, 8)
    """

    function = "average"
    examples = MERGE_EXAMPLES

    def merge(self, inputs: list[Any], masks: list[Any]) -> Any:
        return reduce(lambda a, b: a + b, inputs) / len(inputs)


def chosen(inputs: list[Any], masks: list[Any], choose: Callable[[Any, Any], Any]) -> Any:
    """The largest (or smallest) of what is not masked, input after input."""
    best, counts = inputs[0], masks[0]
    for x, mask in zip(inputs[1:], masks[1:], strict=True):
        if mask is not None:
            x = ops.where(mask, x, best)
        if counts is not None:
            best = ops.where(counts, best, x)
        has_both = counts is not None and mask is not None
        counts = ops.logical_or(counts, mask) if has_both else None
        best = choose(best, x)
    return best


class Maximum(Merge):
    """`y[o] = max(x1[o], x2[o], …)`; an input that is masked there has no say.

    Axes: those of the inputs, which agree.
    Raises: ShapeError naming both shapes when they do not.
    Source: keras 3.15 `layers/merging/maximum.py`.
    Example:
        >>> Maximum().compute_output_shape([(None, 8), (None, 8)])
        (None, 8)
    """

    function = "maximum"
    examples = MERGE_EXAMPLES

    def merge(self, inputs: list[Any], masks: list[Any]) -> Any:
        return chosen(inputs, masks, ops.maximum)


class Minimum(Merge):
    """`y[o] = min(x1[o], x2[o], …)`; an input that is masked there has no say.

    Axes: those of the inputs, which agree.
    Raises: ShapeError naming both shapes when they do not.
    Source: keras 3.15 `layers/merging/minimum.py`.
    Example:
        >>> Minimum().compute_output_shape([(None, 8), (None, 8)])
        (None, 8)
    """

    function = "minimum"
    examples = MERGE_EXAMPLES

    def merge(self, inputs: list[Any], masks: list[Any]) -> Any:
        return chosen(inputs, masks, ops.minimum)
