"""Configs: Keras's keys and values, and the same model again from them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import lanthorn
from lanthorn import layers, saving
from lanthorn.models import clone_model, model_from_json
from saving.model_cases import (
    CASES,
    LAYERS_OF_TWO_MODELS,
    Case,
    assert_close,
    compiled,
    nested,
    outputs,
    row,
)

keras = pytest.importorskip("keras")

NOT_OFFERED = ("quantization_config",)
"""Settings that Keras writes and Lanthorn's layers do not have."""


def told(value: Any) -> Any:
    """A config without what the two libraries may tell differently."""
    if isinstance(value, dict):
        found = {key: told(item) for key, item in value.items() if key not in NOT_OFFERED}
        found.pop("shared_object_id", None)  # an address, in Keras's files
        if found.get("kwargs") == {"mask": None}:
            found["kwargs"] = {}
        if "inbound_nodes" in found or "registered_name" in found:
            found.pop("build_config", None)  # Keras has none where nothing is built
        return found
    if isinstance(value, list):
        return [told(item) for item in value]
    return {"TrueDivide": "Divide", "true_divide": "divide"}.get(value, value)


def as_json(config: Any) -> Any:
    return json.loads(json.dumps(config))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_config_is_keras_own(case: Case):
    keras.utils.clear_session()
    lanthorn.utils.clear_session()
    theirs, ours = compiled(keras, case), compiled(lanthorn, case)
    assert told(as_json(saving.model_config(ours))) == told(json.loads(theirs.to_json()))


def test_models_tell_what_they_are_built_for():
    assert saving.model_config(row(lanthorn))["build_config"] == {"input_shape": (None, 4)}
    assert saving.model_config(nested(lanthorn))["build_config"] == {"input_shape": None}


@pytest.mark.parametrize("case", [*CASES, LAYERS_OF_TWO_MODELS], ids=lambda case: case.name)
def test_a_model_from_json_has_the_same_config(case: Case):
    model = case.make(lanthorn)
    again = model_from_json(model.to_json())
    assert json.loads(again.to_json()) == json.loads(model.to_json())
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_config_can_be_given_to_the_class_it_came_from(case: Case):
    model = case.make(lanthorn)
    again = type(model).from_config(model.get_config())
    again.set_weights(model.get_weights())
    x, _ = case.data(np.random.default_rng(0))
    assert_close(outputs(again, x), outputs(model, x))


def test_shared_layers_are_numbered_in_the_order_of_the_text():
    config = as_json(saving.model_config(LAYERS_OF_TWO_MODELS.make(lanthorn)))
    assert json.dumps(config).count('"shared_object_id": 1') == 3
    assert json.dumps(config).count('"shared_object_id"') == 3


def test_a_model_that_begins_within_another_is_told_with_an_input_of_its_own():
    x = lanthorn.Input((4,))
    middle = layers.Dense(3)(x)
    model = lanthorn.Model(middle, layers.Dense(2, name="last")(middle))
    again = model_from_json(model.to_json())
    assert [type(layer).__name__ for layer in again.layers] == ["InputLayer", "Dense"]
    again.get_layer("last").set_weights(model.get_layer("last").get_weights())
    given = np.ones((5, 3), "float32")
    assert_close(outputs(again, given), outputs(model, given))


# -- clones ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [*CASES, LAYERS_OF_TWO_MODELS], ids=lambda case: case.name)
def test_a_clone_has_the_same_layers_and_other_weights(case: Case):
    model = case.make(lanthorn)
    clone = clone_model(model)
    x, _ = case.data(np.random.default_rng(0))
    assert [layer.name for layer in clone.layers] == [layer.name for layer in model.layers]
    assert not {id(v) for v in clone.weights} & {id(v) for v in model.weights}
    clone.set_weights(model.get_weights())
    assert_close(outputs(clone, x), outputs(model, x))


def test_a_clone_of_a_compiled_model_is_compiled_anew():
    model = compiled(lanthorn, CASES[0])
    clone = clone_model(model)
    assert clone.optimizer is not model.optimizer
    assert clone.optimizer.get_config() == model.optimizer.get_config()
    assert clone._compiled.given["loss"] == model._compiled.given["loss"]


def test_a_clone_function_chooses_the_layers():
    def wider(layer: Any) -> Any:
        config = layer.get_config()
        if isinstance(layer, layers.Dense):
            config["units"] *= 2
        return type(layer).from_config(config)

    x = lanthorn.Input((4,))
    model = lanthorn.Model(x, layers.Dense(3, name="d")(layers.ReLU()(x)))
    assert clone_model(model, clone_function=wider).output_shape == (None, 6)
    in_a_row = lanthorn.Sequential([lanthorn.Input((4,)), layers.Dense(3)])
    assert clone_model(in_a_row, clone_function=wider).output_shape == (None, 6)
    both = lanthorn.Sequential([lanthorn.Input((4,)), in_a_row])
    clone = clone_model(both, clone_function=wider, recursive=True)
    assert clone.output_shape == (None, 6)


def test_a_clone_may_begin_at_given_tensors():
    model = lanthorn.Sequential([lanthorn.Input((4,)), layers.Dense(3)])
    x = lanthorn.Input((4,), name="other")
    assert clone_model(model, input_tensors=x).inputs[0] is x


# -- general entry points --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda k: k.layers.Dense(3, activation="relu", kernel_regularizer="l2"),
        lambda k: k.initializers.HeNormal(seed=1),
        lambda k: k.regularizers.L1L2(0.1, 0.2),
        lambda k: k.constraints.MaxNorm(3),
        lambda k: k.losses.BinaryCrossentropy(from_logits=True),
        lambda k: k.metrics.Precision(thresholds=0.3),
        lambda k: k.optimizers.SGD(0.5, momentum=0.5),
        lambda k: k.optimizers.schedules.ExponentialDecay(0.5, 10, 0.5),
        lambda k: k.optimizers.Adam(k.optimizers.schedules.CosineDecay(0.5, 10)),
        lambda k: k.Sequential([k.layers.Input((4,)), k.layers.Dense(3)]),
        lambda k: [k.layers.Flatten(), {"a": 1, "b": slice(1, None)}, b"x", ..., None],
    ],
)
def test_keras_configs_of_any_object_are_read_and_written(make: Any):
    keras.utils.clear_session()
    lanthorn.utils.clear_session()
    theirs = as_json(keras.saving.serialize_keras_object(make(keras)))
    ours = as_json(saving.serialize_keras_object(make(lanthorn)))
    assert told(ours) == told(theirs)
    again = saving.deserialize_keras_object(theirs)
    assert told(as_json(saving.serialize_keras_object(again))) == told(theirs)


def test_a_config_of_something_unknown_is_refused():
    for config in (
        {"module": "os", "class_name": "function", "config": "system", "registered_name": "x"},
        {"module": "keras.utils", "class_name": "function", "config": "get_file"},
        {"module": "builtins", "class_name": "eval", "config": {}},
        {"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}},
    ):
        with pytest.raises(saving.UnknownObjectError):
            saving.deserialize_keras_object(config)
    with pytest.raises(saving.UnsafeModelError):
        saving.deserialize_keras_object({"class_name": "__lambda__", "config": {"value": "x"}})
