"""Like beside like: a loss on the pairs of a batch of embeddings."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.engine.errors import DataError
from lanthorn.losses.alignment import float_tensor
from lanthorn.losses.weighting import leave_mask
from lanthorn.losses.wrapper import FormulaLoss


def circle(
    y_true: Any,
    y_pred: Any,
    ref_labels: Any = None,
    ref_embeddings: Any = None,
    remove_diagonal: bool = True,
    gamma: float = 80,
    margin: float = 0.4,
) -> Any:
    """`softplus(logsumexp over same-class pairs + logsumexp over other pairs)` for each embedding.

    With the distance `d = max(1 - cosine, 0)` a pair of one class adds
    `-gamma × max(margin + d, 0) × (margin - d)`, a pair of two classes
    `gamma × max(1 + margin - d, 0) × (1 - margin - d)`.

    y_true: the class numbers; y_pred: embeddings of length 1.
    ref_labels, ref_embeddings: what to pair them with; the batch itself unless given.
    remove_diagonal: leave out the pair of each embedding with itself.
    Axes: (batch) and (batch, features) -> (batch)
    Raises: DataError when y_true does not have one class number per embedding.
    Source: Sun et al. 2020, arXiv:2002.10857, equations 4 to 8.
    """
    y_pred, y_true = float_tensor(y_pred), _class_numbers(y_true)
    others = y_pred if ref_embeddings is None else ops.convert_to_tensor(ref_embeddings)
    other_labels = y_true if ref_labels is None else _class_numbers(ref_labels)
    _require_one_label_each(y_true, y_pred)
    _require_one_label_each(other_labels, others)
    same = ops.equal(ops.expand_dims(y_true, 1), ops.expand_dims(other_labels, 0))
    different = ops.logical_not(same)
    if remove_diagonal:
        itself = ops.eye(same.shape[0], same.shape[1], dtype="bool")
        same = ops.logical_and(same, ops.logical_not(itself))
    distance = ops.maximum(1.0 - ops.matmul(y_pred, ops.transpose(others)), 0.0)
    same_terms = -gamma * ops.maximum(margin + distance, 0.0) * (margin - distance)
    other_terms = gamma * ops.maximum(1.0 + margin - distance, 0.0) * (1.0 - margin - distance)
    losses = ops.softplus(_log_sum(same_terms, same) + _log_sum(other_terms, different))
    leave_mask(losses, losses > 0)
    return losses


def _log_sum(terms: Any, counted: Any) -> Any:
    return ops.logsumexp(ops.where(counted, terms, float("-inf")), axis=1)


def _class_numbers(labels: Any) -> Any:
    labels = ops.cast(labels, "int32")
    is_column = len(labels.shape) == 2 and labels.shape[1] == 1
    return ops.squeeze(labels, axis=1) if is_column else labels


def _require_one_label_each(labels: Any, embeddings: Any) -> None:
    if len(embeddings.shape) != 2 or tuple(labels.shape) != tuple(embeddings.shape[:1]):
        raise DataError(
            "circle wants embeddings of shape (batch, features) and one class number for each, "
            f"but the labels have shape {tuple(labels.shape)} and the embeddings "
            f"{tuple(embeddings.shape)}."
        )


class Circle(FormulaLoss):
    """`mean over the embeddings that have any loss of softplus(same-class terms + other terms)`.

    gamma: how strongly far pairs outweigh near ones; margin: how near is near enough.
    """

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "circle",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            circle,
            reduction=reduction,
            name=name,
            dtype=dtype,
            gamma=gamma,
            margin=margin,
            remove_diagonal=remove_diagonal,
        )
