"""Models in the form that files keep: Keras 3's keys, so that each library reads the other's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from lanthorn.engine.graph import KerasTensor, Node, Operation
from lanthorn.engine.plain import object_config, plain, whole_config
from lanthorn.engine.registry import custom_object_scope, to_config
from lanthorn.engine.structure import leaves, map_leaves
from lanthorn.layers.input import InputLayer
from lanthorn.models import operations
from lanthorn.models.rebuild import functional_from_config, is_graph_model, object_from_config
from lanthorn.models.rebuild import sequential_from_config as sequential_from_config


def model_config(model: Any) -> dict[str, Any]:
    """All of a model but its weights: module, class, settings, shapes, compile() settings.

    Raises: LanthornError for what a file cannot keep, such as a lambda.
    """
    return whole_config(model)


def model_from_config(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The model that a config describes, with new weights, not compiled.

    Raises: ModelFileError and its kinds (`lanthorn.saving`): nothing but known classes is made, and
        nothing runs because the config says so.
    """
    with custom_object_scope(custom_objects or {}):
        return object_from_config(config)


def model_from_json(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The model that `to_json` wrote, with new weights.

    Example:
        >>> from lanthorn import Sequential, layers
        >>> text = Sequential([layers.Input((3,)), layers.Dense(2)]).to_json()
        >>> model_from_json(text).output_shape
        (None, 2)
    """
    return model_from_config(json.loads(json_string), custom_objects)


# -- Sequential ------------------------------------------------------------------------------------


def sequential_config(model: Any) -> dict[str, Any]:
    """See `Sequential.get_config`."""
    config = {
        "name": model.name,
        "trainable": model.trainable,
        "dtype": to_config(model.dtype_policy),
        "layers": [object_config(layer) for layer in model._row],
    }
    if model._row and isinstance(model._row[0], InputLayer):
        config["build_input_shape"] = tuple(model._row[0].batch_shape)
    return config


# -- Functional ------------------------------------------------------------------------------------


def functional_config(model: Any) -> dict[str, Any]:
    """See `Functional.get_config`: every layer with its calls, what comes in and what goes out.

    Raises: LanthornError for operations that files have no form for.
    """
    places = _Places(model._graph)
    entries = [places.input_entry(tensor) for tensor in places.cut_inputs]
    for operation in model._graph.operations:
        nodes = places.nodes_of(operation)
        if nodes:
            entries.append(_entry(operation, nodes, places))
    return {
        "name": model.name,
        "trainable": model.trainable,
        "layers": entries,
        "input_layers": map_leaves(places.outside, model._graph.inputs),
        "output_layers": map_leaves(places.outside, model._graph.outputs),
    }


def _entry(operation: Any, nodes: list[Node], places: _Places) -> dict[str, Any]:
    """A layer or operation of a graph, and the calls of it that belong to the model."""
    if isinstance(operation, Operation):
        config = operations.operation_config(operation)
        calls = [operations.call_config(operation, node, places.reference) for node in nodes]
    else:
        config = object_config(operation)
        calls = [_call_config(node, places.reference) for node in nodes if node.inputs]
    return {**config, "name": operation.name, "inbound_nodes": calls}


def _call_config(node: Node, tensor: Callable[[Any], Any]) -> dict[str, Any]:
    return {"args": plain(list(node.args), tensor), "kwargs": plain(node.kwargs, tensor)}


class _Places:
    """Which call of which layer made each tensor, counting only the calls of one model."""

    def __init__(self, graph: Any) -> None:
        given = list(leaves(graph.inputs))
        made_by_input = [isinstance(t.history.operation, InputLayer) for t in given]
        self.cut_inputs = [
            t for t, is_input in zip(given, made_by_input, strict=True) if not is_input
        ]
        """Tensors that the model begins with but other layers made: to a file they are inputs."""
        cut_nodes = {
            id(t.history.operation.inbound_nodes[t.history.node_index]) for t in self.cut_inputs
        }
        self.own = {id(node) for node in graph.nodes} - cut_nodes
        self.names = {id(tensor): tensor.name for tensor in self.cut_inputs}

    def nodes_of(self, operation: Any) -> list[Node]:
        return [node for node in operation.inbound_nodes if id(node) in self.own]

    def input_entry(self, tensor: KerasTensor) -> dict[str, Any]:
        layer = InputLayer(batch_shape=tuple(tensor.shape), dtype=tensor.dtype, name=tensor.name)
        return {**object_config(layer), "name": tensor.name, "inbound_nodes": []}

    def place(self, tensor: KerasTensor) -> list[Any]:
        """Name of the layer, number of its call, number of the call's result."""
        if id(tensor) in self.names:
            return [self.names[id(tensor)], 0, 0]
        assert tensor.history is not None
        operation, call, index = tensor.history
        earlier = operation.inbound_nodes[:call]
        return [operation.name, sum(id(node) in self.own for node in earlier), index]

    def outside(self, tensor: KerasTensor) -> list[Any]:
        """The place of an input or output; Keras counts the calls of a graph inside it from 1."""
        assert tensor.history is not None
        name, call, index = self.place(tensor)
        return [name, call + is_graph_model(tensor.history.operation), index]

    def reference(self, tensor: KerasTensor) -> dict[str, Any]:
        """A tensor as an argument of a call."""
        return {
            "class_name": "__keras_tensor__",
            "config": {
                "shape": tuple(tensor.shape),
                "dtype": tensor.dtype,
                "keras_history": self.place(tensor),
            },
        }


# -- clones ----------------------------------------------------------------------------------------


def clone_model(
    model: Any,
    input_tensors: Any = None,
    clone_function: Callable[[Any], Any] | None = None,
    call_function: Callable[..., Any] | None = None,
    recursive: bool = False,
    **kwargs: Any,
) -> Any:
    """A model of the same layers with new weights; compiled if the original was.

    clone_function: gives the new layer for each layer, instead of `from_config(get_config())`.
    recursive: also within models inside the model.
    input_tensors: what the clone begins with, instead of new inputs.
    """
    if kwargs or call_function is not None:
        raise ValueError("clone_model takes input_tensors, clone_function and recursive.")
    graph = getattr(model, "_graph", None)
    is_plain = graph is None and not hasattr(model, "_row")
    if is_plain and (clone_function is not None or input_tensors is not None):
        raise ValueError(
            f"{model.name!r} is a class of your own; only its own from_config can copy it."
        )
    if is_plain:
        clone = type(model).from_config(model.get_config())
    else:
        clone = _Copier(clone_function, recursive).model(model, input_tensors)
    if model._compiled is not None:
        _compile_like(clone, model)
    return clone


class _Copier:
    """Copies of layers; one that occurs in several places is copied once."""

    def __init__(self, function: Callable[[Any], Any] | None, recursive: bool) -> None:
        self.function = function
        self.recursive = recursive
        self.copies: dict[int, Any] = {}

    def layer(self, layer: Any) -> Any:
        if id(layer) not in self.copies:
            self.copies[id(layer)] = self._new(layer)
        return self.copies[id(layer)]

    def _new(self, layer: Any) -> Any:
        is_model = getattr(layer, "_graph", None) is not None
        if is_model and (self.recursive or self.function is None):
            return self.model(layer)
        if self.function is not None and not isinstance(layer, InputLayer):
            return self.function(layer)
        with custom_object_scope(getattr(layer, "functions", dict)()):
            return type(layer).from_config(layer.get_config())

    def model(self, model: Any, input_tensors: Any = None) -> Any:
        if hasattr(model, "_row") and input_tensors is None:
            return type(model)([self.layer(layer) for layer in model._row], name=model.name)
        inputs = [tensor.history.operation.name for tensor in leaves(model._graph.inputs)]
        tensors = [] if input_tensors is None else list(leaves(input_tensors))
        made = {layer.name: self.layer(layer) for layer in model._graph.layers}
        return functional_from_config(
            functional_config(model),
            made=made,
            given=dict(zip(inputs, tensors, strict=True)) if tensors else {},
        )


def _compile_like(clone: Any, model: Any) -> None:
    """Compile with the same settings; optimizer and metrics are new objects."""

    def new(thing: Any) -> Any:
        if hasattr(thing, "get_config") and not isinstance(thing, type):
            return type(thing).from_config(thing.get_config())
        return thing

    clone.compile(**{name: map_leaves(new, value) for name, value in model._compiled.given.items()})
