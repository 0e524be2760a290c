"""Nested lists, tuples and dicts of tensors, walked without loading JAX."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def leaves(structure: Any) -> Iterator[Any]:
    """Every leaf, lists and tuples in order, dicts by sorted key (as JAX orders them)."""
    if isinstance(structure, list | tuple):
        for item in structure:
            yield from leaves(item)
    elif isinstance(structure, dict):
        for key in sorted(structure):
            yield from leaves(structure[key])
    elif structure is not None:
        yield structure


def map_leaves(function: Callable[[Any], Any], structure: Any) -> Any:
    """The same structure with `function` applied to each leaf; None stays None."""
    if isinstance(structure, list):
        return [map_leaves(function, item) for item in structure]
    if isinstance(structure, tuple):
        if hasattr(structure, "axes") or hasattr(structure, "_fields"):
            return function(structure)
        return tuple(map_leaves(function, item) for item in structure)
    if isinstance(structure, dict):
        return {key: map_leaves(function, item) for key, item in structure.items()}
    return None if structure is None else function(structure)


def map_shapes(function: Any, shapes: Any) -> Any:
    """Apply to each shape of a structure; a tuple of sizes is a shape, not a structure."""
    if isinstance(shapes, list):
        return [map_shapes(function, shape) for shape in shapes]
    if isinstance(shapes, dict):
        return {key: map_shapes(function, shape) for key, shape in shapes.items()}
    if isinstance(shapes, tuple) and shapes and isinstance(shapes[0], tuple | list):
        return tuple(map_shapes(function, shape) for shape in shapes)
    return function(shapes)


def is_symbolic(value: Any) -> bool:
    return getattr(type(value), "is_symbolic", False)


def any_symbolic(structure: Any) -> bool:
    return any(is_symbolic(leaf) for leaf in leaves(structure))


def is_tensor(value: Any) -> bool:
    """True for symbolic tensors and for arrays of any library."""
    return is_symbolic(value) or (hasattr(value, "shape") and hasattr(value, "dtype"))
