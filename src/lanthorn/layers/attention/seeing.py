"""Which places see which: the masks of an attention, joined to one in the shape of its scores.

Source: keras 3.15 `layers/attention/multi_head_attention.py`, `_compute_attention_mask` and
`_masked_softmax`; `layers/activations/softmax.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from lanthorn import ops


def joined_mask(masks: Mapping[str, Any]) -> Any:
    """One mask, True where a place sees another, of those that are given; None when none is.

    masks: `query_mask` (batch, steps), `value_mask` and `key_mask` (batch, keys),
        `attention_mask` (batch, steps, keys).
    """
    found = []
    if masks.get("query_mask") is not None:
        found.append(ops.expand_dims(_truth(masks["query_mask"]), -1))
    for name in ("value_mask", "key_mask"):
        if masks.get(name) is not None:
            found.append(ops.expand_dims(_truth(masks[name]), -2))
    if masks.get("attention_mask") is not None:
        found.append(_truth(masks["attention_mask"]))
    return reduce(ops.logical_and, found) if found else None


def both(one: Any, two: Any) -> Any:
    """Where both masks say yes; None says yes everywhere."""
    if one is None or two is None:
        return two if one is None else one
    return ops.logical_and(one, two)


def _truth(mask: Any) -> Any:
    return ops.cast(mask, "bool")


def band(steps: int, keys: int, causal: bool, window: int | None) -> Any:
    """(1, steps, keys): True where a step sees a key by its distance alone; None: everywhere."""
    if not causal and window is None:
        return None
    ahead = ops.expand_dims(ops.arange(keys), 0) - ops.expand_dims(ops.arange(steps), 1)
    seen = ops.less_equal(ahead, 0) if causal else ops.ones((steps, keys), "bool")
    if window is not None:
        seen = ops.logical_and(seen, ops.less(ops.absolute(ahead), window))
    return ops.expand_dims(seen, 0)


def for_all_heads(mask: Any, rank: int, attended: int) -> Any:
    """A mask with axes of size 1 for the heads, and for what it does not speak of.

    rank: of the scores, with the batch. attended: how many axes are attended over.
    """
    while mask is not None and mask.ndim < rank:
        mask = ops.expand_dims(mask, -2 * attended - 1)
    return mask


def shares_of(scores: Any, seen: Any, attended: int) -> Any:
    """The softmax of scores over the last `attended` axes; 0 where nothing is seen."""
    if seen is not None:
        low = -3e4 if scores.dtype.name == "float16" else -1e9
        scores = ops.where(seen, scores, ops.cast(low, scores.dtype))
    shares = ops.softmax(scores, axis=tuple(range(-attended, 0)))
    if seen is not None:
        shares = ops.where(seen, shares, ops.zeros_like(shares))
    return shares


def as_data(mask: Any) -> tuple[Any, ...]:
    """The first sample's mask as nested tuples, as wirings keep it; () for none."""
    if mask is None:
        return ()

    def nested(value: Any) -> Any:
        return tuple(map(nested, value)) if isinstance(value, list) else bool(value)

    import numpy as np

    return nested(np.asarray(mask)[0].tolist())
