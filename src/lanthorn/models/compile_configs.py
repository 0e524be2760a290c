"""What compile() was told, in the form that files keep, and back."""

from __future__ import annotations

import warnings
from typing import Any

from lanthorn import losses, metrics, optimizers
from lanthorn.engine.errors import LanthornError
from lanthorn.engine.plain import plain
from lanthorn.engine.refusals import (
    DamagedModelError,
    ModelFileWarning,
    UnknownObjectError,
    cut,
    inside,
)
from lanthorn.engine.registry import Table
from lanthorn.models.rebuild import refusing

KEPT = (
    "optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", "run_eagerly",
    "steps_per_execution", "jit_compile",
)  # fmt: skip
"""Arguments of compile() that files keep."""


def compile_config(model: Any) -> dict[str, Any]:
    """The arguments of compile(); nothing without compile(), or when a file cannot keep them."""
    if model._compiled is None:
        return {}
    given = {name: model._compiled.given.get(name) for name in KEPT}
    if given["jit_compile"] == "auto":
        given["jit_compile"] = True
    try:
        return {name: plain(value) for name, value in given.items()}
    except (LanthornError, NotImplementedError) as error:
        warnings.warn(
            f"The settings of compile() are not kept in the file: {error} "
            "Call compile() again after loading.",
            ModelFileWarning,
            stacklevel=2,
        )
        return {}


def compile_from_config(model: Any, config: Any) -> None:
    """Compile as a file says.

    A loss, metric or optimizer that is not known leaves the model uncompiled, with a warning: it
    can be used, and compiled by hand. What a file may not hold is refused, as anywhere in it.
    Raises: ModelFileError.
    """
    from lanthorn.models.model import Model

    if not config:
        return
    if type(model).compile is not Model.compile:
        _warn(f"{type(model).__name__} has a compile() of its own")
        return
    try:
        with inside("compile_config"):
            settings = revived_settings(config)
            with refusing():
                model.compile(**settings)
    except UnknownObjectError as error:
        _warn(str(error))


def revived_settings(config: Any) -> dict[str, Any]:
    """The arguments of compile() that a config describes."""
    if not isinstance(config, dict):
        raise DamagedModelError(f"{cut(repr(config))} are no settings of compile().")
    settings = {name: config[name] for name in KEPT if name in config}
    for name, read in READERS.items():
        if name in settings:
            with inside(name), refusing():
                settings[name] = read(settings[name])
    return settings


def _one_of(table: Table, value: Any) -> Any:
    """Objects and functions of a table within lists and dicts; names stay names."""
    if isinstance(value, list | tuple):
        return [_one_of(table, item) for item in value]
    if isinstance(value, dict) and "class_name" in value:
        return table.deserialize(value)
    if isinstance(value, dict):
        return {key: _one_of(table, item) for key, item in value.items()}
    if isinstance(value, str) or value is None:
        return value
    raise DamagedModelError(f"{cut(repr(value))} is no {table.kind}.")


def _optimizer(value: Any) -> Any:
    if not isinstance(value, str | dict):
        raise DamagedModelError(f"{cut(repr(value))} is no optimizer.")
    return optimizers.deserialize(value)


READERS = {
    "optimizer": _optimizer,
    "loss": lambda value: _one_of(losses.table, value),
    "metrics": lambda value: _one_of(metrics.table, value),
    "weighted_metrics": lambda value: _one_of(metrics.table, value),
}


def _warn(reason: str) -> None:
    warnings.warn(
        f"The model was loaded but not compiled: {reason.removesuffix('.')}. "
        "Call compile() before training it.",
        ModelFileWarning,
        stacklevel=4,
    )
