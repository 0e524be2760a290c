"""Functional: a model that is a graph of layer calls between symbolic inputs and outputs."""

from __future__ import annotations

from typing import Any, NamedTuple

from lanthorn.axes import Axes
from lanthorn.engine.errors import ShapeError
from lanthorn.engine.graph import KerasTensor, Node
from lanthorn.engine.structure import is_symbolic, leaves, map_leaves
from lanthorn.layers.base import Layer
from lanthorn.layers.input import is_text
from lanthorn.layers.masks import lay_beside
from lanthorn.layers.signatures import given_tensors, named_arguments
from lanthorn.models.composed import composed
from lanthorn.models.model import Model, _graph_arguments
from lanthorn.models.operation_wiring import operation_wiring
from lanthorn.models.topology import topology
from lanthorn.wiring import Compose, Wiring
from lanthorn.words.shapes import axes_text


class Graph(NamedTuple):
    """inputs, outputs: structures of symbolic tensors. nodes: the calls between, in order."""

    inputs: Any
    outputs: Any
    nodes: list[Node]
    operations: list[Any]

    @property
    def layers(self) -> list[Any]:
        return [operation for operation in self.operations if isinstance(operation, Layer)]


def graph_between(inputs: Any, outputs: Any) -> Graph:
    """The graph of calls that lead from `inputs` to `outputs`."""
    given, wanted = list(leaves(inputs)), list(leaves(outputs))
    for what, tensors in (("inputs", given), ("outputs", wanted)):
        for tensor in tensors:
            if not is_symbolic(tensor):
                raise ValueError(
                    f"A model's {what} are symbolic tensors, made by Input() and layers called on "
                    f"them, not {type(tensor).__name__}."
                )
    found = topology(given, wanted)
    return Graph(inputs, outputs, found.nodes, found.operations)


def connect(model: Any, inputs: Any, outputs: Any) -> None:
    """Make `model` the graph between these tensors."""
    graph = graph_between(inputs, outputs)
    names = [layer.name for layer in graph.operations]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(
                f'The name "{name}" is used {names.count(name)} times in the model. '
                "All operation names should be unique."
            )
    model._graph = graph
    model.built = True


def run(graph: Graph, inputs: Any) -> Any:
    """The outputs of a graph for numbers: each call in order, as it was recorded."""
    values = dict(zip(map(id, leaves(graph.inputs)), leaves(inputs), strict=True))
    for node in graph.nodes:
        if all(id(tensor) in values for tensor in node.outputs):
            continue
        args, kwargs = map_leaves(
            lambda leaf: values[id(leaf)] if is_symbolic(leaf) else leaf, (node.args, node.kwargs)
        )
        outputs = node.operation(*args, **kwargs)
        for tensor, value in zip(node.outputs, leaves(outputs), strict=True):
            values[id(tensor)] = value
    return map_leaves(lambda tensor: values[id(tensor)], graph.outputs)


def fitted(model: Any, given: Any) -> list[Any]:
    """The given arrays in the order of the model's inputs; dicts are matched by name.

    A missing last axis of size 1 is added, a surplus one is taken away.
    """
    wanted = list(leaves(model._graph.inputs))
    if isinstance(given, dict):
        names = [tensor.name for tensor in wanted]
        missing = [name for name in names if name not in given]
        if missing:
            raise ValueError(
                f"The model's inputs are {names}, but the data has {sorted(given)}: "
                f"{', '.join(missing)} missing."
            )
        arrays = [given[name] for name in names]
    else:
        arrays = list(leaves(given))
    if len(arrays) != len(wanted):
        raise ValueError(f"The model has {len(wanted)} inputs, but was given {len(arrays)}.")
    return [_ranked(model, array, tensor) for array, tensor in zip(arrays, wanted, strict=True)]


def _ranked(model: Any, array: Any, tensor: KerasTensor) -> Any:
    rank = len(tensor.shape)
    shape = tuple(array.shape)
    if len(shape) == rank + 1 and shape[-1] == 1:
        array = array.reshape(shape[:-1])
    elif len(shape) == rank - 1 and tensor.shape[-1] == 1:
        array = array.reshape((*shape, 1))
    wanted = tensor.shape
    fits = len(array.shape) == rank and all(
        want is None or want == size for want, size in zip(wanted[1:], array.shape[1:], strict=True)
    )
    if not fits:
        named = f" for {tensor.name!r}" if len(model.inputs) > 1 else ""
        raise ShapeError(model, [Axes.of(shape)], axes_text(wanted) + named)
    is_fit = array.dtype.name == tensor.dtype or is_text(array)
    if is_fit:
        return array
    if hasattr(array, "aval"):  # JAX's: of 64 bits it has 32, and warns when asked for more
        from lanthorn import ops

        return ops.cast(array, tensor.dtype)
    return array.astype(tensor.dtype)


class Functional(Model):
    """The model that `Model(inputs, outputs)` makes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        inputs, outputs, options = _graph_arguments(*args, **kwargs)
        Layer.__init__(self, **options)
        connect(self, inputs, outputs)

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        given = fitted(self, inputs)
        lay_beside(given, mask)
        return run(self._graph, given)

    def output_axes(self, x: Any) -> Any:
        """The output's axes, found by taking the axes through every call."""
        given = [x] if isinstance(x, Axes) else list(x)
        axes = dict(zip(map(id, leaves(self._graph.inputs)), given, strict=True))
        for tensor, found in zip(leaves(self._graph.inputs), given, strict=True):
            if len(tensor.shape) != len(found):
                raise ShapeError(self, [found], axes_text(tensor.shape))
        for node in self._graph.nodes:
            if all(id(tensor) in axes for tensor in node.outputs):
                continue
            for tensor, found in zip(node.outputs, _through(node, axes), strict=True):
                axes[id(tensor)] = found
        found = map_leaves(lambda tensor: axes[id(tensor)], self._graph.outputs)
        return found

    @property
    def output_names(self) -> list[str]:
        return [tensor.history.operation.name for tensor in leaves(self._graph.outputs)]

    def wiring(self, x: Axes) -> Compose:
        def wired(node: Node) -> Wiring:
            if isinstance(node.operation, Layer):
                given = given_tensors(node.operation, node.args, node.kwargs)
                axes = map_leaves(lambda tensor: tensor.shape, given)
                outputs = [tensor.shape for tensor in node.outputs]
                arguments = named_arguments(node.operation, node.args, node.kwargs)
                return node.operation.wired_between(axes, outputs, arguments)
            return operation_wiring(node)

        return composed(self._graph, wired)

    def get_config(self) -> dict[str, Any]:
        from lanthorn.models.configs import functional_config

        return functional_config(self)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        from lanthorn.models.configs import functional_from_config

        return functional_from_config(config)


def _through(node: Node, axes: dict[int, Axes]) -> list[Axes]:
    """The axes after one call, for other axes than it was recorded with."""
    from lanthorn.engine.graph import symbolic_operation

    args, kwargs = map_leaves(
        lambda leaf: (
            KerasTensor(axes[id(leaf)], leaf.dtype, name="probe") if is_symbolic(leaf) else leaf
        ),
        (node.args, node.kwargs),
    )
    if isinstance(node.operation, Layer):
        outputs = node.operation.compute_output_spec(*args, **kwargs)
    else:
        outputs = symbolic_operation(node.operation.op_name, node.operation.function, args, kwargs)
    return [tensor.shape for tensor in leaves(outputs)]
