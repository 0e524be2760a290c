"""TerminateOnNaN: ends training when the loss is no longer a number."""

from __future__ import annotations

import math

from lanthorn.training.callbacks.callback import Callback, Logs
from lanthorn.training.progress import say


class TerminateOnNaN(Callback):
    """Stops when the loss is NaN or infinite; the mean over the epoch stays so once it is.

    raise_error: raise a RuntimeError, so that what would run after training does not.
    """

    def __init__(self, raise_error: bool = False) -> None:
        super().__init__()
        self.raise_error = raise_error

    def needs_every_batch(self, phase: str) -> bool:
        return False  # a mean that is NaN stays NaN: nothing is missed by looking less often

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise RuntimeError(f"The loss is {loss} by batch {batch}: training ends here.")
        say(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True
