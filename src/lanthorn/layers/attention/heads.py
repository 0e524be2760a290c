"""What attention with heads shares: projections, masks, the numbers, the wiring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lanthorn import constraints, initializers, ops, random, regularizers
from lanthorn.axes import Axes, Axis
from lanthorn.engine import defaults
from lanthorn.engine.graph import KerasTensor
from lanthorn.layers.attention import seeing
from lanthorn.layers.attention.fitting import require_features, require_fit
from lanthorn.layers.attention.products import means_of, scores_of
from lanthorn.layers.attention.projection import Plan
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import positive
from lanthorn.layers.einsum_dense import EinsumDense
from lanthorn.layers.masks import lay_beside
from lanthorn.wiring import Wiring
from lanthorn.wiring.attend import Attend, score_axes

MASKS = ("query_mask", "value_mask", "key_mask", "attention_mask")


class HeadedAttention(Layer):
    """Queries, keys and values for several heads; what a subclass has its own names for is asked.

    A head n compares the query of each place t with the keys of the places s it may see:
    `share[n, t, s] = softmax over s of Σ_f query[t, n, f] · key[s, n, f] / √features`, and
    `y[t] = Σ_n (Σ_s share[n, t, s] · value[s, n]) · kernel[n] + bias`.
    """

    supports_masking = True
    several_arguments = True
    not_kept = ("flash_attention",)
    over: tuple[int, ...]
    """The sample axes that are attended over."""

    def __init__(
        self,
        *,
        dropout: float,
        use_bias: bool,
        sliding_window: int | None,
        flash_attention: bool | None,
        kernel_initializer: Any,
        bias_initializer: Any,
        kernel_regularizer: Any,
        bias_regularizer: Any,
        kernel_constraint: Any,
        bias_constraint: Any,
        use_gate: bool,
        seed: int | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        kind = type(self).__name__
        flash_attention = flash_attention or defaults.flash_attention()
        if isinstance(dropout, bool) or not 0 <= dropout <= 1:
            raise ValueError(f"{kind}: dropout is a fraction from 0 to 1, not {dropout!r}.")
        if flash_attention and dropout > 0:
            raise ValueError(
                f"{kind}: flash attention has no dropout. Give dropout=0 or leave out "
                "flash_attention."
            )
        if sliding_window is not None:
            sliding_window = positive(self, "sliding_window", sliding_window)
        self.dropout = dropout
        self.use_bias = use_bias
        self.sliding_window = sliding_window
        self.flash_attention = flash_attention
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.use_gate = use_gate
        self.seed = seed
        self.over = (0,)
        self.seed_generator = None

    # -- what a subclass says ----------------------------------------------------------------------

    def head_axes(self) -> tuple[Axis, Axis, Axis, Axis]:
        """The axes: heads, heads of keys and values, features of queries, of values."""
        raise NotImplementedError

    def made_axes(self, query: Axes) -> tuple[Axis, ...]:
        """The axes that come out in place of the query's features."""
        return (query.sample[-1],)

    def inside(self) -> dict[str, EinsumDense]:
        """The projections by name: query, key, value, output, and gate when there is one."""
        raise NotImplementedError

    def attended(self, query: Axes) -> tuple[int, ...]:
        """The sample axes to attend over, for a query of these axes."""
        return (0,)

    # -- shapes ------------------------------------------------------------------------------------

    def output_axes(self, query: Axes, value: Axes, key: Axes | None = None) -> Axes:
        given = (query, value) if key is None else (query, value, key)
        self.require(
            len({len(axes) for axes in given}) == 1 and len(query) >= 3,
            given,
            "query and value of (batch, steps, features), or with as many axes more each",
        )
        require_fit(self, given, self.attended(query))
        if self.built:
            inside = self.inside()
            made_for = {name: inside[name].kernel.shape[0] for name in ("query", "key", "value")}
            require_features(self, given, made_for)
        return query.with_sample([*query.sample[:-1], *self.made_axes(query)])

    def compute_output_shape(
        self, query_shape: Any, value_shape: Any, key_shape: Any = None
    ) -> tuple[int | None, ...]:
        """The output's shape for the shapes of query, value and key, without running anything."""
        key = None if key_shape is None else Axes.of(key_shape)
        return tuple(self.output_axes(Axes.of(query_shape), Axes.of(value_shape), key))

    def compute_output_spec(self, query: Any, value: Any, key: Any = None, **kwargs: Any) -> Any:
        output = super().compute_output_spec(query, value, key)
        if not kwargs.get("return_attention_scores"):
            return output
        return output, KerasTensor(self.score_axes(query.shape, value.shape), self.compute_dtype)

    def score_axes(self, query: Axes, value: Axes) -> Axes:
        """The axes of scores and shares."""
        return score_axes(query, value, self.head_axes()[0], self.attended(query))

    # -- building ----------------------------------------------------------------------------------

    def plans(self, query: Axes, value: Axes, key: Axes | None) -> dict[str, Plan]:
        """The projections, in Keras's order."""
        key = value if key is None else key
        heads, groups, features, of_values = self.head_axes()
        mixed = query.with_sample([*query.sample[:-1], heads, of_values])
        found = {
            "query": Plan("query", query, query.sample[-1:], (heads, features)),
            "key": Plan("key", key, key.sample[-1:], (groups, features)),
            "gate": Plan("gate", query, query.sample[-1:], (heads, of_values)),
            "value": Plan("value", value, value.sample[-1:], (groups, of_values)),
            "output": Plan("attention_output", mixed, (heads, of_values), self.made_axes(query)),
        }
        return {name: plan for name, plan in found.items() if self.use_gate or name != "gate"}

    def projections(self, query: Axes, value: Axes, key: Axes | None) -> dict[str, EinsumDense]:
        """The layers that learn the projections, built."""
        for axes in (query, value, key or value):
            self.require(axes[-1] is not None, axes, "a last axis of known size")
        plans = self.plans(query, value, key)
        output = plans.pop("output")
        found = {name: self._learnt(plan) for name, plan in plans.items()}
        self.over = self.attended(query)
        if self.dropout > 0:
            self.seed_generator = random.SeedGenerator(self.seed)
        return {**found, "output": self._learnt(output)}

    def _learnt(self, plan: Plan) -> EinsumDense:
        return plan.layer(
            self.use_bias,
            activation="sigmoid" if plan.name == "gate" else None,
            kernel_initializer=fresh(self.kernel_initializer),
            bias_initializer=fresh(self.bias_initializer),
            kernel_regularizer=self.kernel_regularizer,
            bias_regularizer=self.bias_regularizer,
            kernel_constraint=self.kernel_constraint,
            bias_constraint=self.bias_constraint,
            activity_regularizer=self.inner_regularizer,
            dtype=self.dtype_policy,
        )

    @property
    def inner_regularizer(self) -> Any:
        """The penalty on what each projection gives."""
        return self.activity_regularizer

    # -- numbers -----------------------------------------------------------------------------------

    def call(
        self,
        query: Any,
        value: Any,
        key: Any = None,
        query_mask: Any = None,
        value_mask: Any = None,
        key_mask: Any = None,
        attention_mask: Any = None,
        return_attention_scores: bool = False,
        training: bool | None = None,
        use_causal_mask: bool = False,
    ) -> Any:
        masks = (query_mask, value_mask, key_mask, attention_mask)
        seen = self._seen(query, value, dict(zip(MASKS, masks, strict=True)), use_causal_mask)
        parts = self._projected(query, value, value if key is None else key)
        mixed, shares = self.answered(parts, seen, training, return_attention_scores)
        inside = self.inside()
        output = inside["output"](mixed * inside["gate"](query) if self.use_gate else mixed)
        lay_beside(output, query_mask)
        return (output, shares) if return_attention_scores else output

    def answered(
        self, parts: Mapping[str, Any], seen: Any, training: bool | None, wants_shares: bool
    ) -> tuple[Any, Any]:
        """What each head answers; and the shares, where they are wanted or worked out anyway.

        It goes through Keras's `_compute_attention`, which a class of the user's own may replace.
        """
        raise NotImplementedError

    def attention(
        self, query: Any, key: Any, value: Any, mask: Any, causal: bool, training: bool | None,
        wants_shares: bool,
    ) -> tuple[Any, Any]:  # fmt: skip
        """The mean of the values for each place that asks, and the shares or None.

        query, key, value: projected, each with all heads. mask: True where a place sees another;
            causal: and nothing that comes later.
        """
        mask = seeing.for_all_heads(mask, query.ndim - 1 + len(self.over), len(self.over))
        if causal:
            mask = seeing.both(mask, self._band(query.shape, key.shape, True, None))
        if not (self.keeps_scores(query.ndim - 1) or wants_shares):
            mixed = ops.dot_product_attention(query, key, value, mask=mask, scale=self.scale)
            return mixed, None
        self._refuse_flash(wants_shares)
        scores = scores_of(query * self.scale, key, self.over)
        shares = seeing.shares_of(scores, mask, len(self.over))
        return means_of(self._dropped(shares, training), value, self.over), shares

    @property
    def scale(self) -> float:
        """What a sum of products is multiplied with: 1 / √features."""
        return float(self.head_axes()[2].size or 1) ** -0.5

    def keeps_scores(self, rank: int) -> bool:
        """Whether shares are worked out one by one; then a place that sees nothing gives zeros.

        Otherwise they come out of `ops.dot_product_attention`, where it sees all places alike.
        """
        return self.dropout > 0 or rank != 3

    def _refuse_flash(self, wants_scores: bool) -> None:
        if self.flash_attention and wants_scores:
            raise ValueError(
                f"{self.name} ({type(self).__name__}): flash attention has no scores to return. "
                "Leave out flash_attention."
            )

    def _seen(self, query: Any, value: Any, masks: Mapping[str, Any], causal: bool) -> Any:
        """True where a place sees another; None: everywhere.

        For three axes it is Keras's (batch, steps, keys), otherwise in the shape of the scores.
        """
        by_mask, attended = seeing.joined_mask(masks), len(self.over)
        if query.ndim > 3:
            by_mask = seeing.for_all_heads(by_mask, query.ndim + attended, attended)
        band = self._band(query.shape, value.shape, causal, self.sliding_window)
        return seeing.both(by_mask, band)

    def _band(self, query: Any, value: Any, causal: bool, window: int | None) -> Any:
        """What is seen by its place alone, in a query and a value of these shapes."""
        if not causal and window is None:
            return None
        if len(self.over) > 1:
            raise ValueError(
                f"{self.name} ({type(self).__name__}) attends over {len(self.over)} axes at once: "
                "what is earlier or near is known along one axis only. Leave out use_causal_mask "
                "and sliding_window, or give attention_axes one axis."
            )
        axis = max(self.over) + 1  # the only one
        return seeing.band(query[axis], value[axis], causal, window)

    def _projected(self, query: Any, value: Any, key: Any) -> dict[str, Any]:
        inside = self.inside()
        return {
            "query": inside["query"](query),
            "key": self._for_heads(inside["key"](key)),
            "value": self._for_heads(inside["value"](value)),
        }

    @property
    def repeats(self) -> int:
        """How many heads share one key and value."""
        heads, groups, *_ = self.head_axes()
        return (heads.size or 1) // (groups.size or 1)

    def _for_heads(self, x: Any) -> Any:
        return ops.repeat(x, self.repeats, axis=-2) if self.repeats > 1 else x

    def _dropped(self, shares: Any, training: bool | None) -> Any:
        if not training or self.seed_generator is None:
            return shares
        return random.dropout(shares, self.dropout, seed=self.seed_generator)

    # -- explanation -------------------------------------------------------------------------------

    def wiring(
        self,
        query: Axes,
        value: Axes,
        key: Axes | None = None,
        *,
        use_causal_mask: bool = False,
        **arguments: Any,
    ) -> Wiring:
        if not is_ours(self, "_compute_attention"):
            return Layer.wiring(self, query)
        plans = self.plans(query, value, key)
        inside = {name: plan.wired(self.use_bias) for name, plan in plans.items()}
        return Attend(
            inside["query"],
            inside["key"],
            inside["value"],
            inside["output"],
            gate=inside.get("gate"),
            repeats=self.repeats,
            over=self.over,
            scale=self.scale,
            causal=bool(use_causal_mask),
            window=self.sliding_window,
            awaits_mask=any(arguments.get(name) is not None for name in MASKS),
            blind="nothing" if self.keeps_scores(len(query)) else "even",
        )

    def mask_told(self, mask: Any, inputs: Sequence[Any], arguments: Mapping[str, Any]) -> Any:
        masks = {name: arguments.get(name) for name in MASKS}
        rank = inputs[0].ndim + len(self.over)
        joined = seeing.for_all_heads(seeing.joined_mask(masks), rank, len(self.over))
        return None if joined is None else seeing.as_data(joined)

    def intermediates(
        self,
        query: Any,
        value: Any,
        key: Any = None,
        *,
        use_causal_mask: bool = False,
        **arguments: Any,
    ) -> dict[str, Any]:
        given = (query, value, value if key is None else key)
        query, value, key = map(ops.convert_to_tensor, given)
        inside = self.inside()
        parts = self._projected(query, value, key)
        seen = self._seen(query, value, arguments, use_causal_mask)
        seen = seeing.for_all_heads(seen, query.ndim + len(self.over), len(self.over))
        scores = scores_of(parts["query"] * self.scale, parts["key"], self.over)
        shares = seeing.shares_of(scores, seen, len(self.over))
        if seen is not None and not self.keeps_scores(query.ndim):
            sees = ops.any(seen, axis=-1, keepdims=True)  # who sees nothing has even shares
            shares = ops.where(sees, shares, ops.ones_like(shares) / shares.shape[-1])
        mixed = means_of(shares, parts["value"], self.over)
        found = {
            "query": parts["query"],
            "key": inside["key"](key),
            "value": inside["value"](value),
            "scores": scores,
            "shares": shares,
            "mixed": mixed,
        }
        if self.use_gate:
            gate = inside["gate"](query)
            found |= {"gate": gate, "gated": mixed * gate}
        return found


def fresh(initializer: Any) -> Any:
    """An initializer of the same settings that draws numbers of its own."""
    if not hasattr(initializer, "get_config"):
        return initializer
    return type(initializer).from_config(initializer.get_config())


def is_ours(layer: Any, method: str) -> bool:
    """Whether a method is the library's own, and not one that a subclass of the user's has."""
    return getattr(type(layer), method).__module__.startswith("lanthorn.")
