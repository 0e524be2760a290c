"""Layers, models, functions of the user's own: written as Keras writes them, made again by name."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lanthorn
from lanthorn import saving
from saving.model_cases import assert_close, outputs, state

keras = pytest.importorskip("keras")

X = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
Y = X[:, :3]


def own_layer(k: Any) -> type:
    class Scaled(k.layers.Layer):
        def __init__(self, units: int = 3, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.units = units
            self.inner = k.layers.Dense(units)

        def build(self, input_shape: Any) -> None:
            self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="scale")
            self.count = self.add_weight(
                shape=(), initializer="zeros", trainable=False, name="count"
            )
            super().build(input_shape)

        def call(self, inputs: Any) -> Any:
            return self.inner(inputs * self.scale)

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "units": self.units}

    return Scaled


def own_model(k: Any) -> type:
    class Net(k.Model):
        def __init__(self, units: int = 3, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.zout = k.layers.Dense(units)
            self.blocks = [k.layers.Dense(4), k.layers.Dense(5)]
            self.more = {"a": k.layers.Dense(2), "b": [k.layers.Dense(6), (k.layers.Dense(2),)]}
            self.a1 = k.layers.Dense(7)
            self._private = k.layers.Dense(8)
            self.row = k.Sequential([k.layers.Dense(3), k.layers.BatchNormalization()])
            self.again = self.a1
            self.scaled = own_layer(k)(4)
            self.units = units

        def call(self, x: Any, training: bool | None = None) -> Any:
            for layer in (self.a1, self._private, *self.blocks, self.more["a"]):
                x = layer(x)
            x = self.more["b"][1][0](self.more["b"][0](x))
            return self.zout(self.scaled(self.row(x, training=training)))

        def get_config(self) -> dict[str, Any]:
            return {"units": self.units}

    return Net


BOTH_WAYS = pytest.mark.parametrize(
    ("writer", "reader"), [(lanthorn, keras), (keras, lanthorn), (lanthorn, lanthorn)]
)


def trained(k: Any, cls: type) -> Any:
    model = cls()
    model.compile("adam", "mse")
    model.fit(X, Y, verbose=0)
    return model


@BOTH_WAYS
def test_weights_of_a_model_class_go_both_ways(writer: Any, reader: Any, tmp_path: Path):
    model = trained(writer, own_model(writer))
    model.save_weights(tmp_path / "m.weights.h5")
    other = own_model(reader)()
    other(X)
    other.load_weights(tmp_path / "m.weights.h5")
    assert_close(outputs(other, X), outputs(model, X))


def arrays_of(model: Any, path: Path) -> list[tuple[str, Any]]:
    """The arrays in a model's weights file, with their shapes."""
    import h5py

    found: list[tuple[str, Any]] = []
    model.save_weights(path)
    with h5py.File(path) as file:
        file.visititems(lambda name, thing: found.append((name, getattr(thing, "shape", None))))
    return found


def test_a_model_class_is_laid_out_by_its_attributes_as_in_keras(tmp_path: Path):
    ours, theirs = own_model(lanthorn)(), own_model(keras)()
    ours(X)
    theirs(X)
    found = arrays_of(ours, tmp_path / "m.weights.h5")
    assert found == arrays_of(theirs, tmp_path / "k.weights.h5")
    assert ("blocks/dense_1/vars/0", (4, 5)) in found


@BOTH_WAYS
def test_a_whole_model_of_a_class_is_loaded_when_the_class_is_given(
    writer: Any, reader: Any, tmp_path: Path
):
    model = trained(writer, own_model(writer))
    model.save(tmp_path / "m.keras")
    loaded = reader.saving.load_model(
        tmp_path / "m.keras", custom_objects={"Net": own_model(reader)}
    )
    assert_close(outputs(loaded, X), outputs(model, X))
    assert_close(state(loaded), state(model))


def double(x: Any) -> Any:
    return x * 2


def distance(y_true: Any, y_pred: Any) -> Any:
    return abs(y_true - y_pred)


@BOTH_WAYS
def test_own_layers_and_functions_in_a_row(writer: Any, reader: Any, tmp_path: Path):
    own = {"double": double, "distance": distance}
    model = writer.Sequential(
        [
            writer.layers.Input((4,)),
            writer.layers.Dense(3, activation=double),
            own_layer(writer)(2, name="mine"),
            writer.layers.Dense(3),
        ]
    )
    model.compile("sgd", distance, metrics=[distance, "mae"])
    model.fit(X, Y, verbose=0)
    model.save(tmp_path / "m.keras")
    loaded = reader.saving.load_model(
        tmp_path / "m.keras", custom_objects={"Scaled": own_layer(reader), **own}
    )
    assert_close(outputs(loaded, X), outputs(model, X))
    loaded.fit(X, Y, verbose=0)
    model.fit(X, Y, verbose=0)
    assert_close(outputs(loaded, X), outputs(model, X))


