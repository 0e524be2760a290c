"""The best that one rate can be while another is at least what is asked."""

from __future__ import annotations

from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.engine.errors import LanthornError
from lanthorn.metrics.confusion import Counts, counted, even_thresholds
from lanthorn.metrics.metric import Metric, zeros

SHARES = {
    "sensitivity": ("true_positives", "false_negatives"),
    "recall": ("true_positives", "false_negatives"),
    "specificity": ("true_negatives", "false_positives"),
    "precision": ("true_positives", "false_positives"),
}
"""Each rate is the first count divided by the sum of both."""


class BestRate(Metric):
    """`largest "best" rate over all thresholds where the "asked" rate is at least as asked`."""

    best: ClassVar[str]
    asked: ClassVar[str]
    _direction = "up"

    def __init__(
        self, least: float, num_thresholds: int, class_id: int | None, name: str | None, dtype: Any
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        if least < 0 or least > 1:
            raise LanthornError(f"{self.asked} must lie within 0 and 1, but is {least}.")
        if num_thresholds <= 0:
            raise LanthornError(f"num_thresholds must be 1 or more, not {num_thresholds}.")
        setattr(self, self.asked, least)
        self.num_thresholds = num_thresholds
        self.class_id = class_id
        self.thresholds = [0.5] if num_thresholds == 1 else even_thresholds(num_thresholds)
        shape = (len(self.thresholds),)
        self.true_positives = self.add_variable(shape, zeros, name="true_positives")
        self.false_positives = self.add_variable(shape, zeros, name="false_positives")
        self.true_negatives = self.add_variable(shape, zeros, name="true_negatives")
        self.false_negatives = self.add_variable(shape, zeros, name="false_negatives")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        counts = counted(
            self.name, y_true, y_pred, self.thresholds, sample_weight, class_id=self.class_id
        )
        for kind in Counts._fields:
            counter = getattr(self, kind)
            counter.assign(counter + getattr(counts, kind))

    def result(self) -> Any:
        allowed = ops.greater_equal(self._rate(self.asked), getattr(self, self.asked))
        return ops.max(ops.where(allowed, self._rate(self.best), 0.0))

    def _rate(self, name: str) -> Any:
        first, second = (ops.convert_to_tensor(getattr(self, kind).value) for kind in SHARES[name])
        return ops.divide_no_nan(first, first + second)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "num_thresholds": self.num_thresholds,
            self.asked: getattr(self, self.asked),
            "class_id": self.class_id,
        }


class SensitivityAtSpecificity(BestRate):
    """`largest sensitivity where specificity is at least as asked`.

    Example:
        >>> float(SensitivityAtSpecificity(0.5)([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8]))
        0.5
    """

    best, asked = "sensitivity", "specificity"

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(specificity, num_thresholds, class_id, name, dtype)


class SpecificityAtSensitivity(BestRate):
    """`largest specificity where sensitivity is at least as asked`.

    Example:
        >>> round(float(SpecificityAtSensitivity(0.5)([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8])), 4)
        0.6667
    """

    best, asked = "specificity", "sensitivity"

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)


class PrecisionAtRecall(BestRate):
    """`largest precision where recall is at least as asked`.

    Example:
        >>> float(PrecisionAtRecall(0.5)([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8]))
        0.5
    """

    best, asked = "precision", "recall"

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(recall, num_thresholds, class_id, name, dtype)


class RecallAtPrecision(BestRate):
    """`largest recall where precision is at least as asked`.

    Example:
        >>> float(RecallAtPrecision(0.8)([0, 0, 1, 1], [0, 0.5, 0.3, 0.9]))
        0.5
    """

    best, asked = "recall", "precision"

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(precision, num_thresholds, class_id, name, dtype)
