"""Callbacks that watch a metric: real Keras's decisions, and better words."""

import csv

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanthorn.training import callbacks
from training.watched import WatchedMetric, WatchedModel, train

losses = st.lists(st.sampled_from([0.1, 0.2, 0.25, 0.3, 0.5, 1.0]), min_size=1, max_size=12)


def as_logs(values: list[float], name: str = "val_loss") -> list[dict[str, float]]:
    return [{"loss": 0.5, name: value} for value in values]


# -- EarlyStopping ---------------------------------------------------------------------------------


@settings(max_examples=200)
@given(
    losses,
    st.integers(0, 3),
    st.sampled_from([0, 0.06]),
    st.sampled_from([None, 0.22]),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from(["min", "max"]),
)
def test_it_stops_where_keras_stops_with_the_weights_keras_keeps(
    values, patience, min_delta, baseline, restore, start, mode
) -> None:
    options = {
        "monitor": "score", "patience": patience, "min_delta": min_delta, "baseline": baseline,
        "restore_best_weights": restore, "start_from_epoch": start, "mode": mode,
    }  # fmt: skip
    ours, theirs = callbacks.EarlyStopping(**options), keras.callbacks.EarlyStopping(**options)
    mine, known = WatchedModel(), WatchedModel()
    logs = as_logs(values, "score")
    assert train(ours, mine, logs) == train(theirs, known, logs)
    assert mine.weight == known.weight
    for name in ("best", "best_epoch", "stopped_epoch", "wait"):
        assert getattr(ours, name) == getattr(theirs, name)


def test_the_first_epoch_never_stops_and_state_begins_anew_with_each_fit() -> None:
    stopping = callbacks.EarlyStopping(patience=0)
    assert train(stopping, WatchedModel(), as_logs([1.0, 2.0, 3.0])) == 2
    model = WatchedModel()
    assert train(stopping, model, as_logs([5.0, 4.0])) == 2 and not model.stop_training


def test_a_first_loss_that_is_nan_is_beaten_by_any_number() -> None:
    stopping = callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    model = WatchedModel()
    assert train(stopping, model, as_logs([np.nan, 3.0, 2.0, 1.0, np.nan, np.nan])) == 6
    assert model.weight == 3 and stopping.best == 1.0


def test_what_it_says_is_what_keras_says(capsys) -> None:
    stopping = callbacks.EarlyStopping(patience=1, verbose=1, restore_best_weights=True)
    train(stopping, WatchedModel(), as_logs([1.0, 2.0, 3.0]))
    assert capsys.readouterr().out == (
        "Epoch 2: early stopping\nRestoring model weights from the end of the best epoch: 1.\n"
    )


# -- which way is better ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("monitor", "rises"),
    [
        ("loss", False), ("val_loss", False), ("val_accuracy", True), ("acc", True), ("auc", True),
        ("val_mean_absolute_error", False), ("mae", False), ("head_mse", False), ("mean_iou", True),
        ("binary_crossentropy", False), ("cosine_similarity", True), ("false_positives", False),
        ("true_negatives", True), ("r2_score", True), ("top_k_categorical_accuracy", True),
    ],
)  # fmt: skip
def test_the_direction_is_told_by_the_name(monitor: str, rises: bool) -> None:
    stopping = callbacks.EarlyStopping(monitor, patience=1)
    epochs = train(stopping, WatchedModel(), [{monitor: value} for value in (1.0, 2.0, 3.0)])
    assert epochs == (3 if rises else 2)


def test_what_the_metric_says_of_itself_counts_more_than_its_name() -> None:
    model = WatchedModel([WatchedMetric("surprise", "up"), WatchedMetric("my_loss", "up")])
    for monitor in ("val_surprise", "my_loss"):
        stopping = callbacks.EarlyStopping(monitor, patience=1)
        assert train(stopping, model, [{monitor: value} for value in (1.0, 2.0, 3.0)]) == 3


