"""History: what every epoch's metrics were."""

from __future__ import annotations

from typing import Any

from lanthorn.training.callbacks.callback import Callback, Logs


class History(Callback):
    """`fit` returns one.

    history: a list per metric, one entry for each epoch that measured it.
    epoch: the epochs, from 0.
    """

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs: Logs = None) -> None:
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        self.model.history = self
