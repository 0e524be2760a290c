"""Whether predictions rise and fall with their targets."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.losses.alignment import paired
from lanthorn.metrics.averages import FormulaMetric


def pearson_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """`mean of (y_true - mean) × (y_pred - mean) / (spread of y_true × spread of y_pred)`.

    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> round(float(pearson_correlation([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])), 4)
        1.0
    """
    y_true, y_pred = paired("pearson_correlation", y_true, y_pred)
    return ops.mean(_standardized(y_true, axis) * _standardized(y_pred, axis), axis=axis)


def concordance_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """`2 × covariance / (variance of y_true + variance of y_pred + (difference of means)²)`.

    1 only when predictions equal their targets, not merely move with them.
    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Source: Lin 1989, doi:10.2307/2532051; 1e-7 is added below, as in keras 3.15.1.
    Example:
        >>> round(float(concordance_correlation([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])), 4)
        0.3636
    """
    y_true, y_pred = paired("concordance_correlation", y_true, y_pred)
    true_mean = ops.mean(y_true, axis=axis, keepdims=True)
    pred_mean = ops.mean(y_pred, axis=axis, keepdims=True)
    true_variance = ops.var(y_true - true_mean, axis=axis, keepdims=True)
    pred_variance = ops.var(y_pred - pred_mean, axis=axis, keepdims=True)
    products = (y_true - pred_mean) * (y_pred - pred_mean)
    spread = true_variance + pred_variance + ops.square(true_mean - pred_mean)
    return ops.mean(2.0 * products / (spread + defaults.epsilon()), axis=axis)


def _standardized(values: Any, axis: int) -> Any:
    centered = values - ops.mean(values, axis=axis, keepdims=True)
    return centered / ops.std(centered, axis=axis, keepdims=True)


class PearsonCorrelation(FormulaMetric):
    """`mean of the correlation between y_true and y_pred` along `axis`.

    Example:
        >>> round(float(PearsonCorrelation()([[1.0, 2.0, 3.0]], [[2.0, 4.0, 6.0]])), 4)
        1.0
    """

    def __init__(
        self, name: str | None = "pearson_correlation", dtype: Any = None, axis: int = -1
    ) -> None:
        super().__init__(pearson_correlation, name=name, dtype=dtype, axis=axis)


class ConcordanceCorrelation(FormulaMetric):
    """`mean of the concordance between y_true and y_pred` along `axis`.

    Example:
        >>> round(float(ConcordanceCorrelation()([[1.0, 2.0, 3.0]], [[2.0, 4.0, 6.0]])), 4)
        0.3636
    """

    def __init__(
        self, name: str | None = "concordance_correlation", dtype: Any = None, axis: int = -1
    ) -> None:
        super().__init__(concordance_correlation, name=name, dtype=dtype, axis=axis)
