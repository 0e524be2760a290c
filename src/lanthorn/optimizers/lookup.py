"""Optimizers by name, by config, or from Optax."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.engine.registry import Table
from lanthorn.optimizers.optimizer import Optimizer

table = Table(
    "optimizer",
    "lanthorn.optimizers",
    classes=(
        "Optimizer", "SGD", "RMSprop", "Adam", "AdamW", "Nadam", "Adamax", "Adagrad", "Adadelta",
        "Lion",
    ),
)  # fmt: skip

serialize = table.serialize


def get(identifier: Any) -> Any:
    """The optimizer meant by a name in any case, a config, an optimizer or an Optax transformation.

    Raises: UnknownNameError for a name that is none, with the nearest one.
    Example:
        >>> type(get("ADAM")).__name__
        'Adam'
    """
    if is_transformation(identifier):
        from lanthorn.optimizers.optax_optimizer import OptaxOptimizer

        return OptaxOptimizer(identifier)
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        identifier = _as_listed(identifier)
    found = table.get(identifier)
    if found is None or isinstance(found, Optimizer):
        return found
    raise LanthornError(
        f"{str(identifier)[:80]!r} ({type(identifier).__name__}) is not an optimizer: give a name "
        "such as 'adam', an optimizer, or an Optax transformation."
    )


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The optimizer that a config describes; the class's name may be in any case."""
    if isinstance(config, dict):
        config = {**config, "class_name": _as_listed(config["class_name"])}
    return table.deserialize(config, custom_objects)


def is_transformation(thing: Any) -> bool:
    """Whether `thing` is an `optax.GradientTransformation`, told without importing Optax."""
    return isinstance(thing, tuple) and getattr(thing, "_fields", ())[:2] == ("init", "update")


def _as_listed(name: str) -> str:
    """A name with the capitals of the class it names; other names stay."""
    return next((known for known in table.classes if known.lower() == name.lower()), name)
