"""A layer's settings: the arguments of its `__init__`, read back without code in the layer."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.dtypes import DTypePolicy
from lanthorn.engine.errors import LanthornError
from lanthorn.engine.registry import function_setting, to_config
from lanthorn.words.nearest import did_you_mean

BASE_OPTIONS = ("name", "trainable", "dtype", "autocast", "activity_regularizer")
FIRST_LAYER_OPTIONS = (
    "input_shape", "input_dim", "batch_input_shape", "batch_shape", "batch_size", "input_length",
    "input_dtype",
)  # fmt: skip
"""Ways to tell a Sequential model's first layer what comes in; correct since the first Keras."""


def base_options(layer: Any, options: dict[str, Any]) -> Axes | None:
    """Take the input shape out of a layer's remaining keyword arguments.

    Raises: ValueError for a keyword no layer knows, with the nearest one this layer has.
    """
    known = [name for name in options if name in FIRST_LAYER_OPTIONS]
    unknown = {name: value for name, value in options.items() if name not in known}
    if unknown:
        accepted = [*parameters(type(layer)), *BASE_OPTIONS]
        raise ValueError(
            f"Unrecognized keyword arguments passed to {type(layer).__name__}: {unknown}"
            + did_you_mean(next(iter(unknown)), accepted)
        )
    shape = options.get("input_shape")
    if shape is None and options.get("input_dim") is not None:
        length = options.get("input_length")
        shape = (options["input_dim"],) if length is None else (length, options["input_dim"])
    batch_shape = options.get("batch_input_shape") or options.get("batch_shape")
    if batch_shape is not None:
        return Axes.of_sample(tuple(batch_shape)[1:], batch=batch_shape[0])
    if shape is None:
        return None
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    return Axes.of_sample(shape, batch=options.get("batch_size"))


NOT_OFFERED: dict[str, tuple[Any, ...]] = {
    "lora_alpha": (None,),
    "lora_rank": (None,),
    "quantization_config": (None,),
}
"""Settings of Keras that are not offered here → the values that ask for nothing."""


def offered(cls: type, config: Mapping[str, Any]) -> dict[str, Any]:
    """A config without the settings of Keras that are not offered here, its type as a policy.

    Raises: LanthornError when one of them asks for something.
    """
    known = {*parameters(cls), *BASE_OPTIONS}
    found = dict(config)
    for name, harmless in NOT_OFFERED.items():
        if name in found and name not in known:
            if found[name] not in harmless:
                raise LanthornError(f"{cls.__name__}: {name} is not offered here.")
            del found[name]
    if isinstance(found.get("dtype"), dict):
        found["dtype"] = DTypePolicy.of(found["dtype"])
    return found


def settings_of(layer: Any) -> dict[str, Any]:
    """A layer's config: the base options, then each argument of its `__init__`.

    A layer of this library keeps each setting under its own name, and what is kept is what is
    told. Another's class may keep them anywhere, so what was given to `__init__` is told.
    """
    config: dict[str, Any] = {
        "name": layer.name,
        "trainable": layer.trainable,
        "dtype": to_config(layer.dtype_policy),
    }
    given = {} if is_ours(type(layer)) else given_arguments(layer)
    for name in parameters(type(layer)):
        if name not in BASE_OPTIONS and name not in layer.not_kept:
            config[name] = _plain(given[name] if given else getattr(layer, name), layer, name)
    if layer.activity_regularizer is not None or layer.keeps_activity_regularizer:
        config["activity_regularizer"] = _plain(
            layer.activity_regularizer, layer, "activity_regularizer"
        )
    return config


@cache
def parameters(cls: type) -> tuple[str, ...]:
    """The named arguments of a class's `__init__`, without self and **kwargs."""
    signature = inspect.signature(cls.__init__)  # type: ignore[misc]
    return tuple(
        name
        for name, parameter in signature.parameters.items()
        if name != "self"
        and parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    )


@cache
def is_ours(cls: type) -> bool:
    """Whether the `__init__` that counts was written in this library."""
    home = next(c for c in cls.__mro__ if "__init__" in vars(c))
    return home.__module__.startswith("lanthorn.")


def given_arguments(layer: Any) -> dict[str, Any]:
    args, kwargs = layer._given
    bound = inspect.signature(type(layer).__init__).bind(layer, *args, **kwargs)
    bound.apply_defaults()
    return {name: value for name, value in bound.arguments.items() if name != "self"}


def _plain(value: Any, layer: Any, name: str) -> Any:
    """A setting as files keep it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple):
        return tuple(value)
    if isinstance(value, list):
        return [_plain(item, layer, name) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item, layer, name) for key, item in value.items()}
    if hasattr(value, "get_config"):
        return to_config(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if callable(value):
        return function_setting(value)
    raise NotImplementedError(
        f"{layer.name} ({type(layer).__name__}) was given {name}={type(value).__name__}, which a "
        "file cannot keep. Define get_config() and from_config() for it."
    )
