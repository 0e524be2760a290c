"""The arguments of a call in a file: tensors by where they come from, and plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lanthorn.engine.plain import plain_array
from lanthorn.engine.refusals import DamagedModelError, cut, quoted

Tensor = Callable[[str, int, int], Any]

MARKS = ("__keras_tensor__", "__slice__", "__ellipsis__", "__numpy__", "__tensor__", "__bytes__")


def references(call: Any) -> Iterator[tuple[str, int, int]]:
    """The results of other calls that a call takes: layer, number of call, number of result."""
    if isinstance(call, list | tuple):
        yield from (reference for reference, _ in _old_form(call))
        return
    if not isinstance(call, dict):
        raise DamagedModelError(f"{cut(repr(call))} describes no call.")
    stack = [call.get("args", []), call.get("kwargs", {})]
    while stack:
        value = stack.pop()
        if isinstance(value, list | tuple):
            stack.extend(value)
        elif isinstance(value, dict):
            if value.get("class_name") == "__keras_tensor__":
                yield _place(value)
            else:
                stack.extend(value.values())


def revived(call: Any, tensor: Tensor) -> tuple[list[Any], dict[str, Any]]:
    """Positional and keyword arguments of a call. `tensor` gives the result at a place."""
    if isinstance(call, list | tuple):
        found = list(_old_form(call))
        tensors = [tensor(*place) for place, _ in found]
        return [tensors[0] if len(tensors) == 1 else tensors], dict(found[0][1] if found else {})
    args = _value(call.get("args", []), tensor)
    kwargs = _value(call.get("kwargs") or {}, tensor)
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        raise DamagedModelError(f"{cut(repr(call))} describes no call.")
    return args, kwargs


def _value(value: Any, tensor: Tensor) -> Any:
    if isinstance(value, list | tuple):
        return [_value(item, tensor) for item in value]
    if not isinstance(value, dict):
        return value
    if "class_name" not in value:
        return {key: _value(item, tensor) for key, item in value.items()}
    return _marked(value, tensor)


def _marked(value: dict[str, Any], tensor: Tensor) -> Any:
    mark, config = value["class_name"], value.get("config")
    if mark not in MARKS or not isinstance(config, dict):
        raise DamagedModelError(f"is called with {quoted(mark)}, which is no plain value.")
    if mark == "__keras_tensor__":
        return tensor(*_place(value))
    if mark == "__slice__":
        ends = [config.get(name) for name in ("start", "stop", "step")]
        if not all(end is None or isinstance(end, int) for end in ends):
            raise DamagedModelError(f"{cut(repr(ends))} is no slice.")
        return slice(*ends)
    if mark == "__ellipsis__":
        return ...
    if mark == "__bytes__":
        return str(config.get("value", "")).encode("utf-8")
    return plain_array(config)


def _place(value: dict[str, Any]) -> tuple[str, int, int]:
    config = value.get("config")
    history = config.get("keras_history") if isinstance(config, dict) else None
    return _checked(history)


def _checked(place: Any) -> tuple[str, int, int]:
    is_place = (
        isinstance(place, list | tuple)
        and len(place) == 3
        and isinstance(place[0], str)
        and all(type(number) is int and number >= 0 for number in place[1:])
    )
    if not is_place:
        raise DamagedModelError(f"{cut(repr(place))} is no place in the graph.")
    return place[0], place[1], place[2]


def _old_form(call: Any) -> Iterator[tuple[tuple[str, int, int], dict[str, Any]]]:
    """Calls as Keras 2 wrote them: `[["dense", 0, 0, {}], …]`."""
    for item in call:
        if not isinstance(item, list | tuple) or len(item) not in (3, 4):
            raise DamagedModelError(f"{cut(repr(item))} is no place in the graph.")
        kwargs = item[3] if len(item) == 4 else {}
        if not isinstance(kwargs, dict) or any(isinstance(v, list | dict) for v in kwargs.values()):
            raise DamagedModelError(f"{cut(repr(kwargs))} are no plain arguments.")
        yield _checked(item[:3]), kwargs
