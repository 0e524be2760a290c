"""Layers that do not say how they work are tried out, and what was seen is said."""

from __future__ import annotations

import numpy as np
import pytest

import lanthorn
from lanthorn import layers, ops


class Own(layers.Layer):
    """A layer of the user's own that computes what it is given."""

    def __init__(self, function, **kwargs):
        super().__init__(**kwargs)
        self.function = function

    def call(self, inputs):
        return self.function(inputs)


PATTERNS = {
    "same place": lambda x: x * ops.sigmoid(x),
    "along": lambda x: ops.cumsum(x, axis=1)[:, ::-1] * 0 + ops.sum(x, axis=1, keepdims=True),
    "everything": lambda x: x + ops.sum(ops.exp(x), axis=(1, 2), keepdims=True),
    "nothing": lambda x: ops.zeros_like(x),
    "some": lambda x: ops.roll(x, 1, axis=1),
}


def told(function):
    return lanthorn.explain(Own(function), (3, 2))


@pytest.mark.parametrize("seen", PATTERNS)
def test_what_a_layer_reads_is_found_by_trying(seen):
    entry = told(PATTERNS[seen]).entries[0]
    assert entry.wiring.seen == seen
    assert "Tried out" in entry.sentence
    assert entry.wiring.over == ((0,) if seen == "along" else ())


def test_numbers_without_a_derivative_are_changed_by_hand():
    assert told(ops.round).entries[0].wiring.seen == "same place"


def test_both_languages_say_it():
    korean = lanthorn.explain(Own(ops.round), (3, 2), language="ko").text(200)
    assert "시험해 보니 수마다 같은 자리의 수에만 달려 있습니다." in korean


def test_a_layer_that_cannot_be_tried_is_only_not_described():
    def refuses(x):
        if x.shape[0] == 1:
            raise RuntimeError("no")
        return x

    assert told(refuses).entries[0].sentence == "Its own computation, not described."


def test_trying_changes_nothing_of_the_layer():
    class Counting(layers.Layer):
        def build(self, shape):
            self.count = self.add_weight(shape=(), initializer="zeros", trainable=False)

        def call(self, x):
            self.count.assign(self.count.value + 1)
            return x * 2

    model = lanthorn.Sequential([layers.Input((3,)), Counting(name="counting")])
    assert model.explain().entries[0].wiring.seen == "same place"
    assert float(model.get_layer("counting").count.numpy()) == 0


def test_why_measures_how_steeply_a_number_changes():
    own = Own(lambda x: x[:, :1] * 3 - x[:, 2:] ** 2, name="own")
    model = lanthorn.Sequential([layers.Input((3,)), own])
    why = model.why([[1.0, 5.0, 2.0]], "own", 0)
    assert why.how == "measured" and why.computed == -1
    assert [(term.at, term.product) for term in why.terms] == [((2,), -4.0), ((0,), 3.0)]
    text = why.text(80)
    assert "Measured: how fast it changes" in text and "↑ -4" in text
    assert why.value is None and np.isfinite(why.computed)
