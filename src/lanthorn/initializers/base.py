"""What an initializer is: a recipe for the first value of a weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self


class Initializer:
    """Called with a shape and a type, gives an array: a NumPy array, for nothing is compiled
    to build a model. Subclasses write `__call__` and `get_config`.
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        raise NotImplementedError(f"{type(self).__name__} must define __call__(shape, dtype).")

    def get_config(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(**config)

    def clone(self) -> Self:
        """Another one with the same settings; unseeded, it draws other numbers."""
        return type(self).from_config(self.get_config())


def numpy_type(dtype: Any) -> Any:
    """The NumPy type that a dtype's name means."""
    import numpy as np

    from lanthorn.engine.dtypes import standardize_dtype

    name = standardize_dtype(dtype)
    if name == "bfloat16":  # NumPy has none of its own
        import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(name)
