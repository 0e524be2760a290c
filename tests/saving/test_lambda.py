"""A Lambda in a file is a name; whatever code a file holds is never run, and not even decoded."""

from __future__ import annotations

import json
import warnings
import zipfile

import keras
import numpy as np
import pytest

import lanthorn
from lanthorn import layers
from lanthorn.saving import ModelFileWarning, UnknownObjectError, UnsafeModelError

X = np.arange(6, dtype="float32").reshape(2, 3)


def tripled(x, factor=3.0):
    return x * factor


def model_of(layer, library=lanthorn):
    return library.Sequential([library.layers.Input((3,)), layer])


@pytest.mark.parametrize(
    ("function", "chosen"),
    [
        (tripled, {}),
        (tripled, {"arguments": {"factor": 2.0}}),
        (lambda x: x[:, :2], {}),
        (lambda x: x[:, :2], {"output_shape": (2,)}),
        (lambda x: x[:, :2], {"output_shape": lambda shape: (shape[0], 2)}),
        (lambda x, training: x * 2 if training else x, {}),
        (lambda x, mask: x if mask is None else x * 0, {}),
    ],
)
def test_a_function_as_a_layer_computes_what_keras_computes(function, chosen):
    ours = layers.Lambda(function, **chosen)
    theirs = keras.layers.Lambda(function, **chosen)
    for training in (False, True):
        np.testing.assert_array_equal(ours(X, training=training), theirs(X, training=training))
    assert ours.compute_output_shape((None, 3)) == tuple(theirs.compute_output_shape((None, 3)))
    assert ours(lanthorn.Input((3,))).shape == theirs(keras.Input((3,))).shape


def test_its_mask_is_what_it_is_told():
    mask = np.array([True, False])
    assert layers.Lambda(tripled).compute_mask(X, mask) is None
    assert layers.Lambda(tripled, mask=mask).compute_mask(X, None) is mask
    own = layers.Lambda(tripled, mask=lambda x, previous: previous)
    assert own.compute_mask(X, mask) is mask


def test_a_named_function_is_kept_by_its_name_both_ways(tmp_path):
    layer = layers.Lambda(tripled, arguments={"factor": 2.0}, name="f")
    theirs = keras.layers.Lambda(tripled, arguments={"factor": 2.0}, name="f")
    assert layer.get_config() == theirs.get_config()
    with pytest.warns(ModelFileWarning, match=r"custom_objects=\{'tripled': function\}"):
        model_of(layer).save(tmp_path / "ours.keras")
    model_of(theirs, keras).save(tmp_path / "theirs.keras")
    for library, path in ((keras, "ours.keras"), (lanthorn, "theirs.keras")):
        loaded = library.saving.load_model(tmp_path / path, custom_objects={"tripled": tripled})
        np.testing.assert_array_equal(loaded(X), X * 2)


def test_a_registered_function_needs_no_word_and_no_help(tmp_path):
    @lanthorn.saving.register_keras_serializable(package="test_lambda")
    def halved(x):
        return x / 2

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model_of(layers.Lambda(halved)).save(tmp_path / "m.keras")
    np.testing.assert_array_equal(lanthorn.saving.load_model(tmp_path / "m.keras")(X), X / 2)


def test_a_nameless_function_goes_by_the_layer_s_name(tmp_path):
    path = tmp_path / "m.keras"
    with pytest.warns(ModelFileWarning, match=r"'twice'.*register"):
        model_of(layers.Lambda(lambda x: x * 2, name="twice")).save(path)
    assert b"lambda x" not in path.read_bytes()
    with pytest.raises(UnknownObjectError, match=r"custom_objects=\{'twice': function\}"):
        lanthorn.saving.load_model(path)
    for library in (lanthorn, keras):
        loaded = library.saving.load_model(path, custom_objects={"twice": lambda x: x * 2})
        np.testing.assert_array_equal(loaded(X), X * 2)


@pytest.fixture
def with_code(tmp_path):
    path = tmp_path / "code.keras"
    model_of(keras.layers.Lambda(lambda x: x * 2, name="lam"), keras).save(path)
    return path


