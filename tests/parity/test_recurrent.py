"""Recurrent layers beside Keras's own: random settings, masks, states, training, models."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies

import lanthorn
from lanthorn import layers
from tests.examples import examples

NAMES = strategies.sampled_from(["SimpleRNN", "LSTM", "GRU"])


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def close(ours, theirs, tolerance=1e-5):
    np.testing.assert_allclose(
        np.asarray(ours, "float32"), np.asarray(theirs, "float32"), rtol=tolerance, atol=tolerance
    )


def listed(outputs):
    """Outputs and states in one row."""
    if isinstance(outputs, list | tuple):
        return [array for each in outputs for array in listed(each)]
    return [outputs]


def alike(ours, theirs, shape, seed=0):
    """Both built for a shape, with the same random weights."""
    for layer in (ours, theirs):
        if not layer.built:
            layer(np.zeros(shape, "float32"))
    weights = [numbers(seed + i, *w.shape) * 0.5 for i, w in enumerate(ours.weights)]
    ours.set_weights(weights)
    theirs.set_weights(weights)
    return ours, theirs


def slopes(layer, x, **arguments):
    """Gradients of the sum of all outputs' squares, for the weights and for x."""
    import jax
    import jax.numpy as jnp

    trainable = [jnp.asarray(v.value) for v in layer.trainable_variables]
    rest = [jnp.asarray(v.value) for v in layer.non_trainable_variables]

    def total(weights, x):
        outputs, _ = layer.stateless_call(weights, rest, x, **arguments)
        return sum(jnp.sum(jnp.square(each)) for each in listed(outputs))

    first, second = jax.grad(total, argnums=(0, 1))(trainable, jnp.asarray(x))
    return [*first, second]


@settings(max_examples=examples(4, 60), deadline=None)
@given(
    name=NAMES,
    sizes=strategies.tuples(*[strategies.integers(1, 4)] * 3),
    how=strategies.fixed_dictionaries(
        {
            "return_sequences": strategies.booleans(),
            "return_state": strategies.booleans(),
            "go_backwards": strategies.booleans(),
            "unroll": strategies.booleans(),
            "use_bias": strategies.booleans(),
        }
    ),
    masks=strategies.sampled_from([None, "some", "rows"]),
    reset_after=strategies.booleans(),
    seed=strategies.integers(0, 100),
)
def test_random_sequences(name, sizes, how, masks, reset_after, seed):
    steps, features, units = sizes
    chosen = {"units": units, **how}
    if name == "GRU":
        chosen["reset_after"] = reset_after
    x = numbers(seed, 3, steps, features)
    ours, theirs = alike(
        getattr(layers, name)(**chosen), getattr(keras.layers, name)(**chosen), x.shape, seed
    )
    arguments = {}
    if masks:
        mask = np.random.default_rng(seed).random((3, steps)) < 0.6
        mask[0] = masks == "some"  # or a sample of which nothing counts
        arguments["mask"] = mask
    for mine, other in zip(
        listed(ours(x, **arguments)), listed(theirs(x, **arguments)), strict=True
    ):
        close(mine, other)
    for mine, other in zip(
        slopes(ours, x, **arguments), slopes(theirs, x, **arguments), strict=True
    ):
        close(mine, other, 1e-4)


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("is_zero", [False, True])
def test_initial_states_and_zeros_under_a_mask(name, masked, is_zero):
    x = numbers(0, 2, 4, 3)
    chosen = {"units": 2, "return_sequences": True, "return_state": True}
    ours, theirs = (
        library(**chosen, zero_output_for_mask=is_zero)
        for library in (getattr(layers, name), getattr(keras.layers, name))
    )
    alike(ours, theirs, x.shape)
    states = [numbers(5 + i, 2, 2) for i in range(2 if name == "LSTM" else 1)]
    mask = np.array([[False, True, False, True], [True, True, False, False]]) if masked else None
    mine = listed(ours(x, initial_state=states, mask=mask))
    other = listed(theirs(x, initial_state=states, mask=mask))
    for one, another in zip(mine, other, strict=True):
        close(one, another)


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
@pytest.mark.parametrize(
    "rates",
    [{"dropout": 0.4}, {"recurrent_dropout": 0.3}, {"dropout": 0.5, "recurrent_dropout": 0.2}],
)
def test_dropout_draws_the_very_same_numbers(name, rates):
    x = numbers(1, 3, 4, 5)
    ours, theirs = alike(
        getattr(layers, name)(3, seed=7, **rates), getattr(keras.layers, name)(3, seed=7, **rates),
        x.shape,
    )  # fmt: skip
    theirs.cell.seed_generator.state.assign(np.array([7, 0], "uint32"))  # it drew when it was built
    ours.cell.seed_generator.state.assign(np.array([7, 0], "uint32"))
    for _ in range(2):
        close(ours(x, training=True), theirs(x, training=True))
    assert not np.array_equal(np.asarray(ours(x, training=True)), np.asarray(ours(x)))


