"""Layer normalization: each sample measured against its own mean and spread."""

from __future__ import annotations

import warnings
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


class LayerNormalization(Layer):
    """`y = (x - mean) / √(variance + epsilon) · gamma + beta`, mean and variance over `axis`.

    gamma and beta have one number for each place along `axis`. The variance is the biased one
    (divided by n). Other samples, and other places on the other axes, play no part.
    rms_scaling: `y = x / √(variance + epsilon) · gamma` instead; for the root mean square itself
        there is RMSNormalization.
    Axes: unchanged.
    Raises: ShapeError for an axis that the input does not have.
    Source: Ba et al. 2016, arXiv:1607.06450; keras 3.15
        `layers/normalization/layer_normalization.py`.
    Example:
        >>> LayerNormalization().compute_output_shape((None, 10, 64))
        (None, 10, 64)
    """

    supports_masking = True
    examples = (
        Example({}, (3, 4)),
        Example({"axis": [1, 2], "epsilon": 0.1}, (2, 3)),
        Example({"axis": 1, "center": False}, (3, 2)),
        Example({"axis": [-1, 1], "scale": False}, (2, 1, 3)),
    )

    def __init__(
        self,
        axis: int | list[int] | tuple[int, ...] = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        *,
        rms_scaling: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.autocast = False
        if rms_scaling:
            warnings.warn(
                "LayerNormalization: rms_scaling=True divides by the spread, not by the root mean "
                "square; RMSNormalization does that.",
                stacklevel=2,
            )
        self.axis = checked_axes(self, axis)
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.rms_scaling = rms_scaling
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.gamma = self.beta = None

    def output_axes(self, x: Axes) -> Axes:
        sample_axes(self, self.axis, x)
        fits_weight(self, self.gamma if self.beta is None else self.beta, self.axis, x)
        return x

    def build(self, x: Axes) -> None:
        x = Axes.of(x)
        sizes, names = weight_sizes(self, self.axis, x)
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]

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

        if self.scale or self.rms_scaling:
            self.gamma = weight("gamma")
        if self.center and not self.rms_scaling:
            self.beta = weight("beta")

    def call(self, inputs: Any) -> Any:
        gamma = None if self.gamma is None else self.gamma.value
        beta = None if self.beta is None else self.beta.value
        if self.rms_scaling:
            y = self._divided_by_spread(inputs, gamma)
        else:
            y = ops.layer_normalization(inputs, gamma, beta, self.axis, self.epsilon)
        return ops.cast(y, self.compute_dtype)

    def _divided_by_spread(self, inputs: Any, gamma: Any) -> Any:
        axes = tuple(axis - inputs.ndim if axis >= 0 else axis for axis in self._axes())
        x = ops.cast(inputs, self.variable_dtype)
        variance = ops.var(x, axis=axes, keepdims=True)
        sizes = [size if i - x.ndim in axes else 1 for i, size in enumerate(x.shape)]
        return x * ops.rsqrt(variance + self.epsilon) * ops.reshape(gamma, sizes)

    def _axes(self) -> list[int]:
        return [self.axis] if isinstance(self.axis, int) else self.axis

    def wiring(self, x: Axes) -> Normalize:
        over = sample_axes(self, self.axis, x)
        gamma, beta = spec_or(self.gamma, 1.0), spec_or(self.beta, 0.0)
        if self.rms_scaling:
            return Normalize("spread", over, self.epsilon, (gamma,), over)
        return Normalize("standardize", over, self.epsilon, (gamma, beta), over)
