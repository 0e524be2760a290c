"""`build`: by the first call or by hand, for the shapes it names, and never a second time."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.structure import map_shapes
from lanthorn.layers.signatures import build_parameters, call_signature


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


def build_for(layer: Any, axes: dict[str, Any]) -> None:
    """Build the layer for its first inputs; `build(a_shape, b_shape)` gets them by name."""
    if layer.built:
        return
    wanted = build_parameters(type(layer))
    if len(wanted) > 1:
        _check_build(layer, wanted)
        layer.ensure_built(*(axes.get(name.removesuffix("_shape")) for name in wanted))
    else:
        layer.ensure_built(next(iter(axes.values()), None))


def _check_build(layer: Any, wanted: tuple[str, ...]) -> None:
    """Raises: ValueError when a `build` of several shapes asks for what `call` does not take."""
    cls, names = type(layer), call_signature(type(layer)).names
    for name in wanted:
        if not name.endswith("_shape"):
            raise ValueError(
                f"{cls.__name__}.build has the argument `{name}`, which does not end in `_shape`: "
                "of several shapes each is named after an argument of call, as `query_shape`."
            )
        if name.removesuffix("_shape") not in names:
            raise ValueError(
                f"{cls.__name__}.build asks for `{name}`, but `call()` does not have argument "
                f"`{name.removesuffix('_shape')}`: it takes {', '.join(names)}."
            )
