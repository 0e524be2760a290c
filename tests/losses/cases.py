"""Every loss with settings worth comparing, and data of the form it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Draw = np.random.Generator


class Case(NamedTuple):
    name: str
    settings: dict[str, Any]
    data: Callable[[Draw, tuple[int, ...]], tuple[np.ndarray, np.ndarray]]


def numbers(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    return _floats(draw.normal(size=shape) * 2), _floats(draw.normal(size=shape) * 2)


def positive(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.abs(values) for values in numbers(draw, shape))  # type: ignore[return-value]


def bits(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Targets 0 and 1, predictions within 0 and 1, both ends among them."""
    y_pred = np.clip(draw.uniform(-0.1, 1.1, size=shape), 0, 1)
    return _floats(draw.integers(0, 2, size=shape)), _floats(y_pred)


def bits_and_logits(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    return _floats(draw.integers(0, 2, size=shape)), _floats(draw.normal(size=shape) * 4)


def signs(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    return _floats(draw.integers(0, 2, size=shape) * 2 - 1), _floats(draw.normal(size=shape))


def one_hot(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    ids, scores = class_numbers(draw, shape)
    return np.eye(scores.shape[-1], dtype="float32")[ids], scores


def one_hot_and_logits(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    ids, scores = class_numbers_and_logits(draw, shape)
    return np.eye(scores.shape[-1], dtype="float32")[ids], scores


def class_numbers(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Class numbers, and shares that do not quite add up to 1."""
    shape = (*shape[:-1], shape[-1] + 1)
    ids = draw.integers(0, shape[-1], size=shape[:-1])
    return ids, _floats(draw.uniform(0.01, 1, size=shape))


def class_numbers_and_logits(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    ids, scores = class_numbers(draw, shape)
    return ids, _floats(draw.normal(size=scores.shape) * 3)


def _floats(values: Any) -> np.ndarray:
    return np.asarray(values, "float32")


CASES = [
    Case("MeanSquaredError", {}, numbers),
    Case("MeanAbsoluteError", {}, numbers),
    Case("MeanAbsolutePercentageError", {}, numbers),
    Case("MeanSquaredLogarithmicError", {}, positive),
    Case("LogCosh", {}, numbers),
    Case("Huber", {}, numbers),
    Case("Huber", {"delta": 0.3}, numbers),
    Case("CosineSimilarity", {}, numbers),
    Case("Hinge", {}, signs),
    Case("Hinge", {}, bits_and_logits),
    Case("SquaredHinge", {}, signs),
    Case("SquaredHinge", {}, bits_and_logits),
    Case("CategoricalHinge", {}, one_hot_and_logits),
    Case("KLDivergence", {}, bits),
    Case("Poisson", {}, positive),
    Case("BinaryCrossentropy", {}, bits),
    Case("BinaryCrossentropy", {"from_logits": True}, bits_and_logits),
    Case("BinaryCrossentropy", {"label_smoothing": 0.2}, bits),
    Case("BinaryFocalCrossentropy", {}, bits),
    Case("BinaryFocalCrossentropy", {"apply_class_balancing": True, "alpha": 0.4}, bits),
    Case("BinaryFocalCrossentropy", {"from_logits": True, "gamma": 1.5}, bits_and_logits),
    Case("BinaryFocalCrossentropy", {"label_smoothing": 0.1}, bits),
    Case("CategoricalCrossentropy", {}, one_hot),
    Case("CategoricalCrossentropy", {"from_logits": True}, one_hot_and_logits),
    Case("CategoricalCrossentropy", {"label_smoothing": 0.2}, one_hot),
    Case("CategoricalFocalCrossentropy", {}, one_hot),
    Case("CategoricalFocalCrossentropy", {"from_logits": True}, one_hot_and_logits),
    Case("CategoricalFocalCrossentropy", {"alpha": 0.5, "label_smoothing": 0.1}, one_hot),
    Case("SparseCategoricalCrossentropy", {}, class_numbers),
    Case("SparseCategoricalCrossentropy", {"from_logits": True}, class_numbers_and_logits),
    Case("SparseCategoricalCrossentropy", {"ignore_class": 1}, class_numbers),
    Case("SparseCategoricalCrossentropy", {"ignore_class": -1}, class_numbers),
    Case("CategoricalGeneralizedCrossEntropy", {"q": 0.7}, class_numbers),
    Case("Dice", {}, bits),
    Case("Dice", {"axis": -1}, bits),
    Case("Tversky", {}, bits),
    Case("Tversky", {"alpha": 0.3, "beta": 0.7, "axis": -1}, bits),
]

IDS = [f"{case.name}-{case.data.__name__}-{case.settings}" for case in CASES]

FUNCTIONS = {
    "MeanSquaredError": "mean_squared_error",
    "MeanAbsoluteError": "mean_absolute_error",
    "MeanAbsolutePercentageError": "mean_absolute_percentage_error",
    "MeanSquaredLogarithmicError": "mean_squared_logarithmic_error",
    "LogCosh": "log_cosh",
    "Huber": "huber",
    "CosineSimilarity": "cosine_similarity",
    "Hinge": "hinge",
    "SquaredHinge": "squared_hinge",
    "CategoricalHinge": "categorical_hinge",
    "KLDivergence": "kl_divergence",
    "Poisson": "poisson",
    "BinaryCrossentropy": "binary_crossentropy",
    "BinaryFocalCrossentropy": "binary_focal_crossentropy",
    "CategoricalCrossentropy": "categorical_crossentropy",
    "CategoricalFocalCrossentropy": "categorical_focal_crossentropy",
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
    "CategoricalGeneralizedCrossEntropy": "categorical_generalized_cross_entropy",
    "Dice": "dice",
    "Tversky": "tversky",
    "Circle": "circle",
    "CTC": "ctc",
}
