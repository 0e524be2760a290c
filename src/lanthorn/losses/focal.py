"""Crossentropies that count what is already known well for little: `(1 - p)^gamma` of it."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.losses.alignment import paired
from lanthorn.losses.crossentropy import class_scores, smoothed
from lanthorn.losses.wrapper import FormulaLoss


def binary_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """`mean over axis of (1 - p_t)^gamma × binary crossentropy`; p_t: what the truth was given.

    apply_class_balancing: multiply by alpha where the target is 1 and by 1 - alpha where it is 0.
    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Source: Lin et al. 2017, arXiv:1708.02002, equations 4 and 5.
    Example:
        >>> round(float(binary_focal_crossentropy([1.0, 0.0], [0.5, 0.5])), 4)
        0.1733
    """
    y_true, y_pred = paired("binary_focal_crossentropy", y_true, y_pred)
    y_true = smoothed(y_true, label_smoothing, classes=2)
    if from_logits:
        y_pred = ops.sigmoid(y_pred)
    given_to_truth = y_true * y_pred + (1.0 - y_true) * (1.0 - y_pred)
    losses = ops.power(1.0 - given_to_truth, gamma) * ops.binary_crossentropy(y_true, y_pred)
    if apply_class_balancing:
        losses = (y_true * alpha + (1.0 - y_true) * (1.0 - alpha)) * losses
    return ops.mean(losses, axis=axis)


def categorical_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """`-sum over axis of alpha × (1 - p)^gamma × y_true × log p`, one target number per class.

    Axes: (batch, ..., classes) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Source: Lin et al. 2017, arXiv:1708.02002, equation 5.
    Example:
        >>> round(float(categorical_focal_crossentropy([0.0, 1.0], [0.5, 0.5])), 4)
        0.0433
    """
    y_true, y_pred = class_scores("categorical_focal_crossentropy", y_true, y_pred, axis)
    y_true = smoothed(y_true, label_smoothing, classes=y_pred.shape[axis])
    if from_logits:
        y_pred = ops.softmax(y_pred, axis=axis)
    share = y_pred / ops.sum(y_pred, axis=axis, keepdims=True)
    share = ops.clip(share, defaults.epsilon(), 1.0 - defaults.epsilon())
    losses = alpha * ops.power(1.0 - share, gamma) * (-y_true * ops.log(share))
    return ops.sum(losses, axis=axis)


class BinaryFocalCrossentropy(FormulaLoss):
    """`mean of (1 - p_t)^gamma × binary crossentropy`, p_t being what the truth was given.

    Example:
        >>> round(float(BinaryFocalCrossentropy()([[1.0], [0.0]], [[0.5], [0.5]])), 4)
        0.1733
    """

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "binary_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            binary_focal_crossentropy,
            reduction=reduction,
            name=name,
            dtype=dtype,
            apply_class_balancing=apply_class_balancing,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class CategoricalFocalCrossentropy(FormulaLoss):
    """`-mean over the samples of the sum of alpha × (1 - p)^gamma × y_true × log p`.

    Example:
        >>> round(float(CategoricalFocalCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]])), 4)
        0.0433
    """

    def __init__(
        self,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            categorical_focal_crossentropy,
            reduction=reduction,
            name=name,
            dtype=dtype,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
