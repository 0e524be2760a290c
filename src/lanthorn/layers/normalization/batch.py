"""Batch normalization: each channel measured against its mean and spread."""

from __future__ import annotations

from typing import Any

from lanthorn import constraints, initializers, ops, regularizers
from lanthorn.axes import Axes
from lanthorn.engine import defaults
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import WrongKindError, is_whole, number
from lanthorn.layers.example import Example
from lanthorn.layers.normalization.renormalization import corrections, limits
from lanthorn.wiring import Elementwise, Wiring, Wrapped


class BatchNormalization(Layer):
    """`y = (x - mean) / √(variance + epsilon) · gamma + beta`, each per place on `axis`.

    While training, mean and variance are those of the batch, and the moving ones follow them:
    `moving = moving · momentum + batch · (1 - momentum)`. Otherwise the moving ones are used; so
    they are with `trainable=False`. The variance is the biased one (divided by n).
    renorm: training steps then measure x by the mean and spread of all batches so far, which
        follow with `renorm_momentum`; `renorm_clipping` says how far that may go from the batch's
        own: {"rmin": …, "rmax": …} for the ratio of spreads, {"dmax": …} for the means' distance.
    Axes: unchanged.
    Source: Ioffe & Szegedy 2015, arXiv:1502.03167; Ioffe 2017, arXiv:1702.03275 (renorm);
        keras 3.15 `layers/normalization/batch_normalization.py`.
    Example:
        >>> BatchNormalization().compute_output_shape((None, 8, 8, 32))
        (None, 8, 8, 32)
    """

    supports_masking = True
    examples = (
        Example({}, (3, 4)),
        Example({"center": False, "epsilon": 0.1}, (2, 2, 3)),
        Example({"axis": 1, "scale": False}, (3, 2)),
        Example({"renorm": True, "renorm_clipping": {"rmax": 3.0, "dmax": 5.0}}, (4,)),
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
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: float = 0.99,
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
        self.renorm = renorm
        self.renorm_clipping = limits(self, renorm_clipping) if renorm else renorm_clipping
        self.renorm_momentum = renorm_momentum
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
        if self.renorm:

            def root(shape: Any, dtype: Any = None) -> Any:
                return self.moving_variance_initializer(shape, dtype) ** 0.5

            self.moving_stddev = weight("moving_stddev", root, trainable=False)
            self.renorm_mean = weight("renorm_mean", self.moving_mean_initializer, trainable=False)
            self.renorm_stddev = weight("renorm_stddev", root, trainable=False)

    def call(self, inputs: Any, training: bool = False, mask: Any = None) -> Any:
        if mask is not None and mask.ndim >= inputs.ndim:
            raise ValueError(
                f"{self.name} (BatchNormalization) was given a mask of shape {tuple(mask.shape)} "
                f"for an input of shape {tuple(inputs.shape)}. A mask says which places count: it "
                "has no axis for the features."
            )
        x = ops.cast(inputs, "float64" if self.compute_dtype == "float64" else "float32")
        others = tuple(i for i in range(x.ndim) if i != self.axis % x.ndim)
        ratio = distance = None
        if training and self.trainable:
            mean, variance = _moments(x, others, mask)
            if self.renorm:
                ratio, distance = self._renormalized(mean, variance)
            else:
                follow(self.moving_mean, mean, self.momentum)
                follow(self.moving_variance, variance, self.momentum)
        else:
            mean = ops.cast(self.moving_mean.value, x.dtype)
            variance = ops.cast(self.moving_variance.value, x.dtype)

        def spread(vector: Any) -> Any:
            return ops.expand_dims(vector, others)

        factor = ops.rsqrt(variance + self.epsilon)
        if ratio is not None:
            factor = factor * ratio
        if self.gamma is not None:
            factor = factor * self.gamma.value
        shift = -mean * factor
        if distance is not None:
            shift = shift + (distance if self.gamma is None else distance * self.gamma.value)
        if self.beta is not None:
            shift = shift + self.beta.value
        return ops.cast(x * spread(factor) + spread(shift), self.compute_dtype)

    def _renormalized(self, mean: Any, variance: Any) -> tuple[Any, Any]:
        """The corrections of one step, all moving numbers following the batch's."""
        spread = ops.sqrt(variance + self.epsilon)
        found = corrections(
            mean, spread, self.renorm_mean.value, self.renorm_stddev.value,
            self.epsilon**0.5, self.renorm_clipping,
        )  # fmt: skip
        follow(self.renorm_mean, mean, self.renorm_momentum)
        follow(self.renorm_stddev, spread, self.renorm_momentum)
        follow(self.moving_mean, mean, self.momentum)
        follow(self.moving_stddev, spread, self.momentum)
        moved = ops.square(self.moving_stddev.value) - self.epsilon
        self.moving_variance.assign(ops.maximum(moved, 0.0))
        return found

    def wiring(self, x: Axes) -> Wiring:
        place = self.axis % len(x) - 1
        wiring = Elementwise(
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
        if not self.renorm:
            return wiring
        own = (self.moving_stddev.spec, self.renorm_mean.spec, self.renorm_stddev.spec)
        return Wrapped(wiring, own, "renormalized")


def follow(moving: Any, batch: Any, momentum: float) -> None:
    """`moving = moving · momentum + batch · (1 - momentum)`."""
    moving.assign(moving.value * momentum + batch * (1.0 - momentum))


def _moments(x: Any, axes: tuple[int, ...], mask: Any) -> tuple[Any, Any]:
    """Mean and biased variance over `axes`, of the places where the mask is on."""
    if mask is None:
        return ops.mean(x, axis=axes), ops.var(x, axis=axes)
    counts = ops.cast(mask, "bool")
    counts = ops.expand_dims(counts, tuple(range(counts.ndim, x.ndim)))
    counts = ops.broadcast_to(counts, x.shape)
    # Of a batch that is masked throughout, the mean is 0 and not 0 / 0.
    total = ops.sum(ops.cast(counts, x.dtype), axis=axes, keepdims=True) + defaults.epsilon()
    mean = ops.sum(ops.where(counts, x, 0), axis=axes, keepdims=True) / total
    squares = ops.where(counts, ops.square(x - mean), 0)
    variance = ops.sum(squares, axis=axes, keepdims=True) / total
    return ops.squeeze(mean, axes), ops.squeeze(variance, axes)
