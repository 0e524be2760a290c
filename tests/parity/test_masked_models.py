"""Models with masks beside Keras's own: the files Keras writes hold its masks as operations."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import lanthorn


def build(library):
    layers = library.layers
    given = library.Input((6,), dtype="int32")
    rows = layers.Embedding(20, 4, mask_zero=True)(given)
    forth = layers.LSTM(5, return_sequences=True, name="lstm")(rows)
    back = layers.GRU(5, go_backwards=True, return_sequences=True)(rows)
    both = layers.Concatenate()([forth, back])
    mixed = layers.MultiHeadAttention(2, 3)(both, both)
    mean = layers.GlobalAveragePooling1D()(mixed)
    return library.Model(given, layers.Dense(2)(mean))


def sentences():
    x = np.random.default_rng(0).integers(1, 20, (8, 6))
    x[:, 4:] = 0
    x[3, 2:] = 0
    return x


@pytest.fixture
def models(tmp_path):
    theirs = build(keras)
    theirs.save(tmp_path / "theirs.keras")
    return theirs, lanthorn.saving.load_model(tmp_path / "theirs.keras")


def test_a_file_with_masks_predicts_as_keras_does(models, tmp_path):
    theirs, ours = models
    x = sentences()
    wanted = theirs.predict(x, verbose=0)
    np.testing.assert_allclose(ours.predict(x, verbose=0), wanted, atol=1e-6)
    ours.save(tmp_path / "ours.keras")
    again = keras.saving.load_model(tmp_path / "ours.keras")
    np.testing.assert_allclose(again.predict(x, verbose=0), wanted, atol=1e-6)


def test_a_model_made_here_masks_as_keras_does(models):
    theirs, _ = models
    made = build(lanthorn)
    made.set_weights(theirs.get_weights())
    x = sentences()
    np.testing.assert_allclose(made.predict(x, verbose=0), theirs.predict(x, verbose=0), atol=1e-6)


def test_it_trains_as_keras_does(models):
    histories = []
    for model in models:
        model.compile("sgd", "mse")
        x, y = sentences(), np.ones((8, 2))
        history = model.fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0)
        histories.append(history.history["loss"])
    np.testing.assert_allclose(*histories, rtol=1e-5)


def test_a_mask_that_is_an_argument_is_no_input_of_the_wiring(models):
    _, ours = models
    entry = next(entry for entry in ours.explain().entries if entry.name == "lstm")
    assert len(entry.inputs) == 1 and "states it is given" not in " ".join(entry.remarks)
    for step in (1, 5):  # one that counts, one that the mask leaves out
        why = ours.why(sentences(), "lstm", (step, 2))
        assert why.difference is not None and abs(why.difference) < 1e-6
