"""Projection: the weighted sums inside an attention layer, to several heads and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import activations, ops
from lanthorn.axes import Axes, Axis
from lanthorn.layers.base import Layer
from lanthorn.wiring import Projection as Wired


class Projection(Layer):
    """`y[…, o] = activation(Σ_i x[…, i] · kernel[i, o] + bias[o])`, with several axes as i or o.

    summed: the last axes of the input, which are summed over. made: the axes in their place.
    Axes: (batch, …, *summed) -> (batch, …, *made)
    """

    def __init__(
        self,
        summed: Sequence[Axis],
        made: Sequence[Axis],
        use_bias: bool,
        activation: str = "linear",
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.summed = tuple(summed)
        self.made = tuple(made)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_options = (kernel_initializer, kernel_regularizer, kernel_constraint)
        self.bias_options = (bias_initializer, bias_regularizer, bias_constraint)
        self.bias = None

    def output_axes(self, x: Axes) -> Axes:
        return x.with_sample([*x.sample[: -len(self.summed)], *self.made])

    def build(self, x: Axes) -> None:
        self.kernel = self._weight("kernel", (*self.summed, *self.made), *self.kernel_options)
        if self.use_bias:
            self.bias = self._weight("bias", self.made, *self.bias_options)

    def _weight(
        self, name: str, axes: Sequence[Axis], initializer: Any, regularizer: Any, constraint: Any
    ) -> Any:
        return self.add_weight(
            [axis.size for axis in axes],
            initializer,
            regularizer=regularizer,
            constraint=constraint,
            name=name,
            axes=[axis.name for axis in axes],
        )

    def call(self, inputs: Any) -> Any:
        x = ops.tensordot(inputs, self.compute(self.kernel), axes=len(self.summed))
        return self.activation(x if self.bias is None else x + self.compute(self.bias))

    @property
    def wired_inside(self) -> Wired:
        """What the wiring of the layer around it knows of it."""
        names = [variable.spec._replace(name=f"{self.name}/{variable.name}") for variable in (
            self.kernel, self.bias) if variable is not None]  # fmt: skip
        return Wired(*names)
