"""`keras.optimizers.legacy`: six names that old code imports, and what they are called now."""

from __future__ import annotations

from typing import Any

__all__ = ["SGD", "Adagrad", "Adam", "Ftrl", "Optimizer", "RMSprop"]


class LegacyOptimizer:
    """Raises ImportError when made, as in Keras 3."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise ImportError(
            "keras.optimizers.legacy is gone since Keras 3. The optimizers of the same names in "
            "keras.optimizers do the same."
        )


SGD = Adagrad = Adam = Ftrl = Optimizer = RMSprop = LegacyOptimizer