def test_a_metric_that_tells_nothing_is_taken_as_falling_with_a_warning() -> None:
    stopping = callbacks.EarlyStopping("surprise", patience=1)
    with pytest.warns(callbacks.MonitorWarning, match="larger or a smaller 'surprise' is better"):
        epochs = train(stopping, WatchedModel(), [{"surprise": value} for value in (1.0, 2.0, 3.0)])
    assert epochs == 2


def test_a_mode_against_the_metric_is_warned_of_and_obeyed() -> None:
    stopping = callbacks.EarlyStopping("accuracy", patience=1, mode="min")
    model = WatchedModel([WatchedMetric("accuracy", "up")])
    with pytest.warns(callbacks.MonitorWarning, match=r"a larger accuracy is better.*mode='max'"):
        assert train(stopping, model, [{"accuracy": value} for value in (0.1, 0.2, 0.3)]) == 2


def test_an_unknown_mode_is_warned_of() -> None:
    with pytest.warns(callbacks.MonitorWarning, match="no mode 'maximum'"):
        callbacks.EarlyStopping(mode="maximum")


# -- a monitor that is not there -------------------------------------------------------------------


def test_a_missing_metric_is_said_once_with_the_names_there_are() -> None:
    stopping = callbacks.EarlyStopping("val_acc")
    logs = [{"accuracy": 0.5, "loss": 1.0, "val_accuracy": 0.5, "val_loss": 1.0}] * 3
    with pytest.warns(callbacks.MonitorWarning) as seen:
        assert train(stopping, WatchedModel(), logs) == 3
    assert [str(warning.message) for warning in seen] == [
        "EarlyStopping watches 'val_acc', which is not there: there are accuracy, loss, "
        "val_accuracy, val_loss. Did you mean 'val_accuracy'?"
    ]


def test_without_validation_the_warning_says_so() -> None:
    reducing = callbacks.ReduceLROnPlateau()
    with pytest.warns(callbacks.MonitorWarning, match="Nothing is validated: give fit validation"):
        train(reducing, WatchedModel(), [{"loss": 1.0}])


def test_validation_that_comes_only_sometimes_is_no_reason_to_warn() -> None:
    model = WatchedModel()
    model.will_validate = True
    logs = [{"loss": 1.0}, {"loss": 1.0, "val_loss": 1.0}] * 2
    assert train(callbacks.EarlyStopping(patience=5), model, logs) == 4


def test_a_metric_that_is_many_numbers_is_said_to_be() -> None:
    stopping = callbacks.EarlyStopping("per_class")
    with pytest.warns(callbacks.MonitorWarning, match="which is not one number"):
        train(stopping, WatchedModel(), [{"per_class": np.ones(3)}])


# -- ReduceLROnPlateau, LearningRateScheduler ------------------------------------------------------


@settings(max_examples=200)
@given(
    losses,
    st.integers(0, 3),
    st.integers(0, 2),
    st.sampled_from([0.0, 0.02]),
    st.sampled_from([1e-4, 0.06]),
)
def test_the_rate_falls_where_it_falls_in_keras(values, patience, cooldown, lowest, delta) -> None:
    options = {
        "patience": patience, "cooldown": cooldown, "min_lr": lowest, "factor": 0.5,
        "min_delta": delta,
    }  # fmt: skip
    rates = []
    for library in (callbacks, keras.callbacks):
        model = WatchedModel()
        history: list[float] = []
        callback = library.ReduceLROnPlateau(**options)
        callback.set_model(model)
        callback.on_train_begin()
        for epoch, logs in enumerate(as_logs(values)):
            callback.on_epoch_end(epoch, logs)
            history += [logs["learning_rate"], float(model.optimizer.learning_rate)]
        rates.append(history)
    assert rates[0] == rates[1]


