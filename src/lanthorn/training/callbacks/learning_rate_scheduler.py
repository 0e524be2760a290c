"""LearningRateScheduler: a learning rate for each epoch."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.training.callbacks.callback import Callback, Logs
from lanthorn.training.progress import say


class LearningRateScheduler(Callback):
    """Sets `learning_rate = schedule(epoch, learning_rate)` before each epoch.

    schedule: a function of the epoch, from 0, and if it takes two arguments the rate so far.
    The rate of each epoch is put into the logs as `learning_rate`.
    Raises: LanthornError when the schedule gives no number.
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if takes_two(self.schedule):
            rate = self.schedule(epoch, learning_rate_of(self.model))
        else:
            rate = self.schedule(epoch)
        try:
            rate = float(rate)
        except (TypeError, ValueError):
            raise LanthornError(
                f"The schedule of LearningRateScheduler gives a number; for epoch {epoch} it gave "
                f"{str(rate)[:80]!r} ({type(rate).__name__})."
            ) from None
        self.model.optimizer.learning_rate = rate
        if self.verbose:
            say(f"Epoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate}.")

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs is not None:
            logs["learning_rate"] = learning_rate_of(self.model)


def learning_rate_of(model: Any) -> float:
    return float(model.optimizer.learning_rate)


def takes_two(function: Callable[..., Any]) -> bool:
    """Whether a function wants the epoch and the rate, or the epoch alone."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some built-in functions do not tell
        return False
    try:
        signature.bind(0, 0.0)
    except TypeError:
        return False
    return True
