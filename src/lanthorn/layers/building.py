"""`build` called by hand: as if by the first call, and never a second time."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from lanthorn.axes import Axes
from lanthorn.layers.calling import build_parameters, map_shapes


def once(build: Callable[..., Any]) -> Callable[..., Any]:
    """A class's `build` for everyone to call: with shapes of any kind, and to no harm when built.

    The first call of a layer goes through `ensure_built`, and so does a user who writes
    `layer.build((None, 8))`; only from within is the class's own `build` reached.
    """

    @wraps(build)
    def built_once(self: Any, *shapes: Any, **named: Any) -> None:
        given = (*shapes, *_in_order(type(self), len(shapes), named))
        if self._is_building:
            build(self, *given)
        elif not self.built:
            self.ensure_built(*map(named_axes, given))

    return built_once


def _in_order(cls: type, after: int, named: dict[str, Any]) -> list[Any]:
    """Shapes given by name, in the order of the class's `build`; one shape has any name."""
    names = build_parameters(cls)
    if not set(named) <= set(names):
        return list(named.values())
    last = max((names.index(name) for name in named), default=-1)
    return [named.get(name) for name in names[after : last + 1]]


def named_axes(shape: Any) -> Any:
    """Axes for a shape, or for each of a structure of shapes; a list of sizes is a shape too."""
    if shape is None:
        return None
    if isinstance(shape, list) and all(size is None or isinstance(size, int) for size in shape):
        shape = tuple(shape)
    return map_shapes(lambda each: None if each is None else Axes.of(each), shape)
