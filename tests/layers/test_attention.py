"""Attention by itself: what a class of one's own may put in its place, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from lanthorn import layers, ops
from lanthorn.wiring import Opaque

x = np.random.default_rng(0).normal(size=(2, 5, 8)).astype("float32")
CAUSAL = np.tril(np.ones((1, 5, 5), bool))


def equal(ours, theirs):
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-5, atol=1e-6)


def heads(cls=layers.MultiHeadAttention, **settings):
    if issubclass(cls, layers.GroupQueryAttention):
        return cls(head_dim=4, num_query_heads=2, num_key_value_heads=1, **settings)
    return cls(num_heads=2, key_dim=4, **settings)


# -- shapes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [layers.MultiHeadAttention, layers.GroupQueryAttention])
def test_shapes_may_be_lists_and_the_key_none(cls):
    rule = heads(cls).compute_output_shape
    assert rule([2, 5, 8], [2, 3, 8], None) == (2, 5, 8)
    assert rule(key_shape=(2, 3, 8), value_shape=(2, 3, 8), query_shape=(2, 5, 8)) == (2, 5, 8)


def test_sizes_of_the_groups_can_be_read():
    layer = heads(layers.GroupQueryAttention)
    layer.build(x.shape, x.shape)
    assert (layer.num_repeats, layer.feature_dim) == (2, 8)


# -- classes of one's own --------------------------------------------------------------------------


def test_attention_between_the_heads_can_be_replaced():
    masks = []

    class Even(layers.MultiHeadAttention):
        def _compute_attention(
            self, query, key, value, attention_mask=None, training=None,
            return_attention_scores=False,
        ):  # fmt: skip
            masks.append(attention_mask)
            return ops.zeros_like(query) + ops.mean(value, axis=1, keepdims=True), None

    layer = heads(Even)
    found = layer(x, x, use_causal_mask=True)
    equal(masks[0], CAUSAL)
    equal(found, np.broadcast_to(np.asarray(found)[:, :1], found.shape))
    assert isinstance(layer.wiring(*map(axes, (x, x))), Opaque)


@pytest.mark.parametrize("with_scores", [False, True])
def test_what_it_replaces_can_be_called(with_scores):
    layer = heads()
    layer.build(x.shape, x.shape)
    parts = [layer.query_dense(x), layer.key_dense(x), layer.value_dense(x)]
    seen = np.ones((1, 5, 5), bool)
    seen[:, 3, 1] = False
    both, _ = layer._compute_attention(
        *parts, attention_mask=seen, use_causal_mask=True, return_attention_scores=with_scores
    )
    joined, _ = layer._compute_attention(
        *parts, attention_mask=seen & CAUSAL, return_attention_scores=with_scores
    )
    equal(both, joined)
    equal(layer.output_dense(joined), layer(x, x, attention_mask=seen & CAUSAL))


def test_the_scores_of_attention_can_be_replaced():
    class Alike(layers.Attention):
        def _calculate_scores(self, query, key):
            return ops.zeros((*query.shape[:-1], key.shape[-2]))

    layer = Alike()
    equal(layer([x, x]), np.broadcast_to(x.mean(1, keepdims=True), x.shape))
    assert isinstance(layer.wiring([axes(x), axes(x)]), Opaque)


def test_scores_with_a_mask_can_be_applied_by_hand():
    layer = layers.Attention()
    scores = layer._calculate_scores(x, x)
    seen = layer._calculate_score_mask(scores, None, use_causal_mask=True)
    equal(seen, CAUSAL)
    assert layer._calculate_score_mask(scores, None, use_causal_mask=False) is None
    equal(layer._apply_scores(scores, x, seen)[0], layer([x, x], use_causal_mask=True))


# -- shares ----------------------------------------------------------------------------------------


def test_shares_are_handed_out_as_dropout_left_them():
    output, shares = layers.Attention(dropout=0.5, seed=1)(
        [x, x], return_attention_scores=True, training=True
    )
    assert 0 < np.mean(np.asarray(shares) == 0) < 1
    equal(output, np.asarray(shares) @ x)


def axes(array):
    from lanthorn.axes import Axes

    return Axes.of(array.shape)
