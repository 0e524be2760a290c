"""A model in two parts: what works on the host comes first, the rest is compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from lanthorn.engine.graph import KerasTensor, Node
from lanthorn.engine.structure import leaves, map_leaves
from lanthorn.layers.input import is_text
from lanthorn.models.functional import Functional, Graph, fitted, run


class Parts(NamedTuple):
    """before: makes numbers of the data, with NumPy. after: the rest, a model of those numbers."""

    before: Callable[[Any], list[Any]]
    after: Any


def parts(model: Any, x: Any) -> Parts:
    """The two parts of a model with layers on the host, for data like `x`.

    Raises: ValueError when the model is no graph of layers, or when layers that learn come first.
    """
    if model._graph is None and hasattr(model, "_row"):
        model.build(map_leaves(lambda a: (None, *a.shape[1:]), x))
    graph = model._graph
    if graph is None:
        layer = _on_host(model)[0]
        raise ValueError(
            f"{layer.name} ({type(layer).__name__}) works on the host and cannot be part of the "
            f"compiled step of {model.name!r}, whose call is its own. Apply it to the data first: "
            f"x = {layer.name}(x)."
        )
    first = _first_nodes(graph.nodes)
    for node in first:
        _refuse_weights(node.operation, graph)
    between = _between(graph, first)
    before = Graph(graph.inputs, between, first, [])
    after = Functional(between, graph.outputs, name=model.name)
    return Parts(lambda x: [_numbers(model, a) for a in run(before, fitted(model, x))], after)


def _on_host(operation: Any) -> list[Any]:
    """The layers on the host that an operation is or holds."""
    found = getattr(operation, "_flatten_layers", list)()
    return [layer for layer in found if layer.on_host and not hasattr(layer, "_graph")]


def _first_nodes(nodes: list[Node]) -> list[Node]:
    """The calls on the host, and those that they wait for."""
    wanted = [node for node in nodes if getattr(node.operation, "on_host", False)]
    found: dict[int, Node] = {}
    while wanted:
        node = wanted.pop()
        if id(node) not in found:
            found[id(node)] = node
            wanted.extend(node.parents)
    return [node for node in nodes if id(node) in found]


def _refuse_weights(operation: Any, graph: Graph) -> None:
    if not getattr(operation, "trainable_variables", ()):
        return
    hosts = _on_host(operation) or [
        layer for node in graph.nodes for layer in _on_host(node.operation)
    ]
    layer = hosts[0]
    raise ValueError(
        f"{layer.name} ({type(layer).__name__}) works on the host, before what is compiled, but "
        f"{operation.name!r}, which it waits for or lies in, has weights to train. Put it among "
        "the first layers of the whole model, or apply it to the data first."
    )


def _between(graph: Graph, first: list[Node]) -> list[KerasTensor]:
    """The tensors that the rest begins with: made by the first calls, or given."""
    done = {id(node) for node in first}
    made = [tensor for node in first for tensor in node.outputs]
    known = {id(tensor): tensor for tensor in [*leaves(graph.inputs), *made]}
    used = [tensor for node in graph.nodes if id(node) not in done for tensor in node.inputs]
    wanted = {id(tensor) for tensor in [*used, *leaves(graph.outputs)]}
    return [tensor for key, tensor in known.items() if key in wanted]


def _numbers(model: Any, array: Any) -> Any:
    from lanthorn.training.checks import as_array

    if is_text(array):
        raise ValueError(
            f"{model.name!r} hands text on to layers that compute with numbers. Put StringLookup "
            "or TextVectorization between."
        )
    return as_array("the data", array)
