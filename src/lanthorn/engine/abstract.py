"""Shapes of any function, found by tracing it with JAX and computing nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

# isort: off
import lanthorn.ops.start  # noqa: F401  JAX begins there

# isort: on
import jax

from lanthorn.engine.scope import Scope, current_scope, in_scope
from lanthorn.engine.structure import is_symbolic, map_leaves

STAND_INS = (83, 89)
"""Primes that stand for an open size, one after the other: what changes with them is open too."""


class Abstract(NamedTuple):
    shape: tuple[int | None, ...]
    dtype: str


def infer(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What `function(*args, **kwargs)` would return, as a structure of `Abstract`.

    Open sizes (None) of symbolic tensors stay open where they reach the result.
    """
    first = _trace(function, args, kwargs, STAND_INS[0])
    if not _has_open(args, kwargs):
        return map_leaves(lambda s: Abstract(tuple(s.shape), s.dtype.name), first)
    second = jax.tree.leaves(_trace(function, args, kwargs, STAND_INS[1]))
    others = iter(second)

    def compared(one: Any) -> Abstract:
        other = next(others)
        sizes = zip(one.shape, other.shape, strict=True)
        return Abstract(tuple(a if a == b else None for a, b in sizes), one.dtype.name)

    return jax.tree.map(compared, first)


def _trace(function: Callable[..., Any], args: Any, kwargs: Any, stand_in: int) -> Any:
    tensors: list[Any] = []

    def taken(leaf: Any) -> Any:
        if not is_symbolic(leaf):
            return leaf
        shape = tuple(stand_in if size is None else size for size in leaf.shape)
        tensors.append(jax.ShapeDtypeStruct(shape, leaf.dtype))
        return _Slot(len(tensors) - 1)

    slotted = map_leaves(taken, (args, kwargs))

    def traced(*values: Any) -> Any:
        filled, named = map_leaves(
            lambda leaf: values[leaf.number] if isinstance(leaf, _Slot) else leaf, slotted
        )
        outer = current_scope()
        with in_scope(Scope({}, training=outer.training if outer else None)):
            return function(*filled, **named)

    return jax.eval_shape(traced, *tensors)


class _Slot(NamedTuple):
    number: int


def _has_open(args: Any, kwargs: Any) -> bool:
    found: list[bool] = []
    map_leaves(
        lambda leaf: found.append(None in leaf.shape) if is_symbolic(leaf) else None, (args, kwargs)
    )
    return any(found)
