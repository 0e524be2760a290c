"""How many yes and no were right and wrong, at one threshold or at many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.engine.errors import DataError, LanthornError
from lanthorn.losses.alignment import require_equal_shapes, same_rank
from lanthorn.losses.weighting import beside

NOT_AMONG_THEM = -1e10
"""The score of a class that is not among the top k: below every threshold."""


class Counts(NamedTuple):
    """Weighted counts, one per threshold (and per label, when labels are counted apart)."""

    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any


def counted(
    name: str,
    y_true: Any,
    y_pred: Any,
    thresholds: Sequence[float],
    sample_weight: Any = None,
    *,
    top_k: int | None = None,
    class_id: int | None = None,
    per_label: bool = False,
    label_weights: Any = None,
) -> Counts:
    """The counts of one batch: a prediction above a threshold is a yes.

    top_k: only each sample's k largest predictions can be yes. class_id: look at this class only.
    per_label: count each place of the last axis apart; the counts get a second axis.
    label_weights: what each place of the last axis counts for.
    Raises: DataError when shapes do not fit.
    """
    y_pred, y_true = same_rank(
        ops.cast(y_pred, defaults.floatx()), ops.cast(y_true, defaults.floatx())
    )
    require_equal_shapes(name, y_true, y_pred)
    if top_k is not None:
        y_pred = _only_largest(y_pred, top_k)
    if class_id is not None:
        _require_classes(name, y_pred, class_id)
        y_true, y_pred = y_true[..., class_id, None], y_pred[..., class_id, None]
    weights = _weights(y_pred, sample_weight, label_weights)
    labels = y_pred.shape[-1] if per_label else 1
    yes = ops.cast(ops.cast(ops.reshape(y_true, (-1, labels)), "bool"), defaults.floatx())
    weights = ops.reshape(weights, (-1, labels))
    scores = ops.reshape(y_pred, (-1, labels))
    above = _above_even if is_even(thresholds) else _above_each
    right, wrong = above(scores, yes * weights, (1.0 - yes) * weights, thresholds)
    all_yes = ops.sum(yes * weights, axis=0)
    all_no = ops.sum((1.0 - yes) * weights, axis=0)
    counts = Counts(right, wrong, all_no - wrong, all_yes - right)
    return counts if per_label else Counts(*(ops.squeeze(count, -1) for count in counts))


def _above_each(scores: Any, yes: Any, no: Any, thresholds: Sequence[float]) -> tuple[Any, Any]:
    limits = ops.reshape(
        ops.convert_to_tensor(list(thresholds), dtype=defaults.floatx()), (-1, 1, 1)
    )
    above = ops.greater(ops.expand_dims(scores, 0), limits)
    return (
        ops.sum(ops.where(above, ops.expand_dims(yes, 0), 0.0), axis=1),
        ops.sum(ops.where(above, ops.expand_dims(no, 0), 0.0), axis=1),
    )


def _above_even(scores: Any, yes: Any, no: Any, thresholds: Sequence[float]) -> tuple[Any, Any]:
    """The same for thresholds that divide 0 to 1 evenly, in one pass over the scores.

    A score lies above the first `floors` thresholds; adding up from the last threshold backwards
    counts it at each of them.
    """
    count, labels = len(thresholds), scores.shape[-1]
    floors = ops.ceil(ops.clip(scores, 0.0, 1.0) * (count - 1.0))
    if thresholds[0] < 0:  # the first threshold lies below every score, 0 too
        floors = ops.maximum(floors, 1.0)
    places = ops.cast(floors, "int32") + (count + 1) * ops.arange(labels, dtype="int32")

    def above(weights: Any) -> Any:
        sums = ops.segment_sum(
            ops.reshape(weights, (-1,)), ops.reshape(places, (-1,)), (count + 1) * labels
        )
        sums = ops.transpose(ops.reshape(sums, (labels, count + 1)))
        return ops.flip(ops.cumsum(ops.flip(sums, axis=0), axis=0), axis=0)[1:]

    return above(yes), above(no)


def _weights(y_pred: Any, sample_weight: Any, label_weights: Any) -> Any:
    weights = ops.ones(y_pred.shape, dtype=defaults.floatx())
    if sample_weight is not None:
        given = ops.cast(sample_weight, defaults.floatx())
        shape = tuple(given.shape)
        if len(shape) == len(y_pred.shape) + 1 and shape[-1] == 1:
            given = ops.squeeze(given, -1)
        weights = weights * beside("the predictions", y_pred, given)
    if label_weights is not None:
        weights = weights * ops.convert_to_tensor(label_weights, dtype=defaults.floatx())
    return weights


def _require_classes(name: str, y_pred: Any, class_id: int) -> None:
    if len(y_pred.shape) == 1:
        raise DataError(
            f"{name} looks at class {class_id} of a last axis of classes, but y_pred has "
            f"shape {tuple(y_pred.shape)}."
        )


def _only_largest(scores: Any, k: int) -> Any:
    _, places = ops.top_k(scores, k)
    chosen = ops.sum(ops.one_hot(places, scores.shape[-1]), axis=-2)
    return ops.where(chosen > 0, scores, NOT_AMONG_THEM)


# -- thresholds ----------------------------------------------------------------------------------


def threshold_list(thresholds: Any, default: float) -> list[float]:
    """The thresholds as a list; `default` alone when none are given.

    Raises: LanthornError when one does not lie within 0 and 1.
    """
    if thresholds is None:
        return [default]
    found = list(thresholds) if isinstance(thresholds, list | tuple) else [thresholds]
    wrong = [one for one in found if one is None or one < 0 or one > 1]
    if wrong:
        raise LanthornError(f"Thresholds lie within 0 and 1, but these do not: {wrong}")
    return found


def even_thresholds(count: int) -> list[float]:
    """`count` thresholds from 0 to 1, evenly apart."""
    return [0.0, *((i + 1) / (count - 1) for i in range(count - 2)), 1.0]


def is_even(thresholds: Sequence[float]) -> bool:
    """True when there are three or more, evenly apart from 0 to 1 but for rounding."""
    count = len(thresholds)
    if count < 3:
        return False
    return all(
        abs(threshold - place / (count - 1)) <= defaults.epsilon() * 2 + 1e-5 * place / (count - 1)
        for place, threshold in enumerate(thresholds)
    )
