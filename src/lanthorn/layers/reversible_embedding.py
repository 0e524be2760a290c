"""ReversibleEmbedding: a table of rows that can be asked both ways."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes, Axis
from lanthorn.engine.graph import KerasTensor, named_like
from lanthorn.layers.embedding import Embedding
from lanthorn.layers.example import Example
from lanthorn.layers.masks import lay_beside
from lanthorn.wiring import Einsum, Lookup, Wiring, Wrapped


class ReversibleEmbedding(Embedding):
    """`y[…, k] = embeddings[x[…], k]`; with `reverse=True` `y[…, i] = Σ_k x[…, k] · back[k, i]`.

    tie_weights: back is the same table, transposed; otherwise a weight of its own.
    reverse_dtype: the type in which the way back is computed.
    logit_soft_cap: the way back ends with `cap · tanh(y / cap)`, which keeps y within ±cap.
    Axes: (batch, …) -> (batch, …, features); back (batch, …, features) -> (batch, …, rows)
    Source: Press & Wolf 2017, arXiv:1608.05859; keras 3.15
        `layers/core/reversible_embedding.py`.
    Example:
        >>> layer = ReversibleEmbedding(100, 8)
        >>> layer(layer([[1, 2, 3]]), reverse=True).shape
        (1, 3, 100)
    """

    examples = (
        Example({"input_dim": 5, "output_dim": 3}, (4,), below=5),
        Example({"input_dim": 4, "output_dim": 2, "tie_weights": False}, (2, 3), below=4),
    )

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        tie_weights: bool = True,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        reverse_dtype: Any = None,
        logit_soft_cap: float | None = None,
        **kwargs: Any,
    ) -> None:
        self.tie_weights = tie_weights  # first weights are laid down at once
        self.reverse_embeddings = None
        super().__init__(
            input_dim,
            output_dim,
            embeddings_initializer=embeddings_initializer,
            embeddings_regularizer=embeddings_regularizer,
            embeddings_constraint=embeddings_constraint,
            mask_zero=mask_zero,
            **kwargs,
        )
        if logit_soft_cap is not None and not logit_soft_cap > 0:
            raise ValueError(
                f"ReversibleEmbedding: logit_soft_cap is a number above 0, not {logit_soft_cap!r}."
            )
        self.autocast = False
        self.reverse_dtype = reverse_dtype
        self.logit_soft_cap = logit_soft_cap

    def build(self, x: Axes | None = None) -> None:
        super().build(x)
        if not self.tie_weights:
            self.reverse_embeddings = self.add_weight(
                (self.output_dim, self.input_dim),
                self.embeddings_initializer,
                name="reverse_embeddings",
                axes=("features", "rows"),
            )

    def call(self, inputs: Any, reverse: bool = False) -> Any:
        if not reverse:
            rows = super().call(inputs)
            lay_beside(rows, super().compute_mask(inputs, None))
            return rows
        if self.reverse_embeddings is None:
            back = ops.transpose(self.embeddings.value)
        else:
            back = self.reverse_embeddings.value
        if self.reverse_dtype is not None:
            inputs, back = ops.cast(inputs, self.reverse_dtype), ops.cast(back, self.reverse_dtype)
        y = ops.matmul(inputs, back)
        cap = self.logit_soft_cap
        return y if cap is None else ops.tanh(y / cap) * cap

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return None  # `call` has laid it beside the rows; on the way back there is none

    def compute_output_shape(self, input_shape: Any, reverse: bool = False) -> Any:
        shape = Axes.of(tuple(input_shape))
        return tuple(self.axes_back(shape) if reverse else self.output_axes(shape))

    def compute_output_spec(self, inputs: Any, reverse: bool = False) -> Any:
        if not reverse:
            return super().compute_output_spec(inputs)
        x = Axes.of(inputs.shape)
        return KerasTensor(named_like(self.axes_back(x), [x]), self.compute_dtype)

    def axes_back(self, x: Axes) -> Axes:
        self.require(
            len(x) >= 2 and x[-1] in (None, self.output_dim),
            x,
            f"(batch, …, features {self.output_dim}) with reverse=True",
        )
        return x.replace(-1, Axis("rows", self.input_dim))

    def wiring(self, x: Axes, *, reverse: bool = False) -> Wiring:
        table, back = self.embeddings.spec, self.reverse_embeddings
        if not reverse:
            own = () if back is None else (back.spec,)
            return Wrapped(Lookup(table), own, "other way")
        if self.logit_soft_cap is not None:
            return super(Embedding, self).wiring(x)
        kept = "abcdefgh"[: len(x) - 2]
        if back is None:
            return Einsum(kept + "k", "ik", kept + "i", table)
        return Wrapped(Einsum(kept + "k", "ki", kept + "i", back.spec), (table,))
