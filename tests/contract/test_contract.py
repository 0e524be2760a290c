"""Every layer, by its own examples: what it says of itself is what it does."""

from __future__ import annotations

import pytest

from lanthorn import layers
from lanthorn.layers.base import Layer
from tests.contract import checks
from tests.examples import first_examples

CELLS = ("GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells")
"""Called with a step and states: held by the layers around them, and tests/layers/recurrent."""

CLASSES = {
    name: getattr(layers, name)
    for names in layers.FILES.values()
    for name in names
    if name not in ("Input", "InputLayer", "Layer", *CELLS)
}
CASES = [
    pytest.param(cls, example, id=f"{name}-{index}")
    for name, cls in CLASSES.items()
    for index, example in enumerate(cls.examples)
]


_last: dict[int, checks.Case] = {}


def case_of(cls, example):
    """One case serves all checks of an example: they come in a row, and change nothing."""
    if id(example) not in _last:
        _last.clear()
        _last[id(example)] = checks.Case(cls, example)
    return _last[id(example)]


QUICK = [check for check in checks.CHECKS if check not in checks.SLOW]


@pytest.mark.parametrize("check", QUICK, ids=lambda check: check.__name__)
@pytest.mark.parametrize(("cls", "example"), CASES)
def test_layer_keeps_its_word(cls, example, check):
    check(case_of(cls, example))


@pytest.mark.parametrize("check", checks.SLOW, ids=lambda check: check.__name__)
@pytest.mark.parametrize(("cls", "example"), first_examples(CASES, 2))
def test_layer_reads_what_it_says(cls, example, check):
    check(case_of(cls, example))


def test_every_layer_lists_examples():
    assert len(CLASSES) >= 18
    for name, cls in CLASSES.items():
        assert issubclass(cls, Layer)
        assert len(cls.examples) >= 2 or cls.on_host, name  # text is no number: tests of their own
