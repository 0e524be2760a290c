"""Keras and Lanthorn read each other's files: the same answers, the same training from there on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lanthorn
from saving.model_cases import (
    CASES,
    LAYERS_OF_TWO_MODELS,
    Case,
    as_list,
    assert_close,
    compiled,
    outputs,
    state,
)

keras = pytest.importorskip("keras")

BOTH_WAYS = pytest.mark.parametrize(
    ("writer", "reader"), [(lanthorn, keras), (keras, lanthorn), (lanthorn, lanthorn)],
    ids=["Keras reads", "Lanthorn reads", "Lanthorn reads its own"],
)  # fmt: skip


def train(model: Any, x: Any, y: Any, epochs: int = 1) -> Any:
    return model.fit(x, y, epochs=epochs, batch_size=8, shuffle=False, verbose=0)


@BOTH_WAYS
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trained_model_goes_on_where_it_stopped(
    case: Case, writer: Any, reader: Any, tmp_path: Path
):
    x, y = case.data(np.random.default_rng(1))
    model = compiled(writer, case)
    train(model, x, y)
    model.save(tmp_path / "m.keras")
    loaded = reader.saving.load_model(tmp_path / "m.keras")
    assert_close(outputs(loaded, x), outputs(model, x))
    assert_close(state(loaded), state(model))
    train(model, x, y, epochs=3)
    train(loaded, x, y, epochs=3)
    assert_close(outputs(loaded, x), outputs(model, x), 2e-5)
    assert_close(
        as_list(loaded.evaluate(x, y, verbose=0)), as_list(model.evaluate(x, y, verbose=0)), 2e-5
    )


@BOTH_WAYS
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_weights_alone_are_read_into_a_model_of_the_same_make(
    case: Case, writer: Any, reader: Any, tmp_path: Path
):
    x, _ = case.data(np.random.default_rng(1))
    model, other = case.make(writer), case.make(reader)
    model.save_weights(tmp_path / "m.weights.h5")
    other.load_weights(tmp_path / "m.weights.h5")
    assert_close(outputs(other, x), outputs(model, x))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_groups_and_arrays_have_the_names_that_keras_gives_them(case: Case, tmp_path: Path):
    import h5py

    def names(k: Any) -> list[tuple[str, Any]]:
        path = tmp_path / f"{k.__name__}.weights.h5"
        x, y = case.data(np.random.default_rng(1))
        model = compiled(k, case)
        train(model, x, y)
        model.save_weights(path)
        found: list[tuple[str, Any]] = []
        with h5py.File(path) as file:
            file.visititems(lambda name, thing: found.append((name, getattr(thing, "shape", None))))
        return sorted(found)

    assert names(lanthorn) == names(keras)


@pytest.mark.parametrize("writer", [lanthorn, keras])
def test_a_layer_of_two_models_is_still_one_layer(writer: Any, tmp_path: Path):
    x, _ = LAYERS_OF_TWO_MODELS.data(np.random.default_rng(1))
    model = LAYERS_OF_TWO_MODELS.make(writer)
    model.save(tmp_path / "m.keras")
    loaded = lanthorn.saving.load_model(tmp_path / "m.keras")
    assert loaded.get_layer("first").get_layer("one") is loaded.get_layer("one")
    assert loaded.get_layer("second").get_layer("one") is loaded.get_layer("one")
    assert_close(outputs(loaded, x), outputs(model, x))


@pytest.mark.filterwarnings("ignore:.*mask")  # Flatten ends the mask, and Keras says so
def test_masks_in_files_of_keras_are_the_masks_of_the_model(tmp_path: Path):
    k = keras
    x = k.Input((6,), dtype="int32")
    y = k.layers.BatchNormalization()(k.layers.Embedding(9, 4, mask_zero=True)(x))
    model = k.Model(x, k.layers.Dense(2)(k.layers.Flatten()(y)))
    model.compile("sgd", "mse")
    words = np.random.default_rng(0).integers(0, 3, (8, 6))
    targets = np.ones((8, 2), "float32")
    model.save(tmp_path / "m.keras")
    loaded = lanthorn.saving.load_model(tmp_path / "m.keras")
    train(model, words, targets)
    train(loaded, words, targets)
    assert_close(outputs(loaded, words), outputs(model, words))
    assert_close(loaded.get_weights(), model.get_weights())


def test_a_model_that_was_compiled_and_never_trained(tmp_path: Path):
    for writer, reader in ((keras, lanthorn), (lanthorn, lanthorn)):
        model = compiled(writer, CASES[0])
        model.save(tmp_path / "m.keras")
        loaded = reader.saving.load_model(tmp_path / "m.keras")
        x, y = CASES[0].data(np.random.default_rng(1))
        train(model, x, y)
        train(loaded, x, y)
        assert_close(outputs(loaded, x), outputs(model, x))
