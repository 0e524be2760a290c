"""The layers: one file per family, each loaded when it is first used."""

from lanthorn.engine.registry import Table
from lanthorn.lazy import attach

FILES = {
    "activation": ("Activation", "Softmax"),
    "augmentation.blurs": ("RandomGaussianBlur", "RandomSharpness"),
    "augmentation.colors": (
        "RandomColorDegeneration",
        "RandomColorJitter",
        "RandomGrayscale",
        "RandomHue",
        "RandomSaturation",
    ),
    "augmentation.counts": ("MaxNumBoundingBoxes",),
    "augmentation.elastic": ("RandomElasticTransform",),
    "augmentation.erasing": ("RandomErasing",),
    "augmentation.flips": ("RandomFlip",),
    "augmentation.histograms": (
        "AutoContrast",
        "ContrastLimitedAdaptiveHistogramEqualization",
        "Equalization",
    ),
    "augmentation.levels": (
        "RandomBrightness",
        "RandomContrast",
        "RandomInvert",
        "RandomPosterization",
        "Solarization",
    ),
    "augmentation.mixtures": ("CutMix", "MixUp"),
    "augmentation.policies": ("AugMix", "RandAugment"),
    "augmentation.sizes": ("CenterCrop", "RandomCrop", "Resizing"),
    "augmentation.warps": (
        "RandomPerspective",
        "RandomRotation",
        "RandomShear",
        "RandomTranslation",
        "RandomZoom",
    ),
    "base": ("Layer",),
    "convolution": ("Conv2D",),
    "dense": ("Dense",),
    "dropout": ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"),
    "embedding": ("Embedding",),
    "input": ("Input", "InputLayer"),
    "merging.concatenate": ("Concatenate",),
    "merging.dot": ("Dot",),
    "merging.elementwise": ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"),
    "noise": ("ActivityRegularization", "AlphaDropout", "GaussianDropout", "GaussianNoise"),
    "normalization.batch": ("BatchNormalization",),
    "normalization.group": ("GroupNormalization",),
    "normalization.layer": ("LayerNormalization",),
    "normalization.root_mean_square": ("RMSNormalization",),
    "normalization.unit": ("UnitNormalization",),
    "pooling": (
        "AveragePooling2D",
        "GlobalAveragePooling2D",
        "GlobalMaxPooling2D",
        "MaxPooling2D",
    ),
    "rectifiers": ("ELU", "LeakyReLU", "PReLU", "ReLU"),
    "rescaling": ("Rescaling",),
    "reshaping": ("Flatten", "Permute", "Reshape"),
    "spectrograms": ("MelSpectrogram", "STFTSpectrogram"),
}
"""Which file holds which public names."""

FUNCTIONS = {
    "merging.functions": (
        "add",
        "average",
        "concatenate",
        "dot",
        "maximum",
        "minimum",
        "multiply",
        "subtract",
    ),
}
"""Public names that are no layers but make one and call it."""

ALIASES = {
    "AvgPool2D": "AveragePooling2D",
    "Convolution2D": "Conv2D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "MaxPool2D": "MaxPooling2D",
}

_homes = {
    name: f"{__name__}.{file}:{name}"
    for file, names in (*FILES.items(), *FUNCTIONS.items())
    for name in names
}
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
