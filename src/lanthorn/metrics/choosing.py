"""The metric that compile() was asked for, once the shapes are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from warnings import warn

from lanthorn.engine.errors import DataWarning, LanthornError
from lanthorn.losses.choosing import CROSSENTROPY_NAMES, kind_of_target, name_of

ACCURACY_NAMES = ("accuracy", "acc")
"""Names that mean one of three accuracies, chosen by the shapes."""

CLASSES = {
    "binary": ("BinaryAccuracy", "BinaryCrossentropy"),
    "sparse_categorical": ("SparseCategoricalAccuracy", "SparseCategoricalCrossentropy"),
    "categorical": ("CategoricalAccuracy", "CategoricalCrossentropy"),
}


def resolve(
    identifier: Any,
    y_true_shape: Sequence[int | None],
    y_pred_shape: Sequence[int | None],
    loss: Any = None,
) -> Any:
    """A Metric for a name, a function, a config or a Metric, with its counters made.

    `"accuracy"` and `"acc"`, `"crossentropy"` and `"ce"` are chosen by the shapes. A metric asked
    for by name keeps that name.
    loss: the output's loss, for a warning where it and an accuracy read the output differently, and
    for crossentropies to know logits.
    Source: keras 3.15.1 `trainers/compile_utils.py`, `get_metric`.
    """
    from lanthorn import metrics

    if identifier is None:
        raise LanthornError("None is not a metric.")
    kind = kind_of_target(y_true_shape, y_pred_shape)
    word = str(identifier).lower()
    accuracy, crossentropy = CLASSES[kind]
    if word in ACCURACY_NAMES:
        _warn_of_other_reading(kind, loss, y_pred_shape)
        found = getattr(metrics, accuracy)()
    elif word in CROSSENTROPY_NAMES:
        found = getattr(metrics, crossentropy)(from_logits=_takes_logits(loss))
    else:
        found = metrics.get(identifier)
    name = identifier if isinstance(identifier, str) else name_of(found)
    if not isinstance(found, metrics.Metric):
        found = metrics.MeanMetricWrapper(found)
    found.name = name
    found.build_state(tuple(y_true_shape), tuple(y_pred_shape))
    return found


def _warn_of_other_reading(kind: str, loss: Any, y_pred_shape: Sequence[int | None]) -> None:
    if _formula(loss) != "binary_crossentropy":
        return
    if kind == "categorical":
        warn(
            f"'accuracy' looks for the largest of the {y_pred_shape[-1]} outputs, but "
            "binary_crossentropy takes each of them as a yes or no of its own. If several can be "
            "yes at once, metrics=['binary_accuracy'] counts each of them.",
            DataWarning,
            stacklevel=3,
        )
    elif kind == "binary" and _takes_logits(loss):
        warn(
            "'accuracy' takes outputs above 0.5 for a yes, but the loss takes them as logits, "
            "where a yes begins at 0. metrics=[BinaryAccuracy(threshold=0)] counts them so.",
            DataWarning,
            stacklevel=3,
        )


def _formula(loss: Any) -> str:
    if isinstance(loss, str):
        return "binary_crossentropy" if loss.lower() == "bce" else loss
    return getattr(getattr(loss, "fn", loss), "__name__", "")


def _takes_logits(loss: Any) -> bool:
    return bool(getattr(loss, "from_logits", False))
