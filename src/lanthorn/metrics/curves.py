"""The area under a curve that all thresholds together draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.engine.errors import DataError, LanthornError
from lanthorn.metrics.confusion import Counts, counted, even_thresholds
from lanthorn.metrics.metric import Metric, zeros
from lanthorn.words.nearest import did_you_mean

CURVES = ("ROC", "PR", "PRGAIN")
SUMMATIONS = ("interpolation", "majoring", "minoring")


class AUC(Metric):
    """`sum over neighbouring thresholds of width × height` under the ROC or another curve.

    With `curve="ROC"` it is about the chance that a random yes scores higher than a random no.

    num_thresholds: how many points the curve has, evenly apart from 0 to 1.
    curve: `"ROC"` (recall over the share of wrong yes among all no), `"PR"` (precision over
    recall) or `"PRGAIN"`.
    summation_method: the height between two points is their mean (`"interpolation"`; for PR the
    curve of Davis & Goadrich), the larger (`"majoring"`) or the smaller (`"minoring"`).
    thresholds: your own instead of even ones; just below 0 and just above 1 are added.
    multi_label: one area for each place of the last axis, and their mean; `num_labels` says how
    many, if known beforehand. label_weights: what each label counts for.
    from_logits: predictions are scores of any size, to be brought within 0 and 1 by sigmoid.
    Source: Davis & Goadrich 2006, doi:10.1145/1143844.1143874; Flach & Kull 2015 for PRGAIN.
    Example:
        >>> round(float(AUC(num_thresholds=3)([0, 0, 1, 1], [0, 0.5, 0.3, 0.9])), 4)
        0.75
    """

    _direction = "up"

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: Any = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Any = None,
        from_logits: bool = False,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        if num_labels and not multi_label:
            raise LanthornError("num_labels belongs to multi_label=True.")
        self.curve = _chosen("curve", curve.upper(), CURVES)
        self.summation_method = _chosen("summation_method", summation_method.lower(), SUMMATIONS)
        self.own_thresholds = None if thresholds is None else sorted(map(float, thresholds))
        self.thresholds = _with_outer(self.own_thresholds, num_thresholds)
        self.num_thresholds = len(self.thresholds)
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = label_weights
        self.from_logits = from_logits
        self.is_built = False
        if not multi_label:
            self._add_counters((self.num_thresholds,))
        elif num_labels:
            self._add_counters((self.num_thresholds, num_labels))

    def _add_counters(self, shape: tuple[int, ...]) -> None:
        self.true_positives = self.add_variable(shape, zeros, name="true_positives")
        self.false_positives = self.add_variable(shape, zeros, name="false_positives")
        self.true_negatives = self.add_variable(shape, zeros, name="true_negatives")
        self.false_negatives = self.add_variable(shape, zeros, name="false_negatives")
        self.is_built = True

    def build_state(self, y_true_shape: Sequence[Any], y_pred_shape: Sequence[Any]) -> None:
        if self.is_built:
            return
        if len(y_pred_shape) != 2:
            raise DataError(
                f"{self.name} with multi_label=True wants y_pred of shape (batch, labels), but it "
                f"has shape {tuple(y_pred_shape)}."
            )
        self._add_counters((self.num_thresholds, y_pred_shape[-1]))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        self.build_state(y_true.shape, y_pred.shape)
        counts = counted(
            self.name,
            y_true,
            ops.sigmoid(y_pred) if self.from_logits else y_pred,
            self.thresholds,
            sample_weight,
            per_label=self.multi_label,
            label_weights=None if self.multi_label else self.label_weights,
        )
        for kind in Counts._fields:
            counter = getattr(self, kind)
            counter.assign(counter + getattr(counts, kind))

    def result(self) -> Any:
        counts = Counts(
            *(ops.convert_to_tensor(getattr(self, kind).value) for kind in Counts._fields)
        )
        if self.curve == "PR" and self.summation_method == "interpolation":
            pieces = interpolated_pr_pieces(counts)
        else:
            x, y = CURVE_POINTS[self.curve](counts)
            pieces = (x[:-1] - x[1:]) * HEIGHTS[self.summation_method](y[:-1], y[1:])
        areas = ops.sum(pieces, axis=0)
        if not self.multi_label:
            return areas
        if self.label_weights is None:
            return ops.mean(areas)
        weights = ops.convert_to_tensor(self.label_weights, dtype=areas.dtype)
        return ops.divide_no_nan(ops.sum(areas * weights), ops.sum(weights))

    def get_config(self) -> dict[str, Any]:
        config = {
            **super().get_config(),
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": self.label_weights,
            "from_logits": self.from_logits,
        }
        return (
            config if self.own_thresholds is None else {**config, "thresholds": self.own_thresholds}
        )


def _roc_points(counts: Counts) -> tuple[Any, Any]:
    false_rate = ops.divide_no_nan(
        counts.false_positives, counts.false_positives + counts.true_negatives
    )
    return false_rate, _recall(counts)


def _pr_points(counts: Counts) -> tuple[Any, Any]:
    precision = ops.divide_no_nan(
        counts.true_positives, counts.true_positives + counts.false_positives
    )
    return _recall(counts), precision


def _pr_gain_points(counts: Counts) -> tuple[Any, Any]:
    odds = ops.divide_no_nan(
        counts.true_positives + counts.false_negatives,
        counts.true_negatives + counts.false_positives,
    )
    none_right = ops.equal(counts.true_positives, 0.0)

    def gain(wrong: Any, at_none: float) -> Any:
        share = ops.divide_no_nan(wrong, counts.true_positives)
        return ops.where(none_right, at_none, 1.0 - odds * share)

    recall_gain = ops.maximum(gain(counts.false_negatives, 0.0), 0.0)
    return recall_gain, gain(counts.false_positives, 1.0)


def _recall(counts: Counts) -> Any:
    return ops.divide_no_nan(counts.true_positives, counts.true_positives + counts.false_negatives)


CURVE_POINTS = {"ROC": _roc_points, "PR": _pr_points, "PRGAIN": _pr_gain_points}
HEIGHTS = {
    "interpolation": lambda left, right: (left + right) / 2.0,
    "majoring": lambda left, right: ops.maximum(left, right),
    "minoring": lambda left, right: ops.minimum(left, right),
}


def interpolated_pr_pieces(counts: Counts) -> Any:
    """The area between neighbouring thresholds when right and wrong yes change evenly between them.

    With `P = right + wrong yes`, `right = slope × P + rest` and a piece is
    `slope × (right₁ - right₂ + rest × log(P₁ / P₂)) / all that were yes in truth`.
    Source: Davis & Goadrich 2006, doi:10.1145/1143844.1143874.
    """
    right, said = counts.true_positives, counts.true_positives + counts.false_positives
    more_right, more_said = right[:-1] - right[1:], said[:-1] - said[1:]
    slope = ops.divide_no_nan(more_right, ops.maximum(more_said, 0.0))
    rest = right[1:] - slope * said[1:]
    both = ops.logical_and(said[:-1] > 0, said[1:] > 0)
    ratio = ops.where(both, ops.divide_no_nan(said[:-1], ops.maximum(said[1:], 0.0)), 1.0)
    in_truth = ops.maximum(right[1:] + counts.false_negatives[1:], 0.0)
    return ops.divide_no_nan(slope * (more_right + rest * ops.log(ratio)), in_truth)


def _with_outer(own: Sequence[float] | None, count: int) -> list[float]:
    """The thresholds with the outer two moved past 0 and 1, so that every score lies between."""
    if own is None and count <= 1:
        raise LanthornError(f"num_thresholds must be 2 or more, not {count}.")
    inner = even_thresholds(count)[1:-1] if own is None else own
    return [-defaults.epsilon(), *inner, 1.0 + defaults.epsilon()]


def _chosen(setting: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise LanthornError(
            f"{setting} must be one of {', '.join(map(repr, known))}, not {value[:80]!r}"
            f"{did_you_mean(value, known)}"
        )
    return value
