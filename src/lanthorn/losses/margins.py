"""Losses that ask for a margin between right and wrong, and for nothing beyond it."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.losses.alignment import paired
from lanthorn.losses.wrapper import FormulaLoss


def hinge(y_true: Any, y_pred: Any) -> Any:
    """`mean over the last axis of max(1 - y_true × y_pred, 0)`, targets -1 and 1.

    When all targets are 0 or 1 they are taken as -1 and 1.
    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> float(hinge([1.0, 0.0], [0.5, -2.0]))
        0.25
    """
    return ops.mean(_missing_margin("hinge", y_true, y_pred), axis=-1)


def squared_hinge(y_true: Any, y_pred: Any) -> Any:
    """`mean over the last axis of max(1 - y_true × y_pred, 0)²`, targets -1 and 1.

    When all targets are 0 or 1 they are taken as -1 and 1.
    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> float(squared_hinge([1.0, 0.0], [0.5, -2.0]))
        0.125
    """
    return ops.mean(ops.square(_missing_margin("squared_hinge", y_true, y_pred)), axis=-1)


def categorical_hinge(y_true: Any, y_pred: Any) -> Any:
    """`max(1 + largest wrong score - right score, 0)`, targets 0 and 1 along the last axis.

    Axes: (batch, ..., classes) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> float(categorical_hinge([0.0, 1.0], [0.5, 0.75]))
        0.75
    """
    y_true, y_pred = paired("categorical_hinge", y_true, y_pred)
    right = ops.sum(y_true * y_pred, axis=-1)
    wrong = ops.max((1.0 - y_true) * y_pred, axis=-1)
    return ops.maximum(wrong - right + 1.0, 0.0)


def _missing_margin(name: str, y_true: Any, y_pred: Any) -> Any:
    y_true, y_pred = paired(name, y_true, y_pred)
    are_bits = ops.all(ops.logical_or(ops.equal(y_true, 0), ops.equal(y_true, 1)))
    signs = ops.where(are_bits, 2.0 * y_true - 1.0, y_true)
    return ops.maximum(1.0 - signs * y_pred, 0.0)


class Hinge(FormulaLoss):
    """`mean of max(1 - y_true × y_pred, 0)`, targets -1 and 1.

    Example:
        >>> float(Hinge()([[1.0], [-1.0]], [[0.5], [-2.0]]))
        0.25
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(hinge, reduction=reduction, name=name, dtype=dtype)


class SquaredHinge(FormulaLoss):
    """`mean of max(1 - y_true × y_pred, 0)²`, targets -1 and 1.

    Example:
        >>> float(SquaredHinge()([[1.0], [-1.0]], [[0.5], [-2.0]]))
        0.125
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "squared_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(squared_hinge, reduction=reduction, name=name, dtype=dtype)


class CategoricalHinge(FormulaLoss):
    """`mean of max(1 + largest wrong score - right score, 0)`.

    Example:
        >>> float(CategoricalHinge()([[0.0, 1.0]], [[0.5, 0.75]]))
        0.75
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(categorical_hinge, reduction=reduction, name=name, dtype=dtype)
