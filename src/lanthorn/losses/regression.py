"""How far a number is from the number it should be."""

from __future__ import annotations

from math import log
from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.losses.alignment import paired
from lanthorn.losses.wrapper import FormulaLoss


def mean_squared_error(y_true: Any, y_pred: Any) -> Any:
    """`mean over the last axis of (y_true - y_pred)²`.

    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> float(mean_squared_error([1.0, 2.0], [1.0, 4.0]))
        2.0
    """
    y_true, y_pred = paired("mean_squared_error", y_true, y_pred)
    return ops.mean(ops.square(y_true - y_pred), axis=-1)


def mean_absolute_error(y_true: Any, y_pred: Any) -> Any:
    """`mean over the last axis of |y_true - y_pred|`.

    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> float(mean_absolute_error([1.0, 2.0], [1.0, 4.0]))
        1.0
    """
    y_true, y_pred = paired("mean_absolute_error", y_true, y_pred)
    return ops.mean(ops.abs(y_true - y_pred), axis=-1)


def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Any:
    """`100 × mean over the last axis of |y_true - y_pred| / max(|y_true|, 1e-7)`.

    Axes: (batch, ..., features) twice -> (batch, ...)
    Units: percent of the target.
    Raises: DataError when the shapes differ.
    Example:
        >>> float(mean_absolute_percentage_error([2.0, 4.0], [3.0, 4.0]))
        25.0
    """
    y_true, y_pred = paired("mean_absolute_percentage_error", y_true, y_pred)
    share = (y_true - y_pred) / ops.maximum(ops.abs(y_true), defaults.epsilon())
    return 100.0 * ops.mean(ops.abs(share), axis=-1)


def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Any:
    """`mean over the last axis of (log(1 + y_true) - log(1 + y_pred))²`, both at least 1e-7.

    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> round(float(mean_squared_logarithmic_error([1.0], [3.0])), 4)
        0.4805
    """
    y_true, y_pred = paired("mean_squared_logarithmic_error", y_true, y_pred)
    # log(x + 1), not log1p: the rounding of the sum is part of the value that is matched
    true_log = ops.log(ops.maximum(y_true, defaults.epsilon()) + 1.0)
    pred_log = ops.log(ops.maximum(y_pred, defaults.epsilon()) + 1.0)
    return ops.mean(ops.square(pred_log - true_log), axis=-1)


def log_cosh(y_true: Any, y_pred: Any) -> Any:
    """`mean over the last axis of log(cosh(y_pred - y_true))`.

    About `x² / 2` for small errors and `|x| - log 2` for large ones.
    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> round(float(log_cosh([0.0], [1.0])), 4)
        0.4338
    """
    y_true, y_pred = paired("log_cosh", y_true, y_pred)
    error = y_pred - y_true
    # cosh overflows from 89 on; this form of the same function does not
    return ops.mean(error + ops.softplus(error * -2.0) - log(2.0), axis=-1)


def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Any:
    """`mean over the last axis of e² / 2 where |e| <= delta, else delta × |e| - delta² / 2`.

    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Source: Huber 1964, doi:10.1214/aoms/1177703732.
    Example:
        >>> float(huber([0.0, 0.0], [1.0, 3.0]))
        1.5
    """
    y_true, y_pred = paired("huber", y_true, y_pred)
    error = y_pred - y_true
    size = ops.abs(error)
    return ops.mean(
        ops.where(size <= delta, 0.5 * ops.square(error), delta * size - 0.5 * delta**2), axis=-1
    )


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """`-sum(y_true × y_pred) / (|y_true| |y_pred|)`: -1 for the same direction, 1 for the opposite.

    The loss is negative so that lowering it turns the vectors towards each other; the metric of
    this name has the other sign.
    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> round(float(cosine_similarity([3.0, 4.0], [6.0, 8.0])), 4)
        -1.0
    """
    y_true, y_pred = paired("cosine_similarity", y_true, y_pred)
    return -ops.sum(ops.normalize(y_true, axis=axis) * ops.normalize(y_pred, axis=axis), axis=axis)


class MeanSquaredError(FormulaLoss):
    """`mean of (y_true - y_pred)²`.

    Example:
        >>> float(MeanSquaredError()([[0.0], [0.0]], [[1.0], [3.0]]))
        5.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_error, reduction=reduction, name=name, dtype=dtype)


class MeanAbsoluteError(FormulaLoss):
    """`mean of |y_true - y_pred|`.

    Example:
        >>> float(MeanAbsoluteError()([[0.0], [0.0]], [[1.0], [3.0]]))
        2.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_error, reduction=reduction, name=name, dtype=dtype)


class MeanAbsolutePercentageError(FormulaLoss):
    """`100 × mean of |y_true - y_pred| / max(|y_true|, 1e-7)`.

    Example:
        >>> float(MeanAbsolutePercentageError()([[2.0], [4.0]], [[3.0], [4.0]]))
        25.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_percentage_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            mean_absolute_percentage_error, reduction=reduction, name=name, dtype=dtype
        )


class MeanSquaredLogarithmicError(FormulaLoss):
    """`mean of (log(1 + y_true) - log(1 + y_pred))²`.

    Example:
        >>> round(float(MeanSquaredLogarithmicError()([[1.0]], [[3.0]])), 4)
        0.4805
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_logarithmic_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            mean_squared_logarithmic_error, reduction=reduction, name=name, dtype=dtype
        )


class LogCosh(FormulaLoss):
    """`mean of log(cosh(y_pred - y_true))`.

    Example:
        >>> round(float(LogCosh()([[0.0]], [[1.0]])), 4)
        0.4338
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "log_cosh",
        dtype: Any = None,
    ) -> None:
        super().__init__(log_cosh, reduction=reduction, name=name, dtype=dtype)


class Huber(FormulaLoss):
    """`mean of e² / 2 where |e| <= delta, else delta × |e| - delta² / 2`.

    Example:
        >>> float(Huber()([[0.0, 0.0]], [[1.0, 3.0]]))
        1.5
    """

    left_out: ClassVar[dict[str, Any]] = {"delta": 1.0}

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "huber_loss",
        dtype: Any = None,
    ) -> None:
        super().__init__(huber, reduction=reduction, name=name, dtype=dtype, delta=delta)


class CosineSimilarity(FormulaLoss):
    """`-mean of the cosine of the angle between y_true and y_pred` along `axis`.

    Example:
        >>> round(float(CosineSimilarity()([[3.0, 4.0]], [[6.0, 8.0]])), 4)
        -1.0
    """

    left_out: ClassVar[dict[str, Any]] = {"axis": -1}

    def __init__(
        self,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "cosine_similarity",
        dtype: Any = None,
    ) -> None:
        super().__init__(cosine_similarity, reduction=reduction, name=name, dtype=dtype, axis=axis)
