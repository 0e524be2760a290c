"""How gradients change weights: Optax's mathematics with Keras's names, settings and files."""

from lanthorn.lazy import attach

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Lion",
    "Nadam",
    "OptaxOptimizer",
    "Optimizer",
    "RMSprop",
    "deserialize",
    "get",
    "legacy",
    "schedules",
    "serialize",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Optimizer": "lanthorn.optimizers.optimizer:Optimizer",
        "SGD": "lanthorn.optimizers.sgd:SGD",
        "RMSprop": "lanthorn.optimizers.rmsprop:RMSprop",
        "Adam": "lanthorn.optimizers.adam:Adam",
        "AdamW": "lanthorn.optimizers.adam:AdamW",
        "Nadam": "lanthorn.optimizers.nadam:Nadam",
        "Adamax": "lanthorn.optimizers.adamax:Adamax",
        "Adagrad": "lanthorn.optimizers.adagrad:Adagrad",
        "Adadelta": "lanthorn.optimizers.adadelta:Adadelta",
        "Lion": "lanthorn.optimizers.lion:Lion",
        "OptaxOptimizer": "lanthorn.optimizers.optax_optimizer:OptaxOptimizer",
        "schedules": "lanthorn.optimizers.schedules",
        "legacy": "lanthorn.optimizers.legacy",
        "table": "lanthorn.optimizers.lookup:table",
        "get": "lanthorn.optimizers.lookup:get",
        "serialize": "lanthorn.optimizers.lookup:serialize",
        "deserialize": "lanthorn.optimizers.lookup:deserialize",
    },
)
