"""GroupQueryAttention: several heads share the keys and values of one group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from lanthorn.axes import Axes, Axis
from lanthorn.layers.attention.heads import HeadedAttention
from lanthorn.layers.checks import positive
from lanthorn.layers.einsum_dense import EinsumDense
from lanthorn.layers.example import Example


class GroupQueryAttention(HeadedAttention):
    """Attention with fewer keys and values than heads: `head n` uses those of `n // repeats`.

    With one group this is multi-query attention, with as many groups as heads MultiHeadAttention.
    head_dim: numbers in a query, a key and a value. num_query_heads: a multiple of
        num_key_value_heads. sliding_window, use_gate, flash_attention: as in MultiHeadAttention.
    Axes: query (batch, steps, features), value and key (batch, keys, features)
        -> (batch, steps, features), and the shares (batch, heads, steps, keys) when asked for
    Raises: ValueError when the groups do not divide the heads; ShapeError naming both shapes.
    Source: Ainslie et al. 2023, arXiv:2305.13245, section 2.2; keras 3.15
        `layers/attention/grouped_query_attention.py`.
    Example:
        >>> layer = GroupQueryAttention(head_dim=4, num_query_heads=4, num_key_value_heads=2)
        >>> layer.compute_output_shape((None, 5, 8), (None, 3, 8))
        (None, 5, 8)
    """

    snake_name: ClassVar[str] = "grouped_query_attention"
    keeps_activity_regularizer = True
    examples = (
        Example({"head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1}, [(3, 2), (4, 2)]),
        Example(
            {"head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2, "use_bias": False},
            [(2, 3), (3, 3), (3, 4)],
        ),
        Example(
            {
                "head_dim": 2,
                "num_query_heads": 2,
                "num_key_value_heads": 2,
                "use_gate": True,
                "dropout": 0.3,
            },
            [(4, 2), (4, 2)],
            arguments={"use_causal_mask": True},
        ),
    )

    def __init__(
        self,
        head_dim: int,
        num_query_heads: int,
        num_key_value_heads: int,
        dropout: float = 0.0,
        use_bias: bool = True,
        sliding_window: int | None = None,
        flash_attention: bool | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        use_gate: bool = False,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            dropout=dropout,
            use_bias=use_bias,
            sliding_window=sliding_window,
            flash_attention=flash_attention,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
            use_gate=use_gate,
            seed=seed,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        self.head_dim = positive(self, "head_dim", head_dim)
        self.num_query_heads = positive(self, "num_query_heads", num_query_heads)
        self.num_key_value_heads = positive(self, "num_key_value_heads", num_key_value_heads)
        if num_query_heads % num_key_value_heads:
            raise ValueError(
                f"GroupQueryAttention: {num_query_heads} query heads cannot be shared out evenly "
                f"to {num_key_value_heads} heads of keys and values: num_query_heads is a "
                "multiple of num_key_value_heads."
            )

    @property
    def num_repeats(self) -> int:
        """How many heads share one key and value."""
        return self.repeats

    def head_axes(self) -> tuple[Axis, Axis, Axis, Axis]:
        features = Axis("features", self.head_dim)
        heads, groups = (
            Axis("heads", count) for count in (self.num_query_heads, self.num_key_value_heads)
        )
        return heads, groups, features, features

    def output_axes(self, query: Axes, value: Axes, key: Axes | None = None) -> Axes:
        given = (query, value) if key is None else (query, value, key)
        self.require(
            all(len(axes) == 3 for axes in given),
            given,
            "query (batch, steps, features) and value (batch, steps, features)",
        )
        self.require(
            query[-1] == value[-1] or None in (query[-1], value[-1]),
            given,
            "query and value with the same number of features",
            f"features: {query[-1]} in the query, {value[-1]} in the value.",
        )
        return super().output_axes(query, value, key)

    def build(self, query_shape: Axes, value_shape: Axes, key_shape: Axes | None = None) -> None:
        found = self.projections(query_shape, value_shape, key_shape)
        self.feature_dim = query_shape[-1]
        self._query_dense = found["query"]
        self._key_dense = found["key"]
        if self.use_gate:
            self._gate_dense = found["gate"]
        self._value_dense = found["value"]
        self._output_dense = found["output"]

    def answered(
        self, parts: Mapping[str, Any], seen: Any, training: bool | None, wants_shares: bool
    ) -> tuple[Any, Any]:
        self._return_attention_scores = wants_shares  # where Keras's own has it from
        query, key, value = (parts[name] for name in ("query", "key", "value"))
        return self._compute_attention(query, key, value, attention_mask=seen, training=training)

    _return_attention_scores = False

    def _compute_attention(
        self,
        query: Any,
        key: Any,
        value: Any,
        attention_mask: Any = None,
        training: bool | None = None,
        use_causal_mask: bool = False,
    ) -> tuple[Any, Any]:
        """What each head answers, and the shares or None. A subclass may put its own here.

        Axes: query (batch, steps, heads, features), key and value (batch, keys, heads, features),
            attention_mask (batch or 1, steps, keys)
        """
        return self.attention(
            query, key, value, attention_mask, use_causal_mask, training,
            self._return_attention_scores,
        )  # fmt: skip

    def inside(self) -> dict[str, EinsumDense]:
        found = {
            "query": self._query_dense,
            "key": self._key_dense,
            "value": self._value_dense,
            "output": self._output_dense,
        }
        return {**found, "gate": self._gate_dense} if self.use_gate else found
