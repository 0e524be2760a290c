"""ProgbarLogger: the progress of fit, evaluate and predict on the screen."""

from __future__ import annotations

from typing import Any

from lanthorn.engine import defaults
from lanthorn.training.callbacks.callback import Callback, Logs
from lanthorn.training.progress import Progbar, say


class ProgbarLogger(Callback):
    """Draws a `Progbar` as `verbose` says. `fit` adds one itself."""

    def __init__(self) -> None:
        super().__init__()
        self.verbose = 1
        self.epochs = 1
        self.target: int | None = None
        self.seen = 0
        self.progbar: Progbar | None = None
        self.is_in_fit = False

    def needs_every_batch(self, phase: str) -> bool:
        return False  # it shows how far training has come, whenever it is told

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params(params)
        verbose = params.get("verbose", 1)
        auto = 1 if defaults.interactive_logging() else 2
        self.verbose = auto if verbose == "auto" else verbose
        self.epochs = params.get("epochs", 1)
        self.target = params.get("steps")

    def on_train_begin(self, logs: Logs = None) -> None:
        self.is_in_fit = True

    def on_train_end(self, logs: Logs = None) -> None:
        self.is_in_fit = False

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if self.verbose and self.epochs > 1:
            say(f"Epoch {epoch + 1}/{self.epochs}")
        self._begin()

    def on_test_begin(self, logs: Logs = None) -> None:
        if not self.is_in_fit:
            self._begin()

    def on_predict_begin(self, logs: Logs = None) -> None:
        self._begin()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._show(batch, logs)

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        if not self.is_in_fit:
            self._show(batch, logs)

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._show(batch, None)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._end(logs)

    def on_test_end(self, logs: Logs = None) -> None:
        if not self.is_in_fit:
            self._end(logs)

    def on_predict_end(self, logs: Logs = None) -> None:
        self._end(None)

    def _begin(self) -> None:
        self.seen = 0
        # metrics come as means over the epoch so far: shown as they are
        self.progbar = Progbar(self.target, verbose=self.verbose, stateless_metrics=())

    def _show(self, batch: int, logs: Logs) -> None:
        self.seen = batch + 1
        if self.progbar is not None:
            self.progbar.update(self.seen, (logs or {}).items(), finalize=False)

    def _end(self, logs: Logs) -> None:
        if self.progbar is None:
            return
        if self.target is None:
            self.target = self.progbar.target = self.seen  # the next epoch will have as many
        self.progbar.update(self.seen or self.target, (logs or {}).items(), finalize=True)
