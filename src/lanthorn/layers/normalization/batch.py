"""Batch normalization: each channel measured against its mean and spread."""

from __future__ import annotations

from typing import Any

from lanthorn import constraints, initializers, ops, regularizers
from lanthorn.axes import Axes
from lanthorn.engine import defaults
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import WrongKindError, is_whole, number
from lanthorn.layers.example import Example
from lanthorn.wiring import Elementwise


class BatchNormalization(Layer):
    """`y = (x - mean) / √(variance + epsilon) · gamma + beta`, each per place on `axis`.

    While training, mean and variance are those of the batch, and the moving ones follow them:
    `moving = moving · momentum + batch · (1 - momentum)`. Otherwise the moving ones are used; so
    they are with `trainable=False`. The variance is the biased one (divided by n).
    Axes: unchanged.
    Source: Ioffe & Szegedy 2015, arXiv:1502.03167; keras 3.15
        `layers/normalization/batch_normalization.py`.
    Example:
        >>> BatchNormalization().compute_output_shape((None, 8, 8, 32))
        (None, 8, 8, 32)
    """

    supports_masking = True
    examples = (
        Example({}, (3, 4)),
        Example({"center": False, "epsilon": 0.1}, (2, 2, 3)),
        Example({"axis": 1, "scale": False}, (3, 2)),
    )

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        synchronized: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not is_whole(axis):
            raise WrongKindError(f"BatchNormalization: axis is a whole number, not {axis!r}.")
        self.axis = int(axis)
        self.momentum = float(number(self, "momentum", momentum))
        self.epsilon = float(number(self, "epsilon", epsilon))
        self.center = center
        self.scale = scale
        self.synchronized = synchronized
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.gamma = self.beta = None

    def output_axes(self, x: Axes) -> Axes:
        self.require(
            -len(x) <= self.axis < len(x) and len(x) > 1, x, f"an input that has axis {self.axis}"
        )
        if self.built:
            made_for = self.moving_mean.shape[0]
            self.require(x[self.axis] == made_for, x, f"{made_for} places on axis {self.axis}")
        return x

    def build(self, x: Axes) -> None:
        self.output_axes(x)
        self.require(x[self.axis] is not None, x, f"axis {self.axis} of known size")
        name = x.names[self.axis]

        def weight(kind: str, initializer: Any, trainable: bool = True) -> Any:
            return self.add_weight(
                (x[self.axis],),
                initializer,
                trainable=trainable,
                autocast=False,
                regularizer=getattr(self, f"{kind}_regularizer", None),
                constraint=getattr(self, f"{kind}_constraint", None),
                name=kind,
                axes=(name,),
            )

        if self.scale:
            self.gamma = weight("gamma", self.gamma_initializer)
        if self.center:
            self.beta = weight("beta", self.beta_initializer)
        self.moving_mean = weight("moving_mean", self.moving_mean_initializer, trainable=False)
        self.moving_variance = weight(
            "moving_variance", self.moving_variance_initializer, trainable=False
        )

    def call(self, inputs: Any, training: bool = False, mask: Any = None) -> Any:
        if mask is not None and mask.ndim >= inputs.ndim:
            raise ValueError(
                f"{self.name} (BatchNormalization) was given a mask of shape {tuple(mask.shape)} "
                f"for an input of shape {tuple(inputs.shape)}. A mask says which places count: it "
                "has no axis for the features."
            )
        x = ops.cast(inputs, "float64" if self.compute_dtype == "float64" else "float32")
        others = tuple(i for i in range(x.ndim) if i != self.axis % x.ndim)
        if training and self.trainable:
            mean, variance = _moments(x, others, mask)
            self._follow(self.moving_mean, mean)
            self._follow(self.moving_variance, variance)
        else:
            mean = ops.cast(self.moving_mean.value, x.dtype)
            variance = ops.cast(self.moving_variance.value, x.dtype)

        def spread(vector: Any) -> Any:
            return ops.expand_dims(vector, others)

        factor = ops.rsqrt(variance + self.epsilon)
        if self.gamma is not None:
            factor = factor * self.gamma.value
        shift = -mean * factor
        if self.beta is not None:
            shift = shift + self.beta.value
        return ops.cast(x * spread(factor) + spread(shift), self.compute_dtype)

    def _follow(self, moving: Any, batch: Any) -> None:
        moving.assign(moving.value * self.momentum + batch * (1.0 - self.momentum))

    def wiring(self, x: Axes) -> Elementwise:
        place = self.axis % len(x) - 1
        return Elementwise(
            "standardize",
            (("epsilon", self.epsilon),),
            (
                self.moving_mean.spec,
                self.moving_variance.spec,
                self.gamma.spec if self.gamma is not None else 1.0,
                self.beta.spec if self.beta is not None else 0.0,
            ),
            along=(place,),
        )


def _moments(x: Any, axes: tuple[int, ...], mask: Any) -> tuple[Any, Any]:
    """Mean and biased variance over `axes`, of the places where the mask is on."""
    if mask is None:
        return ops.mean(x, axis=axes), ops.var(x, axis=axes)
    weight = ops.cast(mask, x.dtype)
    weight = ops.expand_dims(weight, tuple(range(weight.ndim, x.ndim)))
    weight = ops.broadcast_to(weight, x.shape)
    # Of a batch that is masked throughout, the mean is 0 and not 0 / 0.
    count = ops.sum(weight, axis=axes, keepdims=True) + defaults.epsilon()
    mean = ops.sum(x * weight, axis=axes, keepdims=True) / count
    variance = ops.sum(ops.square(x - mean) * weight, axis=axes, keepdims=True) / count
    return ops.squeeze(mean, axes), ops.squeeze(variance, axes)
