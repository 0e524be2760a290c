"""The share of predictions that are right, for every form that targets come in."""

from __future__ import annotations

from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.losses.alignment import require_class_numbers, require_equal_shapes, same_rank
from lanthorn.metrics.averages import FormulaMetric


def accuracy(y_true: Any, y_pred: Any) -> Any:
    """`1 where y_true equals y_pred, else 0`.

    Axes: any shape twice -> the same shape
    Raises: DataError when the shapes differ.
    """
    y_pred = ops.convert_to_tensor(y_pred)
    y_true, y_pred = same_rank(ops.convert_to_tensor(y_true, dtype=y_pred.dtype), y_pred)
    require_equal_shapes("accuracy", y_true, y_pred)
    return _share(ops.equal(y_true, y_pred))


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Any:
    """`1 where y_true equals (y_pred > threshold), else 0`.

    threshold: 0.5 suits probabilities; logits need 0.
    Axes: any shape twice -> the same shape
    Raises: DataError when the shapes differ.
    Example:
        >>> binary_accuracy([1.0, 0.0], [0.8, 0.9]).tolist()
        [1.0, 0.0]
    """
    y_true, y_pred = same_rank(ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred))
    require_equal_shapes("binary_accuracy", y_true, y_pred)
    # a float32 threshold: 0.3 rounded to bfloat16 would be another one
    says_yes = ops.greater(y_pred, ops.convert_to_tensor(threshold, dtype=defaults.floatx()))
    return _share(ops.equal(y_true, ops.cast(says_yes, y_true.dtype)))


def categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """`1 where the largest target and the largest prediction are the same class, else 0`.

    Axes: (batch, ..., classes) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> categorical_accuracy([[0, 1], [1, 0]], [[0.3, 0.7], [0.4, 0.6]]).tolist()
        [1.0, 0.0]
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    require_equal_shapes("categorical_accuracy", y_true, y_pred)
    return _share(ops.equal(ops.argmax(y_true, axis=-1), ops.argmax(y_pred, axis=-1)))


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """`1 where the largest prediction is the class numbered y_true, else 0`.

    Axes: (batch, ...) and (batch, ..., classes) -> (batch, ...)
    Raises: DataError when y_true does not have one number per prediction.
    Example:
        >>> sparse_categorical_accuracy([1, 0], [[0.3, 0.7], [0.4, 0.6]]).tolist()
        [1.0, 0.0]
    """
    y_true, y_pred = _class_numbers("sparse_categorical_accuracy", y_true, y_pred)
    matches = ops.equal(y_true, ops.cast(ops.argmax(y_pred, axis=-1), "int32"))
    if len(matches.shape) > 1 and matches.shape[-1] == 1:
        matches = ops.squeeze(matches, -1)
    return _share(matches)


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Any:
    """`1 where the largest target is among the k largest predictions, else 0`.

    Axes: (batch, ..., classes) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> top_k_categorical_accuracy([[0, 0, 1]], [[0.5, 0.2, 0.3]], k=2).tolist()
        [1.0]
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    require_equal_shapes("top_k_categorical_accuracy", y_true, y_pred)
    return _among_largest(ops.argmax(y_true, axis=-1), y_pred, k)


def sparse_top_k_categorical_accuracy(
    y_true: Any, y_pred: Any, k: int = 5, from_sorted_ids: bool = False
) -> Any:
    """`1 where the class numbered y_true is among the k largest predictions, else 0`.

    from_sorted_ids: y_pred holds class numbers, the likeliest first, instead of scores.
    Axes: (batch, ...) and (batch, ..., classes) -> (batch, ...)
    Raises: DataError when y_true does not have one number per prediction.
    Example:
        >>> sparse_top_k_categorical_accuracy([2], [[0.5, 0.2, 0.3]], k=2).tolist()
        [1.0]
    """
    shape = ops.shape(ops.convert_to_tensor(y_true))
    y_true, y_pred = _class_numbers("sparse_top_k_categorical_accuracy", y_true, y_pred)
    if from_sorted_ids:
        named = ops.equal(ops.expand_dims(y_true, -1), ops.cast(y_pred[..., :k], "int32"))
        matches = _share(ops.any(named, axis=-1))
    else:
        matches = _among_largest(y_true, y_pred, k)
    return ops.reshape(matches, shape)


