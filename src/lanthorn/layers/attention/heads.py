"""What attention with heads shares: projections, masks, the numbers, the wiring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lanthorn import constraints, initializers, ops, random, regularizers
from lanthorn.axes import Axes, Axis
from lanthorn.engine import defaults
from lanthorn.engine.graph import KerasTensor
from lanthorn.layers.attention import seeing
from lanthorn.layers.attention.projection import Plan
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import positive
from lanthorn.layers.einsum_dense import EinsumDense
from lanthorn.layers.masks import lay_beside
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
        self._check(given)
        if self.built:
            self._check_features(given)
        return query.with_sample([*query.sample[:-1], *self.made_axes(query)])

    def _check(self, given: Sequence[Axes]) -> None:
        """Refuse ranks and sizes that do not go together."""
        query = given[0]
        self.require(
            len({len(axes) for axes in given}) == 1 and len(query) >= 3,
            given,
            "query and value of (batch, steps, features), or with as many axes more each",
        )
        for index in range(len(query) - 1):
            name = query.names[index]
            for one, two, what in self._pairs(given, index):
                self.require(
                    one[index] == two[index] or None in (one[index], two[index]),
                    (one, two),
                    f"{what} of the same {'batch' if index == 0 else name}",
                    f"{name}: {one[index]} here, {two[index]} there.",
                )

    def _pairs(self, given: Sequence[Axes], index: int) -> list[tuple[Axes, Axes, str]]:
        """The inputs that must agree on an axis: all, but along what is attended over."""
        query, value, *key = given
        is_attended = index - 1 in self.attended(query)
        pairs = [] if is_attended else [(query, value, "query and value")]
        return [*pairs, *((value, one, "value and key") for one in key)]

    def _check_features(self, given: Sequence[Axes]) -> None:
        """Refuse other features than the projections were built for."""
        named = {"query": given[0], "value": given[1], "key": given[-1]}
        for name, axes in named.items():
            made_for = self.inside()[name].kernel.shape[0]
            self.require(
                axes[-1] == made_for,
                given,
                f"features {made_for} for its {name}",
                f"Its {name} weights were made for {made_for} features; {axes[-1]} came.",
            )

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
        inside = self.inside()
        parts = self._projected(query, value, value if key is None else key)
        if self.keeps_scores(query.ndim) or return_attention_scores:
            self._refuse_flash(return_attention_scores)
            shares = seeing.shares_of(self._scores(parts), seen, len(self.over))
            mixed = self._mean(self._dropped(shares, training), parts["value"])
        else:
            shares = None
            mixed = ops.dot_product_attention(
                parts["query"], parts["key"], parts["value"], mask=seen, scale=self.scale
            )
        output = inside["output"](mixed * inside["gate"](query) if self.use_gate else mixed)
        lay_beside(output, query_mask)
        return (output, shares) if return_attention_scores else output

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
        """True where a place sees another, in the shape of the scores; None: everywhere."""
        by_mask = seeing.for_all_heads(seeing.joined_mask(masks), self._rank(query), len(self.over))
        by_place = self._band(query, value, causal)
        if by_mask is None or by_place is None:
            return by_place if by_mask is None else by_mask
        return ops.logical_and(by_mask, by_place)

    def _rank(self, query: Any) -> int:
        return query.ndim + len(self.over)

    def _band(self, query: Any, value: Any, causal: bool) -> Any:
        if not causal and self.sliding_window is None:
            return None
        if len(self.over) > 1:
            raise ValueError(
                f"{self.name} ({type(self).__name__}) attends over {len(self.over)} axes at once: "
                "what is earlier or near is known along one axis only. Leave out use_causal_mask "
                "and sliding_window, or give attention_axes one axis."
            )
        axis = max(self.over)  # the only one
        sizes = query.shape[axis + 1], value.shape[axis + 1]
        mask = seeing.band(*sizes, causal, self.sliding_window)
        return seeing.for_all_heads(mask, self._rank(query), 1)

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

    def _letters(self, rank: int) -> tuple[str, str, str]:
        """Letters for the axes of queries, of keys and values, and of scores.

        rank: of a projected query, (batch, …, heads y, features z).
        """
        along = [axis + 1 for axis in self.over]
        asking = [chr(ord("a") + i) for i in range(rank - 2)]
        told = [chr(ord("m") + i) if i in along else asking[i] for i in range(rank - 2)]
        apart = [letter for i, letter in enumerate(asking) if i not in along]
        ends = [letters[i] for letters in (asking, told) for i in along]
        return "".join([*asking, "yz"]), "".join([*told, "yz"]), "".join([*apart, "y", *ends])

    def _scores(self, parts: Mapping[str, Any]) -> Any:
        query, key = parts["query"], parts["key"]
        asking, told, scores = self._letters(query.ndim)
        return ops.einsum(f"{told},{asking}->{scores}", key, query * self.scale)

    def _mean(self, shares: Any, value: Any) -> Any:
        asking, told, scores = self._letters(value.ndim)
        return ops.einsum(f"{scores},{told}->{asking}", shares, value)

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
    ) -> Attend:
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
        rank = self._rank(inputs[0])
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
        scores = self._scores(parts)
        shares = seeing.shares_of(scores, seen, len(self.over))
        if seen is not None and not self.keeps_scores(query.ndim):
            sees = ops.any(seen, axis=-1, keepdims=True)  # who sees nothing has even shares
            shares = ops.where(sees, shares, ops.ones_like(shares) / shares.shape[-1])
        mixed = self._mean(shares, parts["value"])
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