def test_code_in_a_file_is_refused_and_told_what_to_do(with_code):
    with pytest.raises(UnsafeModelError) as caught:
        lanthorn.saving.load_model(with_code)
    text = str(caught.value)
    assert "layer 'lam'" in text and "never runs code from a file" in text
    assert "custom_objects={'lam': function}" in text and len(text) < 500


def test_the_function_given_again_takes_the_code_s_place(with_code, monkeypatch):
    import marshal

    def refuse(*args):
        raise AssertionError("code was decoded")

    monkeypatch.setattr(marshal, "loads", refuse)
    loaded = lanthorn.saving.load_model(with_code, custom_objects={"lam": tripled})
    np.testing.assert_array_equal(loaded(X), X * 3)


CODE = {
    "class_name": "__lambda__",
    "config": {"code": "4wEAAAA=", "defaults": None, "closure": None},
}


@pytest.mark.parametrize(
    "config",
    [
        {"function": CODE},
        {"function": {"class_name": "function", "config": "system", "module": "os"}},
        {"function": {"class_name": "function", "config": "get_file", "module": "keras.utils"}},
        {"function": "system"},
        {"function": None},
        {},
        {"function": CODE, "output_shape": CODE},
        {"function": {"class_name": "Lambda", "config": {"function": CODE}}},
    ],
)
@pytest.mark.parametrize("way", ["layers", "class", "models"])
def test_no_way_in_makes_a_function_of_what_a_file_says(config, way):
    whole = {"module": "keras.layers", "class_name": "Lambda", "config": {"name": "lam", **config},
             "registered_name": None}  # fmt: skip
    with pytest.raises(lanthorn.saving.ModelFileError):
        if way == "layers":
            layers.deserialize(whole)
        elif way == "class":
            layers.Lambda.from_config(whole["config"])
        else:
            row = {"name": "s", "layers": [whole]}
            lanthorn.Sequential.from_config(row)


def test_code_as_a_shape_or_a_mask_is_refused_too():
    for setting in ("output_shape", "mask"):
        config = {"name": "lam", "function": {"class_name": "function", "config": "tripled"},
                  setting: CODE}  # fmt: skip
        with (
            lanthorn.saving.custom_object_scope({"tripled": tripled}),
            pytest.raises(UnsafeModelError, match=f"lam_{setting}"),
        ):
            layers.Lambda.from_config(config)


def test_arrays_among_the_arguments_are_kept(tmp_path):
    layer = layers.Lambda(tripled, arguments={"factor": np.array([1.0, 2.0, 3.0], "float32")})
    with pytest.warns(ModelFileWarning):
        model_of(layer).save(tmp_path / "m.keras")
    for library in (lanthorn, keras):
        loaded = library.saving.load_model(
            tmp_path / "m.keras", custom_objects={"tripled": tripled}
        )
        np.testing.assert_array_equal(loaded(X), X * [1, 2, 3])


def test_a_clone_keeps_its_functions():
    model = model_of(layers.Lambda(lambda x: x * 2, output_shape=lambda shape: shape))
    np.testing.assert_array_equal(lanthorn.models.clone_model(model)(X), X * 2)


def test_the_file_holds_only_the_name(tmp_path):
    with pytest.warns(ModelFileWarning):
        model_of(layers.Lambda(tripled)).save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        config = json.loads(archive.read("config.json"))
    found = config["config"]["layers"][1]["config"]["function"]
    assert found == {"module": "builtins", "class_name": "function", "config": "tripled",
                     "registered_name": "function"}  # fmt: skip


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.Lambda("relu"), "made of a function, not of 'relu'"),
        (lambda: layers.Lambda(CODE), "made of a function"),
        (lambda: layers.Lambda(tripled, arguments=[1]), "dict of name and value"),
    ],
)
def test_what_is_no_function_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_it_is_told_as_far_as_it_can_be():
    text = str(lanthorn.explain(layers.Lambda(tripled), (3,)))
    assert "Lambda" in text
