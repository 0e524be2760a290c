"""How surprised a prediction of probabilities is by the class that was true."""

from __future__ import annotations

from typing import Any, ClassVar
from warnings import warn

from lanthorn import ops
from lanthorn.engine.errors import DataWarning, LanthornError
from lanthorn.losses.alignment import float_tensor, paired, require_class_numbers
from lanthorn.losses.weighting import leave_mask
from lanthorn.losses.wrapper import FormulaLoss


def binary_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """`-mean over axis of y_true × log p + (1 - y_true) × log(1 - p)`.

    from_logits: y_pred holds scores of any size, and `p = sigmoid(y_pred)`; otherwise p is y_pred
    kept within 1e-7 and 1 - 1e-7.
    label_smoothing: s makes targets `y_true × (1 - s) + s / 2`.
    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> round(float(binary_crossentropy([1.0, 0.0], [0.5, 0.5])), 4)
        0.6931
    """
    y_true, y_pred = paired("binary_crossentropy", y_true, y_pred)
    y_true = smoothed(y_true, label_smoothing, classes=2)
    return ops.mean(ops.binary_crossentropy(y_true, y_pred, from_logits=from_logits), axis=axis)


def categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """`-sum over axis of y_true × log p`, one target number per class.

    from_logits: y_pred holds scores of any size, and `p = softmax(y_pred)`; otherwise p is y_pred
    divided by its sum and kept within 1e-7 and 1 - 1e-7.
    label_smoothing: s makes targets `y_true × (1 - s) + s / classes`.
    Axes: (batch, ..., classes) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> round(float(categorical_crossentropy([0.0, 1.0], [0.75, 0.25])), 4)
        1.3863
    """
    y_true, y_pred = class_scores("categorical_crossentropy", y_true, y_pred, axis)
    y_true = smoothed(y_true, label_smoothing, classes=y_pred.shape[axis])
    return ops.categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)


def sparse_categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Any:
    """`-log p[y_true]`, the target being the number of a class, counted from 0.

    from_logits: y_pred holds scores of any size, and `p = softmax(y_pred)`; otherwise p is y_pred
    divided by its sum and kept within 1e-7 and 1 - 1e-7.
    ignore_class: places with this target have loss 0 and do not count in the mean.
    A number that is no class has loss 0: the training loop looks for such targets beforehand.
    Axes: (batch, ...) and (batch, ..., classes) -> (batch, ...)
    Raises: DataError when y_true does not have one number per prediction.
    Example:
        >>> round(float(sparse_categorical_crossentropy(1, [0.75, 0.25])), 4)
        1.3863
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), float_tensor(y_pred)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape and y_true.shape[axis] == 1:
        y_true = ops.squeeze(y_true, axis=axis)
    if axis not in (-1, len(y_pred.shape) - 1):
        y_pred = ops.moveaxis(y_pred, axis, -1)
    require_class_numbers("sparse_categorical_crossentropy", y_true, y_pred)
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits=from_logits)
    counts = ops.not_equal(y_true, ignore_class)
    y_true = ops.where(counts, y_true, 0)
    y_pred = ops.where(ops.expand_dims(counts, -1), y_pred, 0.0)
    losses = ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits=from_logits)
    losses = ops.where(counts, losses, 0.0)
    leave_mask(losses, counts)
    return losses


def categorical_generalized_cross_entropy(y_true: Any, y_pred: Any, q: float) -> Any:
    """`(1 - p[y_true]^q) / q`: between crossentropy (q → 0) and 1 - p (q = 1), for noisy labels.

    Axes: (batch, ...) and (batch, ..., classes) -> (batch, ...)
    Raises: DataError when y_true does not have one number per prediction.
    Source: Zhang & Sabuncu 2018, arXiv:1805.07836, equation 6.
    Example:
        >>> float(categorical_generalized_cross_entropy(1, [0.75, 0.25], q=0.5))
        1.0
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), float_tensor(y_pred)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, axis=-1)
    require_class_numbers("categorical_generalized_cross_entropy", y_true, y_pred)
    chosen = ops.one_hot(ops.cast(y_true, "int32"), y_pred.shape[-1], dtype=y_pred.dtype)
    return (1.0 - ops.power(ops.sum(y_pred * chosen, axis=-1), q)) / q


def smoothed(y_true: Any, label_smoothing: float, classes: int) -> Any:
    """Targets moved by the share `label_smoothing` towards all classes alike."""
    if not label_smoothing:
        return y_true
    return y_true * (1.0 - label_smoothing) + label_smoothing / classes


def class_scores(name: str, y_true: Any, y_pred: Any, axis: int) -> tuple[Any, Any]:
    """Both as floats of one shape, after a look at the axis that holds the classes."""
    if isinstance(axis, bool):
        raise LanthornError(f"{name} wants the number of an axis, not axis={axis}.")
    y_true, y_pred = paired(name, y_true, y_pred)
    if y_pred.shape[axis] == 1:
        warn(
            f"{name} was given one class only (y_pred has shape {tuple(y_pred.shape)}), and then "
            "its loss says nothing. For yes or no in one number use binary_crossentropy.",
            DataWarning,
            stacklevel=3,
        )
    return y_true, y_pred


class BinaryCrossentropy(FormulaLoss):
    """`-mean of y_true × log p + (1 - y_true) × log(1 - p)`.

    Example:
        >>> round(float(BinaryCrossentropy()([[1.0], [0.0]], [[0.5], [0.5]])), 4)
        0.6931
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "binary_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            binary_crossentropy,
            reduction=reduction,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class CategoricalCrossentropy(FormulaLoss):
    """`-mean over the samples of the sum over classes of y_true × log p`.

    Example:
        >>> round(float(CategoricalCrossentropy()([[0.0, 1.0]], [[0.75, 0.25]])), 4)
        1.3863
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            categorical_crossentropy,
            reduction=reduction,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class SparseCategoricalCrossentropy(FormulaLoss):
    """`-mean of log p[y_true]`, the target being the number of a class, counted from 0.

    Example:
        >>> round(float(SparseCategoricalCrossentropy()([1], [[0.75, 0.25]])), 4)
        1.3863
    """

    left_out: ClassVar[dict[str, Any]] = {"axis": -1}

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            sparse_categorical_crossentropy,
            reduction=reduction,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )


class CategoricalGeneralizedCrossEntropy(FormulaLoss):
    """`mean of (1 - p[y_true]^q) / q`, for labels of which some are wrong.

    q: between 0 (crossentropy) and 1 (1 - p), without either.
    Example:
        >>> float(CategoricalGeneralizedCrossEntropy()([1], [[0.75, 0.25]]))
        1.0
    """

    def __init__(
        self,
        q: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_generalized_cross_entropy",
        dtype: Any = None,
    ) -> None:
        if not 0 < q < 1:
            raise LanthornError(f"q must lie between 0 and 1, without either, but is {q}.")
        super().__init__(
            categorical_generalized_cross_entropy,
            reduction=reduction,
            name=name,
            dtype=dtype,
            q=q,
        )
