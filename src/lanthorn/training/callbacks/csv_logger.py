"""CSVLogger: each epoch's metrics as a row of a file."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from typing import Any

from lanthorn.training.callbacks.callback import Callback, Logs


class CSVLogger(Callback):
    """Writes epoch and metrics to `filename`, a row per epoch, as they come.

    The columns are those of the first epoch, with `val_` columns beside them; a value that is not
    measured later is `NA`.
    append: go on with a file that is there, without a second header.
    """

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        super().__init__()
        self.filename = os.fspath(filename)
        self.sep = separator
        self.append = append
        self.keys: list[str] | None = None
        self.csv_file: Any = None
        self.writer: Any = None

    def on_train_begin(self, logs: Logs = None) -> None:
        self._close()
        self.has_header = self.append and _has_text(self.filename)
        self.csv_file = open(self.filename, "a" if self.append else "w", newline="")
        self.keys = None

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        logs = logs or {}
        if self.keys is None:
            self._begin(logs)
        values = [_cell(logs.get(key, "NA")) for key in self.keys or ()]
        self.writer.writerow([epoch, *values])
        self.csv_file.flush()

    def on_train_end(self, logs: Logs = None) -> None:
        self._close()

    def _begin(self, logs: dict[str, Any]) -> None:
        self.keys = sorted(logs)
        if not any(key.startswith("val_") for key in self.keys):
            self.keys += [f"val_{key}" for key in self.keys]
        self.writer = csv.writer(self.csv_file, delimiter=self.sep)
        if not self.has_header:
            self.writer.writerow(["epoch", *self.keys])

    def _close(self) -> None:
        if self.csv_file is not None:
            self.csv_file.close()
        self.csv_file = self.writer = None


def _cell(value: Any) -> Any:
    """A list of numbers in one cell, as Keras quotes it."""
    if isinstance(value, str) or not isinstance(value, Iterable) or getattr(value, "ndim", 1) == 0:
        return value
    return f'"[{", ".join(map(str, value))}]"'


def _has_text(filename: str) -> bool:
    return os.path.exists(filename) and os.path.getsize(filename) > 0
