"""Functions in a graph are told like layers where a wiring can tell them."""

from __future__ import annotations

import numpy as np
import pytest

import lanthorn
from lanthorn import layers, ops
from lanthorn.wiring.evaluation import Evaluation

TOLD = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "maximum": ops.maximum,
    "relu": lambda a, b: ops.relu(a),
    "scaled": lambda a, b: 2 * a,
    "shifted": lambda a, b: a - 3,
    "shared out": lambda a, b: a / 4,
}
NOT_TOLD = {
    "power": lambda a, b: a**b,
    "from a number": lambda a, b: 3 - a,
    "gelu with an argument": lambda a, b: ops.gelu(a, approximate=True),
    "divided by nothing": lambda a, b: a / 0,
    "a table": lambda a, b: a + np.ones(3, "float32"),
}


def model_of(function):
    inputs = [lanthorn.Input((3,)), lanthorn.Input((3,))]
    return lanthorn.Model(inputs, layers.Dense(1)(function(*inputs) + inputs[1]))


@pytest.mark.parametrize("name", TOLD)
def test_its_arithmetic_is_the_real_one(name):
    made = [lanthorn.Input((3,)), lanthorn.Input((3,))]
    model = lanthorn.Model(made, TOLD[name](*made))
    wiring = model.wired([tensor.shape for tensor in made])
    given = [np.array([[1.0, -2.0, 0.5]], "float32"), np.array([[3.0, 4.0, -1.0]], "float32")]
    told = Evaluation(wiring, lambda source, at: float(given[source][(0, *at)]), lambda *_: 0.0)
    real = np.asarray(model(given))[0]
    assert [told.element((place,)) for place in range(3)] == pytest.approx(list(real))


@pytest.mark.parametrize("name", TOLD)
def test_it_is_told_in_words(name):
    for language in ("en", "ko"):
        report = model_of(TOLD[name]).explain(language=language)
        assert "not described" not in report.text(100) and "않습니다." not in report.text(100)


@pytest.mark.parametrize("name", NOT_TOLD)
def test_what_no_wiring_tells_is_not_made_up(name):
    assert "not described" in model_of(NOT_TOLD[name]).explain().text(100)


def test_a_shift_alone_is_said_without_a_factor():
    made = lanthorn.Input((3,))
    model = lanthorn.Model(made, made - 1)
    assert "Each number by itself: x - 1." in model.explain().text(100)
