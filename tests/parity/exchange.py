"""A layer in a `.keras` file, written here and read by Keras, and the other way round."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np

import lanthorn
from lanthorn.layers.example import Example


def model_with(library: Any, name: str, example: Example) -> Any:
    """A model of one layer, of either library."""
    several = isinstance(example.shape, list)
    dtype = "float32" if example.below is None else "int32"
    shapes = example.shape if several else [example.shape]
    inputs = [library.Input(shape, dtype=dtype) for shape in shapes]
    layer = getattr(library.layers, name)(**example.settings)
    one_by_one = getattr(lanthorn.layers, name).several_arguments
    given = inputs if one_by_one else [inputs if several else inputs[0]]
    return library.Model(inputs, layer(*given, **example.arguments))


def numbers(example: Example, rng: np.random.Generator, batch: int = 2) -> list[Any]:
    shapes = example.shape if isinstance(example.shape, list) else [example.shape]
    if example.below is not None:
        return [rng.integers(0, example.below, (batch, *s)).astype("int32") for s in shapes]
    return [rng.normal(size=(batch, *shape)).astype("float32") for shape in shapes]


def passes_through_files(name: str, example: Example, seed: int = 0) -> None:
    """Both files give the model that was saved, with its weights."""
    rng = np.random.default_rng(seed)
    data = numbers(example, rng)
    for writer, reader in ((lanthorn, keras), (keras, lanthorn)):
        model = model_with(writer, name, example)
        model.set_weights([rng.uniform(0.2, 1.5, w.shape) for w in model.get_weights()])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "m.keras"
            model.save(path)
            loaded = reader.saving.load_model(path)
        np.testing.assert_allclose(
            np.asarray(loaded(data)), np.asarray(model(data)), rtol=1e-5, atol=1e-5
        )
