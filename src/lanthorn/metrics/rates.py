"""Counts of right and wrong yes and no, and the two shares made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.metrics.confusion import NOT_AMONG_THEM, counted, threshold_list
from lanthorn.metrics.metric import Metric, zeros


class ConfusionCount(Metric):
    """`sum of the weights of one of the four kinds of answer`, one number per threshold."""

    kind: ClassVar[str]
    """Which count it is: a field of `Counts`."""

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.thresholds = threshold_list(thresholds, default=0.5)
        self.accumulator = self.add_variable((len(self.thresholds),), zeros, name="accumulator")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        counts = counted(self.name, y_true, y_pred, self.thresholds, sample_weight)
        self.accumulator.assign(self.accumulator + getattr(counts, self.kind))

    def result(self) -> Any:
        counts = ops.convert_to_tensor(self.accumulator.value)
        return counts[0] if len(self.thresholds) == 1 else counts

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "thresholds": self.init_thresholds}


class TruePositives(ConfusionCount):
    """`number of yes that were right`.

    Example:
        >>> float(TruePositives()([0, 1, 1, 1], [1, 0, 1, 1]))
        2.0
    """

    kind = "true_positives"
    _direction = "up"


class FalsePositives(ConfusionCount):
    """`number of yes that were wrong`.

    Example:
        >>> float(FalsePositives()([0, 1, 1, 1], [1, 0, 1, 1]))
        1.0
    """

    kind = "false_positives"
    _direction = "down"


class TrueNegatives(ConfusionCount):
    """`number of no that were right`.

    Example:
        >>> float(TrueNegatives()([0, 1, 0, 1], [0, 0, 1, 1]))
        1.0
    """

    kind = "true_negatives"
    _direction = "up"


class FalseNegatives(ConfusionCount):
    """`number of no that were wrong`.

    Example:
        >>> float(FalseNegatives()([0, 1, 1, 1], [1, 0, 1, 1]))
        1.0
    """

    kind = "false_negatives"
    _direction = "down"


class RightShare(Metric):
    """`right yes / (right yes + another count)`, one number per threshold."""

    other: ClassVar[str]
    """The other count: a field of `Counts`."""
    _direction = "up"

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.top_k = top_k
        self.class_id = class_id
        default = 0.5 if top_k is None else NOT_AMONG_THEM
        self.thresholds = threshold_list(thresholds, default)
        shape = (len(self.thresholds),)
        self.true_positives = self.add_variable(shape, zeros, name="true_positives")
        setattr(self, self.other, self.add_variable(shape, zeros, name=self.other))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        counts = counted(
            self.name,
            y_true,
            y_pred,
            self.thresholds,
            sample_weight,
            top_k=self.top_k,
            class_id=self.class_id,
        )
        others = getattr(self, self.other)
        self.true_positives.assign(self.true_positives + counts.true_positives)
        others.assign(others + getattr(counts, self.other))

    def result(self) -> Any:
        right = ops.convert_to_tensor(self.true_positives.value)
        shares = ops.divide_no_nan(right, right + getattr(self, self.other).value)
        return shares[0] if len(self.thresholds) == 1 else shares

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "thresholds": self.init_thresholds,
            "top_k": self.top_k,
            "class_id": self.class_id,
        }


class Precision(RightShare):
    """`right yes / all yes that were said`; 0 when none was said.

    thresholds: predictions above one are yes (0.5 unless given).
    top_k: only each sample's k largest predictions can be yes, whatever their size.
    class_id: look at this class only.
    Example:
        >>> round(float(Precision()([0, 1, 1, 1], [1, 0, 1, 1])), 4)
        0.6667
    """

    other = "false_positives"


class Recall(RightShare):
    """`right yes / all that were yes in truth`; 0 when none was.

    thresholds: predictions above one are yes (0.5 unless given).
    top_k: only each sample's k largest predictions can be yes, whatever their size.
    class_id: look at this class only.
    Example:
        >>> round(float(Recall()([0, 1, 1, 1], [1, 0, 1, 1])), 4)
        0.6667
    """

    other = "false_negatives"
