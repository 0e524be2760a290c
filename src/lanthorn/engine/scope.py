"""The one scope: what variables are worth, and what a call leaves behind, while a function is pure.

Outside any scope a variable's value is its own array. Inside, `values` stands in for it, so a model
whose layers read and assign variables is a pure function of a dict of arrays: that is what JAX
differentiates, compiles and shards. Only `Variable` and `Layer.__call__` know this object.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any

_numbers = count(1)


class Scope:
    """What one pure call sees and leaves.

    values: array that stands in for each variable, by `id(variable)`; assignments land here.
    losses: terms that layers add to the loss during the call.
    masks: the mask that travels beside a tensor, by `id(tensor)`, with the tensor kept alive.
    training: whether the outermost call trains; inner calls take it over. None: nobody said.
    pure: True while JAX traces, when nothing outside may change.
    number: tells this call from those before it.
    """

    __slots__ = ("losses", "masks", "number", "pure", "training", "values")

    def __init__(self, values: dict[int, Any] | None = None, training: bool | None = None) -> None:
        self.values: dict[int, Any] = values if values is not None else {}
        self.losses: list[Any] = []
        self.masks: dict[int, tuple[Any, Any]] = {}
        self.training = training
        self.pure = values is not None
        self.number = next(_numbers)

    def mask_of(self, tensor: Any) -> Any:
        found = self.masks.get(id(tensor))
        return found[1] if found is not None else mask_between_calls(tensor)

    def set_mask(self, tensor: Any, mask: Any) -> None:
        self.masks[id(tensor)] = (tensor, mask)
        if not self.pure:
            keep_mask(tensor, mask)


_between_calls: dict[int, tuple[Any, Any]] = {}
"""Masks of tensors outside any compiled call, for the next call on them: (weak tensor, mask)."""


def mask_between_calls(tensor: Any) -> Any:
    """The mask that a call outside any other left beside a tensor, or None."""
    found = _between_calls.get(id(tensor))
    return found[1] if found is not None else None


def keep_mask(tensor: Any, mask: Any) -> None:
    """Remember a tensor's mask as long as the tensor lives."""
    key = id(tensor)
    _between_calls[key] = (weakref.ref(tensor, lambda _: _between_calls.pop(key, None)), mask)


_current: ContextVar[Scope | None] = ContextVar("lanthorn_scope", default=None)


def current_scope() -> Scope | None:
    return _current.get()


@contextmanager
def in_scope(scope: Scope) -> Iterator[Scope]:
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)
