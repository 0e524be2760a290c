"""Bringing targets and predictions to one shape, and refusing those that only broadcast."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.engine.dtypes import is_float, standardize_dtype
from lanthorn.engine.errors import DataError

NUMBERS_HINT = {
    "categorical_crossentropy": "sparse_categorical_crossentropy",
    "categorical_focal_crossentropy": "sparse_categorical_crossentropy",
    "categorical_accuracy": "sparse_categorical_accuracy",
    "top_k_categorical_accuracy": "sparse_top_k_categorical_accuracy",
}
"""What takes class numbers instead of one number per class."""

ONE_HOT_HINT = {sparse: dense for dense, sparse in reversed(NUMBERS_HINT.items())}
"""What takes one number per class instead of class numbers."""


def same_rank(first: Any, second: Any, expand_rank_1: bool = True) -> tuple[Any, Any]:
    """`(n,)` beside `(n, 1)` becomes `(n, 1)`; a last axis of size 1 that only one has is dropped.

    Anything else is returned as it came.
    Source: keras 3.15.1 `losses/loss.py`, `squeeze_or_expand_to_same_rank`.
    """
    if len(first.shape) < len(second.shape):
        return tuple(reversed(same_rank(second, first, expand_rank_1)))  # type: ignore[return-value]
    if len(first.shape) == len(second.shape) + 1 and first.shape[-1] == 1:
        if len(second.shape) == 1 and expand_rank_1:
            return first, ops.expand_dims(second, axis=-1)
        return ops.squeeze(first, axis=-1), second
    return first, second


def paired(name: str, y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Both as float tensors of one type and one shape.

    Raises: DataError when the shapes differ after `same_rank`; a number that comes from
    broadcasting `(n, 1)` against `(n, 5)` is hardly ever the one that was meant.
    """
    y_pred = float_tensor(y_pred)
    y_true, y_pred = same_rank(ops.cast(y_true, y_pred.dtype), y_pred)
    require_equal_shapes(name, y_true, y_pred)
    return y_true, y_pred


def float_tensor(values: Any) -> Any:
    """A tensor that can be differentiated: floats stay what they are, integers become floats."""
    values = ops.convert_to_tensor(values)
    if is_float(standardize_dtype(values.dtype)):
        return values
    return ops.cast(values, defaults.floatx())


def require_equal_shapes(name: str, y_true: Any, y_pred: Any) -> None:
    """Raise DataError unless every target has its prediction and the other way round."""
    true_shape, pred_shape = tuple(y_true.shape), tuple(y_pred.shape)
    if true_shape == pred_shape:
        return
    message = (
        f"{name} compares y_true and y_pred number by number, but y_true has shape {true_shape} "
        f"and y_pred has shape {pred_shape}.\n  This fits: y_true of shape {pred_shape}."
    )
    if name in NUMBERS_HINT and _without_last_one(true_shape) == pred_shape[:-1]:
        message += f"\n  If y_true holds class numbers, {NUMBERS_HINT[name]} takes it as it is."
    raise DataError(message)


def require_class_numbers(name: str, y_true: Any, y_pred: Any) -> None:
    """Raise DataError unless y_true has one class number for each row of y_pred's last axis."""
    true_shape, pred_shape = tuple(y_true.shape), tuple(y_pred.shape)
    if pred_shape and true_shape == pred_shape[:-1]:
        return
    if not pred_shape:
        raise DataError(f"{name} wants y_pred with an axis of classes, but it is a single number.")
    message = (
        f"{name} wants one class number for each prediction, but y_true has shape {true_shape} "
        f"and y_pred has shape {pred_shape}.\n  This fits: y_true of shape {pred_shape[:-1]}."
    )
    if name in ONE_HOT_HINT and true_shape == pred_shape:
        message += (
            f"\n  If y_true has one number per class, {ONE_HOT_HINT[name]} takes it as it is."
        )
    raise DataError(message)


def _without_last_one(shape: tuple[int, ...]) -> tuple[int, ...]:
    return shape[:-1] if len(shape) > 1 and shape[-1] == 1 else shape
