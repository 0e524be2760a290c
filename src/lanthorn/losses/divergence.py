"""How far one distribution is from another."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.losses.alignment import paired
from lanthorn.losses.wrapper import FormulaLoss


def kl_divergence(y_true: Any, y_pred: Any) -> Any:
    """`sum over the last axis of y_true × log(y_true / y_pred)`, both within 1e-7 and 1.

    Axes: (batch, ..., classes) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Source: Kullback & Leibler 1951, doi:10.1214/aoms/1177729694.
    Example:
        >>> round(float(kl_divergence([0.5, 0.5], [0.25, 0.75])), 4)
        0.1438
    """
    y_true, y_pred = paired("kl_divergence", y_true, y_pred)
    y_true, y_pred = (ops.clip(share, defaults.epsilon(), 1.0) for share in (y_true, y_pred))
    return ops.sum(y_true * ops.log(y_true / y_pred), axis=-1)


def poisson(y_true: Any, y_pred: Any) -> Any:
    """`mean over the last axis of y_pred - y_true × log(y_pred + 1e-7)`, targets being counts.

    Axes: (batch, ..., features) twice -> (batch, ...)
    Raises: DataError when the shapes differ.
    Example:
        >>> round(float(poisson([2.0], [1.0])), 4)
        1.0
    """
    y_true, y_pred = paired("poisson", y_true, y_pred)
    return ops.mean(y_pred - y_true * ops.log(y_pred + defaults.epsilon()), axis=-1)


class KLDivergence(FormulaLoss):
    """`mean over the samples of the sum of y_true × log(y_true / y_pred)`.

    Example:
        >>> round(float(KLDivergence()([[0.5, 0.5]], [[0.25, 0.75]])), 4)
        0.1438
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "kl_divergence",
        dtype: Any = None,
    ) -> None:
        super().__init__(kl_divergence, reduction=reduction, name=name, dtype=dtype)


class Poisson(FormulaLoss):
    """`mean of y_pred - y_true × log(y_pred + 1e-7)`, targets being counts.

    Example:
        >>> round(float(Poisson()([[2.0]], [[1.0]])), 4)
        1.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "poisson",
        dtype: Any = None,
    ) -> None:
        super().__init__(poisson, reduction=reduction, name=name, dtype=dtype)
