"""Pipeline: several layers as one, for preparing data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.engine.plain import object_config
from lanthorn.engine.structure import map_leaves
from lanthorn.layers.base import Layer
from lanthorn.layers.masks import lay_beside
from lanthorn.layers.signatures import call_signature
from lanthorn.layers.symbols import inferred_axes
from lanthorn.wiring import Compose


class Pipeline(Layer):
    """Each layer on the output of the one before, `training=True` unless the call says otherwise.

    It is a layer, not a model: for data, before they come to the model.
    Axes: as its layers change them.
    Source: keras 3.15 `layers/preprocessing/pipeline.py`.
    Example:
        >>> from lanthorn.layers import CategoryEncoding, Rescaling
        >>> Pipeline([CategoryEncoding(3), Rescaling(2.0)])([[0, 2]]).tolist()
        [[2.0, 0.0, 2.0]]
    """

    examples = ()

    def __init__(self, layers: Sequence[Layer], name: str | None = None) -> None:
        super().__init__(name=name)
        for layer in layers:
            if not isinstance(layer, Layer):
                raise ValueError(f"Pipeline is made of layers, not {layer!r}.")
        self.layers = list(layers)

    @property
    def on_host(self) -> bool:  # type: ignore[override]
        return any(layer.on_host for layer in self.layers)

    def output_axes(self, x: Axes) -> Axes:
        for layer in self.layers:
            layer.ensure_built(x.with_batch(None) if isinstance(x, Axes) and x else x)
            x = inferred_axes(layer, x)
        return x

    def build(self, x: Axes) -> None:
        self.output_axes(x)

    def _as_input(self, value: Any) -> Any:
        return value  # the first layer knows what it takes

    def call(self, inputs: Any, training: bool = True, mask: Any = None) -> Any:
        if mask is not None:
            inputs = map_leaves(ops.convert_to_tensor, inputs)  # masks lie beside tensors
            lay_beside(inputs, mask)
        for layer in self.layers:
            takes = call_signature(type(layer))
            inputs = layer(inputs, **({"training": training} if takes.takes_training else {}))
        return inputs

    def wiring(self, x: Axes) -> Compose:
        parts = []
        for layer in self.layers:
            parts.append((layer.name, layer.wired(x)))
            x = inferred_axes(layer, x)
        return Compose(tuple(parts))

    def get_config(self) -> dict[str, Any]:
        return {"layers": [object_config(layer) for layer in self.layers], "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        from lanthorn.layers import table

        layers = config.get("layers")
        if not isinstance(layers, list | tuple):
            raise ValueError("Pipeline: its config has no list of layers.")
        made = [table.deserialize(layer) for layer in layers]
        for layer, one in zip(made, layers, strict=True):
            shape = one.get("build_config", {}).get("input_shape")
            if isinstance(shape, list | tuple) and all(isinstance(n, int | None) for n in shape):
                layer.ensure_built(Axes.of(shape))
        return cls(**{**config, "layers": made})
