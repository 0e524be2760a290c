"""ReduceLROnPlateau: smaller steps when a metric no longer improves."""

from __future__ import annotations

import warnings
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.training.callbacks.callback import Logs
from lanthorn.training.callbacks.learning_rate_scheduler import learning_rate_of
from lanthorn.training.callbacks.monitor import MonitorCallback
from lanthorn.training.progress import say
from lanthorn.words.nearest import did_you_mean

SETTINGS = ("monitor", "factor", "patience", "verbose", "mode", "min_delta", "cooldown", "min_lr")


class ReduceLROnPlateau(MonitorCallback):
    """`learning_rate *= factor` after `patience` epochs in which `monitor` did not improve.

    cooldown: epochs after a reduction that do not count. min_lr: the rate never falls below it.
    The rate of each epoch is put into the logs as `learning_rate`.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 0.0001,
        cooldown: int = 0,
        min_lr: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(monitor, mode, min_delta=min_delta)
        if factor >= 1.0:
            raise LanthornError(f"ReduceLROnPlateau's factor lies below 1; it was {factor}.")
        for name in kwargs:
            hint = ". It is min_delta now." if name == "epsilon" else did_you_mean(name, SETTINGS)
            warnings.warn(f"ReduceLROnPlateau has no argument {name!r}{hint}", stacklevel=2)
        self.factor = factor
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.cooldown_counter = 0
        self.wait = 0

    def on_train_begin(self, logs: Logs = None) -> None:
        self.best = None
        self.cooldown_counter = 0
        self.wait = 0

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        logs = logs if logs is not None else {}
        logs["learning_rate"] = learning_rate_of(self.model)
        value = self.monitored(logs)
        if value is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
        if self.is_better(value, self.best):
            self.best = value
            self.wait = 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience and self._reduce(epoch):
                self.cooldown_counter = self.cooldown
                self.wait = 0

    def in_cooldown(self) -> bool:
        return self.cooldown_counter > 0

    def _reduce(self, epoch: int) -> bool:
        import numpy as np

        old = learning_rate_of(self.model)
        if old <= np.float32(self.min_lr):  # the rate is kept in float32: equal means equal there
            return False
        new = max(old * self.factor, self.min_lr)
        self.model.optimizer.learning_rate = new
        if self.verbose:
            say(f"Epoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {new}.")
        return True
