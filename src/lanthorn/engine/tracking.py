"""What an object keeps in its attributes: variables, layers, metrics, seed generators.

Nothing is registered and nothing can get out of step: attributes are looked through when somebody
asks, in the order they were set, into lists, tuples and dicts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lanthorn.engine.variable import Variable

KINDS = ("layer", "metric", "seed")
"""Classes say which they are by `tracked_kind`."""

SKIPPED = ("_given",)
"""Attributes that may hold other owners' parts: what was given to `__init__`, as it was given."""


def tracked(owner: Any, kind: str) -> list[Any]:
    """The objects of one kind ("variable" or one of KINDS) among an object's attributes, once each.

    Example:
        >>> class Owner: pass
        >>> owner = Owner(); owner.parts = [Variable(1.0), {"b": Variable(2.0)}]
        >>> len(tracked(owner, "variable"))
        2
    """
    found: dict[int, Any] = {}
    for name, value in vars(owner).items():
        if name not in SKIPPED:
            for item in _leaves(value):
                if _kind_of(item) == kind:
                    found.setdefault(id(item), item)
    return list(found.values())


def named_children(owner: Any) -> Iterator[tuple[str, Any]]:
    """Attribute name and value of everything tracked or containing something tracked."""
    for name, value in vars(owner).items():
        if name not in SKIPPED and any(_kind_of(item) is not None for item in _leaves(value)):
            yield name, value


def _kind_of(value: Any) -> str | None:
    if isinstance(value, Variable):
        return "variable"
    return getattr(type(value), "tracked_kind", None)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple | set):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    else:
        yield value
