"""Embedding: a table with one learnt row for each whole number."""

from __future__ import annotations

from typing import Any

from lanthorn import constraints, initializers, ops, regularizers
from lanthorn.axes import Axes, Axis
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import positive
from lanthorn.layers.example import Example
from lanthorn.wiring import Lookup


class Embedding(Layer):
    """`y[…, k] = embeddings[x[…], k]`.

    input_dim: how many rows, that is the largest number plus one.
    mask_zero: number 0 means "nothing here": later layers and the loss leave it out.
    Axes: (batch, …) -> (batch, …, features)
    Source: keras 3.15 `layers/core/embedding.py`.
    Example:
        >>> Embedding(1000, 64).compute_output_shape((None, 10))
        (None, 10, 64)
    """

    not_kept = ("weights",)
    keeps_activity_regularizer = True
    examples = (
        Example({"input_dim": 7, "output_dim": 3}, (4,), below=7),
        Example({"input_dim": 5, "output_dim": 2}, (2, 3), below=5),
    )

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        weights: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.input_dim = positive(self, "input_dim", input_dim)
        self.output_dim = positive(self, "output_dim", output_dim)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = self.supports_masking = mask_zero
        self._first_weights = weights
        if weights is not None:
            self.build()

    def output_axes(self, x: Axes) -> Axes:
        sample = x.sample
        if len(sample) == 1:  # a row of numbers is read one after the other
            sample = (sample[0]._replace(name="steps"),)
        return x.with_sample([*sample, Axis("features", self.output_dim)])

    def build(self, x: Axes | None = None) -> None:
        self.embeddings = self.add_weight(
            (self.input_dim, self.output_dim),
            self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
            name="embeddings",
            axes=("rows", "features"),
        )
        if self._first_weights is not None:
            first = self._first_weights
            self.embeddings.assign(first[0] if isinstance(first, list) else first)

    def call(self, inputs: Any) -> Any:
        rows = inputs if "int" in inputs.dtype.name else ops.cast(inputs, "int32")
        return ops.take(self.compute(self.embeddings), rows, axis=0)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def wiring(self, x: Axes) -> Lookup:
        return Lookup(self.embeddings.spec)
