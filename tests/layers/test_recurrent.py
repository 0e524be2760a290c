"""Recurrent layers by themselves: what they refuse, keep, leave out, and hold in files."""

from __future__ import annotations

import numpy as np
import pytest

import lanthorn
from lanthorn import Input, Model, Sequential, ShapeError, layers
from lanthorn.layers.example import Example, inside
from tests.contract import checks


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def equal(ours, theirs):
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-5, atol=1e-6)


def test_channels_may_come_first_in_pictures_over_time():
    layer = layers.ConvLSTM2D(
        2, 2, data_format="channels_first", return_sequences=True, name="film"
    )
    model = Model(film := Input((3, 1, 4, 4)), layer(film))
    told = str(model.why(numbers(1, 3, 1, 4, 4), "film", (1, 1, 2, 0)))
    assert told.startswith("film[1, 1, 2, 0], step 1, filter 1, row 2, column 0 of sample 0")


# -- refusals --------------------------------------------------------------------------------------


def test_an_input_without_steps_is_refused_with_a_way_out():
    with pytest.raises(ShapeError) as told:
        Sequential([Input((28,)), layers.LSTM(4, name="read")])
    assert str(told.value) == (
        "read (LSTM) wants (batch, steps, features), but was given (batch ?, features 28).\n"
        "  There is no axis of steps. If each of the 28 numbers is one step, put Reshape((28, 1)) "
        "before it."
    )


@pytest.mark.parametrize(
    ("shape", "hint"),
    [
        ((28, 28, 1), "If each row is one step, put Reshape((28, 28)) before it."),
        ((28, 28, 3), "TimeDistributed(Flatten()) before it makes each step one row of numbers."),
    ],
)
def test_pictures_are_refused_with_a_way_out(shape, hint):
    with pytest.raises(ShapeError) as told:
        layers.GRU(4)(np.zeros((2, *shape), "float32"))
    assert hint in str(told.value)


def test_the_ways_out_work():
    assert layers.LSTM(4)(layers.Reshape((28, 1))(np.zeros((2, 28)))).shape == (2, 4)
    rows = layers.TimeDistributed(layers.Flatten())(np.zeros((2, 28, 28, 3), "float32"))
    assert layers.LSTM(4)(rows).shape == (2, 4)


def test_other_features_than_it_was_built_for_are_refused():
    layer = layers.SimpleRNN(2, name="read")
    layer(np.zeros((1, 3, 4), "float32"))
    with pytest.raises(ShapeError) as told:
        layer(np.zeros((1, 3, 5), "float32"))
    assert str(told.value) == (
        "read (SimpleRNN) wants features 4 on the last axis, but was given (batch 1, steps 3, "
        "features 5).\n  It was built for 4 features and learns weights for each."
    )


def test_a_sequence_of_no_steps_is_refused():
    with pytest.raises(ShapeError, match="at least one step"):
        layers.LSTM(2)(np.zeros((2, 0, 3), "float32"))


def test_an_open_number_of_steps_cannot_be_unrolled():
    with pytest.raises(ValueError, match="unroll=True writes the steps out one by one"):
        layers.GRU(2, unroll=True)(Input((None, 3)))


def test_stateful_layers_want_a_batch_size():
    with pytest.raises(ValueError) as told:
        layers.LSTM(2, stateful=True, name="read")(Input((4, 3)))
    assert str(told.value) == (
        "read (LSTM): stateful=True goes on where the last batch ended, sample by sample, so the "
        "batch size must be known: Input(batch_shape=(batch, steps, features))."
    )


def test_stateful_layers_want_batches_of_one_size():
    layer = layers.GRU(2, stateful=True, name="read")
    layer(np.zeros((4, 3, 1), "float32"))
    with pytest.raises(ValueError, match="keeps states of 4 samples, but this batch has 3"):
        layer(np.zeros((3, 3, 1), "float32"))


@pytest.mark.parametrize(
    ("states", "given"),
    [
        ([np.zeros((2, 3), "float32")], "but was given (batch 2, features 3)."),
        ([np.zeros((2, 3), "float32")] * 2, "(batch 2, features 3) and (batch 2, features 3)."),
    ],
)
def test_initial_states_of_other_sizes_are_refused(states, given):
    with pytest.raises(ShapeError) as told:
        layers.LSTM(4, name="read")(np.zeros((2, 5, 1), "float32"), initial_state=states)
    assert "read (LSTM) wants 2 initial states (batch ?, units 4) and (batch ?, units 4)" in str(
        told.value
    )
    assert given in str(told.value)


