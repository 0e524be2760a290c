"""How much of the targets' spread the predictions explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import ops
from lanthorn.engine.errors import LanthornError
from lanthorn.losses.alignment import paired
from lanthorn.losses.weighting import beside
from lanthorn.metrics.metric import Metric, zeros
from lanthorn.metrics.tables import require_two_axes

AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


class R2Score(Metric):
    """`1 - sum of (y_true - y_pred)² / sum of (y_true - mean of y_true)²`, for each output.

    class_aggregation: `"uniform_average"` is the mean over the outputs,
    `"variance_weighted_average"` weighs them by their spread, None gives one score per output.
    num_regressors: how many inputs the model had, for the adjusted score; it needs more samples
    than that plus one, and with fewer the plain score is given.
    Axes: (batch, features) twice
    Example:
        >>> float(R2Score()([[1.0], [3.0]], [[1.0], [2.0]]))
        0.5
    """

    _direction = "up"

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str | None = "r2_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        if class_aggregation not in AGGREGATIONS:
            raise LanthornError(
                f"class_aggregation must be one of {AGGREGATIONS}, not {class_aggregation!r}."
            )
        if num_regressors < 0:
            raise LanthornError(f"num_regressors must be 0 or more, not {num_regressors}.")
        self.class_aggregation = class_aggregation
        self.num_regressors = num_regressors
        self.num_samples = self.add_variable((), zeros, name="num_samples")
        self.is_built = False

    def build_state(self, y_true_shape: Sequence[Any], y_pred_shape: Sequence[Any]) -> None:
        if self.is_built:
            return
        require_two_axes("R2Score", y_true_shape, y_pred_shape)
        outputs = (y_pred_shape[-1],)
        self.squared_sum = self.add_variable(outputs, zeros, name="squared_sum")
        self.sum = self.add_variable(outputs, zeros, name="sum")
        self.total_mse = self.add_variable(outputs, zeros, name="residual")
        self.count = self.add_variable(outputs, zeros, name="count")
        self.is_built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        y_pred = ops.convert_to_tensor(y_pred, dtype=self.dtype)
        y_true, y_pred = paired(self.name, y_true, y_pred)
        self.build_state(y_true.shape, y_pred.shape)
        weights = ops.convert_to_tensor(
            1.0 if sample_weight is None else sample_weight, dtype=self.dtype
        )
        weights = ops.broadcast_to(beside("the targets", y_true, weights), y_true.shape)
        self.sum.assign(self.sum + ops.sum(y_true * weights, axis=0))
        self.squared_sum.assign(self.squared_sum + ops.sum(y_true * y_true * weights, axis=0))
        residual = ops.sum(ops.square(y_true - y_pred) * weights, axis=0)
        self.total_mse.assign(self.total_mse + residual)
        self.count.assign(self.count + ops.sum(weights, axis=0))
        # all numbers, not only the samples: keras 3.15.1 counts so, and files keep the count
        self.num_samples.assign_add(float(y_true.shape[0] * y_true.shape[1]))

    def result(self) -> Any:
        total, scores = self._spread_and_scores()
        if self.class_aggregation == "uniform_average":
            scores = ops.mean(scores)
        elif self.class_aggregation == "variance_weighted_average":
            scores = ops.sum(total * scores) / ops.sum(total)
        if not self.num_regressors:
            return scores
        samples = ops.convert_to_tensor(self.num_samples.value)
        spare = samples - self.num_regressors - 1.0
        adjusted = 1.0 - (1.0 - scores) * (samples - 1.0) / ops.where(spare > 0, spare, 1.0)
        return ops.where(spare > 0, adjusted, scores)

    def _spread_and_scores(self) -> tuple[Any, Any]:
        added = ops.convert_to_tensor(self.sum.value)
        total = self.squared_sum.value - added * (added / self.count.value)
        scores = 1.0 - self.total_mse.value / total
        return total, ops.where(ops.isinf(scores), 0.0, scores)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "class_aggregation": self.class_aggregation,
            "num_regressors": self.num_regressors,
        }
