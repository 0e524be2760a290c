"""Merging: several inputs become one, number by number or one behind the other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.axes import Axes, Axis
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.wiring import Combine, Rearrange
from lanthorn.words.shapes import axes_text


class Merge(Layer):
    """What all merging number by number shares. Axes of size 1 are read again and again."""

    supports_masking = True
    function: ClassVar[str]

    def output_axes(self, x: Sequence[Axes]) -> Axes:
        several(self, x)
        return reduce(self._pair, x)

    def _pair(self, a: Axes, b: Axes) -> Axes:
        if len(a) < len(b):
            a, b = b, a
        gap = len(a) - len(b)
        merged = list(a.axes)
        # The batch meets the batch; the axes behind it are matched from the last.
        for index in range(1, len(b)):
            here, there = a.axes[index + gap], b.axes[index]
            fits = here.size == there.size or None in (here.size, there.size)
            self.require(
                fits or 1 in (here.size, there.size), (a, b), "inputs of the same shape",
                f"{here.name}: {here.size} here, {there.size} there.",
            )  # fmt: skip
            merged[index + gap] = there if here.size in (1, None) else here
        return Axes(merged)

    def call(self, inputs: Any) -> Any:
        rank = max(tensor.ndim for tensor in inputs)
        level = [
            tensor
            if tensor.ndim == rank
            else ops.expand_dims(tensor, tuple(range(1, 1 + rank - tensor.ndim)))
            for tensor in inputs
        ]
        return self.merge(level)

    def merge(self, inputs: list[Any]) -> Any:
        """The merged numbers of inputs of one rank."""
        raise NotImplementedError

    def wiring(self, x: Any) -> Combine:
        return Combine(self.function)


def several(layer: Layer, x: Any) -> None:
    """Refuse anything but a list of inputs."""
    if isinstance(x, Axes) or not x:
        given = axes_text(x) if isinstance(x, Axes) else "nothing"
        raise ValueError(
            f"{layer.name} ({type(layer).__name__}) merges a list of inputs, but was given "
            f"{given}. Write {type(layer).__name__}()([a, b])."
        )


MERGE_EXAMPLES = (
    Example({}, [(3, 2), (3, 2)]),
    Example({}, [(4,), (4,), (4,)]),
    Example({}, [(2, 3), (1, 3)]),
)


class Add(Merge):
    """`y[o] = x1[o] + x2[o] + …`.

    Axes: those of the inputs, which agree.
    Raises: ShapeError naming both shapes when they do not.
    Example:
        >>> Add().compute_output_shape([(None, 8), (None, 8)])
        (None, 8)
    """

    function = "add"
    examples = MERGE_EXAMPLES

    def merge(self, inputs: list[Any]) -> Any:
        return reduce(lambda a, b: a + b, inputs)


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
        return ops.concatenate(inputs, axis=self.axis)

    def wiring(self, x: Any) -> Rearrange:
        return Rearrange("concatenate", axis=self.axis % len(x[0]) - 1)
