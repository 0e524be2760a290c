"""Importing, building, summary, explanation and a shape error load nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.sources import SOURCE

HEAVY = ("jax", "jaxlib", "numpy", "ml_dtypes", "h5py", "optax", "rich")

QUESTION = """
import lanthorn as keras
from lanthorn.layers import Activation, Dense, Flatten

model = keras.Sequential()
model.add(Dense(16, input_shape=(3, 2), name="D16"))
model.add(Activation("relu", name="A"))
model.add(Flatten(name="F"))
model.add(Dense(4, name="D4"))
model.summary()
print(model.explain())
print(model.explain(language="ko"))

wide = keras.Sequential([keras.Input((3, 2))])
try:
    wide.add(keras.layers.Conv2D(4, 3))
except keras.ShapeError as error:
    print(error)
else:
    raise SystemExit("Conv2D took rows of numbers for pictures")
"""


def loaded_by(program: str) -> tuple[list[str], str]:
    """The heavy packages that a fresh process has loaded after `program`, and what it printed."""
    loaded = f"import sys\nprint('loaded:', *[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\n{loaded}"],
        env={**os.environ, "PYTHONPATH": str(SOURCE.parent), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed, _, names = done.stdout.rpartition("loaded:")
    return names.split(), printed


def test_importing_loads_nothing_heavy():
    assert loaded_by("import lanthorn")[0] == []


def test_the_questions_model_is_built_and_explained_with_nothing_heavy():
    loaded, printed = loaded_by(QUESTION)
    assert loaded == []
    for fact in ("244", "(None, 3, 16)", "2 × 16", "Conv2D"):
        assert fact in printed


@pytest.mark.parametrize("package", ["lanthorn.layers", "lanthorn.ops", "lanthorn.datasets"])
def test_naming_a_package_loads_nothing_heavy(package: str):
    assert loaded_by(f"import {package}\ndir({package})")[0] == []


@pytest.mark.parametrize(
    ("slip", "caught"),
    [
        ("import numpy", "numpy"),
        ("import h5py", "h5py"),
        ("import rich.console", "rich"),
        ("from jax import lax", "jax"),
        ("from lanthorn.datasets import digits; digits.load_data()", "numpy"),
    ],
)
def test_what_is_heavy_is_seen_when_it_is_loaded(slip: str, caught: str):
    loaded, _ = loaded_by(f"import lanthorn\n{slip}")
    assert caught in loaded


def test_a_program_that_fails_is_not_taken_for_light():
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        loaded_by("1 / 0")
