"""Schedules in configs, and back."""

from __future__ import annotations

from typing import Any

from lanthorn.engine.registry import Table, registered_name

table = Table(
    "learning rate schedule",
    "lanthorn.optimizers.schedules",
    classes=(
        "ExponentialDecay", "InverseTimeDecay", "PolynomialDecay", "PiecewiseConstantDecay",
        "CosineDecay", "CosineDecayRestarts",
    ),
)  # fmt: skip

deserialize = table.deserialize


def serialize(learning_rate_schedule: Any) -> Any:
    """The config of a schedule, or the name of a function."""
    if hasattr(learning_rate_schedule, "get_config"):
        return table.serialize(learning_rate_schedule)
    name = registered_name(learning_rate_schedule)
    return {
        "module": "builtins",
        "class_name": "function",
        "config": name or getattr(learning_rate_schedule, "__name__", "function"),
        "registered_name": name or "function",
    }
