"""The part of the graph between inputs and outputs: which calls, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from lanthorn.engine.graph import KerasTensor, Node, producer


class Topology(NamedTuple):
    """nodes: the calls, each after those it needs. operations: what they call, in file order."""

    nodes: list[Node]
    operations: list[Any]


def topology(inputs: Sequence[KerasTensor], outputs: Sequence[KerasTensor]) -> Topology:
    """The calls that lead from `inputs` to `outputs`.

    Operations are ordered by their distance from the outputs, the farthest first, and among equals
    by when they are met walking back from the outputs: the order of Keras's layer lists and files.
    Raises: ValueError when an output does not depend on the inputs alone.
    """
    finished = _finished(inputs, outputs)
    met = _met(inputs, outputs)
    depth_of_node: dict[int, int] = {}
    depth: dict[int, int] = {}
    for node in reversed(finished):
        mine = max(depth_of_node.get(id(node), 0), depth.get(id(node.operation), 0))
        depth_of_node[id(node)] = depth[id(node.operation)] = mine
        for parent in _parents(node, inputs):
            depth_of_node[id(parent)] = max(depth_of_node.get(id(parent), 0), mine + 1)
    operations = {id(node.operation): node.operation for node in finished}
    for tensor in inputs:
        operation = tensor.history.operation if tensor.history else None
        if operation is not None and id(operation) not in operations:
            operations[id(operation)] = operation
            depth[id(operation)] = 0
            met[id(operation)] = -1
    # An operation that is called several times counts at its deepest call.
    for node in finished:
        depth[id(node.operation)] = max(depth[id(node.operation)], depth_of_node[id(node)])
    ordered = sorted(operations.values(), key=lambda op: (-depth[id(op)], met[id(op)]))
    nodes = sorted(finished, key=lambda node: -depth_of_node[id(node)])
    return Topology(nodes, ordered)


def _parents(node: Node, inputs: Sequence[KerasTensor]) -> list[Node]:
    if any(tensor is given for tensor in node.outputs for given in inputs):
        return []  # the model begins here
    return node.parents


def _finished(inputs: Sequence[KerasTensor], outputs: Sequence[KerasTensor]) -> list[Node]:
    """The nodes behind the outputs, each after its parents. Without recursion: models are deep."""
    done: dict[int, Node] = {}
    open_: set[int] = set()
    for output in outputs:
        stack = [(_made(output), False)]
        while stack:
            node, parents_done = stack.pop()
            if parents_done:
                done[id(node)] = node
                open_.discard(id(node))
                continue
            if id(node) in done:
                continue
            if id(node) in open_:
                continue
            open_.add(id(node))
            stack.append((node, True))
            _refuse_stranger(node, inputs)
            stack.extend((parent, False) for parent in reversed(_parents(node, inputs)))
    return list(done.values())


def _met(inputs: Sequence[KerasTensor], outputs: Sequence[KerasTensor]) -> dict[int, int]:
    """The order in which operations are first met, walking back from the outputs."""
    met: dict[int, int] = {}
    seen: set[int] = set()
    stack = [_made(output) for output in reversed(outputs)]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        met.setdefault(id(node.operation), len(met))
        stack.extend(reversed(_parents(node, inputs)))
    return met


def _made(tensor: KerasTensor) -> Node:
    node = producer(tensor)
    if node is None:
        raise ValueError(f"{tensor.name!r} was made by nothing: begin a model with Input(shape).")
    return node


def _refuse_stranger(node: Node, inputs: Sequence[KerasTensor]) -> None:
    is_given = any(tensor is given for tensor in node.outputs for given in inputs)
    if not node.inputs and not is_given:
        names = ", ".join(repr(tensor.name) for tensor in inputs)
        raise ValueError(
            f"The outputs also depend on {node.operation.name!r}, which is not among the model's "
            f"inputs ({names}). Add it to Model(inputs=[…])."
        )
