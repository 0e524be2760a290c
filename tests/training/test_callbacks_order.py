"""Who is told what, in which order, and who must hear of every batch."""

from typing import Any

import numpy as np
import pytest

from lanthorn.training import callbacks
from training.watched import WatchedModel


class Recorder(callbacks.Callback):
    """Writes down every call it gets."""

    def __init__(self, calls: list, name: str = "user") -> None:
        super().__init__()
        self.calls, self.called = calls, name

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("on_"):
            return super().__getattribute__(name)
        return lambda *args, **kwargs: self.calls.append((self.called, name, *args))


def fit(listeners: callbacks.CallbackList, epochs: int, batches: int) -> None:
    """The events of a fit with validation, as real Keras's loop gives them."""
    listeners.on_train_begin()
    for epoch in range(epochs):
        listeners.on_epoch_begin(epoch)
        for batch in range(batches):
            listeners.on_train_batch_begin(batch)
            listeners.on_train_batch_end(batch, {"loss": np.float32(1.0)})
        listeners.on_test_begin()
        listeners.on_test_batch_begin(0)
        listeners.on_test_batch_end(0, {"loss": 2.0})
        listeners.on_test_end({"loss": 2.0})
        listeners.on_epoch_end(epoch, {"val_loss": 2.0, "loss": np.float32(1.0)})
    listeners.on_train_end({"loss": 1.0, "val_loss": 2.0})


def test_each_callback_is_told_in_turn_user_first_then_history_then_bar() -> None:
    calls: list = []
    model = WatchedModel()
    listeners = callbacks.CallbackList(
        [Recorder(calls, "a"), [Recorder(calls, "b")]], add_history=True, model=model, epochs=1
    )
    assert [type(each).__name__ for each in listeners.callbacks] == [
        "Recorder", "Recorder", "History",
    ]  # fmt: skip
    fit(listeners, epochs=1, batches=2)
    names = [
        "on_train_begin", "on_epoch_begin",
        "on_train_batch_begin", "on_train_batch_end", "on_train_batch_begin", "on_train_batch_end",
        "on_test_begin", "on_test_batch_begin", "on_test_batch_end", "on_test_end",
        "on_epoch_end", "on_train_end",
    ]  # fmt: skip
    assert [(who, hook) for who, hook, *_ in calls] == [(w, n) for n in names for w in "ab"]
    assert calls[4][2:] == (0, {}) and calls[6][2:] == (0, {"loss": 1.0})
    logs = next(args for who, hook, *args in calls if hook == "on_epoch_end")[1]
    assert list(logs) == ["loss", "val_loss"] and type(logs["loss"]) is float
    assert model.history is listeners.callbacks[2]


def test_history_keeps_a_list_per_metric_and_the_epochs() -> None:
    model = WatchedModel()
    listeners = callbacks.CallbackList(add_history=True, model=model, epochs=2, steps=1, verbose=0)
    fit(listeners, epochs=2, batches=1)
    assert model.history.history == {"loss": [1.0, 1.0], "val_loss": [2.0, 2.0]}
    assert model.history.epoch == [0, 1]
    assert model.history.params == {"epochs": 2, "steps": 1, "verbose": 0}


def test_what_a_callback_adds_to_the_logs_the_next_ones_see() -> None:
    class Adds(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["mine"] = epoch * 10.0

    model = WatchedModel()
    fit(callbacks.CallbackList([Adds()], add_history=True, model=model), epochs=2, batches=1)
    assert model.history.history["mine"] == [0.0, 10.0]


def test_on_batch_hooks_are_other_names_of_the_training_ones() -> None:
    heard = []

    class Old(callbacks.Callback):
        def on_batch_begin(self, batch, logs=None):
            heard.append(("begin", batch))

        def on_batch_end(self, batch, logs=None):
            heard.append(("end", batch, logs))

    fit(callbacks.CallbackList(Old(), model=WatchedModel()), epochs=1, batches=1)
    assert heard == [("begin", 0), ("end", 0, {"loss": 1.0})]


def test_only_a_callback_with_a_batch_hook_makes_training_stop_at_each_batch() -> None:
    class Quiet(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            pass

    class Test(callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            pass

    def needs(*given) -> tuple[bool, bool, bool]:
        listeners = callbacks.CallbackList(list(given), add_history=True, add_progbar=True)
        return (
            listeners.needs_batches,
            listeners.needs_test_batches,
            listeners.needs_predict_batches,
        )

    quiet = (False, False, False)
    assert needs() == quiet and needs(Quiet()) == quiet
    assert needs(callbacks.EarlyStopping(), callbacks.TerminateOnNaN()) == quiet
    assert needs(callbacks.LearningRateScheduler(float), callbacks.ReduceLROnPlateau()) == quiet
    assert needs(callbacks.ModelCheckpoint("a.keras")) == quiet
    assert needs(callbacks.ModelCheckpoint("a.keras", save_freq=3)) == (True, False, False)
    assert needs(Test()) == (False, True, False)
    assert needs(callbacks.LambdaCallback(on_epoch_end=print)) == quiet
    assert needs(callbacks.LambdaCallback(on_train_batch_end=print)) == (True, False, False)
    assert needs(callbacks.LambdaCallback(on_predict_batch_end=print)) == (False, False, True)


def test_a_class_or_a_function_among_the_callbacks_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"EarlyStopping is a class: write callbacks=\[EarlySt"):
        callbacks.CallbackList([callbacks.EarlyStopping])
    with pytest.raises(ValueError, match=r"not a callback\. A function goes into LambdaCallback"):
        callbacks.CallbackList([print])


def test_functions_become_hooks_and_a_misspelt_hook_is_refused() -> None:
    heard = []
    callback = callbacks.LambdaCallback(
        on_train_begin=lambda logs: heard.append("begin"),
        on_test_end=lambda logs: heard.append(logs["loss"]),
        colour="blue",
    )
    fit(callbacks.CallbackList(callback, model=WatchedModel()), epochs=1, batches=1)
    assert heard == ["begin", 2.0] and callback.colour == "blue"
    with pytest.raises(ValueError, match=r"'on_epoch_ends'\. Did you mean 'on_epoch_end'"):
        callbacks.LambdaCallback(on_epoch_ends=print)


def test_a_subclass_that_forgets_super_works_all_the_same() -> None:
    class Forgetful(callbacks.Callback):
        def __init__(self):
            self.epochs = 0

        def on_epoch_end(self, epoch, logs=None):
            self.epochs += 1
            self.model.stop_training = True

    callback = Forgetful()
    model = WatchedModel()
    fit(callbacks.CallbackList([callback], model=model, epochs=1), epochs=1, batches=1)
    assert callback.epochs == 1 and model.stop_training and callback.params == {"epochs": 1}


def test_callbacks_are_made_without_loading_any_array_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from lanthorn.training import callbacks as c;"
        "c.CallbackList([c.EarlyStopping(), c.ReduceLROnPlateau(), c.CSVLogger('x')], True, True);"
        "assert not {'jax', 'numpy', 'optax', 'rich'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": "src"})
