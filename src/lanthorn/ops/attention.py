"""Attention: a weighted mean of values, the weights from queries and keys."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from lanthorn.ops.core import tensor
from lanthorn.ops.operation import operation


@operation
def dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    scale: float | None = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> Any:
    """softmax(cap · tanh((query · keyᵀ · scale + bias) / cap)) · value, for each head.

    Axes: query (batch, steps, heads, features), key and value (batch, steps', heads, features)
          -> (batch, steps, heads, features); bias and mask fit (batch, heads, steps, steps').
    A mask is True where a query may look; `is_causal` hides later steps.
    attn_logits_soft_cap: the cap, which no score comes beyond; None: scores stay as they are.
    flash_attention: accepted; it names a kernel of some devices and changes no result.
    """
    query, key, value = tensor(query), tensor(key), tensor(value)
    if not query.ndim == key.ndim == value.ndim == 4:
        raise ValueError(
            "dot_product_attention wants query, key and value of four axes, not "
            f"{query.shape}, {key.shape} and {value.shape}."
        )
    dtype = jnp.result_type(query, key, value)
    query, key, value = (x.astype(dtype) for x in (query, key, value))
    scale = float(query.shape[-1] ** -0.5 if scale is None else scale)
    wide = jnp.promote_types(dtype, jnp.float32)
    scores = jnp.einsum("btnh,bsnh->bnts", query, key, preferred_element_type=wide) * scale
    if bias is not None:
        scores = scores + tensor(bias).astype(dtype)
    if attn_logits_soft_cap is not None:
        scores = attn_logits_soft_cap * jnp.tanh(scores / attn_logits_soft_cap)
    visible = _visible(scores, mask, is_causal)
    if visible is not None:
        # Not -inf: a query that may look nowhere looks everywhere alike and does not give NaN.
        scores = jnp.where(visible, scores, -0.7 * float(jnp.finfo(wide).max))
    shares = jax.nn.softmax(scores.astype(jnp.float32), axis=-1).astype(dtype)
    return jnp.einsum("bnts,bsnh->btnh", shares, value)


def _visible(scores: Any, mask: Any, is_causal: bool) -> Any:
    visible = None if mask is None else tensor(mask).astype(bool)
    if not is_causal:
        return visible
    past = jnp.tril(jnp.ones(scores.shape[2:], bool))
    return past if visible is None else visible & past
