"""One entry for each layer of a model, in the order of its calls."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.graph import Node, Operation, producer
from lanthorn.engine.structure import map_leaves
from lanthorn.explanation.report import Entry
from lanthorn.layers import signatures, symbols
from lanthorn.layers.base import Layer
from lanthorn.layers.input import InputLayer
from lanthorn.layers.settings import is_ours
from lanthorn.models.composed import composed, tensors_of
from lanthorn.models.model import Model
from lanthorn.models.operation_wiring import operation_wiring
from lanthorn.wiring import Compose, Opaque, Wiring
from lanthorn.wiring.seen import pattern
from lanthorn.words.phrases import plain, say
from lanthorn.words.places import place_lines
from lanthorn.words.sentences import REMARKS, SENTENCES
from lanthorn.words.telling import parameter_line, remarks, sentence


def model_entries(model: Model, language: str) -> Iterator[Entry]:
    """What each layer does: from the graph, or from what the layers themselves know."""
    graph = getattr(model, "_graph", None)
    if graph is None:
        yield from loose_entries(model, language)
        return
    nodes = list(graph.nodes)
    if is_row(nodes):
        nodes = nodes[1:]
    numbers = {id(node): number for number, node in enumerate(nodes, 1)}
    first_calls: dict[int, int] = {}
    before: Node | None = None
    for node, number in zip(nodes, numbers.values(), strict=True):
        entry = node_entry(node, number, sources_of(node, before, numbers), language)
        first = first_calls.setdefault(id(node.operation), number)
        yield entry if first == number else called_again(entry, first, language)
        before = node


def is_row(nodes: list[Node]) -> bool:
    """Whether each call reads only the one before it, so that nothing need be said of sources."""
    return (
        bool(nodes)
        and not nodes[0].inputs
        and all(
            node.inputs and all(producer(tensor) is before for tensor in node.inputs)
            for before, node in pairwise(nodes)
        )
    )


def sources_of(node: Node, before: Node | None, numbers: dict[int, int]) -> tuple[str, ...]:
    """The names of what a call reads, when that is not simply the call before it.

    A layer that is called several times is named with the number of the call.
    """
    found = list({id(made): made for made in map(producer, node.inputs)}.values())
    if found == [before] or before is None:
        return ()
    return tuple(
        made.operation.name
        if len(made.operation.inbound_nodes) == 1
        else f"{made.operation.name} ({numbers.get(id(made), '?')})"
        for made in found
        if made is not None
    )


def node_entry(node: Node, number: int, sources: tuple[str, ...], language: str) -> Entry:
    inputs = tuple(tensor.shape for tensor in tensors_of(node))
    outputs = tuple(tensor.shape for tensor in node.outputs)
    operation = node.operation
    if isinstance(operation, Operation):
        return operation_entry(node, number, sources, language)
    arguments = signatures.named_arguments(operation, node.args, node.kwargs)
    given = _axes_given(node)
    return layer_entry(operation, given, inputs, outputs, language, number, sources, arguments)


def _axes_given(node: Node) -> Any:
    """The axes of a call's tensors as the layer's `wiring` takes them."""
    given = signatures.given_tensors(node.operation, node.args, node.kwargs)
    return map_leaves(lambda tensor: tensor.shape, given)


def layer_entry(
    layer: Any, given: Any, inputs: tuple[Axes, ...], outputs: tuple[Axes, ...], language: str,
    number: int | None = None, sources: tuple[str, ...] = (),
    arguments: Mapping[str, Any] | None = None,
) -> Entry:  # fmt: skip
    """What one layer does between these axes, in a call with these arguments."""
    wiring = wiring_between(layer, given, inputs or outputs, outputs, arguments)
    key = "input" if isinstance(layer, InputLayer) else ""
    return Entry(
        number=number,
        name=layer.name,
        class_name=type(layer).__name__.removesuffix("Layer") if key else type(layer).__name__,
        settings=settings_text(layer),
        inputs=() if key else inputs,
        outputs=outputs,
        sources=sources,
        sentence=say(SENTENCES[key], language, {}) if key else sentence(wiring, language),
        remarks=tuple([*remarks(wiring, language), *layer_remarks(layer, wiring, language)]),
        arithmetic=parameter_line(wiring, language),
        places=() if key else tuple(place_lines(wiring, language)),
        parameters=layer.count_params() if layer.built else 0,
        wiring=wiring,
    )


def wiring_between(
    layer: Any,
    given: Any,
    inputs: tuple[Axes, ...],
    outputs: tuple[Axes, ...],
    arguments: Mapping[str, Any] | None = None,
) -> Wiring:
    """The layer's own wiring, or `Opaque` for one that has none or whose own fails."""
    try:
        output = outputs[0] if outputs else Axes(())
        if isinstance(layer, Model):
            wiring = inner_wiring(layer).between(inputs, output)
        else:
            wiring = layer.wired_between(given, output, arguments)
            if isinstance(wiring, Opaque) and not wiring.told:
                wiring = tried(layer, wiring)
        sentence(wiring)
        parameter_line(wiring)
        place_lines(wiring)
        remarks(wiring)
    except (
        Exception
    ):  # a layer of the user's own may say anything; the others are told all the same
        specs = tuple(variable.spec for variable in layer.weights)
        return Opaque(weights=specs).between(inputs, outputs[0] if outputs else Axes(()))
    return wiring


