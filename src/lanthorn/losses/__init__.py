"""Losses: what training lowers. Classes weigh and reduce; functions give one loss per sample."""

from collections.abc import Mapping
from typing import Any

from lanthorn.engine.registry import Table
from lanthorn.lazy import attach

# No module may be called as one of its functions: importing it would hide the function.
_NAMES = {
    "loss": ("Loss",),
    "wrapper": ("LossFunctionWrapper",),
    "regression": (
        "MeanSquaredError",
        "MeanAbsoluteError",
        "MeanAbsolutePercentageError",
        "MeanSquaredLogarithmicError",
        "CosineSimilarity",
        "Huber",
        "LogCosh",
        "mean_squared_error",
        "mean_absolute_error",
        "mean_absolute_percentage_error",
        "mean_squared_logarithmic_error",
        "cosine_similarity",
        "huber",
        "log_cosh",
    ),
    "crossentropy": (
        "BinaryCrossentropy",
        "CategoricalCrossentropy",
        "SparseCategoricalCrossentropy",
        "CategoricalGeneralizedCrossEntropy",
        "binary_crossentropy",
        "categorical_crossentropy",
        "sparse_categorical_crossentropy",
        "categorical_generalized_cross_entropy",
    ),
    "focal": (
        "BinaryFocalCrossentropy",
        "CategoricalFocalCrossentropy",
        "binary_focal_crossentropy",
        "categorical_focal_crossentropy",
    ),
    "divergence": ("KLDivergence", "Poisson", "kl_divergence", "poisson"),
    "margins": (
        "Hinge",
        "SquaredHinge",
        "CategoricalHinge",
        "hinge",
        "squared_hinge",
        "categorical_hinge",
    ),
    "segmentation": ("Dice", "Tversky", "dice", "tversky"),
    "pairs": ("Circle", "circle"),
    "sequences": ("CTC", "ctc"),
}

SHORT_NAMES = {
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "msle": "mean_squared_logarithmic_error",
}
"""Short names, in small letters; in capitals they mean the same."""

KERAS_2_NAMES = {
    "logcosh": "log_cosh",
    "kullback_leibler_divergence": "kl_divergence",
    "huber_loss": "huber",
}

_PLACES = {
    name: f"{__name__}.{module}:{name}" for module, names in _NAMES.items() for name in names
}

table = Table(
    "loss",
    __name__,
    classes=[name for name in _PLACES if name[0].isupper()],
    functions=[name for name in _PLACES if name[0].islower()],
    aliases={
        **SHORT_NAMES,
        **{short.upper(): name for short, name in SHORT_NAMES.items()},
        **KERAS_2_NAMES,
    },
)
get = table.get


def serialize(loss: Any) -> Any:
    """What a file keeps of a loss: a function's name or an object's config."""
    from lanthorn.losses.wrapper import to_config_of_function

    return loss if loss is None or isinstance(loss, str) else to_config_of_function(loss)


def deserialize(name: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The loss or loss function that `serialize` was given."""
    return table.deserialize(name, custom_objects)


_ALSO = ("KLD", "MAE", "MAPE", "MSE", "MSLE", "kld", "mae", "mape", "mse", "msle", *KERAS_2_NAMES)

__getattr__, __dir__ = attach(
    __name__,
    {
        **_PLACES,
        **{name: _PLACES[table.aliases[name]] for name in _ALSO},
        "resolve": f"{__name__}.choosing:resolve",
    },
)

__all__ = [*_PLACES, "deserialize", "get", "serialize"]
