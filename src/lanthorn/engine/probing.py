"""What a computation reads, found by trying: for layers that do not say how they work.

An output number is followed back at a few random inputs by its derivative: what never has any
influence is not read. Numbers without a derivative (rounding) are changed instead, and the output
is watched. Nothing of the layer is changed: it runs as a pure function of its own weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

# isort: off
import lanthorn.ops.start  # noqa: F401  JAX begins there

# isort: on
import jax
import jax.numpy as jnp
import numpy as np

from lanthorn.engine.scope import Scope, in_scope

At = tuple[int, ...]

MOST_NUMBERS = 20_000
"""Inputs with more numbers in a sample are not probed."""

TRIED = 3
"""Random inputs at which an influence may show."""

PLACES = 4
"""Output numbers that are followed back."""

MOST_CHANGED = 256
"""Numbers without a derivative that are changed one by one."""

STAND_IN = 4
"""The size an open axis is given."""


class Probe(NamedTuple):
    """The input elements that one output element was seen to depend on: (input, place) pairs."""

    at: At
    reads: frozenset[tuple[int, At]]


def slopes(layer: Any, inputs: Sequence[Any], at: At) -> list[Any]:
    """How fast output number `at` of the first sample changes with each number of each input.

    inputs: arrays with a batch in front. Whole numbers have slope 0.
    """
    call, arrays = _pure(layer, inputs)
    real = [jnp.issubdtype(array.dtype, jnp.floating) for array in arrays]
    given = [array for array, is_real in zip(arrays, real, strict=True) if is_real]

    def number(*values: Any) -> Any:
        left = iter(values)
        full = [next(left) if is_real else a for a, is_real in zip(arrays, real, strict=True)]
        return call(full)[(0, *at)].astype(jnp.float32)

    found = iter(jax.grad(number, argnums=tuple(range(len(given))))(*given) if given else ())
    return [
        np.asarray(next(found))[0] if is_real else np.zeros(array.shape[1:], "float32")
        for array, is_real in zip(arrays, real, strict=True)
    ]


def probes(layer: Any, shapes: Sequence[Sequence[int | None]], seed: int = 0) -> list[Probe]:
    """What a few of the layer's output numbers depend on; empty when it cannot be tried.

    shapes: of the inputs' samples, without the batch; open sizes are given a small one.
    """
    closed = [tuple(STAND_IN if size is None else size for size in shape) for shape in shapes]
    if not closed or sum(int(np.prod(shape)) for shape in closed) > MOST_NUMBERS:
        return []
    rng = np.random.default_rng(seed)
    points = [
        [rng.normal(size=(1, *shape)).astype("float32") for shape in closed] for _ in range(TRIED)
    ]
    call, arrays = _pure(layer, points[0])
    sizes = tuple(call(arrays).shape[1:])
    count = int(np.prod(sizes))
    chosen = sorted(rng.permutation(count)[:PLACES])
    return [
        Probe(at, _reads(layer, points, at))
        for at in (tuple(map(int, np.unravel_index(place, sizes))) for place in chosen)
    ]


def _reads(layer: Any, points: list[list[Any]], at: At) -> frozenset[tuple[int, At]]:
    found: set[tuple[int, At]] = set()
    for inputs in points:
        for source, slope in enumerate(slopes(layer, inputs, at)):
            found |= {(source, tuple(map(int, place))) for place in np.argwhere(slope != 0)}
    return frozenset(found or _changing(layer, points[0], at))


def _changing(layer: Any, inputs: list[Any], at: At) -> set[tuple[int, At]]:
    """Input numbers that move the output number when they are changed by hand."""
    call, arrays = _pure(layer, inputs)
    before = call(arrays)[(0, *at)]
    places = [(s, at_) for s, array in enumerate(arrays) for at_ in np.ndindex(*array.shape[1:])]
    found = set()
    for source, place in places[:MOST_CHANGED]:
        for step in (5.0, -5.0):
            changed = list(arrays)
            changed[source] = arrays[source].at[(0, *place)].add(step)
            if not bool(jnp.array_equal(call(changed)[(0, *at)], before, equal_nan=True)):
                found.add((source, tuple(map(int, place))))
    return found


def _pure(layer: Any, inputs: Sequence[Any]) -> tuple[Callable[[Any], Any], list[Any]]:
    """The layer as a function of a list of arrays that leaves nothing behind."""
    arrays = [jnp.asarray(array) for array in inputs]
    values = {id(variable): jnp.asarray(variable.value) for variable in layer.variables}

    def call(given: list[Any]) -> Any:
        with in_scope(Scope(dict(values), training=False)):
            found = layer(given if len(given) > 1 else given[0])
        return jax.tree.leaves(found)[0]

    return call, arrays
