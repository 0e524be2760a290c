"""Intersection over union: how well predicted areas cover the true ones, class by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from warnings import warn

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.engine.dtypes import is_float, standardize_dtype
from lanthorn.engine.errors import DataWarning, LanthornError
from lanthorn.losses.alignment import require_equal_shapes
from lanthorn.metrics.metric import Metric, zeros


class IoU(Metric):
    """`shared / (true + predicted - shared)`, its mean over the classes asked for that occur.

    num_classes: class numbers run from 0 to num_classes - 1; others are not counted.
    target_class_ids: the classes whose mean is wanted.
    ignore_class: places with this target do not count.
    sparse_y_true, sparse_y_pred: False when there is one number per class, along `axis`.
    dtype: counts are whole numbers, so weights lose their fractions unless it is `"float32"`.
    Axes: any shape of class numbers twice
    Example:
        >>> round(float(IoU(2, [0])([0, 0, 1, 1], [0, 1, 0, 1])), 4)
        0.3333
    """

    _direction = "up"

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(name=name, dtype=dtype or "int32")
        if max(target_class_ids) >= num_classes:
            raise LanthornError(
                f"target_class_ids has {max(target_class_ids)}, but {num_classes} classes are "
                f"numbered 0 to {num_classes - 1}."
            )
        self.num_classes = num_classes
        self.target_class_ids = list(target_class_ids)
        self.ignore_class = ignore_class
        self.sparse_y_true = sparse_y_true
        self.sparse_y_pred = sparse_y_pred
        self.axis = axis
        self.total_cm = self.add_variable(
            (num_classes, num_classes), zeros, self.dtype, name="total_confusion_matrix"
        )

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        true_ids = self._class_ids(y_true, self.sparse_y_true)
        pred_ids = self._class_ids(y_pred, self.sparse_y_pred)
        require_equal_shapes(self.name, true_ids, pred_ids)
        count = self.num_classes
        counts = (true_ids >= 0) & (true_ids < count) & (pred_ids >= 0) & (pred_ids < count)
        if self.ignore_class is not None:
            counts = counts & (true_ids != self.ignore_class)
        weights = ops.where(counts, self._weights(sample_weight, true_ids), 0)
        places = ops.where(counts, true_ids * count + pred_ids, 0)
        found = ops.segment_sum(ops.cast(weights, self.dtype), places, count * count)
        self.total_cm.assign(self.total_cm + ops.reshape(found, (count, count)))

    def _class_ids(self, values: Any, is_sparse: bool) -> Any:
        values = ops.convert_to_tensor(values)
        if not is_sparse:
            values = ops.argmax(values, axis=self.axis)
        return ops.reshape(ops.cast(values, "int32"), (-1,))

    def _weights(self, sample_weight: Any, ids: Any) -> Any:
        weights = ops.convert_to_tensor(1 if sample_weight is None else sample_weight)
        if is_float(standardize_dtype(weights.dtype)) and not is_float(self.dtype):
            warn(
                f"{self.name} counts in {self.dtype}, so the fractions of its weights are lost. "
                'dtype="float32" keeps them.',
                DataWarning,
                stacklevel=4,
            )
        if len(weights.shape) > 1:
            weights = ops.reshape(weights, (-1,))
        return ops.broadcast_to(ops.cast(weights, self.dtype), ids.shape)

    def result(self) -> Any:
        matrix = ops.cast(self.total_cm.value, "float32")
        shared = ops.diag(matrix)
        union = ops.sum(matrix, axis=0) + ops.sum(matrix, axis=1) - shared
        wanted = ops.convert_to_tensor(self.target_class_ids, dtype="int32")
        shared, union = ops.take(shared, wanted), ops.take(union, wanted)
        occurs = union > 1e-9
        shares = ops.where(occurs, shared / (union + defaults.epsilon()), 0.0)
        return ops.sum(shares) / (ops.sum(ops.cast(occurs, "float32")) + defaults.epsilon())

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **{name: getattr(self, name) for name in self._settings()}}

    def _settings(self) -> tuple[str, ...]:
        return (
            "num_classes",
            "target_class_ids",
            "ignore_class",
            "sparse_y_true",
            "sparse_y_pred",
            "axis",
        )


class BinaryIoU(IoU):
    """`shared / (true + predicted - shared)` of yes and no, a yes being at least `threshold`.

    Example:
        >>> round(float(BinaryIoU(threshold=0.3)([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7])), 4)
        0.3333
    """

    def __init__(
        self,
        target_class_ids: Sequence[int] = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(2, target_class_ids, name=name, dtype=dtype)
        self.threshold = threshold

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        is_yes = ops.convert_to_tensor(y_pred, dtype="float32") >= self.threshold
        super().update_state(y_true, is_yes, sample_weight)

    def _settings(self) -> tuple[str, ...]:
        return ("target_class_ids", "threshold")


class MeanIoU(IoU):
    """`mean over all classes that occur of shared / (true + predicted - shared)`.

    Example:
        >>> round(float(MeanIoU(2)([0, 0, 1, 1], [0, 1, 0, 1])), 4)
        0.3333
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes,
            range(num_classes),
            name=name,
            dtype=dtype,
            ignore_class=ignore_class,
            sparse_y_true=sparse_y_true,
            sparse_y_pred=sparse_y_pred,
            axis=axis,
        )

    def _settings(self) -> tuple[str, ...]:
        return ("num_classes", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis")


class OneHotIoU(IoU):
    """`IoU` for targets (and predictions) with one number per class, along `axis`.

    Example:
        >>> metric = OneHotIoU(2, [0, 1])
        >>> round(float(metric([[1, 0], [0, 1]], [[0.9, 0.1], [0.8, 0.2]])), 4)
        0.25
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes,
            target_class_ids,
            name=name,
            dtype=dtype,
            ignore_class=ignore_class,
            sparse_y_true=False,
            sparse_y_pred=sparse_y_pred,
            axis=axis,
        )

    def _settings(self) -> tuple[str, ...]:
        return ("num_classes", "target_class_ids", "ignore_class", "sparse_y_pred", "axis")


class OneHotMeanIoU(MeanIoU):
    """`MeanIoU` for targets (and predictions) with one number per class, along `axis`.

    Example:
        >>> metric = OneHotMeanIoU(2)
        >>> round(float(metric([[1, 0], [0, 1]], [[0.9, 0.1], [0.8, 0.2]])), 4)
        0.25
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes,
            name=name,
            dtype=dtype,
            ignore_class=ignore_class,
            sparse_y_true=False,
            sparse_y_pred=sparse_y_pred,
            axis=axis,
        )

    def _settings(self) -> tuple[str, ...]:
        return ("num_classes", "ignore_class", "sparse_y_pred", "axis")
