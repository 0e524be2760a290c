"""How far numbers were from their targets, over all batches."""

from __future__ import annotations

from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.losses import regression
from lanthorn.losses.alignment import paired
from lanthorn.metrics.averages import FormulaMetric, Mean


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """`sum(y_true × y_pred) / (|y_true| |y_pred|)`: 1 for the same direction, -1 for the opposite.

    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    """
    return -regression.cosine_similarity(y_true, y_pred, axis=axis)


class MeanSquaredError(FormulaMetric):
    """`mean of (y_true - y_pred)²` over all batches.

    Example:
        >>> float(MeanSquaredError()([[0.0], [0.0]], [[1.0], [3.0]]))
        5.0
    """

    def __init__(self, name: str | None = "mean_squared_error", dtype: Any = None) -> None:
        super().__init__(regression.mean_squared_error, name=name, dtype=dtype)


class MeanAbsoluteError(FormulaMetric):
    """`mean of |y_true - y_pred|` over all batches.

    Example:
        >>> float(MeanAbsoluteError()([[0.0], [0.0]], [[1.0], [3.0]]))
        2.0
    """

    def __init__(self, name: str | None = "mean_absolute_error", dtype: Any = None) -> None:
        super().__init__(regression.mean_absolute_error, name=name, dtype=dtype)


class MeanAbsolutePercentageError(FormulaMetric):
    """`100 × mean of |y_true - y_pred| / max(|y_true|, 1e-7)` over all batches.

    Example:
        >>> float(MeanAbsolutePercentageError()([[2.0], [4.0]], [[3.0], [4.0]]))
        25.0
    """

    def __init__(
        self, name: str | None = "mean_absolute_percentage_error", dtype: Any = None
    ) -> None:
        super().__init__(regression.mean_absolute_percentage_error, name=name, dtype=dtype)


class MeanSquaredLogarithmicError(FormulaMetric):
    """`mean of (log(1 + y_true) - log(1 + y_pred))²` over all batches.

    Example:
        >>> round(float(MeanSquaredLogarithmicError()([[1.0]], [[3.0]])), 4)
        0.4805
    """

    def __init__(
        self, name: str | None = "mean_squared_logarithmic_error", dtype: Any = None
    ) -> None:
        super().__init__(regression.mean_squared_logarithmic_error, name=name, dtype=dtype)


class LogCoshError(FormulaMetric):
    """`mean of log(cosh(y_pred - y_true))` over all batches.

    Example:
        >>> round(float(LogCoshError()([[0.0]], [[1.0]])), 4)
        0.4338
    """

    def __init__(self, name: str | None = "logcosh", dtype: Any = None) -> None:
        super().__init__(regression.log_cosh, name=name, dtype=dtype)


class CosineSimilarity(FormulaMetric):
    """`mean of the cosine of the angle between y_true and y_pred`: 1 for the same direction.

    The loss of this name has the other sign.
    Example:
        >>> round(float(CosineSimilarity()([[3.0, 4.0]], [[6.0, 8.0]])), 4)
        1.0
    """

    left_out: ClassVar[dict[str, Any]] = {"axis": -1}

    def __init__(
        self, name: str | None = "cosine_similarity", dtype: Any = None, axis: int = -1
    ) -> None:
        super().__init__(cosine_similarity, name=name, dtype=dtype, axis=axis)


class RootMeanSquaredError(Mean):
    """`√(mean of (y_true - y_pred)²)`, the root taken of the mean over all batches.

    Example:
        >>> float(RootMeanSquaredError()([[0.0], [0.0]], [[3.0], [3.0]]))
        3.0
    """

    _direction = "down"

    def __init__(self, name: str | None = "root_mean_squared_error", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        y_pred = ops.convert_to_tensor(y_pred, dtype=self.dtype)
        y_true, y_pred = paired("root_mean_squared_error", y_true, y_pred)
        super().update_state(ops.square(y_pred - y_true), sample_weight)

    def result(self) -> Any:
        return ops.sqrt(super().result())