def _share(matches: Any) -> Any:
    return ops.cast(matches, defaults.floatx())


def _class_numbers(name: str, y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    y_true = ops.cast(ops.convert_to_tensor(y_true), "int32")
    y_pred = ops.convert_to_tensor(y_pred)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    require_class_numbers(name, y_true, y_pred)
    return y_true, y_pred


def _among_largest(classes: Any, scores: Any, k: int) -> Any:
    rows = ops.reshape(scores, (-1, scores.shape[-1]))
    found = ops.in_top_k(ops.cast(ops.reshape(classes, (-1,)), "int32"), rows, k=k)
    return _share(ops.reshape(found, classes.shape))


class Accuracy(FormulaMetric):
    """`share of the predictions that equal their target`.

    This is plain equality. `metrics=["accuracy"]` in compile() means the accuracy that fits the
    shapes: binary, categorical or sparse categorical.
    Example:
        >>> float(Accuracy()([1, 2], [1, 3]))
        0.5
    """

    def __init__(self, name: str | None = "accuracy", dtype: Any = None) -> None:
        super().__init__(accuracy, name=name, dtype=dtype)


class BinaryAccuracy(FormulaMetric):
    """`share of the predictions on the right side of threshold`.

    Example:
        >>> float(BinaryAccuracy()([1, 0], [0.8, 0.9]))
        0.5
    """

    def __init__(
        self, name: str | None = "binary_accuracy", dtype: Any = None, threshold: float = 0.5
    ) -> None:
        super().__init__(binary_accuracy, name=name, dtype=dtype, threshold=threshold)


class CategoricalAccuracy(FormulaMetric):
    """`share of the samples whose largest prediction is the class that the target marks`.

    Example:
        >>> float(CategoricalAccuracy()([[0, 1], [1, 0]], [[0.3, 0.7], [0.4, 0.6]]))
        0.5
    """

    def __init__(self, name: str | None = "categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(categorical_accuracy, name=name, dtype=dtype)


class SparseCategoricalAccuracy(FormulaMetric):
    """`share of the samples whose largest prediction is the class that the target numbers`.

    Example:
        >>> float(SparseCategoricalAccuracy()([1, 0], [[0.3, 0.7], [0.4, 0.6]]))
        0.5
    """

    def __init__(self, name: str | None = "sparse_categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(sparse_categorical_accuracy, name=name, dtype=dtype)


class TopKCategoricalAccuracy(FormulaMetric):
    """`share of the samples whose marked class is among the k largest predictions`.

    Example:
        >>> float(TopKCategoricalAccuracy(k=2)([[0, 0, 1]], [[0.5, 0.2, 0.3]]))
        1.0
    """

    def __init__(
        self, k: int = 5, name: str | None = "top_k_categorical_accuracy", dtype: Any = None
    ) -> None:
        super().__init__(top_k_categorical_accuracy, name=name, dtype=dtype, k=k)


class SparseTopKCategoricalAccuracy(FormulaMetric):
    """`share of the samples whose numbered class is among the k largest predictions`.

    Example:
        >>> float(SparseTopKCategoricalAccuracy(k=2)([2], [[0.5, 0.2, 0.3]]))
        1.0
    """

    left_out: ClassVar[dict[str, Any]] = {"from_sorted_ids": False}

    def __init__(
        self,
        k: int = 5,
        name: str | None = "sparse_top_k_categorical_accuracy",
        dtype: Any = None,
        from_sorted_ids: bool = False,
    ) -> None:
        super().__init__(
            sparse_top_k_categorical_accuracy,
            name=name,
            dtype=dtype,
            k=k,
            from_sorted_ids=from_sorted_ids,
        )
