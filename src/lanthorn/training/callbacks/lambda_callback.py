"""LambdaCallback: functions as hooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.training.callbacks.callback import BATCH_HOOKS, Callback
from lanthorn.words.nearest import did_you_mean

Hook = Callable[..., Any] | None


class LambdaCallback(Callback):
    """Calls the functions given: `on_epoch_*(epoch, logs)`, `on_*_batch_*(batch, logs)`,
    `on_train_*(logs)`, and the hooks of test and predict likewise.

    Raises: LanthornError for a hook that nobody calls.
    Example:
        >>> callback = LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"]))
        >>> callback.on_epoch_end(0, {"loss": 0.5})
        0 0.5
    """

    def __init__(
        self,
        on_epoch_begin: Hook = None,
        on_epoch_end: Hook = None,
        on_train_begin: Hook = None,
        on_train_end: Hook = None,
        on_train_batch_begin: Hook = None,
        on_train_batch_end: Hook = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        named = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
        }
        for name in kwargs:
            if name.startswith("on_") and name not in HOOKS:
                raise LanthornError(f"There is no hook called {name!r}{did_you_mean(name, HOOKS)}")
        for name, value in {**named, **kwargs}.items():
            if value is not None:
                setattr(self, name, value)


HOOKS = (
    "on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end", "on_test_begin",
    "on_test_end", "on_predict_begin", "on_predict_end",
    *(hook for hooks in BATCH_HOOKS.values() for hook in hooks),
)  # fmt: skip
