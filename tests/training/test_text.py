"""Models whose first layers work on the host, on text for example, train like any other."""

import numpy as np
import pytest

import lanthorn
from lanthorn import Input, Sequential, layers

GOOD = ["good film", "a good one", "fine and good", "good good fun"]
BAD = ["bad film", "a bad one", "poor and bad", "bad bad fun"]
TEXTS = np.array((GOOD + BAD) * 8)
LABELS = np.array(([1.0] * 4 + [0.0] * 4) * 8)


def vectorizer(**settings):
    layer = layers.TextVectorization(**{"output_sequence_length": 4, **settings})
    layer.adapt(TEXTS)
    return layer


def classifier(vectorize):
    model = Sequential([
        Input((1,), dtype="string"), vectorize,
        layers.Embedding(vectorize.vocabulary_size(), 4, mask_zero=True),
        layers.GlobalAveragePooling1D(), layers.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    model.compile(lanthorn.optimizers.Adam(0.1), "binary_crossentropy", metrics=["accuracy"])
    return model


@pytest.mark.parametrize("x", [TEXTS, TEXTS[:, None], TEXTS.astype(object), TEXTS.tolist()])
def test_a_model_learns_from_text(x):
    lanthorn.utils.set_random_seed(1)
    model = classifier(vectorizer())
    losses = model.fit(x, LABELS, epochs=8, verbose=0).history["loss"]
    assert losses[-1] < 0.1 < 0.5 < losses[0]
    assert model.evaluate(x, LABELS, verbose=0)[1] == 1.0
    assert model.predict(np.array(["good", "bad"]), verbose=0).round().tolist() == [[1.0], [0.0]]


def test_it_learns_what_it_would_from_numbers_made_of_the_text():
    vectorize = vectorizer()
    lanthorn.utils.set_random_seed(2)
    whole = classifier(vectorize)
    inner = Sequential(whole.layers[1:])
    inner.compile(lanthorn.optimizers.Adam(0.1), "binary_crossentropy", metrics=["accuracy"])
    start = whole.get_weights()
    runs = []
    for model, x in ((whole, TEXTS), (inner, np.asarray(vectorize(TEXTS)))):
        whole.set_weights(start)
        np.random.seed(3)
        runs.append(model.fit(x, LABELS, epochs=2, validation_split=0.25, verbose=0).history)
    for name, values in runs[0].items():
        np.testing.assert_allclose(values, runs[1][name], rtol=1e-5)


class Batches:
    def __len__(self):
        return 8

    def __getitem__(self, i):
        return TEXTS[8 * i : 8 * i + 8], LABELS[8 * i : 8 * i + 8]


def test_text_may_come_in_batches_and_for_validation():
    lanthorn.utils.set_random_seed(1)
    model = classifier(vectorizer(output_sequence_length=None))
    history = model.fit(Batches(), epochs=8, validation_data=(TEXTS[:8], LABELS[:8]), verbose=0)
    assert history.history["val_accuracy"][-1] == 1.0
    assert model.evaluate(Batches(), verbose=0)[1] == 1.0
    generator = (Batches()[step % 8] for step in range(16))
    assert model.fit(generator, steps_per_epoch=8, epochs=2, verbose=0).history["loss"][-1] < 0.1


def test_one_batch_of_text_is_a_step():
    model = classifier(vectorizer())
    before = model.get_weights()
    model.train_on_batch(TEXTS, LABELS)
    assert any((a != b).any() for a, b in zip(before, model.get_weights(), strict=True))
    loss = model.test_on_batch(TEXTS, LABELS)[0]
    np.testing.assert_allclose(loss, model.evaluate(TEXTS, LABELS, verbose=0)[0], rtol=1e-5)


def test_text_and_numbers_go_into_one_model():
    words = layers.StringLookup(vocabulary=["x", "y"], output_mode="one_hot")
    kind, size = Input((1,), dtype="string", name="kind"), Input((2,), name="size")
    both = layers.Concatenate()([layers.Rescaling(2.0)(words(kind)), size])
    model = lanthorn.Model([kind, size], {"sum": layers.Dense(1, name="sum")(both)})
    model.compile("sgd", "mse")
    x = {"kind": np.array([["x"], ["y"], ["z"]]), "size": np.ones((3, 2), "float32")}
    losses = model.fit(x, np.ones((3, 1)), epochs=30, verbose=0).history["loss"]
    assert losses[-1] < losses[0] / 5
    assert model.fit([x["kind"], x["size"]], np.ones((3, 1)), verbose=0).history["loss"]


def test_a_model_that_prepares_data_may_be_the_first_layer_of_another():
    prepare = Sequential(
        [Input((1,), dtype="int64"), layers.Hashing(5), layers.CategoryEncoding(5)]
    )
    model = Sequential([Input((1,), dtype="int64"), prepare, layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.array([[2**40], [7]])
    assert np.isfinite(model.fit(x, np.ones((2, 1)), verbose=0).history["loss"][0])


def test_what_begins_without_an_input_learns_from_text_too():
    model = Sequential([vectorizer(), layers.Embedding(20, 2), layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    assert np.isfinite(model.fit(TEXTS, LABELS, verbose=0).history["loss"][0])


def test_layers_on_the_host_after_layers_that_learn_are_refused():
    inner = Sequential([Input((1,), dtype="string"), vectorizer(), layers.Embedding(20, 2)])
    model = Sequential([Input((1,), dtype="string"), inner, layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=r"works on the host.*has weights to train.*first layers"):
        model.fit(TEXTS, LABELS, verbose=0)


def test_a_class_of_one_s_own_is_told_to_take_the_numbers():
    class Reader(lanthorn.Model):
        def __init__(self):
            super().__init__()
            self.words, self.dense = vectorizer(), layers.Dense(1)

        def call(self, x):
            return self.dense(self.words(x))

    model = Reader()
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=r"text_vectorization.* works on the host.*x = text_"):
        model.fit(TEXTS, LABELS, verbose=0)
