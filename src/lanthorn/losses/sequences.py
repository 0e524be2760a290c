"""Connectionist temporal classification: a label row that is shorter than the prediction."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.engine.errors import DataError
from lanthorn.losses.wrapper import FormulaLoss


def ctc(y_true: Any, y_pred: Any) -> Any:
    """`-log of the probability of y_true`, summed over every way to stretch it to the steps.

    y_true: class numbers; 0 is the blank and fills rows that are shorter. y_pred: logits.
    Axes: (batch, labels) and (batch, steps, classes) -> (batch)
    Raises: DataError when either has another rank, or the batches differ.
    Source: Graves et al. 2006, doi:10.1145/1143844.1143891.
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    labels, scores = tuple(y_true.shape), tuple(y_pred.shape)
    if len(labels) != 2 or len(scores) != 3 or labels[0] != scores[0]:
        raise DataError(
            "ctc wants y_true of shape (batch, labels) and y_pred of shape (batch, steps, classes),"
            f" but y_true has shape {labels} and y_pred has shape {scores}."
        )
    label_lengths = ops.sum(ops.cast(ops.not_equal(y_true, 0), "int32"), axis=-1)
    step_counts = scores[1] * ops.ones((scores[0],), dtype="int32")
    return ops.ctc_loss(y_true, y_pred, label_lengths, step_counts, mask_index=0)


class CTC(FormulaLoss):
    """`mean over the samples of -log of the probability of the label row`, blank being class 0."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "ctc",
        dtype: Any = None,
    ) -> None:
        super().__init__(ctc, reduction=reduction, name=name, dtype=dtype)
