"""Activations as layers: a function of each number by itself, or of its share of an axis."""

from __future__ import annotations

from typing import Any

from lanthorn import activations, ops
from lanthorn.axes import Axes, Axis
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import WrongKindError, is_whole
from lanthorn.layers.example import Example
from lanthorn.layers.stateless import Stateless
from lanthorn.wiring import Elementwise, Gate, Normalize, Opaque, Wiring
from lanthorn.wiring.activation import SHARES


class Activation(Stateless):
    """`y[o] = activation(x[o])`, by name or as a function.

    Axes: unchanged; "glu" halves the last one.
    Source: keras 3.15 `layers/activations/activation.py`.
    Example:
        >>> Activation("relu").compute_output_shape((None, 3, 16))
        (None, 3, 16)
    """

    supports_masking = True
    examples = (
        Example({"activation": "relu"}, (3, 4)),
        Example({"activation": "softmax"}, (2, 5)),
        Example({"activation": "gelu"}, (4,)),
        Example({"activation": "linear"}, (2, 2, 3)),
        Example({"activation": "log_softmax"}, (2, 3)),
    )

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def output_axes(self, x: Axes) -> Axes:
        return halved(self, x) if activations.name_of(self.activation) == "glu" else x

    def call(self, inputs: Any) -> Any:
        return self.activation(inputs)

    def wiring(self, x: Axes) -> Wiring:
        name = activations.name_of(self.activation)
        if name == "glu":
            return Gate()
        return Normalize(name) if name in SHARES else Elementwise(name)


def halved(layer: Layer, x: Axes) -> Axes:
    """What is left by "glu", which takes the second half of the last axis as gates of the first."""
    last = x.axes[-1]
    layer.require(
        len(x) > 1 and (last.size is None or last.size % 2 == 0),
        x,
        "a last axis of even size",
        "glu halves it: the second half says how much of the first gets through.",
    )
    return x.replace(-1, Axis(last.name, None if last.size is None else last.size // 2))


class Softmax(Stateless):
    """`y[o] = exp(x[o]) / Σ exp(x)` along `axis`: shares that sum to 1.

    mask: True (or more than 0.5) for places that count. The others get a share of zero; so do all
        places where none counts.
    Axes: unchanged.
    Raises: ShapeError for an axis the input does not have; ValueError for a mask that cannot be
        laid over the input.
    Source: keras 3.15 `layers/activations/softmax.py`.
    Example:
        >>> Softmax().compute_output_shape((None, 10))
        (None, 10)
    """

    supports_masking = True
    examples = (Example({}, (4,)), Example({"axis": 1}, (3, 2)), Example({"axis": [1, 2]}, (3, 2)))

    def __init__(self, axis: int | list[int] | tuple[int, ...] = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for each in axis if isinstance(axis, list | tuple) else [axis]:
            if not is_whole(each):
                raise WrongKindError(
                    f"Softmax: axis is a whole number, or a list of them, not {axis!r}."
                )
        self.axis = axis

    def output_axes(self, x: Axes) -> Axes:
        axes = self._axes()
        self.require(
            all(-len(x) <= axis < len(x) for axis in axes), x, f"an input that has axis {self.axis}"
        )
        return x

    def call(self, inputs: Any, mask: Any = None) -> Any:
        if mask is not None:
            mask = self._places_that_count(inputs, mask)
            low = -3e4 if inputs.dtype.name == "float16" else -1e9
            inputs = ops.where(mask, inputs, low)
        axes = self._axes()
        if len(axes) == 1:
            shares = activations.softmax(inputs, axis=axes[0])
        else:
            shares = ops.exp(inputs - ops.logsumexp(inputs, axis=axes, keepdims=True))
        return shares if mask is None else ops.where(mask, shares, 0.0)

    def _places_that_count(self, inputs: Any, mask: Any) -> Any:
        mask = ops.convert_to_tensor(mask)
        pairs = zip(reversed(mask.shape), reversed(inputs.shape), strict=False)
        fits = mask.ndim <= inputs.ndim and all(size in (1, full) for size, full in pairs)
        if not fits:
            raise ValueError(
                f"{self.name} (Softmax) was given a mask of shape {tuple(mask.shape)} for an input "
                f"of shape {tuple(inputs.shape)}. Counted from the last, each of the mask's sizes "
                "is the input's or 1; give a mask of steps an axis behind with "
                "ops.expand_dims(mask, -1)."
            )
        return mask if mask.dtype.name == "bool" else ops.greater(mask, 0.5)

    def wiring(self, x: Axes) -> Wiring:
        over = tuple(axis % len(x) - 1 for axis in self._axes())
        if -1 in over:  # shares among the samples of a batch: one sample does not tell
            return Opaque(told="samples")
        return Normalize("softmax", over)

    def _axes(self) -> tuple[int, ...]:
        return (self.axis,) if isinstance(self.axis, int) else tuple(self.axis)
