"""ModelCheckpoint: keeps the model in a file while it trains."""

from __future__ import annotations

import os
import warnings
from string import Formatter
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.training.callbacks.callback import Logs
from lanthorn.training.callbacks.monitor import MonitorCallback
from lanthorn.training.progress import say
from lanthorn.words.nearest import did_you_mean


class ModelCheckpoint(MonitorCallback):
    """Saves the model, or its weights, after each epoch or each `save_freq` batches.

    filepath: ends in `.keras`, or `.weights.h5` for weights alone. It may hold `{epoch}` (from 1),
        `{batch}` and names of metrics: `"{epoch:02d}-{val_loss:.2f}.keras"`.
    save_best_only: only when `monitor` improves.
    initial_value_threshold: the value to beat first.
    A save that the disk refuses does not end training: a warning tells, the next save tries again,
    and the end says where the last good file is. A file is written whole or not at all.
    Raises: LanthornError for a file name no model can have; KeyError when it names a metric that
        is not measured.
    """

    def __init__(
        self,
        filepath: Any,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: str | int = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        super().__init__(monitor, mode, baseline=initial_value_threshold)
        self.filepath = checked_path(os.fspath(filepath), save_weights_only)
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.save_freq = checked_frequency(save_freq)
        self.epoch = 0
        self.batches_since_save = 0
        self.last_batch = -1
        self.last_saved: tuple[int, str] | None = None
        self.failures: list[OSError] = []

    def needs_every_batch(self, phase: str) -> bool:
        return phase == "train" and self.save_freq != "epoch"

    def on_train_begin(self, logs: Logs = None) -> None:
        self.failures = []
        if os.path.isdir(self.filepath):
            raise LanthornError(f"{self.filepath!r} is a folder: ModelCheckpoint wants a file.")

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self.epoch = epoch
        self.last_batch = -1

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        if self.save_freq == "epoch":
            return
        self.batches_since_save += batch - self.last_batch
        self.last_batch = batch
        if self.batches_since_save >= int(self.save_freq):
            self.batches_since_save = 0
            self._consider(self.epoch, logs or {}, batch=batch + 1)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.save_freq == "epoch":
            self._consider(epoch, logs or {})

    def on_train_end(self, logs: Logs = None) -> None:
        if not self.failures:
            return
        count = f"{len(self.failures)} save{'s' if len(self.failures) > 1 else ''} failed"
        if self.last_saved is None:
            say(f"ModelCheckpoint: {count}, and nothing was saved: {self.failures[-1]}")
        else:
            epoch, path = self.last_saved
            say(f"ModelCheckpoint: {count}. The last good one is of epoch {epoch + 1}: {path}")

    def _consider(self, epoch: int, logs: dict[str, Any], **places: int) -> None:
        path = filled_in(self.filepath, {**logs, "epoch": epoch + 1, **places})
        value = self.monitored(logs) if self.save_best_only else None
        if value is not None and not self.is_better(value, self.best):
            self._tell(epoch, f"{self.monitor} did not improve from {_five(self.best)}")
            return
        reason = ""
        if value is not None:
            reason = f"{self.monitor} improved from {_five(self.best)} to {_five(value)}, "
        self._tell(epoch, f"{reason}saving model to {path}")
        try:
            self._save(path)
        except OSError as error:
            self._failed(error, path)
            return
        self.last_saved = (epoch, path)
        if value is not None:
            self.best = value
        self._tell(epoch, f"finished saving model to {path}")

    def _save(self, path: str) -> None:
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)

    def _failed(self, error: OSError, path: str) -> None:
        if not self.failures:
            warnings.warn(
                f"ModelCheckpoint could not save to {path!r}: {error}. Training goes on, and the "
                "next save tries again.",
                stacklevel=2,
            )
        self.failures.append(error)

    def _tell(self, epoch: int, text: str) -> None:
        if self.verbose:
            say(f"Epoch {epoch + 1}: {text}")


def checked_path(path: str, weights_only: bool) -> str:
    if weights_only and not path.endswith(".weights.h5"):
        raise LanthornError(
            f"ModelCheckpoint(save_weights_only=True) writes a file that ends in '.weights.h5', "
            f"not {path!r}."
        )
    if not weights_only and not path.endswith((".keras", ".h5")):
        raise LanthornError(f"ModelCheckpoint's filepath ends in '.keras', not as in {path!r}.")
    return path


def checked_frequency(save_freq: Any) -> str | int:
    is_whole = hasattr(save_freq, "__index__") and not isinstance(save_freq, bool)
    if save_freq == "epoch" or (is_whole and save_freq >= 1):
        return save_freq
    raise LanthornError(f"save_freq is 'epoch' or a number of batches, not {save_freq!r}.")


def filled_in(pattern: str, values: dict[str, Any]) -> str:
    """The pattern with `{names}` replaced. Names only: no attributes, no items.

    Raises: KeyError for a name that is not there.
    Example:
        >>> filled_in("{epoch:02d}-{loss:.1f}.keras", {"epoch": 3, "loss": 0.25})
        '03-0.2.keras'
    """
    names = [name for _, name, _, _ in Formatter().parse(pattern) if name is not None]
    for name in names:
        if name not in values:
            raise KeyError(
                f"ModelCheckpoint's filepath {pattern!r} names {name!r}, but there are only "
                f"{', '.join(values)}{did_you_mean(name, values)}"
            )
    return pattern.format(**values)


def _five(value: Any) -> str:
    return "None" if value is None else f"{value:.5f}"
