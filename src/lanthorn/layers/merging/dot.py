"""Dot: products of two inputs, summed along an axis that both have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes, Axis
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.layers.merging.base import several
from lanthorn.wiring import Pair

SHORTEST = 1e-7
"""Lengths below this count as this when inputs are normalized."""


class Dot(Layer):
    """`y[b, i…, j…] = Σ_k x1[b, i…, k] · x2[b, k, j…]`, k running along `axes`.

    axes: an axis of the first and an axis of the second input, or one number for both; the batch
        (0) cannot be one.
    normalize: both inputs are brought to length 1 along their axis first, so that the result is
        the cosine of the angle between them.
    Axes: what is left of the first input, then what is left of the second; (batch, 1) when
        nothing is.
    Raises: ShapeError naming both shapes when the axes have different sizes.
    Source: keras 3.15 `layers/merging/dot.py`.
    Example:
        >>> Dot(axes=(1, 2)).compute_output_shape([(None, 3, 5), (None, 10, 3)])
        (None, 5, 10)
    """

    supports_masking = True
    examples = (
        Example({"axes": 1}, [(4,), (4,)]),
        Example({"axes": (1, 2)}, [(3, 2), (2, 3)]),
        Example({"axes": -1, "normalize": True}, [(2, 3), (4, 3)]),
        Example({"axes": [2, 1], "normalize": True}, [(2, 2, 3), (2,)]),
    )

    def __init__(self, axes: Any, normalize: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        several_axes = isinstance(axes, list | tuple)
        given = list(axes) if several_axes else [axes]
        are_numbers = all(isinstance(a, int) and not isinstance(a, bool) for a in given)
        if not are_numbers or len(given) != (2 if several_axes else 1) or 0 in given:
            raise ValueError(
                "Dot: axes is a whole number other than 0, which is the batch, or one for each of "
                f"the two inputs; not {axes!r}."
            )
        self.axes = axes
        self.normalize = normalize

    def output_axes(self, x: Sequence[Axes]) -> Axes:
        several(self, x)
        self.require(len(x) == 2, x, "two inputs")
        wanted = self.axes if isinstance(self.axes, list | tuple) else [self.axes] * 2
        fits = [-len(a) < axis < len(a) for axis, a in zip(wanted, x, strict=True)]
        self.require(all(fits), x, f"inputs that have axes {self.axes!r} besides their batch")
        first, second = self._places(len(x[0]), len(x[1]))
        here, there = x[0].axes[first], x[1].axes[second]
        self.require(
            here.size == there.size or None in (here.size, there.size), x,
            "the same size on the axes that are multiplied",
            f"{here.name}: {here.size} here, {there.name}: {there.size} there.",
        )  # fmt: skip
        left = [axis for i, axis in enumerate(x[0].axes) if i not in (0, first)]
        left += [axis for i, axis in enumerate(x[1].axes) if i not in (0, second)]
        return x[0].with_sample(left or [Axis("features", 1)])

    def _places(self, *ranks: int) -> tuple[int, int]:
        """The axis of each input, counted from its batch."""
        axes = self.axes if isinstance(self.axes, list | tuple) else [self.axes] * 2
        first, second = (axis % rank for axis, rank in zip(axes, ranks, strict=True))
        return first, second

    def call(self, inputs: Any) -> Any:
        places = self._places(inputs[0].ndim, inputs[1].ndim)
        if self.normalize:
            pairs = zip(inputs, places, strict=True)
            inputs = [ops.normalize(x, axis=place, epsilon=SHORTEST) for x, place in pairs]
        letters = iter("abcdefghijklmnopqrstuvw")
        first, second = (
            "".join("x" if i == 0 else "y" if i == place else next(letters) for i in range(x.ndim))
            for x, place in zip(inputs, places, strict=True)
        )
        left = "x" + (first + second).replace("x", "").replace("y", "")
        y = ops.einsum(f"{first},{second}->{left}", *inputs)
        return y if y.ndim > 1 else ops.expand_dims(y, -1)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return None

    def wiring(self, x: Sequence[Axes]) -> Pair:
        first, second = self._places(len(x[0]), len(x[1]))
        return Pair((first - 1, second - 1), SHORTEST if self.normalize else None)
