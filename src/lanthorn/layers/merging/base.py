"""What all merging shares: a list of inputs that fit, and what becomes of their masks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.wiring import Combine
from lanthorn.words.shapes import axes_text


class Merge(Layer):
    """What all merging number by number shares. Axes of size 1 are read again and again."""

    supports_masking = True
    function: ClassVar[str]

    def output_axes(self, x: Sequence[Axes]) -> Axes:
        several(self, x)
        self.require(all(len(axes) > 0 for axes in x), x, "inputs of at least (batch)")
        sizes = {axes[0] for axes in x} - {None}
        self.require(len(sizes) < 2, x, "inputs with the same number of samples")
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
            is_open = here.size is None and there.size != 1
            merged[index + gap] = there if here.size == 1 or is_open else here
        return Axes(merged)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        several(self, inputs)
        rank = max(tensor.ndim for tensor in inputs)
        level = [
            tensor
            if tensor.ndim == rank
            else ops.expand_dims(tensor, tuple(range(1, 1 + rank - tensor.ndim)))
            for tensor in inputs
        ]
        masks = [None] * len(level) if mask is None else list(mask)
        pairs = zip(level, masks, strict=True)
        return self.merge(level, [spread(each, tensor) for tensor, each in pairs])

    def merge(self, inputs: list[Any], masks: list[Any]) -> Any:
        """The merged numbers of inputs of one rank.

        masks: which numbers of each input count, in its shape; None where all do.
        """
        raise NotImplementedError

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """What counts in any of the inputs counts; where one has no mask, everything does."""
        masks = each_mask(self, inputs, mask)
        if any(mask is None for mask in masks):
            return None
        return reduce(ops.logical_or, masks)

    def wiring(self, x: Any) -> Combine:
        return Combine(self.function)


def several(layer: Layer, x: Any) -> None:
    """Refuse anything but a list of inputs."""
    if isinstance(x, Axes) or not isinstance(x, list | tuple) or not x:
        given = axes_text(x) if isinstance(x, Axes) else "nothing"
        raise ValueError(
            f"{layer.name} ({type(layer).__name__}) merges a list of inputs, but was given "
            f"{given}. Write {type(layer).__name__}()([a, b])."
        )


def each_mask(layer: Layer, inputs: Any, masks: Any) -> list[Any]:
    """A mask, or None, for each input.

    Raises: ValueError unless there is one for each.
    """
    if masks is None:
        return [None] * len(inputs)
    if not isinstance(inputs, list | tuple):
        raise ValueError(
            f"{layer.name} ({type(layer).__name__}) merges a list of inputs; their masks are asked "
            "for with the same list."
        )
    if not isinstance(masks, list | tuple) or len(masks) != len(inputs):
        raise ValueError(
            f"{layer.name} ({type(layer).__name__}) takes a list with a mask, or None, for each of "
            f"its {len(inputs)} inputs."
        )
    return list(masks)


def spread(mask: Any, tensor: Any) -> Any:
    """A mask in its tensor's shape: each of its places counts for all numbers behind it."""
    if mask is None:
        return None
    behind = tuple(range(mask.ndim, tensor.ndim))
    if None in tensor.shape:  # a symbol: how far the mask is to be laid turns out later
        full = ops.zeros_like(tensor, dtype="bool")
        return ops.logical_or(ops.expand_dims(mask, behind), full) if behind else mask
    return ops.broadcast_to(ops.expand_dims(mask, behind) if behind else mask, tensor.shape)
