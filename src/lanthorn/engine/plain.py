"""Objects in the form that files keep: numbers, text, lists and dicts, with Keras's keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from lanthorn.engine.dtypes import COMPLEX, KNOWN
from lanthorn.engine.errors import LanthornError
from lanthorn.engine.refusals import DamagedModelError, cut, quoted
from lanthorn.engine.registry import registered_name

FUNCTIONAL = "keras.src.models.functional"
"""Where Keras's files say that the class Functional lives."""

_met: ContextVar[dict[int, tuple[int, Any]] | None] = ContextVar("lanthorn_met", default=None)
"""Layers whose configs were written so far, by id: number and layer."""


def plain(value: Any, tensor: Callable[[Any], Any] | None = None) -> Any:
    """A setting as files keep it.

    tensor: what to write for a symbolic tensor; without it, one is refused.
    Raises: LanthornError for what a file cannot keep.
    Example:
        >>> plain((1, slice(2, None)))
        (1, {'class_name': '__slice__', 'config': {'start': 2, 'stop': None, 'step': None}})
    """
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, list | tuple):
        items = [plain(item, tensor) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, dict):
        return {_key(key): plain(item, tensor) for key, item in value.items()}
    if tensor is not None and getattr(type(value), "is_symbolic", False):
        return tensor(value)
    return _special(value)


def _special(value: Any) -> Any:
    if isinstance(value, slice):
        ends = {"start": value.start, "stop": value.stop, "step": value.step}
        return _marked("__slice__", {name: plain(end) for name, end in ends.items()})
    if value is Ellipsis:
        return _marked("__ellipsis__", {})
    if isinstance(value, bytes):
        return _marked("__bytes__", {"value": value.decode("utf-8")})
    if hasattr(value, "get_config") and not isinstance(value, type):
        return object_config(value)
    if hasattr(value, "tolist") and hasattr(value, "dtype"):
        numbers = value.tolist()
        if not getattr(value, "shape", ()):
            return numbers
        return _marked("__numpy__", {"value": numbers, "dtype": value.dtype.name})
    if isinstance(value, int | float | str):
        return next(kind(value) for kind in (int, float, str) if isinstance(value, kind))
    if callable(value):
        return function_config(value)
    raise LanthornError(
        f"A file cannot keep {cut(repr(value))} ({type(value).__name__}). "
        "Define get_config() and from_config() where it is used."
    )


def plain_array(config: dict[str, Any]) -> Any:
    """The array of numbers that `plain` wrote out: only as many as the file really holds.

    Raises: DamagedModelError for what is none.
    """
    import numpy as np

    dtype = config.get("dtype")
    if dtype not in KNOWN or dtype in ("bfloat16", *COMPLEX):
        raise DamagedModelError(f"holds an array of {quoted(dtype)}, which is no number type.")
    try:
        return np.array(config.get("value"), dtype)
    except (ValueError, TypeError, OverflowError) as error:
        raise DamagedModelError("holds an array that is none.") from error


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise LanthornError(f"A file keeps dicts with text for keys, not {cut(repr(key))}.")
    return key


def _marked(name: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"class_name": name, "config": config}


# -- objects and functions -------------------------------------------------------------------------


def object_config(thing: Any) -> dict[str, Any]:
    """Module, class and settings, with how it was built and compiled where it was."""
    cls = type(thing)
    custom = registered_name(cls)
    config: dict[str, Any] = {
        "module": public_module(cls),
        "class_name": cls.__name__,
        "config": plain(thing.get_config()),
        "registered_name": custom or (cls.__name__ if _is_named(cls) else None),
    }
    for part in ("build_config", "compile_config"):
        get = getattr(thing, f"get_{part}", None)
        found = get() if get is not None else None
        if found is not None:
            config[part] = plain(found)
    _number(thing, config)
    return config


def _is_named(cls: type) -> bool:
    """Whether files name the class a second time: the user's own, and Functional."""
    return not is_ours(cls) or public_module(cls) == FUNCTIONAL


def is_ours(cls: type) -> bool:
    return cls.__module__.startswith("lanthorn.")


def public_module(cls: type) -> str | None:
    """The module that files give a class: for ours Keras's name, so that Keras can read them."""
    if not is_ours(cls):
        return None if cls.__module__ == "__main__" else cls.__module__
    if cls.__name__ == "Functional":
        return FUNCTIONAL
    room = cls.__module__.split(".")[1]
    if room in ("models", "engine"):
        return "keras"
    if cls.__module__.startswith("lanthorn.optimizers.schedules"):
        return "keras.optimizers.schedules"
    return f"keras.{room}"


def function_config(function: Any) -> dict[str, Any]:
    """A function by its name, as Keras writes one.

    Raises: LanthornError for a lambda, which has none.
    """
    name = registered_name(function) or getattr(function, "__name__", None)
    if name is None or "<" in name:
        raise LanthornError(
            f"A file cannot keep {cut(repr(function))}: it has no name to find it by again. "
            "Define it with def, and give it as custom_objects={name: function} when loading."
        )
    return {
        "module": "builtins",
        "class_name": "function",
        "config": name,
        "registered_name": "function",
    }


# -- what occurs more than once --------------------------------------------------------------------


def whole_config(thing: Any) -> dict[str, Any]:
    """An object's config in which layers that occur more than once are numbered.

    Loading makes a numbered layer once. Numbers count from 1 in the order of the file: no address
    leaves the process, and the same model gives the same text.
    """
    token = _met.set({})
    try:
        config = object_config(thing)
    finally:
        _met.reset(token)
    numbered = [found for found in _dicts(config) if "shared_object_id" in found]
    counts = Counter(found["shared_object_id"] for found in numbered)
    numbers = {id_: n for n, id_ in enumerate((i for i in counts if counts[i] > 1), start=1)}
    for found in numbered:
        number = numbers.get(found.pop("shared_object_id"))
        if number is not None:
            found["shared_object_id"] = number
    return config


def _number(thing: Any, config: dict[str, Any]) -> None:
    """Give a layer its number among those met, and keep it alive, so that its id stays its own."""
    met = _met.get()
    if met is not None and getattr(type(thing), "tracked_kind", None) == "layer":
        config["shared_object_id"] = met.setdefault(id(thing), (len(met), thing))[0]


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    """Every dict within, in the order of the text."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _dicts(item)