def test_what_is_no_cell_is_refused():
    with pytest.raises(ValueError, match="Dense is no cell, for it has no `state_size`"):
        layers.RNN(layers.Dense(3))
    with pytest.raises(ValueError, match="int is no cell, for it has no `call`"):
        layers.StackedRNNCells([3])
    with pytest.raises(ValueError, match="at least one cell"):
        layers.RNN([])


@pytest.mark.parametrize("rate", [-0.1, 1.5, True])
def test_rates_are_fractions(rate):
    with pytest.raises(ValueError, match=r"LSTMCell: dropout is a fraction from 0 to 1, not"):
        layers.LSTM(2, dropout=rate)


def test_units_are_counted():
    with pytest.raises(ValueError, match="GRUCell: units is a whole number of 1 or more"):
        layers.GRU(0)


def test_bidirectional_refuses_what_does_not_fit_together():
    with pytest.raises(ValueError, match=r"such as LSTM\(8\), not Dense: it has no go_backwards"):
        layers.Bidirectional(layers.Dense(2))
    with pytest.raises(ValueError, match=r"not int\."):
        layers.Bidirectional(3)
    with pytest.raises(ValueError, match="merge_mode is one of 'sum'"):
        layers.Bidirectional(layers.LSTM(2), merge_mode="add")
    with pytest.raises(ValueError, match="both have go_backwards=False"):
        layers.Bidirectional(layers.LSTM(2), backward_layer=layers.LSTM(2))
    with pytest.raises(ValueError, match="return_sequences is True for the forward layer"):
        back = layers.LSTM(2, go_backwards=True)
        layers.Bidirectional(layers.LSTM(2, return_sequences=True), backward_layer=back)
    back = layers.LSTM(3, go_backwards=True)
    with pytest.raises(ShapeError, match="equally many units for merge_mode='sum', not 2 and 3"):
        layers.Bidirectional(layers.LSTM(2), "sum", backward_layer=back)(Input((4, 1)))


def test_time_distributed_refuses_what_has_no_steps():
    with pytest.raises(ShapeError, match="It calls its layer once for each step"):
        layers.TimeDistributed(layers.Dense(2))(Input((4,)))
    with pytest.raises(ValueError, match=r"must be a layer such as Dense\(8\), not 3"):
        layers.TimeDistributed(3)
    with pytest.raises(ValueError, match="one place for each of the 2 × 3 steps"):
        layers.TimeDistributed(layers.Dense(2))(numbers(2, 3, 4), mask=np.ones((2, 4), bool))


def test_windows_want_a_known_picture():
    with pytest.raises(ShapeError, match="places whose number is known"):
        layers.ConvLSTM2D(2, 2)(Input((3, None, 4, 1)))
    with pytest.raises(ShapeError, match=r"\(batch, steps, height, width, channels\)"):
        layers.ConvLSTM2D(2, 2)(Input((3, 4, 1)))
    with pytest.raises(ValueError, match="cannot both be more than 1"):
        layers.ConvLSTM1D(2, 2, strides=2, dilation_rate=2)


# -- what it computes ------------------------------------------------------------------------------


def test_steps_that_are_left_out_might_as_well_not_be_there():
    x = numbers(1, 6, 3)
    mask = np.array([[False, True, True, False, True, False]])
    for name in ("SimpleRNN", "LSTM", "GRU"):
        for backwards in (False, True):
            layer = getattr(layers, name)(4, go_backwards=backwards)
            equal(layer(x, mask=mask), layer(x[:, [1, 2, 4]]))


def test_unrolled_steps_give_the_same_numbers():
    x, mask = numbers(2, 5, 3), np.array([[False, True, False, True, True]] * 2)
    layer = layers.LSTM(4, return_sequences=True)
    states = [numbers(2, 4, seed=1), numbers(2, 4, seed=2)]
    looped = layer(x, initial_state=states, mask=mask)
    layer.unroll = True
    equal(layer(x, initial_state=states, mask=mask), looped)


