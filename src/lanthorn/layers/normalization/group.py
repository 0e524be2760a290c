"""Group normalization: groups of channels, each measured against its own mean and spread."""

from __future__ import annotations

from typing import Any

from lanthorn import constraints, initializers, ops, regularizers
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.layers.normalization.axes import (
    checked_axes,
    fits_weight,
    sample_axes,
    spec_or,
    weight_sizes,
)
from lanthorn.wiring import Normalize


class GroupNormalization(Layer):
    """`y = (x - mean) / √(variance + epsilon) · gamma + beta`, over each group of channels.

    The places on `axis` are shared out to `groups` of neighbours. Mean and (biased) variance of a
    group are over all its numbers in one sample; gamma and beta have one number for each place on
    `axis`. groups=-1: every channel is a group of its own (instance normalization).
    Axes: unchanged.
    Raises: ShapeError when the channels cannot be shared out evenly.
    Source: Wu & He 2018, arXiv:1803.08494; keras 3.15
        `layers/normalization/group_normalization.py`.
    Example:
        >>> GroupNormalization(4).compute_output_shape((None, 8, 8, 32))
        (None, 8, 8, 32)
    """

    supports_masking = True
    examples = (
        Example({"groups": 2}, (2, 3, 4)),
        Example({"groups": -1, "epsilon": 0.1}, (3, 2)),
        Example({"groups": 3, "axis": 1, "center": False}, (3, 2)),
        Example({"groups": 1, "scale": False}, (4,)),
    )

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.autocast = False
        is_count = isinstance(groups, int) and not isinstance(groups, bool)
        if not is_count or (groups < 1 and groups != -1):
            raise ValueError(
                "GroupNormalization: groups is a whole number of 1 or more, or -1 for every "
                f"channel by itself; not {groups!r}."
            )
        if not isinstance(checked_axes(self, axis), int):
            raise ValueError(f"GroupNormalization: axis is one whole number, not {axis!r}.")
        self.groups = groups
        self.axis = axis
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.gamma = self.beta = None

    def output_axes(self, x: Axes) -> Axes:
        (place,) = sample_axes(self, self.axis, x)
        axis = x.sample[place]
        self.require(
            axis.size is None or self.groups == -1 or axis.size % self.groups == 0,
            x,
            f"{axis.name} that can be shared out to {self.groups} groups",
            f"{axis.size} is no multiple of {self.groups}.",
        )
        fits_weight(self, self.gamma if self.beta is None else self.beta, self.axis, x)
        return x

    def build(self, x: Axes) -> None:
        x = Axes.of(x)
        self.output_axes(x)
        sizes, names = weight_sizes(self, self.axis, x)
        self.groups = sizes[0] if self.groups == -1 else self.groups

        def weight(kind: str) -> Any:
            return self.add_weight(
                sizes,
                getattr(self, f"{kind}_initializer"),
                autocast=False,
                regularizer=getattr(self, f"{kind}_regularizer"),
                constraint=getattr(self, f"{kind}_constraint"),
                name=kind,
                axes=names,
            )

        if self.scale:
            self.gamma = weight("gamma")
        if self.center:
            self.beta = weight("beta")

    def call(self, inputs: Any) -> Any:
        axis = self.axis % inputs.ndim
        in_group = inputs.shape[axis] // self.groups
        x = ops.cast(inputs, "float64" if inputs.dtype.name == "float64" else "float32")
        x = ops.reshape(x, (*inputs.shape[:axis], self.groups, in_group, *inputs.shape[axis + 1 :]))
        others = tuple(i for i in range(1, x.ndim) if i != axis)
        mean, variance = ops.moments(x, axes=others, keepdims=True)
        sizes = [1] * axis + [self.groups, in_group] + [1] * (x.ndim - axis - 2)
        factor = ops.rsqrt(variance + self.epsilon)
        if self.gamma is not None:
            factor = factor * ops.reshape(ops.cast(self.gamma.value, x.dtype), sizes)
        shift = -mean * factor
        if self.beta is not None:
            shift = shift + ops.reshape(ops.cast(self.beta.value, x.dtype), sizes)
        y = ops.reshape(x * factor + shift, inputs.shape)
        return ops.cast(ops.cast(y, inputs.dtype), self.compute_dtype)

    def wiring(self, x: Axes) -> Normalize:
        return Normalize(
            "standardize",
            tuple(range(len(x) - 1)),
            self.epsilon,
            (spec_or(self.gamma, 1.0), spec_or(self.beta, 0.0)),
            sample_axes(self, self.axis, x),
            self.groups,
        )
