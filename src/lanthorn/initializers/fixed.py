"""First values without chance: zeros, ones, a constant, the identity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from lanthorn.initializers.base import Initializer, numpy_type


class Zeros(Initializer):
    """0 everywhere."""

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        import numpy as np

        return np.zeros(shape, numpy_type(dtype))


class Ones(Initializer):
    """1 everywhere."""

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        import numpy as np

        return np.ones(shape, numpy_type(dtype))


class Constant(Initializer):
    """`value` everywhere; a value that is an array is repeated until it fills the shape."""

    def __init__(self, value: Any = 0.0) -> None:
        self.value = value

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        import numpy as np

        value = np.asarray(self.value).astype(numpy_type(dtype))
        return np.array(np.broadcast_to(value, tuple(shape)))

    def get_config(self) -> dict[str, Any]:
        return {"value": as_config(self.value)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(from_config_value(config["value"]))


class Identity(Initializer):
    """`gain` on the diagonal, 0 elsewhere.

    Raises: ValueError unless the shape has two axes.
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        import numpy as np

        if len(shape) != 2:
            raise ValueError(f"An identity has two axes, and this shape is {tuple(shape)}.")
        wanted = numpy_type(dtype)
        return (self.gain * np.eye(shape[0], shape[1])).astype(wanted)

    def get_config(self) -> dict[str, Any]:
        return {"gain": self.gain}


def as_config(value: Any) -> Any:
    """A number as it is; an array in the form in which Keras 3 files keep one."""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        import numpy as np

        array = np.asarray(value)
        if array.ndim == 0:
            return array.item()
        return {
            "class_name": "__numpy__",
            "config": {"value": array.tolist(), "dtype": array.dtype.name},
        }
    return value


def from_config_value(value: Any) -> Any:
    """What `as_config` kept."""
    if isinstance(value, dict) and value.get("class_name") in ("__numpy__", "__tensor__"):
        import numpy as np

        config = value["config"]
        return np.array(config["value"], numpy_type(config["dtype"]))
    return value