def tried(layer: Any, wiring: Opaque) -> Opaque:
    """The wiring with the pattern in which the layer's numbers were seen to depend on its input.

    Where it cannot be tried (it wants other numbers than random ones, or is not built) it stays as
    it is.
    """
    from lanthorn.engine.probing import STAND_IN, probes

    if not layer.built:
        return wiring
    try:
        found = probes(layer, [axes[1:] for axes in wiring.inputs])
    except Exception:  # whatever a layer of the user's own may raise: it is not described, then
        return wiring
    if not found:
        return wiring

    def closed(axes: Axes) -> tuple[int, ...]:
        return tuple(STAND_IN if size is None else size for size in axes[1:])

    seen, over = pattern(found, tuple(map(closed, wiring.inputs)), closed(wiring.output))
    return replace(wiring, seen=seen, over=over)


def inner_wiring(model: Model, masks: Mapping[int, Any] | None = None) -> Wiring:
    """A model within a model: its parts, each by its own wiring.

    masks: what each call is told of the masks of one sample, by `id(node)`.
    """
    told = masks or {}
    graph = getattr(model, "_graph", None)
    if graph is None:
        return Opaque(weights=tuple(variable.spec for variable in model.weights))

    def wired(node: Any) -> Wiring:
        ins = tuple(tensor.shape for tensor in tensors_of(node))
        outs = tuple(tensor.shape for tensor in node.outputs)
        if isinstance(told.get(id(node)), dict):
            return inner_wiring(node.operation, told[id(node)]).between(ins, outs[0])
        if isinstance(node.operation, Layer):
            arguments = signatures.named_arguments(node.operation, node.args, node.kwargs)
            wiring = wiring_between(node.operation, _axes_given(node), ins, outs, arguments)
            return wiring.under(told.get(id(node)))
        return operation_wiring(node)

    return composed(graph, wired)


def layer_remarks(layer: Any, wiring: Wiring, language: str) -> list[str]:
    """What only the layer knows: what is inside it, and what of it is not trained."""
    found: list[tuple[str, dict[str, Any]]] = []
    if isinstance(layer, Model) and isinstance(wiring, Compose):
        found.append(("inside", {"call": f'get_layer("{layer.name}").explain()'}))
    if isinstance(wiring, Opaque) and not type(layer).__module__.startswith("lanthorn."):
        found.append(("describe", {}))
    kept = sum(variable.size for variable in layer.non_trainable_weights)
    if kept and not layer.trainable_weights:
        found.append(("none trained", {}))
    elif kept:
        found.append(("not trained", {"count": kept}))
    return [say(REMARKS[key], language, facts) for key, facts in found]


def operation_entry(node: Node, number: int, sources: tuple[str, ...], language: str) -> Entry:
    """A function of `lanthorn.ops` called on symbolic tensors."""
    wiring = operation_wiring(node)
    is_told = not isinstance(wiring, Opaque)
    return Entry(
        number=number,
        name=node.operation.name,
        class_name=f"ops.{node.operation.op_name}",
        settings="",
        inputs=wiring.inputs,
        outputs=tuple(tensor.shape for tensor in node.outputs),
        sources=sources,
        sentence=sentence(wiring, language)
        if is_told
        else say(SENTENCES["operation"], language, {}),
        remarks=tuple(remarks(wiring, language)) if is_told else (),
        arithmetic="",
        places=(),
        parameters=0,
        wiring=wiring,
    )


def called_again(entry: Entry, first: int, language: str) -> Entry:
    """The entry of a layer that was told before: its weights are not counted twice."""
    again = say(REMARKS["again"], language, {"number": first})
    return replace(entry, arithmetic=again, parameters=0)


def loose_entries(model: Model, language: str) -> Iterator[Entry]:
    """The layers of a model that has no graph, each as far as it is built."""
    for number, layer in enumerate(model.layers, 1):
        built_for = getattr(layer, "_built_axes", None) or (None,)
        given = built_for[0]
        if not layer.built or given is None:
            yield unknown_entry(layer, number)
            continue
        inputs = (given,) if isinstance(given, Axes) else tuple(given)
        try:
            found = symbols.inferred_axes(layer, given)
        except Exception:  # of the user's own and not traceable: its shape stays unknown
            yield unknown_entry(layer, number)
            continue
        outputs = (found,) if isinstance(found, Axes) else tuple(found)
        yield layer_entry(layer, given, inputs, outputs, language, number)


def unknown_entry(layer: Any, number: int) -> Entry:
    """A layer that has no shapes yet."""
    return Entry(
        number=number, name=layer.name, class_name=type(layer).__name__,
        settings=settings_text(layer), inputs=(), outputs=(), sources=(), sentence="", remarks=(),
        arithmetic="", places=(), parameters=0, wiring=Opaque(),
    )  # fmt: skip


def settings_text(layer: Any) -> str:
    """The settings that had to be given, as they are written: `32 (3, 3)`; and the activation."""
    if isinstance(layer, Model | InputLayer) or not is_ours(type(layer)):
        return ""
    parameters = inspect.signature(type(layer).__init__).parameters.values()
    texts = []
    for parameter in parameters:
        must = parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
        if parameter.name == "self" or not (must or parameter.name == "activation"):
            continue
        text = setting_text(getattr(layer, parameter.name, None))
        if must or text != "linear":
            texts.append(text)
    return " ".join(text for text in texts if text)


def setting_text(value: Any) -> str:
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int | float):
        return plain(value).replace(",", "")
    if isinstance(value, tuple):
        return str(value)
    return getattr(value, "__name__", "") if callable(value) else ""
