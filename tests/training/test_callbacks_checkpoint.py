"""ModelCheckpoint: what is saved when, under which name, and what a full disk does."""

import errno

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanthorn.training import callbacks
from training.watched import WatchedModel, train

FULL = OSError(errno.ENOSPC, "No space left on device")


@given(
    st.lists(st.sampled_from([0.1, 0.2, 0.3]), min_size=1, max_size=8),
    st.booleans(),
    st.sampled_from([None, 0.15]),
)
def test_it_saves_when_keras_saves(tmp_path_factory, values, best_only, threshold) -> None:
    folder = tmp_path_factory.mktemp("saves")
    saved = []
    for library in (callbacks, keras.callbacks):
        model = WatchedModel()
        path = folder / library.__name__ / "{epoch:02d}-{val_loss:.2f}.keras"
        checkpoint = library.ModelCheckpoint(
            path, save_best_only=best_only, initial_value_threshold=threshold
        )
        train(checkpoint, model, [{"val_loss": value} for value in values])
        saved.append(model.saved)
    assert saved[0] == saved[1]


@pytest.mark.parametrize("frequency", [1, 2, 3, 5])
def test_it_saves_every_so_many_batches_across_epochs_as_keras_does(tmp_path, frequency) -> None:
    saved = []
    for library in (callbacks, keras.callbacks):
        model = WatchedModel()
        checkpoint = library.ModelCheckpoint(
            tmp_path / "{epoch}-{batch}.keras", save_freq=frequency
        )
        checkpoint.set_model(model)
        checkpoint.on_train_begin()
        for epoch in range(3):
            checkpoint.on_epoch_begin(epoch)
            for batch in range(4):
                checkpoint.on_train_batch_end(batch, {"loss": 1.0})
            checkpoint.on_epoch_end(epoch, {"loss": 1.0})
        saved.append(model.saved)
    assert saved[0] == saved[1]


@pytest.mark.parametrize(
    ("path", "options", "text"),
    [
        ("model", {}, "ends in '.keras'"),
        ("model.keras", {"save_weights_only": True}, "'.weights.h5', not 'model.keras'"),
        ("model.keras", {"save_freq": "batch"}, "save_freq is 'epoch' or a number of batches"),
        ("model.keras", {"save_freq": 0}, "save_freq is 'epoch' or a number of batches"),
    ],
)
def test_a_name_or_frequency_that_cannot_be_is_refused_before_training(path, options, text) -> None:
    with pytest.raises(ValueError, match=text):
        callbacks.ModelCheckpoint(path, **options)


def test_a_folder_is_refused_before_training(tmp_path) -> None:
    (tmp_path / "model.keras").mkdir()
    checkpoint = callbacks.ModelCheckpoint(tmp_path / "model.keras")
    with pytest.raises(ValueError, match="is a folder"):
        checkpoint.on_train_begin()


def test_a_metric_in_the_name_that_is_not_there_gets_a_suggestion(tmp_path) -> None:
    checkpoint = callbacks.ModelCheckpoint(tmp_path / "{val_acc:.2f}.keras")
    with pytest.raises(KeyError, match=r"names 'val_acc'.*Did you mean 'val_accuracy'"):
        train(checkpoint, WatchedModel(), [{"val_accuracy": 0.5}])


@pytest.mark.parametrize("pattern", ["{epoch.__class__}.keras", "{epoch[0]}.keras"])
def test_a_name_reaches_no_attributes(pattern: str, tmp_path) -> None:
    checkpoint = callbacks.ModelCheckpoint(tmp_path / pattern)
    with pytest.raises(KeyError):
        train(checkpoint, WatchedModel(), [{"loss": 0.5}])


def test_a_full_disk_does_not_end_training_and_the_end_says_what_is_good(tmp_path, capsys) -> None:
    model = WatchedModel()
    checkpoint = callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras")
    epochs = [{"val_loss": 0.1}] * 4
    checkpoint.set_model(model)
    checkpoint.on_train_begin()
    with pytest.warns(UserWarning) as seen:
        for epoch, logs in enumerate(epochs):
            if epoch == 2:
                model.broken_saves = [FULL, FULL]
            checkpoint.on_epoch_end(epoch, logs)
    checkpoint.on_train_end()
    assert len(seen) == 1 and "No space left on device" in str(seen[0].message)
    assert model.saved == ["1.keras", "2.keras"]
    said = capsys.readouterr().out
    assert said.startswith("ModelCheckpoint: 2 saves failed. The last good one is of epoch 2: ")
    assert said.endswith("2.keras\n")


def test_a_best_model_that_could_not_be_saved_is_not_taken_for_saved(tmp_path, capsys) -> None:
    model = WatchedModel()
    model.broken_saves = [FULL]
    checkpoint = callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras", save_best_only=True)
    with pytest.warns(UserWarning, match="the next save tries again"):
        train(checkpoint, model, [{"val_loss": value} for value in (0.1, 0.2, 0.3)])
    assert model.saved == ["2.keras"], "0.2 is the best that the disk holds"
    assert checkpoint.best == 0.2


def test_when_nothing_could_be_saved_the_end_says_so(tmp_path, capsys) -> None:
    model = WatchedModel()
    model.broken_saves = [FULL]
    with pytest.warns(UserWarning, match="Training goes on"):
        train(callbacks.ModelCheckpoint(tmp_path / "a.keras"), model, [{"val_loss": 1.0}])
    assert "1 save failed, and nothing was saved" in capsys.readouterr().out


def test_without_its_metric_it_saves_every_epoch_and_warns(tmp_path) -> None:
    model = WatchedModel()
    checkpoint = callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras", save_best_only=True)
    with pytest.warns(callbacks.MonitorWarning, match="watches 'val_loss', which is not there"):
        train(checkpoint, model, [{"loss": 1.0}] * 2)
    assert model.saved == ["1.keras", "2.keras"]


def test_verbose_says_what_improved(tmp_path, capsys) -> None:
    checkpoint = callbacks.ModelCheckpoint(
        tmp_path / "a.weights.h5", save_best_only=True, save_weights_only=True, verbose=1
    )
    train(checkpoint, WatchedModel(), [{"val_loss": value} for value in (0.5, 0.25, 0.75)])
    path = tmp_path / "a.weights.h5"
    assert capsys.readouterr().out.splitlines() == [
        f"Epoch 1: val_loss improved from None to 0.50000, saving model to {path}",
        f"Epoch 1: finished saving model to {path}",
        f"Epoch 2: val_loss improved from 0.50000 to 0.25000, saving model to {path}",
        f"Epoch 2: finished saving model to {path}",
        "Epoch 3: val_loss did not improve from 0.25000",
    ]
