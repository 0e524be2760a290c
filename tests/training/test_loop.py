"""The loop: many steps at once or one by one, the same numbers; nothing a failure does stays."""

from __future__ import annotations

import numpy as np
import pytest

import lanthorn
from lanthorn import callbacks, layers

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 6)).astype("float32")
Y = RNG.normal(size=(50, 2)).astype("float32")
LABELS = RNG.integers(0, 3, 50)


def regressor(seed=1):
    lanthorn.utils.set_random_seed(seed)
    model = lanthorn.Sequential(
        [lanthorn.Input((6,)), layers.Dense(5, activation="relu"), layers.Dense(2, name="o")]
    )
    model.compile("adam", "mse", metrics=["mae"])
    return model


def classifier():
    model = lanthorn.Sequential([lanthorn.Input((6,)), layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


class Recorder(callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.events = []

    def on_train_begin(self, logs=None):
        self.events.append("train begin")

    def on_epoch_begin(self, epoch, logs=None):
        self.events.append(f"epoch {epoch}")

    def on_train_batch_end(self, batch, logs=None):
        self.events.append(f"batch {batch}")
        assert set(logs) == {"loss", "mae"}

    def on_test_end(self, logs=None):
        self.events.append("test end")

    def on_epoch_end(self, epoch, logs=None):
        self.events.append(f"end {epoch}")

    def on_train_end(self, logs=None):
        self.events.append("train end")


def test_a_callback_that_wants_every_batch_gets_every_batch():
    recorder = Recorder()
    regressor().fit(
        X, Y, batch_size=20, epochs=2, validation_split=0.2, callbacks=[recorder], verbose=0
    )
    epoch = ["batch 0", "batch 1", "test end"]
    assert recorder.events == [
        "train begin", "epoch 0", *epoch, "end 0", "epoch 1", *epoch, "end 1", "train end",
    ]  # fmt: skip


def test_many_steps_at_once_give_the_same_weights_as_one_by_one():
    at_once, one_by_one, streamed = regressor(), regressor(), regressor()
    a = at_once.fit(X, Y, batch_size=8, epochs=3, shuffle=False, verbose=0)
    b = one_by_one.fit(
        X, Y, batch_size=8, epochs=3, shuffle=False, verbose=0, callbacks=[Recorder()]
    )
    batches = [(X[i : i + 8], Y[i : i + 8]) for i in range(0, 50, 8)]
    c = streamed.fit(batches_of(batches), epochs=3, verbose=0)
    for other, history in ((one_by_one, b), (streamed, c)):
        assert history.history.keys() == a.history.keys()
        np.testing.assert_allclose(history.history["loss"], a.history["loss"], rtol=1e-5)
        for v, w in zip(at_once.get_weights(), other.get_weights(), strict=True):
            np.testing.assert_allclose(v, w, rtol=1e-5, atol=1e-6)


class batches_of:
    """An iterable that can begin again, as a dataset does."""

    def __init__(self, batches):
        self.batches = batches

    def __iter__(self):
        return iter(self.batches)


def test_a_generator_trains_for_steps_per_epoch():
    def endless():
        while True:
            yield X[:8], Y[:8]

    model = regressor()
    history = model.fit(endless(), steps_per_epoch=3, epochs=4, verbose=0)
    assert len(history.history["loss"]) == 4
    assert int(model.optimizer.iterations.numpy()) == 12


def test_a_generator_that_ends_early_is_told_of():
    def short():
        for _ in range(5):
            yield X[:8], Y[:8]

    with pytest.warns(lanthorn.DataWarning, match="ended after 2 of the 3 batches"):
        regressor().fit(short(), steps_per_epoch=3, epochs=2, verbose=0)


def test_early_stopping_restores_the_best_weights():
    model = regressor()
    stop = callbacks.EarlyStopping(monitor="loss", patience=1, min_delta=10, mode="min")
    stop.restore_best_weights = True
    history = model.fit(X, Y, epochs=20, callbacks=[stop], verbose=0)
    assert len(history.history["loss"]) == 2


def test_nothing_is_compiled_anew_after_the_first_epoch_or_for_another_learning_rate():
    import jax

    compiled = []
    listen = compiled.append
    model = regressor()
    model.fit(X, Y, batch_size=10, epochs=2, verbose=0)
    jax.monitoring.register_event_duration_secs_listener(
        lambda event, seconds, **_: listen(event) if "backend_compile" in event else None
    )
    model.fit(X, Y, batch_size=10, epochs=2, verbose=0)
    model.optimizer.learning_rate = 0.5
    model.fit(X, Y, batch_size=10, verbose=0)
    assert not compiled
    regressor().fit(X, Y, verbose=0)  # the listener does hear
    assert compiled


def test_building_a_model_compiles_nothing(tmp_path):
    import subprocess
    import sys

    program = """
import sys, lanthorn
from lanthorn import layers
picture = lanthorn.Input((28, 28, 1))
m = lanthorn.Sequential([picture, layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(9)])
m.compile("adam", "mse"); m.summary(); m.count_params()
assert "jax" not in sys.modules, "jax was loaded"
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# -- what is refused, and that it changes nothing --------------------------------------------------

REFUSED = {
    "x and y of different lengths": (lambda m: m.fit(X, Y[:7]), r"x has 50; y has 7"),
    "no rows": (lambda m: m.fit(X[:0], Y[:0]), "The data has no rows"),
    "text": (lambda m: m.fit(X.astype(str), Y), "x holds text"),
    "objects": (
        lambda m: m.fit(np.array([[1], [2, 3]], dtype=object), Y[:2]),
        "x is an array of Python objects",
    ),
    "ragged lists": (lambda m: m.fit([[1.0, 2.0], [3.0]], Y[:2]), "rows have different lengths"),
    "one number": (lambda m: m.fit(np.float32(3.0), Y), "x is a single number"),
    "no x": (lambda m: m.fit(None, Y), "x is None"),
    "no y": (lambda m: m.fit(X), "y is missing"),
    "wrong features": (
        lambda m: m.fit(X[:, :4], Y),
        r"wants \(batch \?, features 6\), but was given \(batch 50, features 4\)",
    ),
    "wrong target": (lambda m: m.fit(X, np.zeros((50, 3))), r"shape \(50, 3\)"),
    "a target that would broadcast": (
        lambda m: m.fit(X, np.zeros((50, 1))),
        r"shape \(50, 1\) and y_pred has",
    ),
    "batch size": (lambda m: m.fit(X, Y, batch_size=0), "batch_size is a whole number"),
    "split": (lambda m: m.fit(X, Y, validation_split=1.5), "validation_split is a fraction"),
    "nothing left to train on": (
        lambda m: m.fit(X[:1], Y[:1], validation_split=0.5),
        "both need at least one",
    ),
    "validation data": (
        lambda m: m.fit(X, Y, validation_data=(X[:3], Y[:2])),
        "x has 3; y has 2",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_data_is_refused_before_the_first_step_and_harms_nothing(case):
    call, message = REFUSED[case]
    model = regressor()
    model.fit(X, Y, verbose=0)
    before = model.get_weights()
    expected = model.predict(X, verbose=0)
    with pytest.raises(ValueError, match=message):
        call(model)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    np.testing.assert_array_equal(expected, model.predict(X, verbose=0))
    model.fit(X, Y, verbose=0)


def test_labels_outside_the_classes_are_refused_with_their_range():
    model = classifier()
    with pytest.raises(lanthorn.DataError, match=r"Labels run from 1 to 3.*classes 0 to 2.*y - 1"):
        model.fit(X, LABELS + 1)
    with pytest.raises(lanthorn.DataError, match=r"Give the layer at least 8 units"):
        model.fit(X, LABELS + 5)
    model.fit(X, LABELS, verbose=0)


def test_nan_is_warned_of_with_its_place():
    x = X.copy()
    x[4, 2] = np.nan
    with pytest.warns(lanthorn.DataWarning, match=r"1 numbers.*the first, nan, is at x\[4, 2\]"):
        regressor().predict(x, verbose=0)


def test_fit_without_compile_says_so():
    model = lanthorn.Sequential([lanthorn.Input((6,)), layers.Dense(2)])
    with pytest.raises(lanthorn.NotCompiledError, match=r"call compile\(optimizer, loss\)"):
        model.fit(X, Y)
    with pytest.raises(lanthorn.NotCompiledError, match="before evaluate"):
        model.evaluate(X, Y)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"optimizer": "adm"}, "optimizer called 'adm'. Did you mean '[Aa]dam'"),
        ({"loss": "means_squared_error"}, "Did you mean 'mean_squared_error'"),
        ({"loss": "mse", "metrics": ["acuracy"]}, "Did you mean 'accuracy'"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(arguments, message):
    model = lanthorn.Sequential([layers.Dense(1)])
    with pytest.raises(ValueError, match=message):
        model.compile(**{"optimizer": "sgd", "loss": "mse", **arguments})


def test_an_error_in_a_callback_leaves_a_whole_model():
    class Fails(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 2:
                raise RuntimeError("mine")

    model = regressor()
    with pytest.raises(RuntimeError, match="mine"):
        model.fit(X, Y, batch_size=8, callbacks=[Fails()], verbose=0)
    assert np.isfinite(model.predict(X, verbose=0)).all()
    assert int(model.optimizer.iterations.numpy()) == 3
    model.fit(X, Y, verbose=0)


def test_an_error_while_tracing_leaves_a_whole_model():
    class Strange(layers.Layer):
        broken = False

        def call(self, inputs, training=False):
            if self.broken:
                raise RuntimeError("inside call")
            return inputs

    strange = Strange()
    model = lanthorn.Sequential([lanthorn.Input((6,)), strange, layers.Dense(2)])
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    before = model.get_weights()
    strange.broken = True
    with pytest.raises(RuntimeError, match="inside call"):
        model.fit(X[:30], Y[:30], batch_size=7, verbose=0)
    strange.broken = False
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert model.predict(X, verbose=0).shape == (50, 2)


def test_ctrl_c_leaves_a_usable_model():
    class Interrupts(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    model = regressor()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, epochs=5, callbacks=[Interrupts()], verbose=0)
    assert np.isfinite(model.predict(X, verbose=0)).all()


def test_any_optax_transformation_trains():
    import optax

    model = regressor()
    model.compile(optax.chain(optax.clip(1.0), optax.sgd(0.05, momentum=0.9)), "mse")
    losses = model.fit(X, Y, epochs=30, verbose=0).history["loss"]
    assert losses[-1] < 0.8 * losses[0]


def test_dropout_draws_anew_at_every_step():
    lanthorn.utils.set_random_seed(0)
    layer = layers.Dropout(0.5)
    seen = []

    class Watches(lanthorn.Layer):
        def build(self, x):
            self.kept = self.add_weight(shape=(6,), trainable=False, initializer="zeros")

        def call(self, inputs, training=False):
            if training:
                self.kept.assign(inputs[0])
            return inputs

    class Notes(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(watch.kept.numpy() == 0)

    watch = Watches()
    model = lanthorn.Sequential([lanthorn.Input((6,)), layer, watch, layers.Dense(2)])
    model.compile("sgd", "mse")
    model.fit(X, Y, batch_size=10, callbacks=[Notes()], verbose=0)
    assert len({tuple(row) for row in seen}) > 2


def test_predict_gives_the_structure_of_the_outputs():
    x = lanthorn.Input((6,))
    a, b = layers.Dense(1, name="a")(x), layers.Dense(2, name="b")(x)
    found = lanthorn.Model(x, {"one": a, "two": b}).predict(X, batch_size=8, verbose=0)
    assert found["one"].shape == (50, 1) and found["two"].shape == (50, 2)
