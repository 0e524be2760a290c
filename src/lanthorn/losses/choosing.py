"""The loss that compile() was asked for, once the shapes are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.engine.naming import to_snake_case

CROSSENTROPY_NAMES = ("crossentropy", "ce")
"""Names that mean one of three losses, chosen by the shapes."""


def resolve(
    identifier: Any, y_true_shape: Sequence[int | None], y_pred_shape: Sequence[int | None]
) -> Any:
    """A Loss for a name, a function, a config or a Loss; None stays None.

    `"crossentropy"` and `"ce"` become binary, sparse categorical or categorical crossentropy. A
    function keeps the name by which it was asked for.
    Source: keras 3.15.1 `trainers/compile_utils.py`, `get_loss`.
    """
    from lanthorn import losses

    if identifier is None:
        return None
    if str(identifier).lower() in CROSSENTROPY_NAMES:
        kind = kind_of_target(y_true_shape, y_pred_shape)
        found = getattr(losses, f"{kind}_crossentropy")
    else:
        found = losses.get(identifier)
    if isinstance(found, losses.Loss):
        return found
    name = identifier if isinstance(identifier, str) else name_of(found)
    return losses.LossFunctionWrapper(found, name=name)


def kind_of_target(y_true_shape: Sequence[int | None], y_pred_shape: Sequence[int | None]) -> str:
    """`"binary"`, `"sparse_categorical"` or `"categorical"`.

    Binary when the prediction's last axis has size 1; sparse when the target has fewer axes, or a
    last axis of size 1 where the prediction has several classes.
    Example:
        >>> kind_of_target((32,), (32, 10)), kind_of_target((32, 10), (32, 10))
        ('sparse_categorical', 'categorical')
    """
    true_last = y_true_shape[-1] if len(y_true_shape) else None
    pred_last = y_pred_shape[-1] if len(y_pred_shape) else None
    if pred_last == 1:
        return "binary"
    if len(y_true_shape) < len(y_pred_shape) or (true_last == 1 and pred_last is not None):
        return "sparse_categorical"
    return "categorical"


def name_of(thing: Any) -> str:
    """An object's own name, or its function's or class's in snake case."""
    own = getattr(thing, "name", None)
    if isinstance(own, str):
        return own
    return to_snake_case(getattr(thing, "__name__", None) or type(thing).__name__)
