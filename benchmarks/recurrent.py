"""Recurrent layers on Lanthorn and on Keras with JAX, in turn, in one process each: ratios.

    python benchmarks/recurrent.py [--rounds 5]

Needs keras in the environment. Each row trains a small model by `fit`; a round is one epoch on
each side, one after the other, so that both meet the same machine. The ratio is of the medians,
and beside it stand the smallest and the largest of a round's own. Last comes what a script waits
for: from `import` to the end of the first epoch, with nothing compiled by an earlier run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys

PROGRAM = """
import sys, time
import numpy as np
begun = time.perf_counter()
import {library} as keras
from {library} import layers
rng = np.random.default_rng(0)
batch, steps, features = {shape}
x = rng.normal(size=(40 * batch, steps, features)).astype("float32")
y = rng.integers(0, 10, 40 * batch)
model = keras.Sequential([layers.Input((steps, features)), {layer}, layers.Dense(10)])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile("adam", loss)
model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
print(time.perf_counter() - begun, flush=True)
model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
for _ in sys.stdin:
    begun = time.perf_counter()
    model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
    print((time.perf_counter() - begun) / 40, flush=True)
"""

ROWS = (
    ("LSTM(64)", "layers.LSTM(64)", (32, 28, 28)),
    ("GRU(64)", "layers.GRU(64)", (32, 28, 28)),
    ("SimpleRNN(64)", "layers.SimpleRNN(64)", (32, 28, 28)),
    ("Bidirectional(LSTM(32))", "layers.Bidirectional(layers.LSTM(32))", (32, 50, 16)),
    ("LSTM(128)", "layers.LSTM(128)", (32, 100, 64)),
    ("LSTM(64, unroll=True)", "layers.LSTM(64, unroll=True)", (32, 10, 28)),
    ("TimeDistributed(Dense(32))",
     "layers.TimeDistributed(layers.Dense(32)), layers.GlobalAveragePooling1D()", (32, 50, 16)),
)  # fmt: skip


def started(library: str, layer: str, shape: tuple[int, ...]) -> subprocess.Popen[str]:
    """A process that trains an epoch for each line it is sent, and says how long a step took."""
    program = PROGRAM.format(library=library, layer=layer, shape=shape)
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu",
                   "JAX_ENABLE_COMPILATION_CACHE": "false", "LANTHORN_CACHE": "off",
                   "PYTHONWARNINGS": "ignore"}  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", program], env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def asked(process: subprocess.Popen[str]) -> float:
    assert process.stdin and process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    print(f"{'one step of fit':30}{'lanthorn':>11}{'keras-jax':>11}{'ratio':>8}  from … to", end="")
    print("     imported to first epoch")
    for name, layer, shape in ROWS:
        if chosen.only not in name:
            continue
        sides = [started(library, layer, shape) for library in ("lanthorn", "keras")]
        first = [float(side.stdout.readline()) for side in sides if side.stdout]
        times: list[list[float]] = [[], []]
        for _ in range(chosen.rounds):
            for side, found in zip(sides, times, strict=True):
                found.append(asked(side))
        for side in sides:
            side.communicate(timeout=60)
        ours, theirs = map(statistics.median, times)
        ratios = [b / a for a, b in zip(*times, strict=True)]
        print(
            f"{name:30}{1000 * ours:>8.2f} ms{1000 * theirs:>8.2f} ms{theirs / ours:>7.2f}×  "
            f"{min(ratios):.2f} … {max(ratios):.2f}   {first[0]:.1f} s, {first[1]:.1f} s, "
            f"{first[1] / first[0]:.2f}×",
            flush=True,
        )


if __name__ == "__main__":
    main()
