"""Why, of recurrent layers: the arithmetic adds up, at every step, under masks, in both orders."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import lanthorn
from lanthorn import Input, Model, Sequential, layers

LAYERS = {
    "LSTM": lambda **how: layers.LSTM(3, name="read", **how),
    "GRU": lambda **how: layers.GRU(3, name="read", **how),
    "GRU before": lambda **how: layers.GRU(3, reset_after=False, name="read", **how),
    "SimpleRNN": lambda **how: layers.SimpleRNN(3, name="read", **how),
    "cells": lambda **how: layers.RNN(
        [layers.LSTMCell(2, name="first"), layers.GRUCell(3, name="second")], name="read", **how
    ),
    "both ways": lambda **how: layers.Bidirectional(layers.LSTM(3, **how), name="read"),
}


def words_model(layer, steps=6):
    words = Input((steps,), dtype="int32", name="words")
    vectors = layers.Embedding(9, 4, mask_zero=True, name="vectors")(words)
    return Model(words, layer(vectors))


def told_right(why):
    assert why.value is not None and abs(why.difference) <= 1e-5 * max(1.0, abs(why.computed)), why
    for width in (50, 80):
        assert max(map(len, why.text(width).splitlines())) <= width


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
def test_outputs_add_up(kind, sequences, backwards):
    if kind == "both ways" and backwards:
        return  # one of the two always reads backwards
    how = {"return_sequences": sequences, "go_backwards": backwards}
    lanthorn.utils.set_random_seed(3)
    masked = words_model(LAYERS[kind](**how))
    plain = Sequential([Input((6, 4)), LAYERS[kind](**how)])
    words = np.array([[1, 2, 3, 4, 5, 6], [0, 3, 0, 7, 8, 0]])
    x = np.random.default_rng(0).normal(size=(2, 6, 4))
    for model, given in ((masked, words), (plain, x))[: 1 if sequences else 2]:
        output = model.predict(given, verbose=0)
        for at in itertools.islice(np.ndindex(*output.shape[1:]), 0, None, 7):
            why = model.why(given, "read", *at, sample=1)
            assert why.computed == pytest.approx(output[(1, *at)], abs=1e-6)
            told_right(why)


@pytest.mark.parametrize("kind", LAYERS)
def test_every_number_on_the_way_adds_up(kind):
    model = words_model(LAYERS[kind]())
    words = np.array([[0, 3, 0, 7, 8, 0]])
    layer = model.get_layer("read")
    given = layer.input.shape.with_batch(1)
    for name, axes in layer.wired(given).intermediates.items():
        for at in itertools.islice(np.ndindex(*axes[1:]), 0, None, 4):
            why = model.why(words, "read", (name, *at))
            if why.computed is not None:
                told_right(why)


def small():
    """An LSTM of one unit whose numbers can be followed on paper."""
    model = Sequential([Input((2, 1)), layers.LSTM(1, name="read", activation="linear")])
    kernel, recurrent = np.array([[0.0, 0.0, 1.0, 0.0]]), np.array([[0.0, 0.0, 0.5, 0.0]])
    model.set_weights([kernel, recurrent, np.zeros(4)])
    return model


def test_the_text_of_a_unit_says_memory_and_gates():
    model, x = small(), np.array([[[4.0], [2.0]]])
    assert model.why(x, "read", ("c", 1, 0)).text(80) == (
        "read.c[1, 0], memory, step 1, unit 0 of sample 0  =  2.2500\n"
        "    read.candidate[1, 0] × i[1, 0]  candidate × input gate\n"
        "      2.5000 × 0.5000 = 1.2500\n"
        "    read.c[0, 0] × f[1, 0]  memory × forget gate  2.0000 × 0.5000 = 1.0000\n"
        "  JAX computed exactly that."
    )
    assert model.why(x, "read", ("candidate", 1, 0)).text(80) == (
        "read.candidate[1, 0], candidate, step 1, unit 0 of sample 0  =  2.5000\n"
        "    x[1, 0]       step 1, feature 0  2 × 1.0000  = 2.0000\n"
        "    read.h[0, 0]  step 0, unit 0     1 × 0.5000  = 0.5000\n"
        "    bias                                         = 0.0000\n"
        "  JAX computed exactly that."
    )
    assert model.why(x, "read", ("c", 1, 0), language="ko").text(80) == (
        "표본 0의 read.c[1, 0], 기억, 단계 1, 유닛 0  =  2.2500\n"
        "    read.candidate[1, 0] × i[1, 0]  후보 × 입력 게이트  2.5000 × 0.5000 = 1.2500\n"
        "    read.c[0, 0] × f[1, 0]  기억 × 망각 게이트  2.0000 × 0.5000 = 1.0000\n"
        "  JAX가 계산한 값도 꼭 같습니다."
    )
    assert "memory × output gate" in model.why(x, "read", 0).text(80)


def test_a_step_that_the_mask_leaves_out_keeps_what_was():
    model = words_model(layers.LSTM(2, return_sequences=True, name="read"), steps=3)
    why = model.why(np.array([[3, 0, 4]]), "read", 1, 0)
    assert why.how == "kept" and why.terms[0].at == (0, 0)
    assert "The mask leaves this step out" in why.text(80)
    assert (
        "마스크가 이 단계를" in model.why(np.array([[3, 0, 4]]), "read", 1, 0, language="ko").text()
    )
    first = model.why(np.array([[0, 3, 4]]), "read", 0, 0)
    assert first.value == first.computed == 0


def test_an_index_of_the_wrong_part_is_told():
    with pytest.raises(ValueError, match=r"has 'i', 'f', 'candidate', 'o', 'c', 'h', not 'k'"):
        small().why(np.zeros((1, 2, 1)), "read", ("k", 0, 0))
    with pytest.raises(ValueError, match=r"read \(LSTM\) has 'c': \(batch, steps 2, units 1\)"):
        small().why(np.zeros((1, 2, 1)), "read", ("c", 2, 0))


def test_a_long_sequence_is_told_at_once():
    model = Sequential([Input((400, 3)), layers.LSTM(16, name="read")])
    told_right(model.why(np.random.default_rng(0).normal(size=(1, 400, 3)), "read", 5))
    told_right(model.why(np.random.default_rng(0).normal(size=(1, 400, 3)), "read", "c", 399, 5))


def test_initial_states_are_named_by_where_they_come_from():
    x, h = Input((3, 2), name="x"), Input((2,), name="h")
    model = Model([x, h], layers.GRU(2, name="read")(x, initial_state=[h]))
    data = [np.ones((1, 3, 2)), np.full((1, 2), 0.5)]
    why = model.why(data, "read", ("z", 0, 1))
    told_right(why)
    assert {term.source for term in why.terms} == {"x", "h"}


def test_words_of_each_sentence_are_told_under_their_own_mask():
    words = Input((2, 3), dtype="int32")
    x = layers.Embedding(5, 2, mask_zero=True)(words)
    model = Model(words, layers.TimeDistributed(layers.LSTM(2), name="each")(x))
    told_right(model.why(np.array([[[1, 2, 0], [3, 0, 4]]]), "each", 1, 0))


@pytest.mark.parametrize("depth", [1, 2])
def test_masks_that_travel_inside_a_nested_model_count_in_its_numbers(depth):
    tokens = Input((5,), dtype="int32")
    x = layers.Embedding(7, 3, mask_zero=True)(tokens)
    both = [layers.LSTM(2)(x), layers.GlobalAveragePooling1D()(x)]
    inside = Model(tokens, layers.Dense(2)(layers.Concatenate()(both)), name="inside")
    model = inside
    for _ in range(depth):
        around = Input((5,), dtype="int32")
        model = Model(around, model(around), name=f"around_{depth}")
    name = model.layers[-1].name
    for variable in model.weights:
        variable.assign(np.random.default_rng(3).normal(size=tuple(variable.shape)))
    told = model.why([[0, 3, 0, 5, 0]], name, 1)
    assert abs(told.difference) < 1e-6
    assert abs(told.value - model.why([[2, 3, 4, 5, 6]], name, 1).value) > 1e-3