def test_a_factor_of_one_is_refused_and_an_old_argument_explained() -> None:
    with pytest.raises(ValueError, match=r"factor lies below 1; it was 1\.0"):
        callbacks.ReduceLROnPlateau(factor=1.0)
    with pytest.warns(UserWarning, match=r"'epsilon'\. It is min_delta now"):
        callbacks.ReduceLROnPlateau(epsilon=0.1)


@pytest.mark.parametrize(
    "schedule", [lambda epoch: 0.5 / (epoch + 1), lambda epoch, rate: rate * 0.5, lambda _: 1]
)
def test_the_scheduled_rate_is_set_before_each_epoch_and_logged_after(schedule) -> None:
    seen = []
    for library in (callbacks, keras.callbacks):
        model = WatchedModel()
        callback = library.LearningRateScheduler(lambda *a, s=schedule: float(s(*a[: _args(s)])))
        callback.set_model(model)
        for epoch in range(3):
            callback.on_epoch_begin(epoch)
            logs = {"loss": 1.0}
            callback.on_epoch_end(epoch, logs)
            seen.append(logs)
    assert seen[:3] == seen[3:]


def _args(function) -> int:
    return function.__code__.co_argcount


def test_an_error_inside_a_schedule_is_not_swallowed() -> None:
    def schedule(epoch, rate):
        return rate + "a"

    callback = callbacks.LearningRateScheduler(schedule)
    callback.set_model(WatchedModel())
    with pytest.raises(TypeError, match="unsupported operand"):
        callback.on_epoch_begin(0)
    callback = callbacks.LearningRateScheduler(lambda epoch: None)
    callback.set_model(WatchedModel())
    with pytest.raises(ValueError, match="for epoch 0 it gave 'None'"):
        callback.on_epoch_begin(0)


def test_verbose_rates_are_said(capsys) -> None:
    callback = callbacks.LearningRateScheduler(lambda epoch: 0.25, verbose=1)
    train(callback, WatchedModel(), [{"loss": 1.0}])
    reducing = callbacks.ReduceLROnPlateau("loss", patience=1, factor=0.5, verbose=1)
    train(reducing, WatchedModel(rate=0.5), [{"loss": 1.0}] * 2)
    assert capsys.readouterr().out == (
        "Epoch 1: LearningRateScheduler setting learning rate to 0.25.\n"
        "Epoch 2: ReduceLROnPlateau reducing learning rate to 0.25.\n"
    )


# -- TerminateOnNaN, CSVLogger ---------------------------------------------------------------------


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_ends_training(loss: float, capsys) -> None:
    model = WatchedModel()
    callback = callbacks.TerminateOnNaN()
    callback.set_model(model)
    callback.on_train_batch_end(3, {"loss": 1.0})
    assert not model.stop_training
    callback.on_train_batch_end(4, {"loss": loss})
    assert model.stop_training
    assert capsys.readouterr().out == "Batch 4: Invalid loss, terminating training\n"
    with pytest.raises(RuntimeError, match=f"The loss is {loss} by batch 5"):
        callbacks.TerminateOnNaN(raise_error=True).on_train_batch_end(5, {"loss": loss})


@pytest.mark.parametrize("options", [{}, {"separator": ";"}, {"append": True}])
def test_rows_are_those_keras_writes(tmp_path, options) -> None:
    fits = [
        [{"loss": 1.0, "acc": 0.5}, {"loss": 0.5, "acc": 0.75}],
        [{"loss": 0.25, "val_loss": 1.0, "learning_rate": 0.1}, {"loss": 0.1}],
    ]
    texts = []
    for library in (callbacks, keras.callbacks):
        path = tmp_path / f"{library.__name__}.csv"
        logger = library.CSVLogger(path, **options)
        for epochs in fits:
            train(logger, WatchedModel(), epochs)
        texts.append(path.read_bytes())
    assert texts[0] == texts[1]
    rows = list(csv.reader(texts[0].decode().splitlines(), delimiter=options.get("separator", ",")))
    assert rows[0][0] == "epoch"
