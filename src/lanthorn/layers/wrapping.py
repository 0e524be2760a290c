"""Wrapper: a layer around another."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axes
from lanthorn.layers.base import Layer


class Wrapper(Layer):
    """The base of layers that take another layer and do more with it. It has no `call` itself.

    layer: the one inside, kept as `layer`.
    Source: keras 3.15 `layers/core/wrapper.py`.
    Example:
        >>> from lanthorn.layers import Dense
        >>> class Twice(Wrapper):
        ...     def call(self, inputs):
        ...         return 2 * self.layer(inputs)
        >>> Twice(Dense(3))([[1.0, 2.0]]).shape
        (1, 3)
    """

    def __init__(self, layer: Layer, **kwargs: Any) -> None:
        if not isinstance(layer, Layer):
            raise ValueError(f"{type(self).__name__} is put around a layer, not {layer!r}.")
        super().__init__(**kwargs)
        self.layer = layer

    def build(self, x: Axes) -> None:
        self.layer.build(x)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        from lanthorn.layers import deserialize

        inside = config.get("layer")
        if isinstance(inside, Layer):
            return super().from_config(dict(config))
        return super().from_config({**config, "layer": deserialize(inside)})