def registered(k: Any) -> Any:
    @k.saving.register_keras_serializable(package="mine", name="Tripled")
    class Layer(k.layers.Layer):
        def call(self, inputs: Any) -> Any:
            return inputs * 3

    return Layer


@BOTH_WAYS
def test_registered_objects_are_found_without_being_given(writer: Any, reader: Any, tmp_path: Path):
    layers = {k: registered(k) for k in {writer, reader}}
    model = writer.Sequential([writer.layers.Input((4,)), layers[writer]()])
    model.save(tmp_path / "m.keras")
    loaded = reader.saving.load_model(tmp_path / "m.keras")
    assert type(loaded.layers[0]) is layers[reader]
    config = json.loads(zipfile.ZipFile(tmp_path / "m.keras").read("config.json"))
    entry = config["config"]["layers"][1]
    assert entry["registered_name"] == "mine>Tripled"
    assert entry["module"] == __name__


def test_an_unknown_class_is_refused_with_what_to_do(tmp_path: Path):
    model = lanthorn.Sequential(
        [lanthorn.layers.Input((4,)), own_layer(lanthorn)(name="own")], name="row"
    )
    model.save(tmp_path / "m.keras")
    with pytest.raises(saving.UnknownObjectError, match=r"custom_objects=.*'Scaled'") as found:
        saving.load_model(tmp_path / "m.keras")
    assert found.value.path == tmp_path / "m.keras"
    assert found.value.where == "config.json: model 'row': layer 'own'"


def test_a_class_of_the_users_is_never_taken_for_one_of_ours(tmp_path: Path):
    class Dense(lanthorn.layers.Dense):
        pass

    model = lanthorn.Sequential([lanthorn.layers.Input((4,)), Dense(3)])
    model.save(tmp_path / "m.keras")
    with pytest.raises(saving.UnknownObjectError):
        saving.load_model(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras", custom_objects={"Dense": Dense})
    assert type(loaded.layers[0]) is Dense


def test_a_lambda_is_refused_before_anything_is_written(tmp_path: Path):
    model = lanthorn.Sequential(
        [lanthorn.layers.Input((4,)), lanthorn.layers.Dense(3, activation=lambda x: x)]
    )
    with pytest.raises(ValueError, match="no name to find it by"):
        model.save(tmp_path / "m.keras")
    assert list(tmp_path.iterdir()) == []


def test_a_loss_without_a_name_leaves_the_file_uncompiled_with_a_warning(tmp_path: Path):
    model = lanthorn.Sequential([lanthorn.layers.Input((4,)), lanthorn.layers.Dense(3)])
    model.compile("adam", lambda y, p: (y - p) ** 2)
    with pytest.warns(saving.ModelFileWarning, match="not kept"):
        model.save(tmp_path / "m.keras")
    assert saving.load_model(tmp_path / "m.keras")._compiled is None


@pytest.mark.parametrize("writer", [lanthorn, keras])
def test_an_unknown_loss_leaves_the_model_usable_and_uncompiled(writer: Any, tmp_path: Path):
    model = writer.Sequential([writer.layers.Input((4,)), writer.layers.Dense(3)])
    model.compile("adam", distance)
    model.fit(X, Y, verbose=0)
    model.save(tmp_path / "m.keras")
    with pytest.warns(saving.ModelFileWarning, match="not compiled.*distance"):
        loaded = saving.load_model(tmp_path / "m.keras")
    assert_close(outputs(loaded, X), outputs(model, X))
    assert loaded._compiled is None
    assert saving.load_model(tmp_path / "m.keras", compile=False)._compiled is None


def test_a_layer_that_keeps_its_weights_its_own_way(tmp_path: Path):
    class Turned(lanthorn.layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.w = self.add_weight(shape=(4, 2), name="w")

        def call(self, inputs: Any) -> Any:
            return inputs @ self.w

        def save_own_variables(self, store: dict[str, Any]) -> None:
            store["turned"] = np.asarray(self.w.numpy()).T

        def load_own_variables(self, store: dict[str, Any]) -> None:
            self.w.assign(store["turned"].T)

    model = lanthorn.Sequential([lanthorn.layers.Input((4,)), Turned()])
    model.save(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras", custom_objects={"Turned": Turned})
    assert_close(outputs(loaded, X), outputs(model, X))
