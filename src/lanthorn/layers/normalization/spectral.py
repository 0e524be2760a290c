"""Spectral normalization: a layer whose weights are kept from stretching any input much."""

from __future__ import annotations

from typing import Any

from lanthorn import initializers, ops
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import positive
from lanthorn.layers.wrapping import Wrapper
from lanthorn.wiring import Wrapped
from lanthorn.wiring.compose import owned


class SpectralNormalization(Wrapper):
    """The layer inside, its kernel divided by σ before each call in training: `kernel / σ`.

    σ is the most that the kernel, as a matrix of (…, outputs), stretches a vector: its largest
    singular value, found by `power_iterations` steps from where the last call stopped. Outside
    training the kernel is used as it is.
    layer: one with a `kernel` (Dense, convolutions) or `embeddings`.
    Axes: those of the layer inside.
    Raises: ValueError for a layer without such a weight.
    Source: Miyato et al. 2018, arXiv:1802.05957, algorithm 1; keras 3.15
        `layers/normalization/spectral_normalization.py`.
    Example:
        >>> from lanthorn.layers import Dense
        >>> SpectralNormalization(Dense(3)).compute_output_shape((None, 8))
        (None, 3)
    """

    def __init__(self, layer: Layer, power_iterations: int = 1, **kwargs: Any) -> None:
        super().__init__(layer, **kwargs)
        self.power_iterations = positive(self, "power_iterations", power_iterations)

    def output_axes(self, x: Any) -> Any:
        from lanthorn.layers import symbols

        return symbols.inferred_axes(self.layer, x)

    def build(self, x: Axes) -> None:
        super().build(x)
        kernel = getattr(self.layer, "kernel", getattr(self.layer, "embeddings", None))
        if kernel is None:
            raise ValueError(
                f"{self.name} (SpectralNormalization) is put around a layer with a kernel or "
                f"embeddings, and {type(self.layer).__name__} has neither."
            )
        self.kernel = kernel
        self.vector_u = self.add_weight(
            (1, kernel.shape[-1]),
            initializers.TruncatedNormal(stddev=0.02),
            dtype=kernel.dtype,
            trainable=False,
            name="vector_u",
            axes=("one", kernel.shape.names[-1]),
        )

    def call(self, inputs: Any, training: bool = False) -> Any:
        if training:
            vector, kernel = ops.cond(
                ops.all(ops.equal(self.kernel.value, 0)),
                lambda: (ops.convert_to_tensor(self.vector_u.value),
                         ops.convert_to_tensor(self.kernel.value)),
                self.normalized_weights,
            )  # fmt: skip
            self.vector_u.assign(vector)
            self.kernel.assign(kernel)
        return ops.cast(self.layer(inputs), inputs.dtype)

    def normalized_weights(self) -> tuple[Any, Any]:
        """The vector that the kernel stretches most, so far as found, and the kernel over σ."""
        kernel = ops.convert_to_tensor(self.kernel.value)
        matrix = ops.reshape(kernel, (-1, kernel.shape[-1]))
        vector = ops.convert_to_tensor(self.vector_u.value)
        across = None
        for _ in range(self.power_iterations):
            across = ops.normalize(ops.matmul(vector, ops.transpose(matrix)), axis=None)
            vector = ops.normalize(ops.matmul(across, matrix), axis=None)
        vector, across = ops.stop_gradient(vector), ops.stop_gradient(across)
        stretch = ops.matmul(ops.matmul(across, matrix), ops.transpose(vector))
        divided = ops.reshape(kernel / stretch, kernel.shape)
        return ops.cast(vector, self.vector_u.dtype), ops.cast(divided, self.kernel.dtype)

    def wiring(self, x: Axes) -> Wrapped:
        from lanthorn.layers import symbols

        output = symbols.inferred_axes(self.layer, x)
        inside = owned(self.layer.name, self.layer.wired_between(x, output))
        return Wrapped(inside, (self.vector_u.spec,), "spectral")
