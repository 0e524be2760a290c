"""One metric of ours beside Keras's, fed with the same batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from losses.cases import (
    bits,
    class_numbers,
    numbers,
    one_hot,
    one_hot_and_logits,
    positive,
    signs,
)

Draw = np.random.Generator
Data = Callable[[Draw, tuple[int, ...]], tuple[np.ndarray, np.ndarray]]


def close(ours: Any, theirs: Any) -> None:
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=2e-6, atol=2e-6)


def whole_numbers(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    return draw.integers(0, 2, size=shape), draw.integers(0, 2, size=shape)


def class_pairs(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Class numbers 0 to 2, and now and then one that is no class."""
    return draw.integers(-1, 4, size=shape[:-1]), draw.integers(-1, 4, size=shape[:-1])


def three_classes(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    return one_hot(draw, (*shape[:-1], 2))


def columns(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """(batch, outputs) only."""
    return numbers(draw, (shape[0] + 3, shape[-1]))


def bit_columns(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    return bits(draw, (shape[0] + 1, shape[-1]))


def three_bit_columns(draw: Draw, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    return bits(draw, (shape[0] + 1, 3))


AVERAGED: list[tuple[str, dict[str, Any], Data]] = [
    ("Accuracy", {}, whole_numbers),
    ("BinaryAccuracy", {}, bits),
    ("BinaryAccuracy", {"threshold": 0.3}, bits),
    ("CategoricalAccuracy", {}, one_hot),
    ("SparseCategoricalAccuracy", {}, class_numbers),
    ("TopKCategoricalAccuracy", {"k": 2}, one_hot),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, class_numbers),
    ("MeanSquaredError", {}, numbers),
    ("RootMeanSquaredError", {}, numbers),
    ("MeanAbsoluteError", {}, numbers),
    ("MeanAbsolutePercentageError", {}, numbers),
    ("MeanSquaredLogarithmicError", {}, positive),
    ("CosineSimilarity", {}, numbers),
    ("LogCoshError", {}, numbers),
    ("KLDivergence", {}, bits),
    ("Poisson", {}, positive),
    ("BinaryCrossentropy", {}, bits),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, bits),
    ("CategoricalCrossentropy", {}, one_hot),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, one_hot_and_logits),
    ("SparseCategoricalCrossentropy", {}, class_numbers),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1}, class_numbers),
    ("Hinge", {}, signs),
    ("SquaredHinge", {}, signs),
    ("CategoricalHinge", {}, one_hot_and_logits),
    ("ConcordanceCorrelation", {}, numbers),
]
"""Metrics that are a mean over samples, so that weights may be given per sample or per place."""

COUNTED: list[tuple[str, dict[str, Any], Data]] = [
    ("TruePositives", {}, bits),
    ("FalsePositives", {"thresholds": 0.4}, bits),
    ("TrueNegatives", {"thresholds": [0.2, 0.7]}, bits),
    ("FalseNegatives", {"thresholds": [0.0, 0.5, 1.0]}, bits),
    ("Precision", {}, bits),
    ("Precision", {"thresholds": [0.1, 0.4, 0.9]}, bits),
    ("Precision", {"top_k": 2}, three_bit_columns),
    ("Precision", {"top_k": 2, "class_id": 1}, three_bit_columns),
    ("Recall", {}, bits),
    ("Recall", {"thresholds": [0.0, 0.25, 0.5, 0.75, 1.0]}, bits),
    ("Recall", {"class_id": 0}, bits),
    ("Recall", {"top_k": 1, "thresholds": 0.5}, three_bit_columns),
    ("SensitivityAtSpecificity", {"specificity": 0.4}, bits),
    ("SpecificityAtSensitivity", {"sensitivity": 0.4, "num_thresholds": 7}, bits),
    ("PrecisionAtRecall", {"recall": 0.3, "class_id": 0}, bits),
    ("RecallAtPrecision", {"precision": 0.5, "num_thresholds": 1}, bits),
    ("AUC", {}, bits),
    ("AUC", {"num_thresholds": 5, "summation_method": "majoring"}, bits),
    ("AUC", {"curve": "PR"}, bits),
    ("AUC", {"curve": "PR", "summation_method": "minoring", "num_thresholds": 9}, bits),
    ("AUC", {"curve": "PRGAIN", "num_thresholds": 20}, bits),
    ("AUC", {"thresholds": [0.2, 0.6, 0.3]}, bits),
    ("AUC", {"thresholds": [0.25, 0.5, 0.75]}, bits),
    ("AUC", {"from_logits": True}, signs),
    ("AUC", {"label_weights": [0.2, 0.5, 0.9]}, three_bit_columns),
    ("AUC", {"multi_label": True}, three_bit_columns),
    ("AUC", {"multi_label": True, "num_labels": 3, "label_weights": [1.0, 0.0, 2.0]},
     three_bit_columns),
    ("AUC", {"multi_label": True, "thresholds": [0.1, 0.6]}, three_bit_columns),
    ("AUC", {"multi_label": True, "curve": "PR"}, three_bit_columns),
]  # fmt: skip

OTHERS: list[tuple[str, dict[str, Any], Data]] = [
    ("R2Score", {}, columns),
    ("R2Score", {"class_aggregation": None}, columns),
    ("R2Score", {"class_aggregation": "variance_weighted_average"}, columns),
    ("R2Score", {"num_regressors": 1}, columns),
    ("F1Score", {}, bit_columns),
    ("F1Score", {"average": "micro"}, bit_columns),
    ("F1Score", {"average": "macro", "threshold": 0.4}, bit_columns),
    ("FBetaScore", {"beta": 2.0, "average": "weighted", "threshold": 0.6}, bit_columns),
    ("FBetaScore", {"beta": 0.5}, bit_columns),
    ("IoU", {"num_classes": 3, "target_class_ids": [0, 2]}, class_pairs),
    ("IoU", {"num_classes": 3, "target_class_ids": [1], "dtype": "float32"}, class_pairs),
    ("BinaryIoU", {}, bits),
    ("BinaryIoU", {"target_class_ids": [1], "threshold": 0.3}, bits),
    ("MeanIoU", {"num_classes": 3}, class_pairs),
    ("MeanIoU", {"num_classes": 3, "ignore_class": 1}, class_pairs),
    ("OneHotIoU", {"num_classes": 3, "target_class_ids": [0, 1]}, three_classes),
    ("OneHotMeanIoU", {"num_classes": 3}, three_classes),
]

ALL = [*AVERAGED, *COUNTED, *OTHERS]


def label(case: Any) -> str:
    name, settings, data = case
    return f"{name}-{data.__name__}-{settings}"
