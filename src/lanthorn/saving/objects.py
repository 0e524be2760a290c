"""Any object of the library as a config, and back: Keras's general entry points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lanthorn import (
    activations,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
)
from lanthorn.engine.dtypes import DTypePolicy
from lanthorn.engine.plain import plain, whole_config
from lanthorn.engine.refusals import UnknownObjectError, UnsafeModelError, cut, quoted
from lanthorn.engine.registry import (
    Table,
    UnknownNameError,
    checked_config,
    custom_object,
    custom_object_scope,
    registered_name,
)
from lanthorn.models.arguments import MARKS, revived
from lanthorn.models.rebuild import object_from_config, refusing


def tables() -> dict[str, Table]:
    """The table for each module that files name."""
    return {
        "keras.activations": activations.table,
        "keras.constraints": constraints.table,
        "keras.initializers": initializers.table,
        "keras.layers": layers.table,
        "keras.losses": losses.table,
        "keras.metrics": metrics.table,
        "keras.optimizers": optimizers.table,
        "keras.optimizers.schedules": optimizers.schedules.table,
        "keras.regularizers": regularizers.table,
    }


def serialize_keras_object(obj: Any) -> Any:
    """An object, a function, or a structure of them as numbers, text, lists and dicts.

    Example:
        >>> from lanthorn.regularizers import L2
        >>> serialize_keras_object(L2(0.5))["class_name"]
        'L2'
    """
    return whole_config(obj) if hasattr(obj, "get_config") else plain(obj)


def deserialize_keras_object(
    config: Any, custom_objects: Mapping[str, Any] | None = None, safe_mode: bool = True
) -> Any:
    """What `serialize_keras_object` was given. Only known classes are made.

    Raises: ModelFileError and its kinds.
    """
    if safe_mode is not True:
        raise UnsafeModelError("safe_mode=False is not offered: no code comes from a config.")
    with custom_object_scope(custom_objects or {}):
        return _revived(config)


def _revived(config: Any) -> Any:
    if isinstance(config, str):
        found = custom_object(config)
        return config if found is None else found
    if isinstance(config, list | tuple):
        return [_revived(item) for item in config]
    if not isinstance(config, dict):
        return config
    if "class_name" not in config or "config" not in config:
        return {key: _revived(value) for key, value in config.items()}
    if config["class_name"] in MARKS:
        args, _ = revived({"args": [config]}, _no_tensor)
        return args[0]
    return _object(config)


def _object(config: dict[str, Any]) -> Any:
    name, settings = checked_config(config)
    module = config.get("module")
    if name == "DTypePolicy":
        with refusing():
            return DTypePolicy.of(config)
    known = tables()
    if isinstance(module, str) and module in known and module != "keras.layers":
        with refusing():
            return known[module].deserialize(config)
    if name == "function":
        return _function(settings)
    own = next(
        (
            found
            for told in (config.get("registered_name"), name)
            if isinstance(told, str) and (found := custom_object(told)) is not None
        ),
        None,
    )
    from lanthorn.layers.base import Layer

    if own is None or (isinstance(own, type) and issubclass(own, Layer)):
        return object_from_config(config)
    with refusing():
        return own.from_config(settings) if isinstance(own, type) else own


def _function(name: str) -> Any:
    for table in (activations.table, losses.table, metrics.table):
        try:
            return table.lookup(name)
        except UnknownNameError:
            continue
    raise UnknownObjectError(
        f"{quoted(name)} is no activation, loss or metric.",
        hint=f"If it is yours, pass custom_objects={{{cut(repr(name))}: function}}.",
    )


def _no_tensor(*place: Any) -> Any:
    raise UnknownObjectError("A symbolic tensor has a meaning only within its model's config.")


def get_registered_name(obj: Any) -> str:
    """The name under which a class or function was registered; its own when it was not."""
    return registered_name(obj) or obj.__name__


def get_registered_object(
    name: str, custom_objects: Mapping[str, Any] | None = None, module_objects: Any = None
) -> Any:
    """The class or function registered under a name; None when there is none."""
    with custom_object_scope(custom_objects or {}):
        found = custom_object(name)
    return (module_objects or {}).get(name) if found is None else found
