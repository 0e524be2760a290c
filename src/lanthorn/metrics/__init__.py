"""Metrics: what is watched while a model learns. Each keeps counters and makes one answer of them.

The functions give one number per sample; those of losses are here too, as in Keras.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from lanthorn.engine.naming import to_snake_case
from lanthorn.engine.registry import Table
from lanthorn.lazy import attach

_CLASSES = {
    "metric": ("Metric",),
    "averages": ("Mean", "Sum", "MeanMetricWrapper"),
    "accuracies": (
        "Accuracy",
        "BinaryAccuracy",
        "CategoricalAccuracy",
        "SparseCategoricalAccuracy",
        "TopKCategoricalAccuracy",
        "SparseTopKCategoricalAccuracy",
    ),
    "regressions": (
        "MeanSquaredError",
        "RootMeanSquaredError",
        "MeanAbsoluteError",
        "MeanAbsolutePercentageError",
        "MeanSquaredLogarithmicError",
        "CosineSimilarity",
        "LogCoshError",
    ),
    "r2": ("R2Score",),
    "probabilities": (
        "KLDivergence",
        "Poisson",
        "BinaryCrossentropy",
        "CategoricalCrossentropy",
        "SparseCategoricalCrossentropy",
        "Hinge",
        "SquaredHinge",
        "CategoricalHinge",
    ),
    "correlations": ("ConcordanceCorrelation", "PearsonCorrelation"),
    "rates": (
        "TruePositives",
        "FalsePositives",
        "TrueNegatives",
        "FalseNegatives",
        "Precision",
        "Recall",
    ),
    "operating_points": (
        "SensitivityAtSpecificity",
        "SpecificityAtSensitivity",
        "PrecisionAtRecall",
        "RecallAtPrecision",
    ),
    "curves": ("AUC",),
    "fscores": ("F1Score", "FBetaScore"),
    "overlap": ("IoU", "BinaryIoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU"),
}

_FUNCTIONS = {
    "lanthorn.metrics.accuracies": (
        "binary_accuracy",
        "categorical_accuracy",
        "sparse_categorical_accuracy",
        "top_k_categorical_accuracy",
        "sparse_top_k_categorical_accuracy",
    ),
    "lanthorn.metrics.correlations": ("concordance_correlation", "pearson_correlation"),
    "lanthorn.losses": (
        "binary_crossentropy",
        "binary_focal_crossentropy",
        "categorical_crossentropy",
        "categorical_focal_crossentropy",
        "categorical_hinge",
        "hinge",
        "huber",
        "kl_divergence",
        "log_cosh",
        "mean_absolute_error",
        "mean_absolute_percentage_error",
        "mean_squared_error",
        "mean_squared_logarithmic_error",
        "poisson",
        "sparse_categorical_crossentropy",
        "squared_hinge",
    ),
}

SHORT_NAMES = {
    "bce": "BinaryCrossentropy",
    "kld": "KLDivergence",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "mse": "MeanSquaredError",
    "msle": "MeanSquaredLogarithmicError",
}
"""Short names, in small letters; in capitals they mean the same."""

KERAS_2_NAMES = {
    "acc": "Accuracy",
    "logcosh": "LogCoshError",
    "kullback_leibler_divergence": "KLDivergence",
}

_PLACES = {
    **{name: f"{__name__}.{home}:{name}" for home, names in _CLASSES.items() for name in names},
    **{name: f"{home}:{name}" for home, names in _FUNCTIONS.items() for name in names},
}
_SNAKE_CASE = {to_snake_case(name): name for names in _CLASSES.values() for name in names}

table = Table(
    "metric",
    __name__,
    classes=[name for names in _CLASSES.values() for name in names],
    # a name that a function and a class share means the class here
    functions=[name for names in _FUNCTIONS.values() for name in names if name not in _SNAKE_CASE],
    aliases={
        **SHORT_NAMES,
        **{short.upper(): name for short, name in SHORT_NAMES.items()},
        **KERAS_2_NAMES,
        **_SNAKE_CASE,
    },
)
get = table.get


def function(config: Any) -> Any:
    """What a `MeanMetricWrapper` was made of: a function, given by its config, or a loss.

    Raises: UnknownNameError.
    """
    from lanthorn import losses

    name = config.get("config") if isinstance(config, dict) else config
    if isinstance(name, str) and any(name in names for names in _FUNCTIONS.values()):
        return getattr(import_module(__name__), name)
    # a loss, one of its functions, or one of the user's own
    return losses.deserialize(config) if isinstance(config, dict | str) else config


def serialize(metric: Any) -> Any:
    """What a file keeps of a metric: a function's name or an object's config."""
    from lanthorn.losses.wrapper import to_config_of_function

    return metric if metric is None or isinstance(metric, str) else to_config_of_function(metric)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The metric or metric function that `serialize` was given."""
    from lanthorn.engine.registry import custom_object_scope

    if isinstance(config, dict) and config.get("class_name") == "function":
        with custom_object_scope(custom_objects or {}):
            return function(config)
    return table.deserialize(config, custom_objects)


_KERAS_2_FUNCTIONS = (
    *("KLD", "MAE", "MAPE", "MSE", "MSLE", "kld", "mae", "mape", "mse", "msle"),
    *("logcosh", "kullback_leibler_divergence"),
)

__getattr__, __dir__ = attach(
    __name__,
    {
        **_PLACES,
        **{name: f"lanthorn.losses:{name}" for name in _KERAS_2_FUNCTIONS},
        "resolve": f"{__name__}.choosing:resolve",
    },
)

__all__ = [*_PLACES, "deserialize", "get", "serialize"]