def test_a_mask_stays_beside_a_sequence_that_begins_with_states():
    words, h, c = Input((4,), dtype="int32"), Input((3,)), Input((3,))
    x = layers.Embedding(5, 2, mask_zero=True)(words)
    layer = layers.LSTM(3)
    model = Model([words, h, c], layer(x, initial_state=[h, c]))
    states = [numbers(1, 3), numbers(1, 3, seed=1)]
    padded = model.predict([np.array([[1, 2, 0, 0]]), *states], verbose=0)
    rows = model.layers[1].embeddings.numpy()[[1, 2]][None]
    equal(padded, layer(rows, initial_state=states))


def test_a_mask_is_handed_on_as_it_came_though_the_sequence_is_turned_round():
    words = Input((3,), dtype="int32")
    x = layers.Embedding(5, 2, mask_zero=True)(words)
    x = layers.GRU(2, return_sequences=True, go_backwards=True)(x)
    last = layers.GRU(2)
    model = Model(words, [x, last(x)])
    sequence, found = model.predict(np.array([[1, 2, 0]]), verbose=0)
    equal(found, last(sequence[:, :2]))  # as in Keras, whose files were trained so


def test_a_stateful_layer_goes_on_where_it_ended():
    x = numbers(2, 6, 3)
    once = layers.LSTM(4)
    whole = once(x)
    kept = layers.LSTM(4, stateful=True)
    kept(x[:, :3])
    kept.set_weights(once.get_weights())
    for states in (kept.reset_state, kept.reset_states):
        states()
        kept(x[:, :3])
        equal(kept(x[:, 3:]), whole)
    assert len(kept.weights) == 3 and len(kept.states) == 2


def test_a_stateful_model_goes_on_in_predict_and_fit():
    x = numbers(2, 6, 3)
    model = Sequential([Input(batch_shape=(2, 3, 3)), layers.GRU(4, stateful=True)])
    once = layers.GRU(4)
    whole = once(x)
    model.set_weights(once.get_weights())
    model.predict(x[:, :3], batch_size=2, verbose=0)
    equal(model.predict(x[:, 3:], batch_size=2, verbose=0), whole)
    model.layers[0].reset_state()
    assert not np.any(model.layers[0].states[0].numpy())
    model.compile("sgd", "mse")
    model.fit(x[:, :3], np.zeros((2, 4)), batch_size=2, verbose=0)
    assert np.any(model.layers[0].states[0].numpy())


def test_both_ways_can_be_stateful():
    layer = layers.Bidirectional(layers.LSTM(2, stateful=True))
    x = numbers(2, 3, 1)
    first = np.asarray(layer(x))
    assert not np.allclose(first, layer(x))
    layer.reset_state()
    equal(layer(x), first)
    assert len(layer.states) == 4


def test_inference_moves_no_random_numbers_on():
    layer = layers.LSTM(3, dropout=0.5, recurrent_dropout=0.5, seed=1)
    x = numbers(2, 3, 4)
    layer(x)
    before = layer.cell.seed_generator.state.numpy()
    layer(x)
    np.testing.assert_array_equal(layer.cell.seed_generator.state.numpy(), before)


def test_everything_is_dropped_at_a_rate_of_1():
    layer = layers.GRU(3, dropout=1.0)
    equal(layer(numbers(2, 3, 4), training=True), layer(np.zeros((2, 3, 4), "float32")))


def test_random_numbers_in_a_cell_of_one_s_own_are_new_at_every_step():
    class Noisy(layers.Layer):
        state_size = 3

        def __init__(self):
            super().__init__()
            self.drop = layers.Dropout(0.5, seed=1)

        def call(self, inputs, states, training=False):
            return self.drop(inputs, training=training), states

    model = Sequential([Input((8, 3)), layers.RNN(Noisy(), return_sequences=True)])
    found = np.asarray(model(np.ones((1, 8, 3), "float32"), training=True))[0]
    assert len({tuple(row) for row in found}) > 2
    before = model.layers[0].cell.drop.seed_generator.state.numpy()
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 8, 3)), np.ones((4, 8, 3)), batch_size=2, verbose=0)
    assert model.layers[0].cell.drop.seed_generator.state.numpy()[1] == before[1] + 16


def test_a_cell_is_called_with_a_step_and_states():
    cell = layers.LSTMCell(3)
    x = numbers(2, 4, 5)
    states = cell.get_initial_state(2)
    for step in range(4):
        output, states = cell(x[:, step], states)
    layer = layers.RNN(cell)
    equal(layer(x), output)
    single = layers.GRUCell(3)
    output, state = single(x[:, 0], np.zeros((2, 3), "float32"))
    equal(output, state)