def test_gates_of_their_own_are_dropped_with_implementation_1():
    x = numbers(1, 3, 4, 5)
    chosen = {"units": 3, "seed": 7, "dropout": 0.4, "implementation": 1}
    for name in ("LSTMCell", "GRUCell"):  # Keras's LSTM and GRU stumble over it
        ours, theirs = alike(
            layers.RNN(getattr(layers, name)(**chosen)),
            keras.layers.RNN(getattr(keras.layers, name)(**chosen)),
            x.shape,
        )
        for layer in (ours, theirs):
            layer.cell.seed_generator.state.assign(np.array([7, 0], "uint32"))
        close(ours(x, training=True), theirs(x, training=True))


class Pair:
    """A cell of the user's own, in either library: two states, an output of another size."""

    def made(self, library):
        class Halved(library.layers.Layer):
            def __init__(self, units, **kwargs):
                super().__init__(**kwargs)
                self.units = units
                self.state_size = [units, 1]
                self.output_size = units

            def build(self, input_shape):
                self.w = self.add_weight(shape=(input_shape[-1], self.units), name="w")
                self.built = True

            def call(self, inputs, states):
                h, count = states
                h = inputs @ self.w + 0.5 * h
                return h, [h, count + 1.0]

        return Halved


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_cell_of_one_s_own(masked, backwards):
    x = numbers(2, 3, 4, 2)
    chosen = {"return_sequences": True, "return_state": True, "go_backwards": backwards}
    ours, theirs = alike(
        layers.RNN(Pair().made(lanthorn)(3), **chosen),
        keras.layers.RNN(Pair().made(keras)(3), **chosen),
        x.shape,
    )
    mask = np.random.default_rng(0).random((3, 4)) < 0.6 if masked else None
    for mine, other in zip(listed(ours(x, mask=mask)), listed(theirs(x, mask=mask)), strict=True):
        close(mine, other)
    for mine, other in zip(slopes(ours, x, mask=mask), slopes(theirs, x, mask=mask), strict=True):
        close(mine, other, 1e-4)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
def test_cells_in_a_row(masked, backwards):
    x = numbers(2, 3, 4, 2)
    chosen = {"return_sequences": True, "return_state": True, "go_backwards": backwards}

    def cells(library):
        return [library.layers.LSTMCell(2), library.layers.GRUCell(3)]

    ours, theirs = alike(
        layers.RNN(cells(lanthorn), **chosen), keras.layers.RNN(cells(keras), **chosen), x.shape
    )
    mask = np.random.default_rng(0).random((3, 4)) < 0.6 if masked else None
    for mine, other in zip(listed(ours(x, mask=mask)), listed(theirs(x, mask=mask)), strict=True):
        close(mine, other)


@pytest.mark.parametrize("mode", ["concat", "sum", "mul", "ave", None])
@pytest.mark.parametrize("sequences", [False, True])
def test_both_ways(mode, sequences):
    x = numbers(3, 2, 4, 3)
    mask = np.array([[True, True, False, False], [False, True, False, True]])
    chosen = {"return_sequences": sequences, "return_state": True}
    ours, theirs = alike(
        layers.Bidirectional(layers.LSTM(2, **chosen), merge_mode=mode),
        keras.layers.Bidirectional(keras.layers.LSTM(2, **chosen), merge_mode=mode),
        x.shape,
    )
    assert [w.path.partition("/")[2].partition("_")[0] for w in ours.weights] == [
        w.path.partition("/")[2].partition("_")[0] for w in theirs.weights
    ]
    states = [numbers(i, 2, 2) for i in range(4)]
    for arguments in ({}, {"mask": mask}, {"initial_state": states}):
        mine, other = listed(ours(x, **arguments)), listed(theirs(x, **arguments))
        for one, another in zip(mine, other, strict=True):
            close(one, another)
    shapes = listed_shapes(ours.compute_output_shape((None, 4, 3)))
    assert shapes == listed_shapes(theirs.compute_output_shape((None, 4, 3)))


def listed_shapes(shapes):
    if isinstance(shapes, list | tuple) and shapes and isinstance(shapes[0], list | tuple):
        return [shape for each in shapes for shape in listed_shapes(each)]
    return [tuple(shapes)]


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("order", ["channels_last", "channels_first"])
@pytest.mark.parametrize("sequences", [False, True])
def test_windows_over_steps(rank, order, sequences):
    shape = (2, 3, *(3, 4, 2)[:rank], 2)
    if order == "channels_first":
        shape = (2, 3, 2, *(3, 4, 2)[:rank])
    chosen = {
        "filters": 2, "kernel_size": 2, "padding": "same" if sequences else "valid",
        "data_format": order, "return_sequences": sequences, "return_state": True,
    }  # fmt: skip
    name = f"ConvLSTM{rank}D"
    x = numbers(4, *shape)
    ours, theirs = alike(
        getattr(layers, name)(**chosen), getattr(keras.layers, name)(**chosen), shape
    )
    for mine, other in zip(listed(ours(x)), listed(theirs(x)), strict=True):
        close(mine, other)
    full = (None, *shape[1:])
    assert listed_shapes(ours.compute_output_shape(full)) == listed_shapes(
        theirs.compute_output_shape(full)
    )


