"""How little two areas overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.losses.alignment import paired
from lanthorn.losses.wrapper import FormulaLoss


def dice(y_true: Any, y_pred: Any, axis: int | Sequence[int] | None = None) -> Any:
    """`1 - 2 × sum(y_true × y_pred) / (sum(y_true) + sum(y_pred) + 1e-7)`, summed over `axis`.

    Axes: any shape twice -> a single number, or what `axis` leaves
    Raises: DataError when the shapes differ.
    Example:
        >>> round(float(dice([1.0, 1.0, 0.0], [1.0, 0.0, 0.0])), 4)
        0.3333
    """
    y_true, y_pred = paired("dice", y_true, y_pred)
    shared = ops.sum(y_true * y_pred, axis=axis)
    both = ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis)
    return 1.0 - 2.0 * shared / (both + defaults.epsilon())


def tversky(
    y_true: Any,
    y_pred: Any,
    alpha: float = 0.5,
    beta: float = 0.5,
    axis: int | Sequence[int] | None = None,
) -> Any:
    """`1 - shared / (shared + alpha × missed + beta × invented + 1e-7)`, summed over `axis`.

    shared is `y_true × y_pred`, missed `y_true × (1 - y_pred)`, invented `(1 - y_true) × y_pred`;
    with both weights 0.5 it is `dice`.
    Axes: any shape twice -> a single number, or what `axis` leaves
    Raises: DataError when the shapes differ.
    Source: Salehi et al. 2017, arXiv:1706.05721, equation 3; alpha and beta as in keras 3.15.1.
    Example:
        >>> round(float(tversky([1.0, 1.0, 0.0], [1.0, 0.0, 0.0])), 4)
        0.3333
    """
    y_true, y_pred = paired("tversky", y_true, y_pred)
    shared = ops.sum(y_true * y_pred, axis=axis)
    missed = ops.sum(y_true * (1.0 - y_pred), axis=axis)
    invented = ops.sum((1.0 - y_true) * y_pred, axis=axis)
    return 1.0 - shared / (shared + missed * alpha + invented * beta + defaults.epsilon())


class Dice(FormulaLoss):
    """`1 - 2 × shared / (sum(y_true) + sum(y_pred))`, over the whole batch or over `axis`.

    Example:
        >>> round(float(Dice()([[1.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])), 4)
        0.3333
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "dice",
        axis: int | Sequence[int] | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(dice, reduction=reduction, name=name, dtype=dtype, axis=axis)


class Tversky(FormulaLoss):
    """`1 - shared / (shared + alpha × missed + beta × invented)`, over the batch or over `axis`.

    Example:
        >>> round(float(Tversky()([[1.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])), 4)
        0.3333
    """

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "tversky",
        axis: int | Sequence[int] | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            tversky,
            reduction=reduction,
            name=name,
            dtype=dtype,
            alpha=alpha,
            beta=beta,
            axis=axis,
        )
