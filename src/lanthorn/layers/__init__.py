"""The layers: one file per family, each loaded when it is first used."""

from lanthorn.engine.registry import Table
from lanthorn.lazy import attach

FILES = {
    "activation": ("Activation", "ReLU", "Softmax"),
    "attention.multi_head": ("MultiHeadAttention",),
    "base": ("Layer",),
    "convolution": ("Conv2D",),
    "dense": ("Dense",),
    "dropout": ("Dropout",),
    "embedding": ("Embedding",),
    "input": ("Input", "InputLayer"),
    "merging": ("Add", "Concatenate"),
    "normalization": ("BatchNormalization",),
    "pooling": (
        "AveragePooling2D",
        "GlobalAveragePooling2D",
        "GlobalMaxPooling2D",
        "MaxPooling2D",
    ),
    "rescaling": ("Rescaling",),
    "reshaping": ("Flatten", "Permute", "Reshape"),
}
"""Which file holds which public names."""

ALIASES = {
    "AvgPool2D": "AveragePooling2D",
    "Convolution2D": "Conv2D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "MaxPool2D": "MaxPooling2D",
}

_homes = {name: f"{__name__}.{file}:{name}" for file, names in FILES.items() for name in names}
_homes |= {alias: _homes[name] for alias, name in ALIASES.items()}

__all__ = sorted(_homes)
__getattr__, __dir__ = attach(__name__, _homes)

NOT_CLASSES = ("Input", "Layer")
table = Table(
    "layer",
    __name__,
    classes=[name for names in FILES.values() for name in names if name not in NOT_CLASSES],
    aliases=ALIASES,
)
serialize = table.serialize
deserialize = table.deserialize
