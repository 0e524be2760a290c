"""The layers: one file per family, each loaded when it is first used."""

from collections.abc import Mapping
from typing import Any

from lanthorn.engine.registry import Table
from lanthorn.lazy import attach

_FILES = {
    "activation": "Activation Softmax",
    "adaptive_pooling": (
        "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D "
        "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D"
    ),
    "attention.direct": "AdditiveAttention Attention",
    "attention.grouped_query": "GroupQueryAttention",
    "attention.multi_head": "MultiHeadAttention",
    "augmentation.blurs": "RandomGaussianBlur RandomSharpness",
    "augmentation.colors": "RandomColorDegeneration RandomGrayscale RandomHue RandomSaturation",
    "augmentation.counts": "MaxNumBoundingBoxes",
    "augmentation.crops": "CenterCrop RandomCrop",
    "augmentation.elastic": "RandomElasticTransform",
    "augmentation.erasing": "RandomErasing",
    "augmentation.flips": "RandomFlip",
    "augmentation.histograms": (
        "AutoContrast ContrastLimitedAdaptiveHistogramEqualization Equalization"
    ),
    "augmentation.jitter": "RandomColorJitter",
    "augmentation.levels": (
        "RandomBrightness RandomContrast RandomInvert RandomPosterization Solarization"
    ),
    "augmentation.matrices": "RandomRotation RandomShear RandomTranslation RandomZoom",
    "augmentation.mixtures": "CutMix MixUp",
    "augmentation.perspective": "RandomPerspective",
    "augmentation.policies": "AugMix RandAugment",
    "augmentation.resizing": "Resizing",
    "base": "Layer",
    "convolution": "Conv1D Conv2D Conv3D",
    "dense": "Dense",
    "depthwise": "DepthwiseConv1D DepthwiseConv2D",
    "dropout": "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D",
    "einsum_dense": "EinsumDense",
    "embedding": "Embedding",
    "global_pooling": (
        "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D "
        "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D"
    ),
    "input": "Input InputLayer",
    "merging.concatenate": "Concatenate",
    "merging.dot": "Dot",
    "merging.elementwise": "Add Average Maximum Minimum Multiply Subtract",
    "noise": "ActivityRegularization AlphaDropout GaussianDropout GaussianNoise",
    "normalization.batch": "BatchNormalization",
    "normalization.group": "GroupNormalization",
    "normalization.layer": "LayerNormalization",
    "normalization.root_mean_square": "RMSNormalization",
    "normalization.unit": "UnitNormalization",
    "padding": "Cropping1D Cropping2D Cropping3D ZeroPadding1D ZeroPadding2D ZeroPadding3D",
    "passing": "Identity Masking",
    "pooling": (
        "AveragePooling1D AveragePooling2D AveragePooling3D MaxPooling1D MaxPooling2D MaxPooling3D"
    ),
    "preprocessing.category_encoding": "CategoryEncoding",
    "preprocessing.discretization": "Discretization",
    "preprocessing.hashed_crossing": "HashedCrossing",
    "preprocessing.hashing": "Hashing",
    "preprocessing.integer_lookup": "IntegerLookup",
    "preprocessing.normalization": "Normalization",
    "preprocessing.pipeline": "Pipeline",
    "preprocessing.string_lookup": "StringLookup",
    "preprocessing.text_vectorization": "TextVectorization",
    "rectifiers": "ELU LeakyReLU PReLU ReLU",
    "recurrent.bidirectional": "Bidirectional",
    "recurrent.conv_lstm": "ConvLSTM1D ConvLSTM2D ConvLSTM3D",
    "recurrent.gru": "GRU GRUCell",
    "recurrent.lstm": "LSTM LSTMCell",
    "recurrent.rnn": "RNN",
    "recurrent.simple": "SimpleRNN SimpleRNNCell",
    "recurrent.stacked": "StackedRNNCells",
    "recurrent.time_distributed": "TimeDistributed",
    "rescaling": "Rescaling",
    "reshaping": "Flatten Permute RepeatVector Reshape",
    "reversible_embedding": "ReversibleEmbedding",
    "separable": "SeparableConv1D SeparableConv2D",
    "spectrograms": "MelSpectrogram STFTSpectrogram",
    "transposed": "Conv1DTranspose Conv2DTranspose Conv3DTranspose",
    "upsampling": "UpSampling1D UpSampling2D UpSampling3D",
}
FILES = {file: tuple(names.split()) for file, names in _FILES.items()}
"""Which file holds which public names."""

_AROUND = {
    "lambda_layer": "Lambda",
    "normalization.spectral": "SpectralNormalization",
}
AROUND = {file: tuple(names.split()) for file, names in _AROUND.items()}
"""Layers around something of yours, which list no examples."""

_OTHERS = {
    "merging.functions": "add average concatenate dot maximum minimum multiply subtract",
    "specification": "InputSpec",
    "wrapping": "Wrapper",
}
OTHERS = {file: tuple(names.split()) for file, names in _OTHERS.items()}
"""Public names that no file can ask for: functions, what serves layers, what they are made of."""

ALIASES = {
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "AvgPool3D": "AveragePooling3D",
    "Convolution1D": "Conv1D",
    "Convolution1DTranspose": "Conv1DTranspose",
    "Convolution2D": "Conv2D",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3D": "Conv3D",
    "Convolution3DTranspose": "Conv3DTranspose",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalAvgPool3D": "GlobalAveragePooling3D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "GlobalMaxPool3D": "GlobalMaxPooling3D",
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "MaxPool3D": "MaxPooling3D",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
}

_homes = {
    name: f"{__name__}.{file}:{name}"
    for file, names in (*FILES.items(), *AROUND.items(), *OTHERS.items())
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
        name
        for names in (*FILES.values(), *AROUND.values())
        for name in names
        if name not in NOT_CLASSES
    ],
    aliases=ALIASES,
)
serialize = table.serialize


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The layer that a config describes, built when the config says what for.

    Raises: UnknownNameError; UnsafeModelError for what holds code; DamagedModelError for what is no
        config.
    """
    made = table.deserialize(config, custom_objects)
    built_for = config.get("build_config") if isinstance(config, dict) else None
    if isinstance(built_for, dict) and not made.built:
        made.build_from_config(built_for)
    return made
