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
    "einsum_dense": ("EinsumDense",),
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
    "passing": ("Identity", "Masking"),
    "pooling": (
        "AveragePooling2D",
        "GlobalAveragePooling2D",
        "GlobalMaxPooling2D",
        "MaxPooling2D",
    ),
    "rectifiers": ("ELU", "LeakyReLU", "PReLU", "ReLU"),
    "preprocessing.category_encoding": ("CategoryEncoding",),
    "preprocessing.discretization": ("Discretization",),
    "preprocessing.hashed_crossing": ("HashedCrossing",),
    "preprocessing.hashing": ("Hashing",),
    "preprocessing.integer_lookup": ("IntegerLookup",),
    "preprocessing.normalization": ("Normalization",),
    "preprocessing.pipeline": ("Pipeline",),
    "preprocessing.string_lookup": ("StringLookup",),
    "preprocessing.text_vectorization": ("TextVectorization",),
    "rescaling": ("Rescaling",),
    "reshaping": ("Flatten", "Permute", "Reshape"),
    "reversible_embedding": ("ReversibleEmbedding",),
}
"""Which file holds which public names."""

OTHERS = {
    "lambda_layer": ("Lambda",),
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
    "normalization.spectral": ("SpectralNormalization",),
    "specification": ("InputSpec",),
    "wrapping": ("Wrapper",),
}
"""Public names with no examples of their own: functions, and layers around something of yours."""

ALIASES = {
    "AvgPool2D": "AveragePooling2D",
    "Convolution2D": "Conv2D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "MaxPool2D": "MaxPooling2D",
}

_homes = {
    name: f"{__name__}.{file}:{name}"
    for file, names in (*FILES.items(), *OTHERS.items())
    for name in names
}
_homes |= {alias: _homes[name] for alias, name in ALIASES.items()}

__all__ = sorted(_homes)
__getattr__, __dir__ = attach(__name__, _homes)

NOT_CLASSES = ("Input", "Layer")
table = Table(
    "layer",
    __name__,
    classes=[
        *(name for names in FILES.values() for name in names if name not in NOT_CLASSES),
        "Lambda",
        "SpectralNormalization",
    ],
    aliases=ALIASES,
)
serialize = table.serialize
deserialize = table.deserialize
