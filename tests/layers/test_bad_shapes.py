"""Whatever shape comes, a layer computes or refuses it by name; nothing else comes out of it."""

from __future__ import annotations

import numpy as np
import pytest

import lanthorn
from lanthorn import layers
from tests.examples import first_examples
from tests.parity.test_layers import CASES

SHAPES = [(2,), (2, 3), (2, 3, 4), (2, 2, 2, 2), (2, 3, 3, 3, 2), (2, 0, 3), (2, 5, 0)]


def given(example, shape, symbolic):
    if symbolic:
        dtype = "float32" if example.below is None else "int32"
        return lanthorn.Input(shape[1:], dtype=dtype)
    return np.ones(shape, "float32") if example.below is None else np.zeros(shape, "int32")


@pytest.mark.filterwarnings("ignore")  # what is warned of is not the matter here
@pytest.mark.parametrize("symbolic", [False, True], ids=["numbers", "symbols"])
@pytest.mark.parametrize(("name", "example"), first_examples(CASES, 1))
def test_a_shape_is_taken_or_refused_by_name(name, example, symbolic):
    for shape in SHAPES:
        if symbolic and 0 in shape:
            continue
        layer = getattr(layers, name)(**example.settings)
        x = given(example, shape, symbolic)
        count = len(example.shape) if isinstance(example.shape, list) else 1
        try:
            if layer.several_arguments:
                layer(*[x] * count)
            else:
                layer([x] * count if isinstance(example.shape, list) else x)
        except ValueError as error:
            inside = [part.name for part in layer._flatten_layers()] + [name]
            assert any(known in str(error) for known in (*inside, "EinsumDense", "Colours"))
