"""Attention over the inputs as they are, by products (Luong) or by sums under tanh (Bahdanau)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lanthorn import ops, random
from lanthorn.axes import Axes
from lanthorn.engine.graph import KerasTensor
from lanthorn.layers.attention import seeing
from lanthorn.layers.attention.fitting import require_alike
from lanthorn.layers.attention.heads import is_ours
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import one_of
from lanthorn.layers.example import Example
from lanthorn.wiring import Wiring
from lanthorn.wiring.attend import AttendDirectly, key_name
from lanthorn.words.shapes import axes_text

REPLACEABLE = ("_calculate_scores", "_calculate_score_mask", "_apply_scores")
"""Methods that a subclass may put its own in the place of; then nobody knows what a number is."""


class Attention(Layer):
    """`y[t] = Σ_s share[t, s] · value[s]`, with `share[t] = softmax over s of score[t, s]`.

    Called on a list: [query, value], or [query, value, key]; without a key the value is its own.
    score_mode: "dot": `Σ_f query[t, f] · key[s, f]`, times `scale` when it is learnt (`use_scale`);
        "concat": `Σ_f tanh(scale · (query[t, f] + key[s, f]))`, times a learnt number.
    Masks: places of the value that are masked out have no share; places of the query give 0.
    Axes: query (batch, steps, features), value (batch, keys, features'), key (batch, keys,
        features) -> (batch, steps, features'), and the shares (batch, steps, keys) when asked for
    Raises: ShapeError naming both shapes when the inputs do not go together.
    Source: Luong et al. 2015, arXiv:1508.04025, section 3.1; keras 3.15
        `layers/attention/attention.py`.
    Example:
        >>> Attention().compute_output_shape([(None, 5, 8), (None, 3, 8)])
        (None, 5, 8)
    """

    supports_masking = True
    examples = (
        Example({}, [(3, 2), (4, 2)]),
        Example({"use_scale": True}, [(2, 3), (4, 5), (4, 3)]),
        Example({"score_mode": "concat", "use_scale": True, "dropout": 0.3}, [(3, 2), (2, 2)]),
        Example({"score_mode": "concat"}, [(3, 2), (3, 2)], arguments={"use_causal_mask": True}),
        Example({}, [(2, 3, 2), (2, 4, 2)]),
    )

    def __init__(
        self,
        use_scale: bool = False,
        score_mode: str = "dot",
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if isinstance(dropout, bool) or not 0 <= dropout <= 1:
            raise ValueError(
                f"{type(self).__name__}: dropout is a fraction from 0 to 1, not {dropout!r}."
            )
        self.use_scale = use_scale
        self.score_mode = one_of(self, "score_mode", score_mode, ("dot", "concat"))
        self.dropout = dropout
        self.seed = seed
        self.scale = None
        self.concat_score_weight = None
        if dropout > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def output_axes(self, x: Sequence[Axes]) -> Axes:
        query, value, key = self._named(x)
        ranks = {len(axes) for axes in x}
        self.require(
            len(ranks) == 1 and len(query) >= 3,
            x,
            "query (batch, steps, features) and value (batch, steps, features)",
        )
        for index in range(len(query) - 2):
            require_alike(self, query, value, index, "query and value")
            require_alike(self, value, key, index, "value and key")
        require_alike(self, value, key, -2, "value and key")
        require_alike(self, query, key, -1, "query and value" if key is value else "query and key")
        if self.built:
            self._check_features(x)
        return query.with_sample([*query.sample[:-1], value.sample[-1]])

    def _named(self, x: Any) -> tuple[Axes, Axes, Axes]:
        """Query, value and key of a list of two or three."""
        if isinstance(x, Axes) or not 2 <= len(x) <= 3:
            given = axes_text(x) if isinstance(x, Axes) else f"a list of {len(x)}"
            name = type(self).__name__
            raise ValueError(
                f"{self.name} ({name}) takes a list, [query, value] or [query, value, key], but "
                f"was given {given}. Write {name}()([query, value])."
            )
        return (x[0], x[1], x[-1])

    def _check_features(self, x: Sequence[Axes]) -> None:
        """Refuse other features than the weights were made for."""

    def build(self, x: Sequence[Axes]) -> None:
        self._named(x)
        if self.use_scale:
            self.scale = self.add_weight((), "ones", name="scale", axes=())
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight(
                (), "ones", name="concat_score_weight", axes=()
            )

    def compute_output_spec(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        output = super().compute_output_spec(inputs)
        if not kwargs.get("return_attention_scores"):
            return output
        query, value = (tensor.shape for tensor in inputs[:2])
        keys = value.sample[-2]
        sample = [*query.sample[:-1], keys._replace(name=key_name(keys, 1))]
        return output, KerasTensor(query.with_sample(sample), self.compute_dtype)

    # -- numbers -----------------------------------------------------------------------------------

    def call(
        self,
        inputs: Any,
        mask: Any = None,
        training: bool = False,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:
        query, value, key = inputs[0], inputs[1], inputs[-1]
        answers, seen = self._masks(mask)
        scores = self._calculate_scores(query, key)
        seen = self._calculate_score_mask(scores, seen, use_causal_mask)
        output, shares = self._apply_scores(scores, value, seen, training)
        if answers is not None:
            output = ops.where(ops.expand_dims(answers, -1), output, ops.zeros_like(output))
        return (output, shares) if return_attention_scores else output

    def _masks(self, mask: Any) -> tuple[Any, Any]:
        """The masks of query and value. Raises: ValueError for anything but a list of them."""
        if mask is None:
            return None, None
        if not isinstance(mask, list | tuple) or not 2 <= len(mask) <= 3:
            raise ValueError(
                f"{self.name} ({type(self).__name__}) takes a list of masks, [query_mask, "
                f"value_mask], not {type(mask).__name__}."
            )
        return tuple(None if one is None else ops.cast(one, "bool") for one in mask[:2])  # type: ignore[return-value]

    # The next three are Keras's places for a subclass's own scores, masks and means.

    def _calculate_scores(self, query: Any, key: Any) -> Any:
        """How well each place of the query matches each of the key: (batch, steps, keys)."""
        if self.score_mode == "dot":
            scores = ops.matmul(query, ops.swapaxes(key, -2, -1))
            return scores if self.scale is None else scores * self.compute(self.scale)
        both = self._sums(query, key)
        if self.scale is not None:
            both = self.compute(self.scale) * both
        assert self.concat_score_weight is not None
        return self.compute(self.concat_score_weight) * ops.sum(ops.tanh(both), axis=-1)

    def _calculate_score_mask(self, scores: Any, v_mask: Any, use_causal_mask: bool) -> Any:
        """True where a place sees another: (batch or 1, steps, keys), or `v_mask` as it is."""
        band = seeing.band(scores.shape[-2], scores.shape[-1], use_causal_mask, None)
        return v_mask if band is None else seeing.both(_beside(v_mask), band)

    def _apply_scores(
        self, scores: Any, value: Any, scores_mask: Any = None, training: bool = False
    ) -> tuple[Any, Any]:
        """The means of the values, and the shares of the scores, as dropout left them."""
        shares = self._shares(scores, scores_mask)
        if training and self.dropout > 0:
            shares = random.dropout(shares, self.dropout, seed=self.seed_generator)
        return ops.matmul(shares, value), shares

    def _shares(self, scores: Any, seen: Any) -> Any:
        if seen is not None:
            if seen.ndim < scores.ndim:
                seen = _beside(seen)
            # Lowered and not hidden: a place that sees nothing has shares of everything.
            low = 65504.0 if scores.dtype.name == "float16" else 1e9
            scores = ops.where(seen, scores, scores - ops.cast(low, scores.dtype))
        return ops.softmax(scores, axis=(-1,))  # a single key is no mistake to be warned of

    def _sums(self, query: Any, key: Any) -> Any:
        """(batch, …, steps, keys, features): each place of the query plus each of the key."""
        return ops.expand_dims(query, -2) + ops.expand_dims(key, -3)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return self._masks(mask)[0]

    # -- explanation -------------------------------------------------------------------------------

    def wiring(
        self, x: Sequence[Axes], *, use_causal_mask: bool = False, mask: Any = None
    ) -> Wiring:
        if not all(is_ours(self, name) for name in REPLACEABLE):
            return Layer.wiring(self, x[0])
        return AttendDirectly(
            self.score_kind,
            None if self.scale is None else self.scale.spec,
            None if self.concat_score_weight is None else self.concat_score_weight.spec,
            causal=bool(use_causal_mask),
            awaits_mask=mask is not None,
        )

    @property
    def score_kind(self) -> str:
        return self.score_mode

    def mask_told(self, mask: Any, inputs: Sequence[Any], arguments: Mapping[str, Any]) -> Any:
        answers, seen = self._masks(arguments.get("mask"))
        if answers is None and seen is None:
            return None
        seen = None if seen is None else ops.expand_dims(seen, -2)
        return seeing.as_data(seen), seeing.as_data(answers)

    def intermediates(
        self, *inputs: Any, use_causal_mask: bool = False, mask: Any = None
    ) -> dict[str, Any]:
        query, key = (ops.convert_to_tensor(x) for x in (inputs[0], inputs[-1]))
        scores = self._calculate_scores(query, key)
        seen = self._calculate_score_mask(scores, self._masks(mask)[1], use_causal_mask)
        return {"scores": scores, "shares": self._shares(scores, seen)}


class AdditiveAttention(Attention):
    """Attention whose score is `Σ_f scale[f] · tanh(query[t, f] + key[s, f])`.

    Called on a list, [query, value] or [query, value, key], like Attention.
    use_scale: learn a weight for each feature; otherwise each counts alike.
    Axes: query (batch, steps, features), value (batch, keys, features'), key (batch, keys,
        features) -> (batch, steps, features')
    Raises: ShapeError naming both shapes when the inputs do not go together.
    Source: Bahdanau et al. 2015, arXiv:1409.0473, appendix A.1.2; keras 3.15
        `layers/attention/additive_attention.py`.
    Example:
        >>> AdditiveAttention().compute_output_shape([(None, 5, 8), (None, 3, 8)])
        (None, 5, 8)
    """

    not_kept = ("score_mode",)
    examples = (
        Example({}, [(3, 2), (4, 2)]),
        Example({"use_scale": False, "dropout": 0.5}, [(2, 3), (3, 4), (3, 3)]),
        Example({"seed": 3}, [(3, 2), (3, 2)], arguments={"use_causal_mask": True}),
    )

    def __init__(self, use_scale: bool = True, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(use_scale=use_scale, dropout=dropout, **kwargs)

    def _check_features(self, x: Sequence[Axes]) -> None:
        if self.scale is not None:
            made_for = self.scale.shape[0]
            self.require(
                x[0][-1] == made_for,
                x,
                f"features {made_for}",
                f"It was built for {made_for} features and learns one weight for each.",
            )

    def build(self, x: Sequence[Axes]) -> None:
        features = self._named(x)[0][-1]
        self.require(features is not None, x, "a last axis of known size")
        if self.use_scale:
            self.scale = self.add_weight(
                (features,), "glorot_uniform", name="scale", axes=("features",)
            )

    def _calculate_scores(self, query: Any, key: Any) -> Any:
        both = ops.tanh(self._sums(query, key))
        return ops.sum(both if self.scale is None else self.compute(self.scale) * both, axis=-1)

    @property
    def score_kind(self) -> str:
        return "additive"

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "seed": self.seed}


def _beside(mask: Any) -> Any:
    """A mask of keys for every place that asks: (batch, 1, keys)."""
    return None if mask is None else ops.expand_dims(mask, -2)
