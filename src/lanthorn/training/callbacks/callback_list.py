"""CallbackList: several callbacks told as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.training.callbacks.callback import Callback, Logs
from lanthorn.training.callbacks.history import History
from lanthorn.training.callbacks.progbar_logger import ProgbarLogger


class CallbackList(Callback):
    """Tells each callback in order: the user's, then History, then the progress bar.

    callbacks: one callback or nested lists of them.
    Raises: LanthornError for what is not a callback.
    """

    def __init__(
        self,
        callbacks: Any = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        super().__init__()
        self.callbacks = [checked(callback) for callback in _flat(callbacks)]
        if add_history and self._first(History) is None:
            self.callbacks.append(History())
        if add_progbar and self._first(ProgbarLogger) is None:
            self.callbacks.append(ProgbarLogger())
        self.set_model(model)
        self.set_params(params)

    def _first(self, kind: type) -> Any:
        return next((found for found in self.callbacks if isinstance(found, kind)), None)

    @property
    def needs_batches(self) -> bool:
        """Whether training must stop after each batch to tell somebody."""
        return self.needs_every_batch("train")

    @property
    def needs_test_batches(self) -> bool:
        return self.needs_every_batch("test")

    @property
    def needs_predict_batches(self) -> bool:
        return self.needs_every_batch("predict")

    def needs_every_batch(self, phase: str) -> bool:
        return any(callback.needs_every_batch(phase) for callback in self.callbacks)

    def set_params(self, params: dict[str, Any]) -> None:
        self.params = params
        if params:
            for callback in self.callbacks:
                callback.set_params(params)

    def set_model(self, model: Any) -> None:
        if model is None:
            return
        super().set_model(model)
        history = self._first(History)
        if history is not None:
            model.history = history
        for callback in self.callbacks:
            callback.set_model(model)

    def tell(self, hook: str, *place: int, logs: Logs) -> None:
        """Call one hook of each callback with the same dict, which they may add to."""
        numbers = plain_logs(logs)
        for callback in self.callbacks:
            getattr(callback, hook)(*place, numbers)

    def on_train_begin(self, logs: Logs = None) -> None:
        self.tell("on_train_begin", logs=logs)

    def on_train_end(self, logs: Logs = None) -> None:
        self.tell("on_train_end", logs=logs)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self.tell("on_epoch_begin", epoch, logs=logs)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.tell("on_epoch_end", epoch, logs=logs)

    def on_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self.tell("on_batch_begin", batch, logs=logs)

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.tell("on_batch_end", batch, logs=logs)

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self.tell("on_train_batch_begin", batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.tell("on_train_batch_end", batch, logs=logs)

    def on_test_begin(self, logs: Logs = None) -> None:
        self.tell("on_test_begin", logs=logs)

    def on_test_end(self, logs: Logs = None) -> None:
        self.tell("on_test_end", logs=logs)

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self.tell("on_test_batch_begin", batch, logs=logs)

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.tell("on_test_batch_end", batch, logs=logs)

    def on_predict_begin(self, logs: Logs = None) -> None:
        self.tell("on_predict_begin", logs=logs)

    def on_predict_end(self, logs: Logs = None) -> None:
        self.tell("on_predict_end", logs=logs)

    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self.tell("on_predict_batch_begin", batch, logs=logs)

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.tell("on_predict_batch_end", batch, logs=logs)


def checked(callback: Any) -> Callback:
    """The callback itself. Raises: LanthornError when it is something else."""
    if isinstance(callback, Callback):
        return callback
    if isinstance(callback, type) and issubclass(callback, Callback):
        name = callback.__name__
        raise LanthornError(f"{name} is a class: write callbacks=[{name}(...)], with brackets.")
    raise LanthornError(
        f"callbacks hold {str(callback)[:80]!r} ({type(callback).__name__}), which is not a "
        "callback. A function goes into LambdaCallback(on_epoch_end=...)."
    )


def plain_logs(logs: Logs) -> dict[str, Any]:
    """A new dict in alphabetical order, of Python floats where floats can be had."""
    found: dict[str, Any] = {}
    for name, value in sorted((logs or {}).items()):
        if isinstance(value, dict):
            found |= plain_logs(value)
            continue
        try:
            found[name] = float(value)
        except (TypeError, ValueError):
            found[name] = value
    return found


def _flat(callbacks: Any) -> Iterator[Any]:
    if isinstance(callbacks, list | tuple):
        for item in callbacks:
            yield from _flat(item)
    elif callbacks is not None:
        yield callbacks
