"""Dense: weighted sums over the last axis, the same weights at every place of the others."""

from __future__ import annotations

from typing import Any

from lanthorn import activations, constraints, initializers, ops, regularizers
from lanthorn.axes import Axes, Axis
from lanthorn.layers.activation import halved
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import counted, positive
from lanthorn.layers.example import Example
from lanthorn.wiring import Compose, Contract, Gate, Wiring
from lanthorn.wiring.compose import Part


class Dense(Layer):
    """`y[…, j] = activation(Σ_i x[…, i] · kernel[i, j] + bias[j])`.

    Only the last axis is summed over. Of an input with more axes, every place on the others gets
    the same weights: nothing is flattened.
    Axes: (batch, …, features) -> (batch, …, units); activation="glu" halves the units
    Raises: ShapeError for an input without features, or with another number than it was built for.
    Source: keras 3.15 `layers/core/dense.py`.
    Example:
        >>> Dense(16).compute_output_shape((None, 3, 2))
        (None, 3, 16)
    """

    supports_masking = True
    examples = (
        Example({"units": 16}, (3, 2)),
        Example({"units": 4, "activation": "relu"}, (6,)),
        Example({"units": 3, "activation": "softmax", "use_bias": False}, (2, 2, 5)),
        Example({"units": 1, "activation": "sigmoid"}, (3,)),
    )

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units = positive(self, "units", units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias = None

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) >= 2, x, "(batch, …, features)")
        if self.built:
            made_for = self.kernel.shape[0]
            self.require(
                x[-1] == made_for,
                x,
                f"(batch, …, features {made_for})",
                f"It was built for {counted(made_for, 'feature')} and learns one weight for each.",
            )
        y = x.replace(-1, Axis("units", self.units))
        return halved(self, y) if self._is_gated else y

    @property
    def _is_gated(self) -> bool:
        return activations.name_of(self.activation) == "glu"

    def build(self, x: Axes) -> None:
        self.require(x[-1] is not None, x, "a last axis of known size")
        self.kernel = self.add_weight(
            (x[-1], self.units),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
            axes=("features", "units"),
        )
        if self.use_bias:
            self.bias = self.add_weight(
                (self.units,),
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
                axes=("units",),
            )

    def call(self, inputs: Any) -> Any:
        x = ops.matmul(inputs, self.compute(self.kernel))
        return activations.applied(
            self.activation, x if self.bias is None else x + self.compute(self.bias)
        )

    def wiring(self, x: Axes) -> Wiring:
        bias = self.bias.spec if self.bias is not None else None
        if not self._is_gated:
            return Contract(self.kernel.spec, bias, activations.name_of(self.activation))
        y = x.replace(-1, Axis("units", self.units))
        sums = Contract(self.kernel.spec, bias).between((x,), y)
        gate = Gate().between((y,), halved(self, y))
        return Compose((Part("sums", sums), Part("glu", gate, ("sums",))), told="gated")
