"""The same programs on Lanthorn and on Keras with JAX, in turn, in fresh processes: ratios.

    python benchmarks/beside_keras.py [--runs 5]

Needs keras in the environment. Times are of whole processes, wall clock, or of what the program
itself measured; quote the ratios, since machines differ and are shared. "first" runs have an empty
compile cache, "again" runs find what the run before left (Keras keeps none by itself).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

IMPORT = "import {library}"

QUESTION = """
import numpy as np
import {library} as keras
from {library} import layers
model = keras.Sequential()
model.add(layers.Dense(16, input_shape=(3, 2)))
model.add(layers.Activation("relu"))
model.add(layers.Flatten())
model.add(layers.Dense(4))
model.compile(loss="mean_squared_error", optimizer="SGD")
assert model.predict(np.array([[[1, 2], [3, 4], [5, 6]]]), verbose=0).shape == (1, 4)
model.summary()
"""

DIGITS = """
import time
import numpy as np
from lanthorn.datasets import digits
import {library} as keras
from {library} import layers
(x, y), (x_test, y_test) = digits.load_data()
x, x_test = x[..., None] / 16.0, x_test[..., None] / 16.0
model = keras.Sequential([
    layers.Input((8, 8, 1)),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(64, 3, activation="relu"),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=1, verbose=0)
begun = time.perf_counter()
model.fit(x, y, epochs=20, verbose=0)
print("measured", time.perf_counter() - begun)
assert model.evaluate(x_test, y_test, verbose=0)[1] > 0.95
"""

ROWS = (
    ("import", IMPORT, "first"),
    ("the question's program, first", QUESTION, "first"),
    ("the question's program, again", QUESTION, "again"),
    ("digits: the whole program, first", DIGITS, "first"),
    ("digits: the whole program, again", DIGITS, "again"),
    ("digits: 20 epochs of training", DIGITS, "measured"),
)


def seconds(program: str, library: str, cache: str, kind: str) -> float:
    """How long one run takes; what it measured itself for kind "measured"."""
    environment = {
        **os.environ,
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "XDG_CACHE_HOME": cache,
        "PYTHONWARNINGS": "ignore",
    }
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program.replace("{library}", library)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    whole = time.perf_counter() - begun
    return float(done.stdout.split("measured")[1]) if kind == "measured" else whole


def compared(program: str, kind: str, runs: int) -> tuple[list[float], list[float]]:
    """Seconds of each run on Lanthorn and on Keras, in turn."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as kept:
        if kind != "first":
            seconds(program, "lanthorn", kept, "again")
        for _ in range(runs):
            with tempfile.TemporaryDirectory() as empty:
                cache = empty if kind == "first" else kept
                ours.append(seconds(program, "lanthorn", cache, kind))
                theirs.append(seconds(program, "keras", cache, kind))
    return ours, theirs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print(f"{'':36}{'lanthorn':>10}{'keras-jax':>11}{'ratio':>8}   ratios from … to")
    for name, program, kind in ROWS:
        ours, theirs = compared(program, kind, runs)
        ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
        print(
            f"{name:36}{statistics.median(ours):>8.2f} s{statistics.median(theirs):>9.2f} s"
            f"{statistics.median(ratios):>7.1f}×   {min(ratios):.1f} … {max(ratios):.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
