"""Beside Keras with TensorFlow, whose answers stand in tables: it is not there to be asked."""

import numpy as np
import pytest

from lanthorn import layers
from lanthorn.layers.preprocessing.farmhash import farmhash64
from lanthorn.layers.preprocessing.siphash import siphash64
from tests.layers.preprocessing.tables import HASHES, TABLE

CASES = [pytest.param(*row, id=f"{row[0]}-{index}") for index, row in enumerate(TABLE)]


@pytest.mark.parametrize(("text", "fast", "strong"), HASHES)
def test_hashes_are_tensorflow_s(text, fast, strong):
    assert farmhash64(text.encode()) % 2**62 == fast
    assert siphash64(text.encode(), (133, 137)) % 2**62 == strong


@pytest.mark.parametrize(("name", "settings", "data", "inputs", "vocabulary", "outputs"), CASES)
def test_the_answer_is_keras_s(name, settings, data, inputs, vocabulary, outputs):
    layer = getattr(layers, name)(**settings)
    if data is not None:
        layer.adapt(data)
    found = layer(inputs)
    assert found.shape == np.shape(outputs)
    np.testing.assert_allclose(np.asarray(found), np.asarray(outputs), atol=2e-6)
    if vocabulary is not None:
        assert layer.get_vocabulary() == vocabulary


@pytest.mark.parametrize(("name", "settings", "data", "inputs", "vocabulary", "outputs"), CASES)
def test_a_layer_made_of_its_config_and_files_answers_alike(
    name, settings, data, inputs, vocabulary, outputs
):
    layer = getattr(layers, name)(**settings)
    if data is not None:
        layer.adapt(data)
    twin = type(layer).from_config(layer.get_config())
    if hasattr(layer, "assets"):
        store = {}
        layer.save_own_variables(store)
        twin.set_assets(layer.assets())
        twin.load_own_variables(store)
    assert twin.get_config() == layer.get_config()
    np.testing.assert_array_equal(np.asarray(twin(inputs)), np.asarray(layer(inputs)))
