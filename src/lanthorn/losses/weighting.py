"""Weights, masks and reductions: from one loss per place to the number that training lowers."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.engine.errors import DataError, LanthornError
from lanthorn.engine.scope import current_scope
from lanthorn.losses.alignment import same_rank
from lanthorn.words.nearest import did_you_mean

REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None)
"""How many losses become one."""

MEANS = ("sum_over_batch_size", "mean")


def standardize_reduction(reduction: str | None) -> str | None:
    """The reduction itself, if there is such a one.

    Raises: LanthornError with the ones that exist; `"auto"` was Keras 2's name of the default.
    """
    if reduction in REDUCTIONS:
        return reduction
    known = [name for name in REDUCTIONS if name is not None]
    hint = did_you_mean(reduction, known)
    if str(reduction) == "auto":
        hint = '. Keras 2\'s "auto" is called "sum_over_batch_size"'
    raise LanthornError(
        f"There is no reduction called {str(reduction)[:80]!r}{hint}. "
        f"There are {', '.join(map(repr, known))} and None."
    )


def mask_of(tensor: Any) -> Any:
    """The mask that travels beside a tensor in the current scope, or None."""
    scope = current_scope()
    return scope.mask_of(tensor) if scope is not None else None


def leave_mask(tensor: Any, mask: Any) -> None:
    """Say which places of a loss count, to whoever reduces it within this scope."""
    scope = current_scope()
    if scope is not None:
        scope.set_mask(tensor, mask)


def reduced(values: Any, sample_weight: Any, mask: Any, reduction: str | None, dtype: str) -> Any:
    """The losses `values`, weighted, without the masked places, brought to one number.

    `sum_over_batch_size` and `mean` divide by the number of losses, not by the sum of the weights;
    with a mask, by the number of places it keeps. `mean_with_sample_weight` divides by the sum of
    the weights.
    Source: keras 3.15.1 `losses/loss.py`, `reduce_weighted_values`.
    """
    values = ops.convert_to_tensor(values, dtype=dtype)
    weights = None if sample_weight is None else ops.convert_to_tensor(sample_weight, dtype=dtype)
    weights = masked_weights(weights, mask, dtype, rescale=reduction in MEANS)
    if weights is not None:
        values, weights = same_rank(values, weights)
        weights = beside("the losses", values, weights)
        values = values * weights
    if reduction in (None, "none") or tuple(values.shape) in ((), (0,)):
        return values
    total = ops.sum(values)
    if reduction == "sum":
        return total
    if reduction == "mean_with_sample_weight" and weights is not None:
        return ops.divide_no_nan(total, ops.sum(weights))
    return total / max(_count(values), 1)


def masked_weights(weights: Any, mask: Any, dtype: str, rescale: bool = False) -> Any:
    """`weights` with zeros where `mask` is False; the mask alone when there are no weights.

    rescale: give the kept places the weight all / kept, so that a sum divided by the number of all
    places is a mean over the kept ones.
    """
    if mask is None:
        return weights
    kept = ops.cast(ops.cast(mask, "bool"), dtype)
    if rescale:
        kept = kept * ops.divide_no_nan(_count(kept), ops.sum(kept))
    if weights is None:
        return kept
    kept, weights = same_rank(kept, ops.cast(weights, dtype))
    return beside("the mask", kept, weights) * kept


def beside(what: str, values: Any, weights: Any) -> Any:
    """The weights with axes of size 1 behind them until they lie along `values`' first axes.

    A weight per sample thus counts for every step of the sample.
    Raises: DataError when the weights belong to neither samples nor places of `values`.
    """
    shape, given = tuple(values.shape), tuple(weights.shape)
    if given == shape[: len(given)]:
        return ops.reshape(weights, given + (1,) * (len(shape) - len(given)))
    if len(given) == len(shape) and all(
        one in (1, size) for one, size in zip(given, shape, strict=True)
    ):
        return weights
    if not shape or (shape == (1,) and len(given) == 1):  # one number for the whole batch
        return weights
    raise DataError(
        f"The weights have shape {given}, but {what} have shape {shape}.\n"
        f"  This fits: one weight per sample, of shape {shape[:1]}, or one per place, {shape}."
    )


def _count(values: Any) -> int:
    count = 1
    for size in values.shape:
        count *= size
    return count
