"""The masks that travelled inside a nested model when it was called on one sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.engine.scope import Scope
from lanthorn.engine.structure import is_symbolic, leaves, map_leaves
from lanthorn.layers import masks, signatures
from lanthorn.layers.base import Layer
from lanthorn.models.composed import tensors_of
from lanthorn.models.model import Model


def masks_inside(model: Model, inputs: Sequence[Any]) -> dict[int, Any]:
    """What each call in the model's graph is told of its masks, by `id(node)`.

    For a model within the model it is such a table again.
    """
    from lanthorn.models.functional import Functional

    graph = model._graph  # type: ignore[attr-defined]
    tensors = [tensor for node in graph.nodes for tensor in node.outputs]
    run = Functional(list(leaves(graph.inputs)), tensors, name=model.name)
    numbers = dict(zip(map(id, tensors), leaves(run(list(inputs))), strict=True))
    found: dict[int, Any] = {}
    for node in graph.nodes:
        given = [numbers[id(tensor)] for tensor in tensors_of(node)]
        if isinstance(node.operation, Model) and getattr(node.operation, "_graph", None):
            found[id(node)] = masks_inside(node.operation, given)
        else:
            args, kwargs = map_leaves(
                lambda leaf: numbers[id(leaf)] if is_symbolic(leaf) else leaf,
                (node.args, node.kwargs),
            )
            found[id(node)], _ = masks_of(node.operation, given, args, kwargs)
    return found


def masks_of(layer: Any, inputs: Sequence[Any], args: Any, kwargs: Any) -> tuple[Any, Any]:
    """What a wiring is told of the masks of a call, and all that the call was given."""
    if not isinstance(layer, Layer) or isinstance(layer, Model):
        return None, {}
    kwargs = dict(kwargs)
    mask = masks.arriving(signatures.call_signature(type(layer)), Scope(), args, kwargs)
    arguments = signatures.named_arguments(layer, args, kwargs)
    return layer.mask_told(mask, inputs, arguments), arguments
