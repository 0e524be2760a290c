"""Callback: what is told of each step of training."""

from __future__ import annotations

from typing import Any

Logs = dict[str, Any] | None

BATCH_HOOKS = {
    "train": ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end"),
    "test": ("on_test_batch_begin", "on_test_batch_end"),
    "predict": ("on_predict_batch_begin", "on_predict_batch_end"),
}


class Callback:
    """Override the hooks you want to hear. All others do nothing.

    In `fit`: on_train_begin, then for each epoch on_epoch_begin, each batch's on_train_batch_begin
    and on_train_batch_end, validation's on_test_*, on_epoch_end; last on_train_end. Epochs and
    batches count from 0.
    model: the model in training; `model.stop_training = True` ends it after this batch.
    params: `{"verbose", "epochs", "steps"}`.
    A callback that overrides no batch hook lets training run many steps in one compiled call.
    Example:
        >>> class Shout(Callback):
        ...     def on_epoch_end(self, epoch, logs=None):
        ...         print(f"epoch {epoch}: {logs['loss']:.2f}")
        >>> Shout().on_epoch_end(0, {"loss": 0.5})
        epoch 0: 0.50
    """

    def __init__(self) -> None:
        self.params: dict[str, Any] | None = None
        self._model: Any = None

    def set_params(self, params: dict[str, Any]) -> None:
        self.params = params

    def set_model(self, model: Any) -> None:
        self._model = model

    @property
    def model(self) -> Any:
        return self._model

    def needs_every_batch(self, phase: str) -> bool:
        """Whether this callback must hear of each batch of `"train"`, `"test"` or `"predict"`."""
        return any(hears(self, hook) for hook in BATCH_HOOKS[phase])

    def on_train_begin(self, logs: Logs = None) -> None: ...

    def on_train_end(self, logs: Logs = None) -> None: ...

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None: ...

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None: ...

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.on_batch_end(batch, logs=logs)

    def on_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Another name for on_train_batch_begin."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Another name for on_train_batch_end."""

    def on_test_begin(self, logs: Logs = None) -> None: ...

    def on_test_end(self, logs: Logs = None) -> None: ...

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None: ...

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None: ...

    def on_predict_begin(self, logs: Logs = None) -> None: ...

    def on_predict_end(self, logs: Logs = None) -> None: ...

    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None: ...

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None: ...


def hears(callback: Any, hook: str) -> bool:
    """Whether a hook is the callback's own, in its class or set on the object."""
    if hook in vars(callback):
        return True
    return getattr(type(callback), hook, None) is not getattr(Callback, hook)
