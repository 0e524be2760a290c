"""A model as callbacks see it."""

from __future__ import annotations

import os
from typing import Any

import numpy as np


class WatchedMetric:
    def __init__(self, name: str, direction: str | None = None) -> None:
        self.name = name
        if direction is not None:
            self._direction = direction


class WatchedOptimizer:
    name = "optimizer"

    def __init__(self, learning_rate: float) -> None:
        self._rate = np.float32(learning_rate)

    @property
    def learning_rate(self) -> Any:
        return self._rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._rate = np.float32(value)


class WatchedModel:
    """Its one weight is the epoch it was trained to."""

    def __init__(self, metrics: list[WatchedMetric] | None = None, rate: float = 0.1) -> None:
        self.metrics = metrics or []
        self.optimizer = WatchedOptimizer(rate)
        self.stop_training = False
        self.history: Any = None
        self.weight = -1
        self.saved: list[str] = []
        self.broken_saves: list[OSError] = []

    def get_weights(self) -> list[Any]:
        return [self.weight]

    def set_weights(self, weights: list[Any]) -> None:
        (self.weight,) = weights

    def save(self, path: str, overwrite: bool = False) -> None:
        if self.broken_saves:
            raise self.broken_saves.pop(0)
        with open(path, "w") as file:
            file.write(str(self.weight))
        self.saved.append(os.path.basename(path))

    save_weights = save


def train(callback: Any, model: WatchedModel, epochs: list[dict[str, float]]) -> int:
    """Run a callback through the epochs' logs; returns how many epochs were trained."""
    callback.set_model(model)
    callback.on_train_begin({})
    done = 0
    for epoch, logs in enumerate(epochs):
        callback.on_epoch_begin(epoch, {})
        model.weight = epoch
        callback.on_epoch_end(epoch, dict(logs))
        done = epoch + 1
        if model.stop_training:
            break
    callback.on_train_end({})
    return done
