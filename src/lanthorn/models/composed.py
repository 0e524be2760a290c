"""The wiring of a graph: each call's own, and which calls feed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lanthorn.engine.graph import Node
from lanthorn.engine.structure import leaves
from lanthorn.layers.base import Layer
from lanthorn.layers.signatures import given_tensors
from lanthorn.wiring import Compose, Part, Wiring
from lanthorn.wiring.compose import owned


def composed(graph: Any, wired: Callable[[Node], Wiring]) -> Compose:
    """The graph's calls as parts of one wiring.

    wired: the wiring of one call. A layer that is called again is a part again, with its number.
    """
    makers: dict[int, str | int] = {
        id(tensor): number for number, tensor in enumerate(leaves(graph.inputs))
    }
    pieces: dict[str, Part] = {}
    for node in graph.nodes:
        if not node.inputs or all(id(tensor) in makers for tensor in node.outputs):
            continue
        name = layer_name = node.operation.name
        call = 1
        while name in pieces:
            call += 1
            name = f"{layer_name} #{call}"
        sources = tuple(makers[id(tensor)] for tensor in tensors_of(node))
        pieces[name] = Part(name, owned(layer_name, wired(node)), sources)
        makers |= dict.fromkeys(map(id, node.outputs), name)
    made = makers[id(next(leaves(graph.outputs)))]
    return Compose(tuple(pieces.values()), result=made if isinstance(made, str) else "")


def tensors_of(node: Node) -> list[Any]:
    """The tensors a call's wiring speaks of, in its order: masks are none of them."""
    if isinstance(node.operation, Layer):
        found = given_tensors(node.operation, node.args, node.kwargs)
        return found if isinstance(found, list) else [found]
    return node.inputs
