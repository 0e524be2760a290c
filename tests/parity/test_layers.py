"""Every layer beside Keras's own: outputs, gradients, shapes, configs."""

from __future__ import annotations

import inspect

import keras
import numpy as np
import pytest

from lanthorn import layers
from tests.contract.test_contract import CLASSES
from tests.examples import first_examples
from tests.parity.twins import ANOTHER_AT_INFERENCE, FORGOTTEN, KERAS_WARNS, Twins, gradients, plain

pytestmark = KERAS_WARNS
CASES = [
    pytest.param(name, example, id=f"{name}-{index}")
    for name, cls in CLASSES.items()
    for index, example in enumerate(cls.examples)
]
NUMBERS = [case for case in CASES if case.values[0] not in ANOTHER_AT_INFERENCE]


@pytest.mark.parametrize(("name", "example"), NUMBERS)
def test_outputs_are_equal(name, example):
    twins = Twins(name, example)
    ours, theirs = twins.outputs()
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-5, atol=1e-5)
    assert ours.dtype == theirs.dtype


@pytest.mark.parametrize(("name", "example"), first_examples(NUMBERS, 2))
def test_gradients_are_equal(name, example):
    twins = Twins(name, example)
    for ours, theirs in twins.gradients():
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("name", "example"), CASES)
def test_shapes_and_configs_are_equal(name, example):
    twins = Twins(name, example)
    shape = example.shape
    given = [[(None, *s) for s in shape] if isinstance(shape, list) else (None, *shape)]
    given = given[0] if twins.ours.several_arguments else given
    shapes = (layer.compute_output_shape(*given) for layer in (twins.ours, twins.theirs))
    assert plain(next(shapes)) == plain(next(shapes))  # some of Keras's layers tell a list
    ours, theirs = plain(twins.ours.get_config()), plain(twins.theirs.get_config())
    for setting in ("name", *FORGOTTEN.get(name, ())):
        ours.pop(setting), theirs.pop(setting, None)
    assert ours == theirs


@pytest.mark.parametrize("name", CLASSES)
def test_arguments_and_defaults_are_keras_s(name):
    def signature(cls):
        parameters = inspect.signature(cls.__init__).parameters.values()
        return [
            (p.name, broadcast(p.default))
            for p in parameters
            if p.kind is p.POSITIONAL_OR_KEYWORD
            and p.name not in ("self", "name", "lora_rank", "lora_alpha", "quantization_config")
            and not p.name.startswith("gptq")
        ]

    def broadcast(default):  # (1, 1) and 1 are the same setting
        is_same = isinstance(default, tuple) and len(set(default)) == 1
        return default[0] if is_same else default

    assert signature(getattr(layers, name)) == signature(getattr(keras.layers, name))


@pytest.mark.parametrize("settings", [{}, {"momentum": 0.5, "center": False}, {"axis": 1}])
def test_batch_normalization_trains_alike(settings):
    from lanthorn.layers.example import Example

    twins = Twins("BatchNormalization", Example(settings, (4, 3)), batch=6)
    for layer in (twins.ours, twins.theirs):
        for _ in range(3):
            last = layer(twins.inputs, training=True)
        layer.last = np.asarray(last)
    np.testing.assert_allclose(twins.ours.last, twins.theirs.last, rtol=1e-4, atol=1e-5)
    for ours, theirs in zip(twins.ours.get_weights(), twins.theirs.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)
    pairs = zip(
        gradients(twins.ours, twins.inputs, training=True),
        gradients(twins.theirs, twins.inputs, training=True),
        strict=True,
    )
    for ours, theirs in pairs:
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-3)


def test_batch_normalization_with_trainable_false_is_inference():
    from lanthorn.layers.example import Example

    twins = Twins("BatchNormalization", Example({}, (4,)), batch=6)
    before = twins.ours.get_weights()
    twins.ours.trainable = twins.theirs.trainable = False
    ours, theirs = (layer(twins.inputs, training=True) for layer in (twins.ours, twins.theirs))
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-5)
    for old, new in zip(before, twins.ours.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_dropout_draws_the_very_same_numbers():
    x = np.ones((8, 50), "float32")
    ours, theirs = layers.Dropout(0.4, seed=3), keras.layers.Dropout(0.4, seed=3)
    for _ in range(3):
        np.testing.assert_array_equal(
            np.asarray(ours(x, training=True)), np.asarray(theirs(x, training=True))
        )
    np.testing.assert_array_equal(np.asarray(ours(x)), x)
