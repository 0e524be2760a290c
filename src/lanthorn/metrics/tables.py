"""What metrics that keep one counter per output ask of their data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.engine.errors import DataError


def require_two_axes(name: str, y_true_shape: Sequence[Any], y_pred_shape: Sequence[Any]) -> None:
    """Raise DataError unless both shapes are (batch, outputs), the outputs being known."""
    shapes = tuple(y_true_shape), tuple(y_pred_shape)
    if any(len(shape) != 2 or shape[-1] is None for shape in shapes):
        raise DataError(
            f"{name} wants y_true and y_pred of shape (batch, outputs), but y_true has shape "
            f"{shapes[0]} and y_pred has shape {shapes[1]}."
        )