@pytest.mark.parametrize("order", ["channels_last", "channels_first"])
def test_a_mask_over_pictures_leaves_whole_steps_out(order):
    layer = layers.ConvLSTM2D(2, 2, data_format=order)
    x = numbers(4, 1, 4, 3, 3, 3)
    mask = np.array([[True, False, True, False]])
    close(layer(x, mask=mask), layer(x[:, [0, 2]]))


def statistics(library):
    model = library.Sequential(
        [
            library.Input((4, 3)),
            library.layers.TimeDistributed(library.layers.BatchNormalization(momentum=0.5)),
            library.layers.TimeDistributed(library.layers.Dropout(0.4, seed=3)),
        ]
    )
    model.compile("sgd", "mse")
    return model


def test_statistics_and_random_numbers_go_step_by_step():
    x = numbers(5, 6, 4, 3)
    ours, theirs = statistics(lanthorn), statistics(keras)
    for _ in range(2):
        close(ours(x, training=True), theirs(x, training=True), 1e-4)
    for mine, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        close(mine, other)


def sentences(library):
    """Words, some of them padding, and an answer for each sentence or each word."""
    words = library.Input((5,), dtype="int32")
    x = library.layers.Embedding(7, 4, mask_zero=True, name="words")(words)
    x = library.layers.Bidirectional(library.layers.LSTM(3, return_sequences=True), name="both")(x)
    each = library.layers.TimeDistributed(library.layers.Dense(2), name="each")(x)
    whole = library.layers.Dense(1, name="whole")(library.layers.GRU(3, name="read")(x))
    model = library.Model(words, [each, whole])
    metrics = {"each": ["mae"], "whole": ["mae"]}
    model.compile("sgd", {"each": "mse", "whole": "mse"}, metrics=metrics)
    return model


def test_sentences_with_padding_are_learnt_alike():
    ours, theirs = sentences(lanthorn), sentences(keras)
    weights = [numbers(i, *w.shape) * 0.4 for i, w in enumerate(ours.weights)]
    ours.set_weights(weights), theirs.set_weights(weights)
    rng = np.random.default_rng(0)
    words = rng.integers(0, 7, (8, 5)).astype("int32")
    words[0], words[1, 2:] = 0, 0  # nothing but padding; padding at the end
    targets = {"each": numbers(1, 8, 5, 2), "whole": numbers(2, 8, 1)}
    logs = [
        model.fit(words, targets, batch_size=4, epochs=2, shuffle=False, verbose=0).history
        for model in (ours, theirs)
    ]
    assert set(logs[0]) == set(logs[1])
    for name in logs[0]:
        close(logs[0][name], logs[1][name], 1e-4)
    for mine, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        close(mine, other, 1e-4)
    found = [
        model.evaluate(words, targets, verbose=0, return_dict=True) for model in (ours, theirs)
    ]
    for name in found[0]:
        close(found[0][name], found[1][name], 1e-4)


def translation(library):
    """An encoder's last states are where a decoder begins."""
    source, target = library.Input((4, 3)), library.Input((5, 2))
    _, h, c = library.layers.LSTM(3, return_state=True, name="encoder")(source)
    y = library.layers.LSTM(3, return_sequences=True, name="decoder")(target, initial_state=[h, c])
    model = library.Model([source, target], library.layers.Dense(2, name="out")(y))
    model.compile("sgd", "mse")
    return model


def test_states_go_from_layer_to_layer(tmp_path):
    ours, theirs = translation(lanthorn), translation(keras)
    weights = [numbers(i, *w.shape) * 0.4 for i, w in enumerate(ours.weights)]
    ours.set_weights(weights), theirs.set_weights(weights)
    x = [numbers(0, 6, 4, 3), numbers(1, 6, 5, 2)]
    close(ours.predict(x, verbose=0), theirs.predict(x, verbose=0))
    logs = [
        model.fit(x, numbers(2, 6, 5, 2), epochs=2, shuffle=False, verbose=0).history["loss"]
        for model in (ours, theirs)
    ]
    close(*logs)
    ours.save(tmp_path / "ours.keras")
    theirs.save(tmp_path / "theirs.keras")
    wanted = ours.predict(x, verbose=0)
    close(keras.saving.load_model(tmp_path / "ours.keras").predict(x, verbose=0), wanted)
    loaded = lanthorn.saving.load_model(tmp_path / "theirs.keras")
    close(loaded.predict(x, verbose=0), theirs.predict(x, verbose=0))
