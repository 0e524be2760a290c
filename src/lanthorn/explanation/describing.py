"""`explain`: what a model or a layer does, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.structure import leaves, map_leaves
from lanthorn.explanation.entries import layer_entry, model_entries
from lanthorn.explanation.report import Entry, Explanation
from lanthorn.layers import building, signatures, symbols
from lanthorn.layers.base import Layer
from lanthorn.models.model import Model
from lanthorn.words.phrases import checked_language, say
from lanthorn.words.sentences import PAGE


def explain(target: Any, about: Any = None, *, language: str = "en") -> Explanation:
    """What a model does, layer by layer; what one of its layers does; or what any layer would do.

    target: a model, or a layer.
    about: of a model, the name of one layer (or the layer itself), or, while the model does not
        know its input, the shape to imagine. Of a layer, the shape of one sample of its input,
        without the batch; a list of them when it takes several inputs.
    language: "en" or "ko".
    Nothing is changed: a layer without weights is explained by a copy that has them.
    Raises: ValueError for an unknown layer's name, with the nearest; ShapeError for a shape the
        layer cannot work on.
    Example:
        >>> from lanthorn import layers
        >>> explain(layers.Dense(16), (3, 2)).parameters
        48
    """
    checked_language(language)
    if isinstance(target, Model):
        return explain_model(target, about, language)
    if isinstance(target, Layer):
        return explain_layer(target, about, language)
    if isinstance(target, type) and issubclass(target, Layer):
        raise TypeError(f"{target.__name__} is a class; explain a layer: {target.__name__}(…).")
    raise TypeError(f"explain takes a model or a layer, not {type(target).__name__}.")


def explain_model(model: Model, about: Any, language: str) -> Explanation:
    if isinstance(about, Layer):
        about = about.name
    if isinstance(about, str):
        return explain_one(model, about, language)
    if about is not None and not model.built:
        model = deepcopy(model)
        model.build(_shapes(about))
    entries = tuple(model_entries(model, language))
    graph = getattr(model, "_graph", None)
    return Explanation(
        name=model.name,
        inputs=_tensor_axes(graph.inputs) if graph else (),
        outputs=_tensor_axes(graph.outputs) if graph else (),
        parameters=model.count_params() if model.built else None,
        entries=entries,
        notes=tuple(_notes(model, entries, language)),
        is_whole=True,
        language=language,
    )


def _tensor_axes(structure: Any) -> tuple[Axes, ...]:
    return tuple(tensor.shape for tensor in leaves(structure))


def _notes(model: Model, entries: Sequence[Entry], language: str) -> list[str]:
    has_graph = getattr(model, "_graph", None) is not None
    keys = []
    if not model.layers:
        keys.append("empty")
    elif not any(entry.outputs for entry in entries):
        keys.append("unbuilt")
    elif not has_graph:
        keys.append("subclassed")
    if any(entry.outputs for entry in entries):
        keys.append("batch")
    return [say(PAGE[key], language, {"build": "build((None, …))"}) for key in keys]


def explain_one(model: Model, name: str, language: str) -> Explanation:
    """One layer of a model; a model within it is told layer by layer."""
    layer = model.get_layer(name)
    if isinstance(layer, Model):
        return explain_model(layer, None, language)
    found = [entry for entry in model_entries(model, language) if entry.name == name]
    notes = [] if found[0].outputs else _notes(model, found, language)
    return _of_entries(found, notes, language)


def explain_layer(layer: Layer, shape: Any, language: str) -> Explanation:
    """A layer by itself, for an input of this shape, or as it was last called."""
    axes = _axes_for(layer, shape)
    if not layer.built:
        layer = deepcopy(layer)
        building.build_for(layer, signatures.argument_axes(layer, axes))
    inputs = (axes,) if isinstance(axes, Axes) else tuple(axes)
    outputs = _outputs(layer, axes)
    arguments = _arguments(layer) if shape is None else {}
    entry = layer_entry(layer, axes, inputs, outputs, language, arguments=arguments)
    return _of_entries([entry], [], language)


def _arguments(layer: Layer) -> dict[str, Any]:
    """What a layer's last call was given besides its tensors."""
    if not layer.inbound_nodes:
        return {}
    node = layer.inbound_nodes[-1]
    return signatures.named_arguments(layer, node.args, node.kwargs)


def _of_entries(entries: list[Entry], notes: list[str], language: str) -> Explanation:
    first = entries[0]
    return Explanation(
        first.name, first.inputs, first.outputs, first.parameters, tuple(entries), tuple(notes),
        False, language,
    )  # fmt: skip


def _axes_for(layer: Layer, shape: Any) -> Any:
    """The axes to explain a layer for."""
    if shape is not None:
        return _shapes(shape)
    if layer.inbound_nodes and layer.inbound_nodes[-1].inputs:
        node = layer.inbound_nodes[-1]
        found = signatures.given_tensors(layer, node.args, node.kwargs)
        return map_leaves(lambda tensor: tensor.shape, found)
    built_for = getattr(layer, "_built_axes", None)
    if built_for and built_for[0] is not None:
        return built_for[0]
    raise ValueError(
        f"{layer.name} ({type(layer).__name__}) does not know what comes in. Give the shape of one "
        f"sample, without the batch: lanthorn.explain({type(layer).__name__}(…), (3, 2))."
    )


def _shapes(shape: Any) -> Any:
    """Axes for the shape of one sample, or for a list of them."""
    if isinstance(shape, Axes):
        return shape
    if isinstance(shape, int):
        return Axes.of_sample((shape,))
    if isinstance(shape, Sequence) and not isinstance(shape, str):
        if any(isinstance(item, Sequence) for item in shape):
            return [_shapes(item) for item in shape]
        if all(item is None or hasattr(item, "__index__") for item in shape):
            return Axes.of_sample(tuple(None if i is None else int(i) for i in shape))
    raise ValueError(
        f"A shape is the sizes of one sample, without the batch, such as (3, 2); not {shape!r}."
    )


def _outputs(layer: Layer, axes: Any) -> tuple[Axes, ...]:
    """The axes that come out; none when a layer of the user's own cannot say."""
    try:
        found = symbols.inferred_axes(layer, axes)
    except Exception:
        if type(layer).__module__.startswith("lanthorn."):
            raise
        return ()
    return (found,) if isinstance(found, Axes) else tuple(leaves_of_axes(found))


def leaves_of_axes(structure: Any) -> list[Axes]:
    if isinstance(structure, Axes):
        return [structure]
    items = structure.values() if isinstance(structure, dict) else structure
    return [axes for item in items for axes in leaves_of_axes(item)]
