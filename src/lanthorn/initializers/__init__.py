"""First values of weights. A snake_case name is another name of the class itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.engine.registry import Table
from lanthorn.lazy import attach

_FIXED = ("Constant", "Identity", "Ones", "Zeros")
_DRAWN = (
    "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform",
    "Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling",
)  # fmt: skip

_SNAKES = {
    "constant": "Constant", "glorot_normal": "GlorotNormal", "glorot_uniform": "GlorotUniform",
    "he_normal": "HeNormal", "he_uniform": "HeUniform", "identity": "Identity",
    "lecun_normal": "LecunNormal", "lecun_uniform": "LecunUniform", "ones": "Ones",
    "orthogonal": "Orthogonal", "random_normal": "RandomNormal",
    "random_uniform": "RandomUniform", "truncated_normal": "TruncatedNormal",
    "variance_scaling": "VarianceScaling", "zeros": "Zeros", "IdentityInitializer": "Identity",
    "OrthogonalInitializer": "Orthogonal", "STFTInitializer": "STFT", "stft": "STFT",
}  # fmt: skip

_homes = {
    "Initializer": "lanthorn.initializers.base:Initializer",
    **{name: f"lanthorn.initializers.fixed:{name}" for name in _FIXED},
    **{name: f"lanthorn.initializers.drawn:{name}" for name in _DRAWN},
    "STFT": "lanthorn.initializers.stft:STFT",
}
__getattr__, __dir__ = attach(
    __name__, {**_homes, **{alias: _homes[name] for alias, name in _SNAKES.items()}}
)
__all__ = [*_homes, *_SNAKES, "deserialize", "get", "serialize"]

table = Table(
    "initializer",
    __name__,
    classes=(*_FIXED, *_DRAWN, "Initializer", "STFT"),
    aliases={
        **_SNAKES,
        "normal": "RandomNormal",
        "one": "Ones",
        "uniform": "RandomUniform",
        "zero": "Zeros",
    },
)
serialize = table.serialize
deserialize = table.deserialize


def get(identifier: Any) -> Any:
    """The initializer meant by a name, a config, a class, a function of (shape, dtype), or an
    array, which is then the first value itself; None stays None.
    """
    if hasattr(identifier, "shape") and hasattr(identifier, "dtype"):
        return _given(identifier)
    return table.get(identifier)


def _given(array: Any) -> Any:
    def initialize(shape: Sequence[int], dtype: Any = None) -> Any:
        import numpy as np

        from lanthorn.initializers.base import numpy_type

        if tuple(shape) != tuple(array.shape):
            raise ValueError(
                f"The array given as first value has shape {tuple(array.shape)}, "
                f"but the weight has {tuple(shape)}."
            )
        return np.asarray(array).astype(numpy_type(dtype))

    return initialize
