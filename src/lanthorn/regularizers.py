"""Penalties on weights, added to the loss."""

from __future__ import annotations

import math
from typing import Any, Self

from lanthorn import ops
from lanthorn.engine.registry import Table


class Regularizer:
    """Called with a weight, gives one number that is added to the loss."""

    def __call__(self, x: Any) -> Any:
        return 0.0

    def get_config(self) -> dict[str, Any]:
        raise NotImplementedError(f"{type(self).__name__} must define get_config() to be saved.")

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(**config)


class L1(Regularizer):
    """l1 · Σ |x|: pulls small weights to exactly 0."""

    def __init__(self, l1: float = 0.01) -> None:
        self.l1 = factor_of("l1", 0.01 if l1 is None else l1)

    def __call__(self, x: Any) -> Any:
        return self.l1 * ops.sum(ops.abs(x))

    def get_config(self) -> dict[str, Any]:
        return {"l1": self.l1}


class L2(Regularizer):
    """l2 · Σ x²: pulls large weights towards 0."""

    def __init__(self, l2: float = 0.01) -> None:
        self.l2 = factor_of("l2", 0.01 if l2 is None else l2)

    def __call__(self, x: Any) -> Any:
        return self.l2 * ops.sum(ops.square(x))

    def get_config(self) -> dict[str, Any]:
        return {"l2": self.l2}


class L1L2(Regularizer):
    """l1 · Σ |x| + l2 · Σ x². By its name, `"l1_l2"`, both factors are 0.01."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1 = factor_of("l1", 0.0 if l1 is None else l1)
        self.l2 = factor_of("l2", 0.0 if l2 is None else l2)

    def __call__(self, x: Any) -> Any:
        penalty = ops.zeros((), dtype=x.dtype)
        if self.l1:
            penalty += self.l1 * ops.sum(ops.abs(x))
        if self.l2:
            penalty += self.l2 * ops.sum(ops.square(x))
        return penalty

    def get_config(self) -> dict[str, Any]:
        return {"l1": self.l1, "l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """factor · the mean of |cosine| over all pairs of rows (or columns).

    Raises: ValueError unless the weight is a matrix.
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        if mode not in ("rows", "columns"):
            raise ValueError(f"mode must be 'rows' or 'columns', not {mode!r}.")
        self.factor = factor_of("factor", factor)
        self.mode = mode

    def __call__(self, inputs: Any) -> Any:
        if len(inputs.shape) != 2:
            raise ValueError(
                f"Only a matrix has rows and columns; this weight has shape {inputs.shape}."
            )
        rows = inputs if self.mode == "rows" else ops.transpose(inputs)
        rows = ops.normalize(rows, axis=1)
        count = rows.shape[0]
        cosines = ops.matmul(rows, ops.transpose(rows))
        cosines = cosines * (1.0 - ops.eye(count, dtype=rows.dtype))
        pairs = count * (count - 1.0) / 2.0
        return self.factor * 0.5 * ops.sum(ops.abs(cosines)) / pairs

    def get_config(self) -> dict[str, Any]:
        return {"factor": self.factor, "mode": self.mode}


def factor_of(name: str, value: Any) -> float:
    """`value` as a factor of a penalty: a finite number of 0 or more."""
    if not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        raise ValueError(f"{name} must be a finite number of 0 or more, not {value!r}.")
    return float(value)


l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer

__all__ = [
    "L1", "L1L2", "L2", "OrthogonalRegularizer", "Regularizer", "deserialize", "get", "l1",
    "l1_l2", "l2", "orthogonal_regularizer", "serialize",
]  # fmt: skip

table = Table(
    "regularizer",
    __name__,
    classes=("L1", "L2", "L1L2", "OrthogonalRegularizer", "Regularizer"),
    aliases={
        "l1": "L1", "l2": "L2", "l1l2": "L1L2", "l1_l2": "L1L2", "regularizer": "Regularizer",
        "orthogonal_regularizer": "OrthogonalRegularizer",
    },
)  # fmt: skip
serialize = table.serialize
deserialize = table.deserialize


def get(identifier: Any) -> Any:
    """The regularizer meant by a name, a config, a class or a function; None stays None."""
    if identifier == "l1_l2":  # L1L2() alone would be a penalty of nothing
        return L1L2(0.01, 0.01)
    return table.get(identifier)
