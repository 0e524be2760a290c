"""MonitorCallback: watches one metric and knows which way is better."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator
from typing import Any

from lanthorn.training.callbacks.callback import Callback, Logs
from lanthorn.words.nearest import did_you_mean

FALLING = (
    "loss", "error", "entropy", "divergence", "perplexity", "deviance", "hinge", "poisson",
    "logcosh", "distance", "brier",
)  # fmt: skip
RISING = (
    "accuracy", "precision", "recall", "similarity", "correlation", "score", "sensitivity",
    "specificity", "reward",
)  # fmt: skip
"""Parts of a metric's name that tell whether less or more of it is better."""

FALLING_WORDS = frozenset("mse mae mape msle rmse nll kl kld wer cer fid fp fn false".split())
RISING_WORDS = frozenset(
    "acc auc auroc auprc f1 f2 iou miou map ap dice r2 psnr ssim bleu rouge topk tp tn true".split()
)
"""Short ones, which count only between underscores."""


class MonitorWarning(UserWarning):
    """A callback watches a metric that is not there, or that it cannot judge.

    Silence it: `warnings.filterwarnings("ignore", category=lanthorn.callbacks.MonitorWarning)`.
    """


class MonitorCallback(Callback):
    """The base of callbacks that act when a metric improves or stops improving.

    monitor: the metric's name in the logs.
    mode: `"min"`, `"max"`, or `"auto"`: as the metric says of itself, else as its name tells.
    baseline: the value to beat first. min_delta: smaller improvements count as none.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        mode: str = "auto",
        baseline: float | None = None,
        min_delta: float = 0,
    ) -> None:
        super().__init__()
        if mode not in ("auto", "min", "max"):
            self.warn(f"has no mode {mode!r}; it is 'min', 'max' or 'auto', and 'auto' is taken.")
            mode = "auto"
        self.monitor = monitor
        self.mode = mode
        self.best = baseline
        self.min_delta = abs(min_delta)
        self.direction: str | None = None
        self.has_seen = False
        self.has_warned = False

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        self.direction = None
        self.has_seen = self.has_warned = False

    def monitored(self, logs: Logs) -> float | None:
        """The watched value, or None: the first time, a warning says what there is instead."""
        value = (logs or {}).get(self.monitor)
        if value is None:
            if not self.has_seen and not self._will_come(logs or {}):
                self._warn_once(missing(self.monitor, list(logs or {})))
            return None
        try:
            value = float(value)
        except (TypeError, ValueError):
            self._warn_once(f"watches {self.monitor!r}, which is not one number but {value!r}.")
            return None
        self.has_seen = True
        if self.direction is None:
            self.direction = self._direction()
        return value

    def is_better(self, value: float, reference: float | None) -> bool:
        """Whether `value` beats `reference` by more than `min_delta`. Any number beats NaN."""
        if reference is None:
            return True
        if math.isnan(reference):
            return not math.isnan(value)
        if self.direction == "max":
            return value > reference + self.min_delta
        return value < reference - self.min_delta

    def warn(self, text: str) -> None:
        warnings.warn(f"{type(self).__name__} {text}", MonitorWarning, stacklevel=2)

    def _warn_once(self, text: str) -> None:
        if not self.has_warned:
            self.has_warned = True
            self.warn(text)

    def _direction(self) -> str:
        known = said_by_metric(self.model, self.monitor)
        if self.mode != "auto":
            if known is not None and known != self.mode:
                better = "smaller" if known == "min" else "larger"
                self.warn(
                    f"watches {self.monitor!r} with mode={self.mode!r}, but a {better} "
                    f"{self.monitor} is better. Leave mode out, or say mode={known!r}."
                )
            return self.mode
        known = known or told_by_name(self.monitor)
        if known is None:
            self.warn(
                f"cannot tell whether a larger or a smaller {self.monitor!r} is better, and takes "
                "smaller as better. Say mode='max' or mode='min'."
            )
        return known or "min"

    def _will_come(self, logs: dict[str, Any]) -> bool:
        """Whether validation is still ahead, as with validation_freq."""
        if not self.monitor.startswith("val_") or any(name.startswith("val_") for name in logs):
            return False
        return bool(getattr(self.model, "will_validate", False))


def missing(monitor: str, names: list[str]) -> str:
    """What to say when the watched metric is not in the logs."""
    text = f"watches {monitor!r}, which is not there"
    if not names:
        return f"{text}: nothing was measured."
    text += f": there are {', '.join(names)}"
    plain = monitor.removeprefix("val_")
    if plain != monitor and not any(name.startswith("val_") for name in names):
        return (
            f"{text}. Nothing is validated: give fit validation_data or validation_split, or watch "
            f"{plain if plain in names else names[0]!r}."
        )
    return text + (did_you_mean(monitor, names) or ".")


def said_by_metric(model: Any, monitor: str) -> str | None:
    """`"min"` or `"max"` as the metric object of that name says."""
    name = monitor.removeprefix("val_")
    if name == "loss":
        return "min"
    for metric in _metrics(getattr(model, "metrics", None) or ()):
        direction = getattr(metric, "_direction", None)
        if metric.name == name and direction is not None:
            return "max" if direction == "up" else "min"
    return None


def told_by_name(monitor: str) -> str | None:
    """`"min"` or `"max"` as a metric's name tells; None when it does not.

    Example:
        >>> told_by_name("val_loss"), told_by_name("my_acc"), told_by_name("surprise")
        ('min', 'max', None)
    """
    name = monitor.lower()
    words = set(re.split(r"[^a-z0-9]+", name))
    if any(part in name for part in FALLING) or words & FALLING_WORDS:
        return "min"
    if any(part in name for part in RISING) or words & RISING_WORDS:
        return "max"
    return None


def _metrics(metrics: Any) -> Iterator[Any]:
    for metric in metrics:
        yield metric
        yield from _metrics(getattr(metric, "metrics", None) or ())
