"""What is in a `.keras` file, and what saving and loading promise besides."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lanthorn
from files.makers import changed, members, weights
from lanthorn import layers, saving
from lanthorn.saving import ModelFileWarning, ModelMismatchError
from saving.model_cases import CASES, assert_close, branches, compiled, outputs, row, state

X = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
Y = X[:, :3]


def trained() -> Any:
    model = compiled(lanthorn, CASES[0])
    model.fit(X, np.abs(Y), verbose=0)
    return model


def save(model: Any, path: Path) -> dict[str, bytes]:
    model.save(path)
    return members(path.read_bytes())


def test_members_are_stored_in_keras_order_with_no_date(tmp_path: Path):
    trained().save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        infos = archive.infolist()
        assert archive.testzip() is None
    assert [i.filename for i in infos] == ["metadata.json", "config.json", "model.weights.h5"]
    assert {i.compress_type for i in infos} == {zipfile.ZIP_STORED}
    assert {i.date_time for i in infos} == {(1980, 1, 1, 0, 0, 0)}


def test_the_metadata_tells_versions_and_checksums(tmp_path: Path):
    import hashlib

    found = save(trained(), tmp_path / "m.keras")
    metadata = json.loads(found["metadata.json"])
    assert metadata["keras_version"] == "3.15.1"
    assert metadata["lanthorn_version"] == lanthorn.__version__
    assert metadata["sha256"] == {
        name: hashlib.sha256(found[name]).hexdigest()
        for name in ("config.json", "model.weights.h5")
    }


def test_two_saves_differ_in_the_date_alone(tmp_path: Path):
    model = trained()
    first, second = save(model, tmp_path / "a.keras"), save(model, tmp_path / "b.keras")
    for name in ("config.json", "model.weights.h5"):
        assert first[name] == second[name]
    again = saving.load_model(tmp_path / "a.keras")
    third = save(again, tmp_path / "c.keras")
    assert third["config.json"] == first["config.json"]
    assert third["model.weights.h5"] == first["model.weights.h5"]


def test_a_model_goes_to_and_comes_from_an_open_file():
    model, file = trained(), io.BytesIO()
    saving.save_model(model, file)
    assert_close(outputs(saving.load_model(file), X), outputs(model, X))


@pytest.mark.parametrize("as_path", [str, Path])
def test_paths_are_text_or_paths(as_path: Any, tmp_path: Path):
    model = trained()
    saving.save_model(model, as_path(tmp_path / "m.keras"))
    saving.load_model(as_path(tmp_path / "m.keras"))
    model.save_weights(as_path(tmp_path / "m.weights.h5"))
    model.load_weights(as_path(tmp_path / "m.weights.h5"))
    model.load_weights(as_path(tmp_path / "m.keras"))


def test_other_endings_are_refused_with_what_to_write_instead(tmp_path: Path):
    model = trained()
    for name in ("m.h5", "m", "m.zip"):
        with pytest.raises(ValueError, match=r"ends in \.keras"):
            model.save(tmp_path / name)
        with pytest.raises(ValueError, match=r"ends in \.weights\.h5"):
            model.save_weights(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_not_built_says_so(tmp_path: Path):
    model = lanthorn.Sequential([layers.Dense(3)])
    with pytest.warns(ModelFileWarning, match="no weights"):
        model.save(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras")
    assert not loaded.built
    for act in (model.save_weights, model.load_weights):
        with pytest.raises(ValueError, match="no weights yet"):
            act(tmp_path / "m.weights.h5")


def test_loading_draws_no_first_values_and_no_seeds(tmp_path: Path):
    import random

    from lanthorn.initializers import Initializer

    model = trained()
    model.save(tmp_path / "m.keras")

    def drawn(self: Any, shape: Any, dtype: Any = None) -> Any:
        raise AssertionError(f"{type(self).__name__} was run")

    before = random.getstate()
    with pytest.MonkeyPatch.context() as patch:
        for cls in every_kind(Initializer):
            patch.setattr(cls, "__call__", drawn)
        loaded = saving.load_model(tmp_path / "m.keras")
        assert_close(outputs(loaded, X), outputs(model, X))
        assert_close(state(loaded), state(model))
    assert random.getstate() == before


def every_kind(cls: type) -> list[type]:
    return [cls, *(below for kind in cls.__subclasses__() for below in every_kind(kind))]


def test_bfloat16_weights_and_mixed_types(tmp_path: Path):
    for dtype in ("bfloat16", "mixed_bfloat16", "float16", "float64"):
        model = lanthorn.Sequential([layers.Input((4,)), layers.Dense(3, dtype=dtype)])
        model.save(tmp_path / "m.keras")
        loaded = saving.load_model(tmp_path / "m.keras")
        assert [v.dtype for v in loaded.weights] == [v.dtype for v in model.weights]
        for one, other in zip(loaded.weights, model.weights, strict=True):
            np.testing.assert_array_equal(one.numpy(), other.numpy())


def test_layers_that_were_set_not_to_learn_stay_so(tmp_path: Path):
    model = row(lanthorn)
    model.layers[0].trainable = False
    model.save(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras")
    assert [layer.trainable for layer in loaded.layers] == [False, True, True, True]
    assert_close(outputs(loaded, X), outputs(model, X))


# -- load_weights ----------------------------------------------------------------------------------


def refused_and_unchanged(model: Any, path: Path, message: str) -> None:
    before = [np.array(weight) for weight in model.get_weights()]
    with pytest.raises(ModelMismatchError, match=message):
        model.load_weights(path)
    for one, other in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_weights_that_do_not_fit_change_nothing(tmp_path: Path):
    path = tmp_path / "m.weights.h5"
    row(lanthorn).save_weights(path)
    other = lanthorn.Sequential(
        [layers.Input((4,)), layers.Dense(5), layers.BatchNormalization(), layers.Dense(2)]
    )
    refused_and_unchanged(other, path, r"expects kernel \(5, 2\), the file has \(5, 3\)")
    refused_and_unchanged(branches(lanthorn), path, "layer")


def test_damage_at_the_very_end_changes_nothing(tmp_path: Path):
    model = row(lanthorn)
    model.save(tmp_path / "m.keras")

    def break_last(file: Any) -> None:
        del file["layers/dense_1/vars/1"]
        file["layers/dense_1/vars"].create_dataset("1", (3,), "f4", chunks=(3,), compression="gzip")

    data = weights(break_last)((tmp_path / "m.keras").read_bytes())
    (tmp_path / "m.keras").write_bytes(data)
    other = row(lanthorn)
    before = other.get_weights()
    with pytest.raises(saving.DamagedModelError, match="never written"):
        other.load_weights(tmp_path / "m.keras")
    for one, two in zip(other.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, two)


def test_layers_that_do_not_fit_can_be_left_as_they_are(tmp_path: Path):
    path = tmp_path / "m.weights.h5"
    model = row(lanthorn)
    model.save_weights(path)
    other = lanthorn.Sequential(
        [layers.Input((4,)), layers.Dense(5), layers.BatchNormalization(), layers.Dense(2)]
    )
    kept = other.layers[2].get_weights()
    with pytest.warns(ModelFileWarning, match="1 layer kept the weights"):
        other.load_weights(path, skip_mismatch=True)
    assert_close(other.layers[0].get_weights(), model.layers[0].get_weights())
    assert_close(other.layers[2].get_weights(), kept)


def test_arrays_that_no_layer_takes_are_told(tmp_path: Path):
    path = tmp_path / "m.weights.h5"
    lanthorn.Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(3)]).save_weights(path)
    smaller = lanthorn.Sequential([layers.Input((4,)), layers.Dense(3)])
    with pytest.warns(ModelFileWarning, match="2 arrays.*layers/dense_1/vars/0"):
        smaller.load_weights(path)


def test_the_optimizers_state_comes_with_the_weights(tmp_path: Path):
    model = trained()
    model.save_weights(tmp_path / "m.weights.h5")
    other = compiled(lanthorn, CASES[0])
    other.load_weights(tmp_path / "m.weights.h5")
    assert_close(state(other), state(model))


def test_another_optimizers_state_is_left_out_with_a_warning(tmp_path: Path):
    model = trained()
    model.save_weights(tmp_path / "m.weights.h5")
    other = row(lanthorn)
    other.compile("sgd", "mse")
    with pytest.warns(ModelFileWarning, match="starts anew"):
        other.load_weights(tmp_path / "m.weights.h5")
    assert_close(outputs(other, X), outputs(model, X))


def test_whole_numbers_are_not_taken_for_floats(tmp_path: Path):
    model = row(lanthorn)
    model.save(tmp_path / "m.keras")

    def as_ints(file: Any) -> None:
        del file["layers/dense/vars/1"]
        file["layers/dense/vars/1"] = np.zeros(5, "int32")

    path = tmp_path / "n.keras"
    path.write_bytes(weights(as_ints)((tmp_path / "m.keras").read_bytes()))
    refused_and_unchanged(row(lanthorn), path, "bias of float32, the file has int32")


def test_wider_floats_in_the_file_are_taken(tmp_path: Path):
    model = row(lanthorn)
    model.save(tmp_path / "m.keras")

    def wider(file: Any) -> None:
        numbers = file["layers/dense/vars/0"][()]
        del file["layers/dense/vars/0"]
        file["layers/dense/vars/0"] = numbers.astype(">f8")

    data = weights(wider)((tmp_path / "m.keras").read_bytes())
    (tmp_path / "m.keras").write_bytes(data)
    assert_close(outputs(saving.load_model(tmp_path / "m.keras"), X), outputs(model, X))


def test_a_file_that_was_packed_again_is_read(tmp_path: Path):
    path = tmp_path / "m.keras"
    model = trained()
    model.save(path)
    data = path.read_bytes()
    path.write_bytes(changed(data, "x", b"", zipfile.ZIP_DEFLATED))
    assert_close(outputs(saving.load_model(path), X), outputs(model, X))


def test_large_archives_have_wide_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As Python's zipfile writes archives of more than 4 GB, with the border put lower."""
    model = trained()
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    model.save(tmp_path / "m.keras")
    monkeypatch.undo()
    assert (tmp_path / "m.keras").read_bytes().count(b"PK\x06\x06") == 1
    assert_close(outputs(saving.load_model(tmp_path / "m.keras"), X), outputs(model, X))
