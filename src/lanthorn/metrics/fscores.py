"""Precision and recall in one number, for each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.engine.errors import LanthornError
from lanthorn.losses.alignment import require_equal_shapes
from lanthorn.losses.weighting import beside
from lanthorn.metrics.metric import Metric, zeros
from lanthorn.metrics.tables import require_two_axes

AVERAGES = (None, "micro", "macro", "weighted")


class FBetaScore(Metric):
    """`(1 + beta²) × precision × recall / (beta² × precision + recall)`, for each class.

    average: None gives one score per class, `"macro"` their mean, `"weighted"` their mean by the
    number of true samples, `"micro"` the score of all classes' counts together.
    threshold: predictions above it are yes; None takes each sample's largest as its one yes.
    Axes: (batch, classes) twice, targets 0 and 1
    Source: keras 3.15.1 `metrics/f_score_metrics.py`.
    Example:
        >>> scores = FBetaScore(beta=2.0)([[1, 0], [0, 1]], [[0.6, 0.4], [0.7, 0.3]])
        >>> round(float(scores[0]), 4), float(scores[1])
        (0.8333, 0.0)
    """

    _direction = "up"

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = "fbeta_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        if average not in AVERAGES:
            raise LanthornError(f"average must be one of {AVERAGES}, not {average!r}.")
        if not isinstance(beta, float) or beta <= 0:
            raise LanthornError(f"beta must be a float above 0, not {beta!r}.")
        if threshold is not None and not (isinstance(threshold, float) and 0 < threshold <= 1):
            raise LanthornError(
                f"threshold must be None or a float above 0 and up to 1, not {threshold!r}."
            )
        self.average = average
        self.beta = beta
        self.threshold = threshold
        self.is_built = False

    def build_state(self, y_true_shape: Sequence[Any], y_pred_shape: Sequence[Any]) -> None:
        if self.is_built:
            return
        require_two_axes(type(self).__name__, y_true_shape, y_pred_shape)
        shape = () if self.average == "micro" else (y_pred_shape[-1],)

        def counter(name: str) -> Any:
            return self.add_variable(shape, zeros, self.dtype, name=name)

        self.true_positives = counter("true_positives")
        self.false_positives = counter("false_positives")
        self.false_negatives = counter("false_negatives")
        self.intermediate_weights = counter("intermediate_weights")
        self.is_built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        y_true = ops.convert_to_tensor(y_true, dtype=self.dtype)
        y_pred = ops.convert_to_tensor(y_pred, dtype=self.dtype)
        require_equal_shapes(self.name, y_true, y_pred)
        self.build_state(y_true.shape, y_pred.shape)
        yes = ops.cast(self._is_yes(y_pred), self.dtype)
        weights = ops.convert_to_tensor(
            1.0 if sample_weight is None else sample_weight, dtype=self.dtype
        )
        weights = beside("the targets", y_true, weights)
        axis = None if self.average == "micro" else 0
        for counter, found in (
            (self.true_positives, yes * y_true),
            (self.false_positives, yes * (1.0 - y_true)),
            (self.false_negatives, (1.0 - yes) * y_true),
            (self.intermediate_weights, y_true),
        ):
            counter.assign(counter + ops.sum(found * weights, axis=axis))

    def _is_yes(self, y_pred: Any) -> Any:
        if self.threshold is not None:
            return y_pred > self.threshold
        largest = ops.max(y_pred, axis=-1, keepdims=True)
        return ops.logical_and(y_pred >= largest, ops.abs(y_pred) > 1e-9)  # a row of zeros: no yes

    def result(self) -> Any:
        right = self.true_positives.value
        precision = right / (right + self.false_positives.value + defaults.epsilon())
        recall = right / (right + self.false_negatives.value + defaults.epsilon())
        harmonic = precision * recall / (self.beta**2 * precision + recall + defaults.epsilon())
        scores = harmonic * (1.0 + self.beta**2)
        if self.average == "weighted":
            samples = self.intermediate_weights.value
            return ops.sum(scores * (samples / (ops.sum(samples) + defaults.epsilon())))
        return scores if self.average is None else ops.mean(scores)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "average": self.average,
            "beta": self.beta,
            "threshold": self.threshold,
        }


class F1Score(FBetaScore):
    """`2 × precision × recall / (precision + recall)`, for each class.

    Example:
        >>> scores = F1Score()([[1, 0], [0, 1]], [[0.6, 0.4], [0.7, 0.3]])
        >>> round(float(scores[0]), 4), float(scores[1])
        (0.6667, 0.0)
    """

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str | None = "f1_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(average=average, threshold=threshold, name=name, dtype=dtype)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["beta"]
        return config
