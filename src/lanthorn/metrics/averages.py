"""Means and sums over all batches, of values or of any function of targets and predictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.engine.scope import Scope, current_scope, in_scope
from lanthorn.losses.alignment import same_rank
from lanthorn.losses.weighting import beside, mask_of, masked_weights
from lanthorn.losses.wrapper import to_config_of_function
from lanthorn.metrics.metric import Metric, zeros


def per_sample(
    values: Any, sample_weight: Any, reduce: Callable[..., Any], dtype: str
) -> tuple[Any, Any]:
    """One weighted value and one weight for each sample; no weights stay None.

    Source: keras 3.15.1 `metrics/reduction_metrics.py`, `reduce_to_samplewise_values`.
    """
    mask = mask_of(values)
    values = ops.cast(values, dtype)
    if sample_weight is not None:
        weights = ops.convert_to_tensor(sample_weight, dtype=dtype)
        weights = masked_weights(weights, mask, dtype)
        values, weights = same_rank(values, weights)
        rank = len(weights.shape)
        values = _reduce_from(values, rank, reduce)
        weights = ops.broadcast_to(beside("the values", values, weights), values.shape)
        values = values * weights
        sample_weight = _reduce_from(weights, 1, reduce)
    return _reduce_from(values, 1, reduce), sample_weight


def _reduce_from(values: Any, first: int, reduce: Callable[..., Any]) -> Any:
    rank = len(values.shape)
    return reduce(values, axis=tuple(range(first, rank))) if rank > first else values


class Sum(Metric):
    """`sum of weight × value`.

    Example:
        >>> total = Sum()
        >>> total.update_state([1.0, 2.0]); total.update_state([3.0])
        >>> float(total.result())
        6.0
    """

    def __init__(self, name: str | None = "sum", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), zeros, self.dtype, name="total")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        values, _ = per_sample(values, sample_weight, ops.sum, self.dtype)
        self.total.assign(self.total + ops.sum(values))

    def result(self) -> Any:
        return ops.cast(self.total.value, self.dtype)


class Mean(Metric):
    """`sum of weight × value / sum of weights`, each sample being averaged first; 0 for nothing.

    Example:
        >>> mean = Mean()
        >>> mean.update_state([1.0, 2.0]); mean.update_state([6.0])
        >>> float(mean.result())
        3.0
    """

    def __init__(self, name: str | None = "mean", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), zeros, self.dtype, name="total")
        self.count = self.add_variable((), zeros, self.dtype, name="count")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        values, weights = per_sample(values, sample_weight, ops.mean, self.dtype)
        self.total.assign(self.total + ops.sum(values))
        count = ops.sum(weights) if weights is not None else (*values.shape, 1)[0]
        self.count.assign(self.count + ops.cast(count, self.dtype))

    def result(self) -> Any:
        return ops.divide_no_nan(self.total.value, self.count.value)


class MeanMetricWrapper(Mean):
    """`mean of fn(y_true, y_pred, **kwargs)` over all samples.

    Example:
        >>> def close(y_true, y_pred): return abs(y_true - y_pred) < 0.5
        >>> import numpy as np
        >>> share = MeanMetricWrapper(close)
        >>> float(share(np.array([1.0, 2.0]), np.array([1.2, 3.0])))
        0.5
    """

    def __init__(
        self, fn: Callable[..., Any], name: str | None = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self.fn = fn
        self.settings = kwargs
        self._direction = direction_of(fn)

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        if sample_weight is not None:
            sample_weight = ops.convert_to_tensor(sample_weight, dtype=self.dtype)
        # Outside any model there is no scope, and then `fn` could not say which places count.
        with in_scope(current_scope() or Scope()):
            mask = mask_of(y_pred)
            values = self.fn(y_true, y_pred, **self.settings)
            super().update_state(values, masked_weights(sample_weight, mask, self.dtype))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "fn": to_config_of_function(self.fn), **self.settings}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Metric:
        if "fn" in config:
            from lanthorn import metrics

            config = {**config, "fn": metrics.function(config["fn"])}
        return cls(**config)


class FormulaMetric(MeanMetricWrapper):
    """A mean whose formula comes with the library, so that only its settings need keeping.

    Each setting is an attribute too.
    """

    left_out: ClassVar[dict[str, Any]] = {}
    """Settings that a config has only when they differ from these values."""

    def __init__(self, fn: Callable[..., Any], **kwargs: Any) -> None:
        super().__init__(fn, **kwargs)
        vars(self).update(self.settings)

    def get_config(self) -> dict[str, Any]:
        kept = {
            name: value
            for name, value in self.settings.items()
            if name not in self.left_out or value != self.left_out[name]
        }
        return {**Metric.get_config(self), **kept}


def direction_of(fn: Any) -> str | None:
    """`"down"` for the library's losses, `"up"` for its other functions, None for the user's."""
    home = getattr(fn, "__module__", None) or ""
    if home.startswith("lanthorn.losses."):
        return "down"
    return "up" if home.startswith("lanthorn.metrics.") else None
