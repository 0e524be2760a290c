"""Layers that occur several times in a file and are one layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any


class Shared:
    """The layers made so far: one that occurs several times in a file is made once.

    Files number such layers, but Keras forgets the number where a layer occurs first: there it is
    known by its class and settings, its name among them.
    """

    def __init__(self) -> None:
        self.by_number: dict[int, Any] = {}
        self.by_name: dict[tuple[Any, Any], list[tuple[Any, Any]]] = {}

    def get(self, config: dict[str, Any]) -> Any:
        number = config.get("shared_object_id")
        if not isinstance(number, int):
            return None
        if number not in self.by_number:
            for settings, made in self.by_name.get(_names(config), ()):
                if settings == _unnumbered(config.get("config")):
                    self.by_number[number] = made
        return self.by_number.get(number)

    def add(self, config: dict[str, Any], made: Any) -> None:
        number = config.get("shared_object_id")
        if isinstance(number, int):
            self.by_number[number] = made
        else:
            settings = _unnumbered(config.get("config"))
            self.by_name.setdefault(_names(config), []).append((settings, made))


def _unnumbered(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _unnumbered(item) for k, item in value.items() if k != "shared_object_id"}
    return [_unnumbered(item) for item in value] if isinstance(value, list) else value


def _names(config: dict[str, Any]) -> tuple[Any, Any]:
    settings = config.get("config")
    name = settings.get("name") if isinstance(settings, dict) else None
    return config["class_name"], name if isinstance(name, str) else None


_shared: ContextVar[Shared | None] = ContextVar("lanthorn_shared_objects", default=None)


@contextmanager
def sharing() -> Iterator[Shared]:
    """One record of what was made for the whole of a config."""
    known = _shared.get()
    if known is not None:
        yield known
        return
    token = _shared.set(Shared())
    try:
        yield _shared.get()  # type: ignore[misc]
    finally:
        _shared.reset(token)
