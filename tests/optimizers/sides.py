"""The same optimizer on both sides, given the same weights and gradients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lanthorn.engine.variable import Variable

PATHS = ("dense/kernel", "dense/bias", "head/kernel", "head/bias")
SHAPES = ((3, 4), (4,), (4, 2), (2,))


def weights(seed: int = 0) -> list[np.ndarray]:
    generator = np.random.default_rng(seed)
    return [generator.normal(size=shape).astype("float32") for shape in SHAPES]


def gradients(steps: int, seed: int = 1) -> list[list[np.ndarray]]:
    """Gradients of very different sizes, so that epsilon and clipping matter for some of them."""
    generator = np.random.default_rng(seed)
    sizes = (1.0, 1e-3, 10.0, 1e-6)
    return [
        [
            (size * generator.normal(size=shape)).astype("float32")
            for size, shape in zip(sizes, SHAPES, strict=True)
        ]
        for _ in range(steps)
    ]


def keras_variables(values: list[np.ndarray]) -> list[Any]:
    import keras

    variables = [keras.Variable(value, name="variable") for value in values]
    for variable, path in zip(variables, PATHS, strict=True):
        variable._path, variable._name = path, path.rpartition("/")[2]
    return variables


def own_variables(values: list[np.ndarray]) -> list[Variable]:
    return [
        Variable(value, name=path.rpartition("/")[2], path=path)
        for value, path in zip(values, PATHS, strict=True)
    ]


def keras_trained(optimizer: Any, start: list[np.ndarray], *checks: int) -> Iterator[tuple]:
    """Real Keras's weights and optimizer variables after each number of steps in `checks`, compiled
    as its fit compiles them."""
    import jax

    variables = keras_variables(start)
    optimizer.build(variables)
    step = jax.jit(optimizer.stateless_apply)
    params = [variable.value for variable in variables]
    state = [variable.value for variable in optimizer.variables]
    for count, grads in enumerate(gradients(max(checks)), start=1):
        params, state = step(state, grads, params)
        if count in checks:
            yield count, params, state
