"""Convolution and pooling on this machine: XLA's own form beside ours, alone and inside a loop.

    python benchmarks/kernels.py [words of the cases to run]

Milliseconds for the result and all gradients, the least of several runs; `times` says how many
times as fast ours is. A step that `fit` puts into a loop pays what stands on the right.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

os.environ.setdefault("LANTHORN_CACHE", "off")

import jax
import jax.numpy as jnp
import numpy as np

from lanthorn.kernels import convolution, pooling

SECONDS = 1.0
"""How long each form is run, at most; twice at least."""

ROUNDS = 2
"""How often the loop goes round; the table shows one round."""


class Case(NamedTuple):
    name: str
    plain: Callable[..., Any]
    ours: Callable[..., Any]
    shapes: tuple[tuple[int, ...], ...]
    settings: tuple[Any, ...]


def conv(name: str, x: tuple[int, ...], kernel: tuple[int, ...], strides: int = 1,
         padding: str = "same") -> Case:  # fmt: skip
    rank = len(x) - 2
    settings = ((strides,) * rank, padding, (1,) * rank)
    forms = convolution.plain_convolution, convolution.convolution
    return Case(name, *forms, (x, kernel), settings)


def conv_transpose(name: str, x: tuple[int, ...], kernel: tuple[int, ...]) -> Case:
    forms = convolution.plain_transposed, convolution.transposed
    return Case(name, *forms, (x, kernel), ((2, 2), [(2, 1)] * 2, (1, 1)))


def pools(x: tuple[int, ...], window: int, strides: int, padding: str) -> list[Case]:
    rank = len(x) - 2
    settings = ((window,) * rank, (strides,) * rank, padding)
    title = f"{'x'.join(map(str, x))} {window} by {strides}"
    return [
        Case(f"max {title}", pooling.plain_max_pool, pooling.max_pool, (x,), settings),
        Case(f"mean {title}", pooling.plain_average_pool, pooling.average_pool, (x,), settings),
    ]


CASES = [
    conv("28x28x1 > 32, batch 32", (32, 28, 28, 1), (3, 3, 1, 32), padding="valid"),
    conv("13x13x32 > 64, batch 32", (32, 13, 13, 32), (3, 3, 32, 64), padding="valid"),
    conv("32x32x64 > 64, batch 16", (16, 32, 32, 64), (3, 3, 64, 64)),
    conv("14x14x256 > 256 1x1, batch 16", (16, 14, 14, 256), (1, 1, 256, 256)),
    conv("28x28x128 > 128 by 2, batch 16", (16, 28, 28, 128), (3, 3, 128, 128), strides=2),
    conv("112x112x3 > 64 7x7 by 2, batch 4", (4, 112, 112, 3), (7, 7, 3, 64), strides=2),
    conv("100x32 > 64 width 5, batch 32", (32, 100, 32), (5, 32, 64)),
    conv("16x16x16x8 > 16, batch 4", (4, 16, 16, 16, 8), (3, 3, 3, 8, 16)),
    conv("depthwise 28x28x128, batch 16", (16, 28, 28, 128), (3, 3, 1, 128)),
    conv("depthwise 56x56x64 by 2, batch 8", (8, 56, 56, 64), (3, 3, 1, 64), strides=2),
    conv("4 groups 28x28x64 > 64, batch 16", (16, 28, 28, 64), (3, 3, 16, 64)),
    conv("32 groups 28x28x128 > 128, batch 8", (8, 28, 28, 128), (3, 3, 4, 128)),
    conv_transpose("transposed 14x14x64 > 32 by 2, batch 16", (16, 14, 14, 64), (3, 3, 32, 64)),
    *pools((32, 26, 26, 32), 2, 2, "valid"),
    *pools((16, 56, 56, 64), 3, 2, "same"),
    *pools((16, 28, 28, 64), 3, 1, "same"),
    *pools((32, 200, 64), 4, 4, "valid"),
]


def seconds(step: Callable[..., Any], *arrays: Any) -> float:
    """The least time of one call, compiled."""
    call = jax.jit(step)
    jax.block_until_ready(call(*arrays))
    times: list[float] = []
    while len(times) < 2 or sum(times) < SECONDS:
        began = time.perf_counter()
        jax.block_until_ready(call(*arrays))
        times.append(time.perf_counter() - began)
    return min(times)


def measured(form: Callable[..., Any], case: Case) -> tuple[float, float]:
    """Milliseconds of one step: alone, and as one round of a loop."""
    draw = np.random.default_rng(0)
    arrays = [jnp.asarray(draw.normal(size=shape), "float32") for shape in case.shapes]

    def step(*arrays: Any) -> tuple[Any, Any]:
        y, pull = jax.vjp(lambda *arrays: form(*arrays, *case.settings), *arrays)
        return y, pull(y)

    def rounds(*arrays: Any) -> Any:
        def one(_: Any, arrays: Any) -> Any:
            _, changes = step(*arrays)
            return [a + 1e-9 * change for a, change in zip(arrays, changes, strict=True)]

        return jax.lax.fori_loop(0, ROUNDS, one, list(arrays))

    return 1000 * seconds(step, *arrays), 1000 * seconds(rounds, *arrays) / ROUNDS


def main(wanted: list[str]) -> None:
    print(f"{'':42} {'alone: XLA':>10} {'ours':>8} {'times':>6}"
          f" {'loop: XLA':>10} {'ours':>8} {'times':>6}")  # fmt: skip
    for case in CASES:
        if any(word not in case.name for word in wanted):
            continue
        (alone, loop), (our_alone, our_loop) = map(
            partial(measured, case=case), (case.plain, case.ours)
        )
        print(f"{case.name:42} {alone:10.1f} {our_alone:8.1f} {alone / our_alone:6.1f}"
              f" {loop:10.1f} {our_loop:8.1f} {loop / our_loop:6.1f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
