"""Sequential: layers in a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.graph import KerasTensor
from lanthorn.engine.naming import name_scope, unique_name
from lanthorn.engine.structure import is_tensor
from lanthorn.layers.base import Layer
from lanthorn.layers.input import InputLayer
from lanthorn.layers.masks import lay_beside
from lanthorn.models.functional import Functional, graph_between
from lanthorn.models.model import Model


class Sequential(Model):
    """Layers in a row, each on the output of the one before.

    Example:
        >>> from lanthorn import layers
        >>> model = Sequential([layers.Input((3, 2)), layers.Dense(16), layers.Flatten()])
        >>> model.output_shape
        (None, 48)
    """

    _row: list[Any]
    _tensors: list[KerasTensor]
    _is_sized_by_data = False

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        self = super().__new__(cls, *args, **kwargs)
        self._row = []
        self._tensors = []  # the output of each layer of the row, as far as known
        return self

    def __init__(
        self, layers: Sequence[Any] | None = None, trainable: bool = True, name: str | None = None
    ) -> None:
        Layer.__init__(self, trainable=trainable, name=name)
        for layer in layers or ():
            self._append(layer)
        self._connect_if_known()

    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Put a layer at the end. On an error the model is as before."""
        before = (list(self._row), list(self._tensors), self._graph)
        try:
            self._append(layer)
            if rebuild:
                self._connect_if_known()
        except BaseException:
            self._row, self._tensors, self._graph = before
            raise

    def pop(self, rebuild: bool = True) -> Any:
        """Take the last layer off and return it."""
        if not self.layers:
            raise TypeError(f"{self.name!r} has no layers to take off.")
        layer = self._row.pop()
        del self._tensors[len(self._row) :]
        self._graph, self.built = None, False
        if rebuild:
            self._connect_if_known()
        return layer

    @property
    def layers(self) -> list[Any]:
        """The layers, without the input."""
        return [layer for layer in self._row if not isinstance(layer, InputLayer)]

    def _append(self, layer: Any) -> None:
        if isinstance(layer, KerasTensor) and layer.history is not None:
            layer = layer.history.operation
        if isinstance(layer, type) and issubclass(layer, Layer):
            raise TypeError(
                f"{layer.__name__} is a class; a model is made of layers: add {layer.__name__}(…)."
            )
        if not isinstance(layer, Layer):
            if not callable(layer):
                raise TypeError(f"A model is made of layers, not {type(layer).__name__}: {layer!r}")
            raise TypeError(f"A model is made of layers; wrap the function {layer!r} in a Layer.")
        if isinstance(layer, InputLayer) and self._row:
            raise ValueError(
                f"{self.name!r} already begins with {self._row[0].name!r}; an input comes first."
            )
        if any(layer.name == other.name for other in self._row):
            raise ValueError(
                f"All layers of a model have different names, but {self.name!r} already has one "
                f"called {layer.name!r}."
            )
        if not self._row and not isinstance(layer, InputLayer):
            axes = layer.input_axes_hint or _graph_axes(layer)
            if axes is not None:
                self._row.append(InputLayer(batch_shape=axes))
        self._row.append(layer)

    def _connect_if_known(self) -> None:
        """Call each new layer on the output of the one before, once the input's shape is known."""
        if len(self._row) < 2 or not isinstance(self._row[0], InputLayer):
            return
        if not self._tensors:
            self._tensors.append(self._row[0].output)
            unique_name("functional")  # Keras counts the graph inside as a model of its own
        with name_scope(self.name):
            for layer in self._row[len(self._tensors) :]:
                self._tensors.append(layer(self._tensors[-1]))
        self._graph = graph_between(self._tensors[0], self._tensors[-1])
        self.built = True

    def build(self, input_shape: Any = None) -> None:
        """Make the weights for inputs of this shape, the batch first."""
        if input_shape is None or self._graph is not None or not self._row:
            return
        if not isinstance(self._row[0], InputLayer):
            axes = Axes.of(input_shape)
            self._row.insert(0, InputLayer(batch_shape=axes.with_batch(None)))
            self._is_sized_by_data = True
        self._connect_if_known()

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        from lanthorn.models.functional import fitted

        if self._graph is None or self._has_other_sizes(inputs):
            x = inputs
        else:
            (x,) = fitted(self, inputs)
        lay_beside(x, mask)
        for layer in self.layers:
            x = layer(x)
        return x

    def _has_other_sizes(self, inputs: Any) -> bool:
        """Whether sizes differ from those it was built for without having been told any: of those,
        its layers are the judges."""
        if not self._is_sized_by_data or not is_tensor(inputs):
            return False
        known = self._tensors[0].shape
        return len(inputs.shape) == len(known) and tuple(inputs.shape[1:]) != known[1:]

    def output_axes(self, x: Axes) -> Any:
        """The output's axes, found by taking the axes through every layer."""
        if self._graph is None:
            self.build(x)
        return Functional.output_axes(self, x)  # type: ignore[arg-type]

    @property
    def output_names(self) -> list[str]:
        return [self.layers[-1].name]

    def wiring(self, x: Axes) -> Any:
        return Functional.wiring(self, x)  # type: ignore[arg-type]

    def get_config(self) -> dict[str, Any]:
        from lanthorn.models.configs import sequential_config

        return sequential_config(self)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        from lanthorn.models.configs import sequential_from_config

        return sequential_from_config(cls, config)


def _graph_axes(layer: Any) -> Axes | None:
    """The input axes of a model that is put first into another."""
    graph = getattr(layer, "_graph", None)
    return (
        graph.inputs.shape if graph is not None and isinstance(graph.inputs, KerasTensor) else None
    )
