"""What weights must keep to after each step: a function of the weight that gives it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from lanthorn import ops
from lanthorn.engine import defaults
from lanthorn.engine.registry import Table

Along = int | Sequence[int]


class Constraint:
    """Called with a weight, gives the nearest weight that is allowed (here: itself)."""

    def __call__(self, w: Any) -> Any:
        return w

    def get_config(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(**config)


def norms_of(w: Any, axis: Along) -> Any:
    return ops.sqrt(ops.sum(ops.square(w), axis=axis, keepdims=True))


class MaxNorm(Constraint):
    """w · min(norm, max_value) / norm: no vector longer than `max_value`.

    axis: along which a vector lies: 0 for the inputs of each unit of a Dense, [0, 1, 2] for the
    window of each filter of a Conv2D.
    """

    def __init__(self, max_value: float = 2, axis: Along = 0) -> None:
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        w = ops.convert_to_tensor(w)
        norms = norms_of(w, self.axis)
        return w * (ops.clip(norms, 0, self.max_value) / (defaults.epsilon() + norms))

    def get_config(self) -> dict[str, Any]:
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    """max(w, 0)."""

    def __call__(self, w: Any) -> Any:
        return ops.maximum(w, 0)


class UnitNorm(Constraint):
    """w / norm: every vector along `axis` 1 long."""

    def __init__(self, axis: Along = 0) -> None:
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        w = ops.convert_to_tensor(w)
        return w / (defaults.epsilon() + norms_of(w, self.axis))

    def get_config(self) -> dict[str, Any]:
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    """Every vector along `axis` between `min_value` and `max_value` long.

    rate: how much of the way there a step goes; 1 goes all of it.
    """

    def __init__(
        self,
        min_value: float = 0.0,
        max_value: float = 1.0,
        rate: float = 1.0,
        axis: Along = 0,
    ) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        w = ops.convert_to_tensor(w)
        norms = norms_of(w, self.axis)
        allowed = ops.clip(norms, self.min_value, self.max_value)
        wanted = self.rate * allowed + (1 - self.rate) * norms
        return w * (wanted / (defaults.epsilon() + norms))

    def get_config(self) -> dict[str, Any]:
        return {
            "min_value": self.min_value,
            "max_value": self.max_value,
            "rate": self.rate,
            "axis": self.axis,
        }


max_norm, min_max_norm, non_neg, unit_norm = MaxNorm, MinMaxNorm, NonNeg, UnitNorm

__all__ = [
    "Constraint", "MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm", "deserialize", "get", "max_norm",
    "min_max_norm", "non_neg", "serialize", "unit_norm",
]  # fmt: skip

table = Table(
    "constraint",
    __name__,
    classes=("Constraint", "MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"),
    aliases={
        "constraint": "Constraint", "max_norm": "MaxNorm", "min_max_norm": "MinMaxNorm",
        "non_neg": "NonNeg", "unit_norm": "UnitNorm",
    },
)  # fmt: skip
get = table.get
serialize = table.serialize
deserialize = table.deserialize