def test_a_single_cell_in_a_row_is_that_cell():
    x = numbers(2, 4, 5)
    row, alone = layers.RNN([layers.LSTMCell(3)]), layers.LSTM(3)
    row(x), alone(x)
    row.set_weights(alone.get_weights())
    equal(row(x), alone(x))


def test_states_of_cells_in_a_row_may_be_given():
    x = numbers(2, 4, 5)
    layer = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], return_state=True)
    _, first, second = layer(x[:, :2])
    whole, *_ = layer(x)
    equal(layer(x[:, 2:], initial_state=[first, second])[0], whole)
    equal(layer(x[:, 2:], initial_state=[*first, *second])[0], whole)


def test_each_step_at_once_gives_what_one_after_the_other_gives():
    x = numbers(2, 4, 6, 5, 1)
    layer = layers.TimeDistributed(layers.Conv2D(2, 3))
    equal(layer(x), layer._in_turn(np.asarray(x), False, None))


def test_words_of_sentences_are_left_out_by_their_own_masks():
    words = np.array([[[1, 2, 0], [3, 0, 0]]])
    model = Sequential(
        [
            Input((2, 3), dtype="int32"),
            layers.Embedding(5, 4, mask_zero=True),
            layers.TimeDistributed(layers.LSTM(2)),
        ]
    )
    table = model.layers[0].embeddings.numpy()
    read = model.layers[1].layer
    found = model.predict(words, verbose=0)
    equal(found[0, 0], read(table[[1, 2]][None])[0])
    equal(found[0, 1], read(table[[3]][None])[0])


def test_a_cell_that_does_not_repeat_its_first_state_wants_zeros_under_a_mask():
    class Doubled(layers.Layer):
        state_size, output_size = 1, 2

        def call(self, inputs, states):
            return layers.concatenate([inputs, inputs]), [states[0] + inputs]

    x, mask = np.ones((1, 3, 1), "float32"), np.array([[True, False, True]])
    layer = layers.RNN(Doubled(), return_sequences=True, zero_output_for_mask=True)
    equal(layer(x, mask=mask)[0, :, 0], [1, 0, 1])


# -- what is told of it ----------------------------------------------------------------------------

FURTHER = [
    ("LSTM", {"units": 2, "return_sequences": True, "go_backwards": True}),
    ("GRU", {"units": 2, "return_sequences": True, "go_backwards": True, "reset_after": False}),
    ("SimpleRNN", {"units": 2, "unroll": True}),
    ("LSTM", {"units": 2, "recurrent_activation": "softmax"}),
    ("RNN", {"cell": inside("StackedRNNCells", name="cells", cells=[
        inside("GRUCell", units=2, name="first"), inside("LSTMCell", units=3, name="second"),
    ]), "return_sequences": True, "go_backwards": True}),
    ("Bidirectional", {"layer": inside("LSTM", units=2, name="read"), "merge_mode": "mul"}),
]  # fmt: skip


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize(("name", "settings"), FURTHER)
def test_further_settings_keep_their_word(name, settings, check):
    check(checks.Case(getattr(layers, name), Example(settings, (3, 2))))


@pytest.mark.parametrize(
    "layer",
    [
        layers.LSTM(2, return_sequences=True, unroll=True),
        layers.ConvLSTM2D(2, 2, data_format="channels_first"),
        layers.Bidirectional(layers.GRU(2, return_state=True), merge_mode=None),
        layers.RNN([layers.LSTMCell(2), layers.GRUCell(3)], return_state=True),
        layers.TimeDistributed(layers.Bidirectional(layers.SimpleRNN(2))),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_files_hold_it(layer, tmp_path):
    shape = (3, 2, 4, 4) if "ConvLSTM" in type(layer).__name__ else (3, 2)
    if isinstance(layer, layers.TimeDistributed):
        shape = (3, 4, 2)
    inputs = Input(shape)
    model = Model(inputs, layer(inputs))
    model.save(tmp_path / "kept.keras")
    twin = lanthorn.saving.load_model(tmp_path / "kept.keras")
    x = numbers(2, *shape)
    for mine, other in zip(
        leaves(model.predict(x, verbose=0)), leaves(twin.predict(x, verbose=0)), strict=True
    ):
        equal(mine, other)


def leaves(value):
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]
