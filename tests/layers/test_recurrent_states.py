"""States of cells in a row, as Keras hands them out and takes them."""

from __future__ import annotations

import numpy as np
import pytest

import lanthorn
from lanthorn import Input, Model, layers, ops

x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")


def shapes(structure):
    if isinstance(structure, list | tuple):
        return [shapes(each) for each in structure]
    return tuple(structure.shape)


class Sums(layers.Layer):
    """A cell of one's own with one state, which it keeps as a number and not as a list."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.state_size = units

    def call(self, inputs, states):
        output = states[0] + ops.sum(inputs, axis=-1, keepdims=True)
        return output, [output]


def test_a_single_state_of_a_cell_of_one_s_own_comes_by_itself():
    found = layers.RNN([Sums(3), Sums(2)], return_state=True)(x)
    assert shapes(found) == [(2, 2), (2, 3), (2, 2)]


def test_a_stateful_row_of_cells_keeps_single_states():
    layer = layers.RNN([Sums(3), layers.LSTMCell(2)], stateful=True)
    first = np.asarray(layer(x))
    assert shapes(layer.states) == [(2, 3), [(2, 2), (2, 2)]]
    assert not np.allclose(first, np.asarray(layer(x)))


def test_symbolic_single_states_come_by_themselves():
    steps = Input((3, 4))
    output, single, pair = layers.RNN([layers.GRUCell(3), layers.LSTMCell(2)], return_state=True)(
        steps
    )
    assert shapes([output, single, pair]) == [(None, 2), (None, 3), [(None, 2), (None, 2)]]
    model = Model(steps, [output, layers.Dense(5)(single), *pair])
    assert shapes(model(x)) == [(2, 2), (2, 5), (2, 2), (2, 2)]


@pytest.mark.parametrize(
    "states",
    [
        [np.ones((2, 3)), [np.ones((2, 2)), np.ones((2, 2))]],
        [[np.ones((2, 3))], [np.ones((2, 2)), np.ones((2, 2))]],
        [np.ones((2, 3)), np.ones((2, 2)), np.ones((2, 2))],
    ],
)
def test_initial_states_may_be_grouped_by_cell_or_not(states):
    lanthorn.utils.set_random_seed(0)
    layer = layers.RNN([layers.GRUCell(3), layers.LSTMCell(2)])
    layer.build((None, 3, 4))
    plain = layer(x, initial_state=[[np.ones((2, 3))], [np.ones((2, 2)), np.ones((2, 2))]])
    np.testing.assert_array_equal(np.asarray(layer(x, initial_state=states)), np.asarray(plain))


def test_a_row_of_cells_in_a_row():
    inner = layers.StackedRNNCells([layers.GRUCell(3), layers.LSTMCell(2)])
    layer = layers.RNN([inner, layers.SimpleRNNCell(4)], return_state=True)
    output, *states = layer(x)
    assert shapes(output) == (2, 4)
    again = layer(x, initial_state=states)
    assert shapes(again[0]) == (2, 4)


@pytest.mark.parametrize("use_cudnn", [True, False, "auto"])
def test_both_ways_keep_use_cudnn(use_cudnn):
    both = layers.Bidirectional(layers.LSTM(2, use_cudnn=use_cudnn))
    assert both.forward_layer.use_cudnn == both.backward_layer.use_cudnn == use_cudnn
    assert not hasattr(layers.Bidirectional(layers.SimpleRNN(2)).forward_layer, "use_cudnn")
