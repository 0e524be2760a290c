"""Every layer of the library is told by its own wiring when it stands in a model."""

from __future__ import annotations

import pytest

import lanthorn
from lanthorn.layers.signatures import accepted
from tests.parity.test_layers import CASES


@pytest.mark.parametrize(("name", "example"), CASES)
def test_a_layer_in_a_model_is_told_by_its_wiring(name, example):
    layer = getattr(lanthorn.layers, name)(**example.settings)
    several = isinstance(example.shape, list)
    dtype = "float32" if example.below is None else "int32"
    inputs = [
        lanthorn.Input(shape, dtype=dtype)
        for shape in (example.shape if several else [example.shape])
    ]
    arguments = accepted(type(layer).call, example.arguments)
    given = inputs if layer.several_arguments else [inputs if several else inputs[0]]
    model = lanthorn.Model(inputs if several else inputs[0], layer(*given, **arguments))
    entry = next(entry for entry in model.explain().entries if entry.name == layer.name)
    told = entry.wiring.told_by
    has_wiring = type(layer).wiring is not lanthorn.Layer.wiring
    assert (told.kind != "opaque" or bool(told.told)) == has_wiring
    assert entry.parameters == entry.wiring.parameters() == layer.count_params()
