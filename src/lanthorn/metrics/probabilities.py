"""Losses of probabilities and margins, watched as metrics: the mean over all samples."""

from __future__ import annotations

from typing import Any

from lanthorn.losses import crossentropy, divergence, margins
from lanthorn.metrics.averages import FormulaMetric


class KLDivergence(FormulaMetric):
    """`mean over the samples of the sum of y_true × log(y_true / y_pred)`.

    Example:
        >>> round(float(KLDivergence()([[0.5, 0.5]], [[0.25, 0.75]])), 4)
        0.1438
    """

    def __init__(self, name: str | None = "kl_divergence", dtype: Any = None) -> None:
        super().__init__(divergence.kl_divergence, name=name, dtype=dtype)


class Poisson(FormulaMetric):
    """`mean of y_pred - y_true × log(y_pred + 1e-7)`.

    Example:
        >>> round(float(Poisson()([[2.0]], [[1.0]])), 4)
        1.0
    """

    def __init__(self, name: str | None = "poisson", dtype: Any = None) -> None:
        super().__init__(divergence.poisson, name=name, dtype=dtype)


class BinaryCrossentropy(FormulaMetric):
    """`-mean of y_true × log p + (1 - y_true) × log(1 - p)`.

    Example:
        >>> round(float(BinaryCrossentropy()([[1.0], [0.0]], [[0.5], [0.5]])), 4)
        0.6931
    """

    def __init__(
        self,
        name: str | None = "binary_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ) -> None:
        super().__init__(
            crossentropy.binary_crossentropy,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


class CategoricalCrossentropy(FormulaMetric):
    """`-mean over the samples of the sum over classes of y_true × log p`.

    Example:
        >>> round(float(CategoricalCrossentropy()([[0.0, 1.0]], [[0.75, 0.25]])), 4)
        1.3863
    """

    def __init__(
        self,
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ) -> None:
        super().__init__(
            crossentropy.categorical_crossentropy,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class SparseCategoricalCrossentropy(FormulaMetric):
    """`-mean of log p[y_true]`, the target being the number of a class.

    Example:
        >>> round(float(SparseCategoricalCrossentropy()([1], [[0.75, 0.25]])), 4)
        1.3863
    """

    def __init__(
        self,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ) -> None:
        super().__init__(
            crossentropy.sparse_categorical_crossentropy,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )


class Hinge(FormulaMetric):
    """`mean of max(1 - y_true × y_pred, 0)`, targets -1 and 1.

    Example:
        >>> float(Hinge()([[1.0], [-1.0]], [[0.5], [-2.0]]))
        0.25
    """

    def __init__(self, name: str | None = "hinge", dtype: Any = None) -> None:
        super().__init__(margins.hinge, name=name, dtype=dtype)


class SquaredHinge(FormulaMetric):
    """`mean of max(1 - y_true × y_pred, 0)²`, targets -1 and 1.

    Example:
        >>> float(SquaredHinge()([[1.0], [-1.0]], [[0.5], [-2.0]]))
        0.125
    """

    def __init__(self, name: str | None = "squared_hinge", dtype: Any = None) -> None:
        super().__init__(margins.squared_hinge, name=name, dtype=dtype)


class CategoricalHinge(FormulaMetric):
    """`mean of max(1 + largest wrong score - right score, 0)`.

    Example:
        >>> float(CategoricalHinge()([[0.0, 1.0]], [[0.5, 0.75]]))
        0.75
    """

    def __init__(self, name: str | None = "categorical_hinge", dtype: Any = None) -> None:
        super().__init__(margins.categorical_hinge, name=name, dtype=dtype)
