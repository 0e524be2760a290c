"""MultiHeadAttention: several heads, each with queries, keys and values of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lanthorn import regularizers
from lanthorn.axes import Axes, Axis
from lanthorn.layers.attention.heads import HeadedAttention
from lanthorn.layers.checks import positive
from lanthorn.layers.einsum_dense import EinsumDense
from lanthorn.layers.example import Example


class MultiHeadAttention(HeadedAttention):
    """`softmax(query · keyᵀ / √key_dim) · value` in each head; then all heads are mixed.

    Query, key and value are weighted sums of the inputs' features, `num_heads` times over.
    key_dim, value_dim: numbers in a query and a key, in a value (None: as many), for each head.
    output_shape: what comes out in place of the query's features (None: as many).
    attention_axes: the axes that are attended over, counted with the batch; None means all but
        batch and features.
    sliding_window: how far a place sees, itself counted, to both sides.
    use_gate: multiply each head's answer with the sigmoid of one more weighted sum of the query.
    flash_attention: accepted; no number depends on it.
    Axes: query (batch, steps, features), value and key (batch, keys, features')
        -> (batch, steps, features), and the shares (batch, heads, steps, keys) when asked for
    Raises: ShapeError naming both shapes when the inputs do not go together.
    Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2; keras 3.15
        `layers/attention/multi_head_attention.py`.
    Example:
        >>> layer = MultiHeadAttention(num_heads=2, key_dim=4)
        >>> layer.compute_output_shape((None, 5, 8), (None, 3, 6))
        (None, 5, 8)
    """

    examples = (
        Example({"num_heads": 2, "key_dim": 3}, [(3, 4), (5, 2)]),
        Example(
            {"num_heads": 1, "key_dim": 2, "value_dim": 3, "dropout": 0.1}, [(2, 3), (4, 2), (4, 3)]
        ),
        Example(
            {"num_heads": 2, "key_dim": 2, "use_bias": False, "output_shape": 5},
            [(4, 3), (4, 3)],
            arguments={"use_causal_mask": True},
        ),
        Example(
            {"num_heads": 2, "key_dim": 2, "use_gate": True, "sliding_window": 2},
            [(4, 3), (4, 2)],
        ),
        Example({"num_heads": 2, "key_dim": 2, "attention_axes": 2}, [(2, 3, 2), (2, 4, 3)]),
    )

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        value_dim: int | None = None,
        dropout: float = 0.0,
        use_bias: bool = True,
        output_shape: int | Sequence[int] | None = None,
        attention_axes: int | Sequence[int] | None = None,
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
            **kwargs,
        )
        self.num_heads = positive(self, "num_heads", num_heads)
        self.key_dim = positive(self, "key_dim", key_dim)
        self.value_dim = key_dim if value_dim is None else positive(self, "value_dim", value_dim)
        self.output_shape = _sizes(self, "output_shape", output_shape)
        self.attention_axes = _numbers(self, "attention_axes", attention_axes)
        self._inner_regularizer = regularizers.get(activity_regularizer)

    @property
    def inner_regularizer(self) -> Any:
        """Keras's MultiHeadAttention penalises what its projections give, not what it gives."""
        return self._inner_regularizer

    def get_config(self) -> dict[str, Any]:
        regularizer = regularizers.serialize(self.inner_regularizer)
        return {**super().get_config(), "activity_regularizer": regularizer}

    def head_axes(self) -> tuple[Axis, Axis, Axis, Axis]:
        heads = Axis("heads", self.num_heads)
        return heads, heads, Axis("features", self.key_dim), Axis("features", self.value_dim)

    def made_axes(self, query: Axes) -> tuple[Axis, ...]:
        if self.output_shape is None:
            return (query.sample[-1],)
        return Axes.of_sample(self.output_shape).sample

    def attended(self, query: Axes) -> tuple[int, ...]:
        if self.attention_axes is None:
            return tuple(range(len(query) - 2))
        found = tuple(axis % len(query) - 1 for axis in self.attention_axes)
        wanted = range(1, len(query) - 1)
        self.require(
            all(
                -len(query) <= axis and axis % len(query) in wanted for axis in self.attention_axes
            ),
            query,
            f"a query with the axes {self.attention_axes} to attend over, besides batch and "
            "features",
        )
        return found

    def build(self, query_shape: Axes, value_shape: Axes, key_shape: Axes | None = None) -> None:
        found = self.projections(query_shape, value_shape, key_shape)
        self.attention_axes = tuple(axis + 1 for axis in self.over)
        self.query_dense = found["query"]
        self.key_dense = found["key"]
        if self.use_gate:
            self._gate_dense = found["gate"]
        self.value_dense = found["value"]
        self.output_dense = found["output"]

    def inside(self) -> dict[str, EinsumDense]:
        found = {
            "query": self.query_dense,
            "key": self.key_dense,
            "value": self.value_dense,
            "output": self.output_dense,
        }
        return {**found, "gate": self._gate_dense} if self.use_gate else found

    def answered(
        self, parts: Mapping[str, Any], seen: Any, training: bool | None, wants_shares: bool
    ) -> tuple[Any, Any]:
        query, key, value = (parts[name] for name in ("query", "key", "value"))
        return self._compute_attention(query, key, value, seen, training, wants_shares)

    def _compute_attention(
        self,
        query: Any,
        key: Any,
        value: Any,
        attention_mask: Any = None,
        training: bool | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> tuple[Any, Any]:
        """What each head answers, and the shares or None. A subclass may put its own here.

        Axes: query (batch, steps, heads, features), key and value (batch, keys, heads, features),
            attention_mask (batch or 1, steps, keys)
        """
        return self.attention(
            query, key, value, attention_mask, use_causal_mask, training, return_attention_scores
        )

    # Keras's own names, for a subclass that reads them.
    _query_dense = property(lambda self: self.query_dense)
    _key_dense = property(lambda self: self.key_dense)
    _value_dense = property(lambda self: self.value_dense)
    _output_dense = property(lambda self: self.output_dense)
    _num_heads = property(lambda self: self.num_heads)
    _key_dim = property(lambda self: self.key_dim)
    _value_dim = property(lambda self: self.value_dim)
    _dropout = property(lambda self: self.dropout)
    _use_bias = property(lambda self: self.use_bias)
    _attention_axes = property(lambda self: self.attention_axes)
    _sliding_window = property(lambda self: self.sliding_window)
    _inverse_sqrt_key_dim = property(lambda self: self.scale)


def _sizes(layer: Any, setting: str, value: Any) -> tuple[int, ...] | None:
    """One size or several; None for as many as came in."""
    if value is None or value == ():
        return None
    sizes = (value,) if hasattr(value, "__index__") else value
    if not isinstance(sizes, list | tuple):
        raise ValueError(
            f"MultiHeadAttention: {setting} is a size or a tuple of sizes, not {value!r}."
        )
    return tuple(positive(layer, setting, size) for size in sizes)


def _numbers(layer: Any, setting: str, value: Any) -> tuple[int, ...] | None:
    """Whole numbers, one or several; None stays None."""
    if value is None:
        return None
    numbers = (value,) if hasattr(value, "__index__") else value
    if not isinstance(numbers, list | tuple) or not all(hasattr(n, "__index__") for n in numbers):
        raise ValueError(
            f"MultiHeadAttention: {setting} is a whole number or a tuple of them, not {value!r}."
        )
    return tuple(int(number) for number in numbers) or None
