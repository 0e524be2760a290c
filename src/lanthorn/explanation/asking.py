"""`why`: run the model up to a layer, then redo one number by the layer's wiring."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from lanthorn.axes import Axes
from lanthorn.engine.errors import DataError
from lanthorn.engine.graph import Node, producer
from lanthorn.engine.structure import is_symbolic, leaves, map_leaves
from lanthorn.explanation.entries import inner_wiring, wiring_between
from lanthorn.explanation.masks_inside import masks_inside, masks_of
from lanthorn.explanation.reasons import Why
from lanthorn.explanation.text import shape_text
from lanthorn.explanation.unfolding import Values, unfolded
from lanthorn.layers import signatures, symbols
from lanthorn.layers.input import InputLayer
from lanthorn.models.composed import tensors_of
from lanthorn.models.model import Model
from lanthorn.wiring import Wiring
from lanthorn.wiring.arithmetic import At, Expr, Read
from lanthorn.wiring.base import NotDescribedError
from lanthorn.words.nearest import did_you_mean
from lanthorn.words.phrases import checked_language, say
from lanthorn.words.reasons import WHY
from lanthorn.words.shapes import axis_word, place_text
from lanthorn.words.telling import part_word


class Call(NamedTuple):
    """One layer's call on one sample: what went in, under which names, and what came out.

    arguments: what else `call` was given, with the masks that travelled there.
    mask: what the wiring is told of them.
    """

    inputs: list[Any]
    names: list[str]
    input_axes: list[Axes]
    output: Any
    output_axes: Axes
    is_list: bool
    count: int
    mask: Any
    arguments: dict[str, Any]


def why(
    model: Model, x: Any, layer: Any, index: Any = (), *, sample: int = 0, language: str = "en"
) -> Why:
    """The exact arithmetic of one number of a layer's output, from the model's own weights.

    x: input for the model, any number of samples. index: the element's place in the layer's
        output, without the batch; or in one of its intermediates, whose name comes first:
        `("c", 3, 5)` for step 3, unit 5 of an LSTM's c. sample: which row of x.
    Raises: ValueError for an unknown layer, with the nearest; for a place outside the layer's
        output or a sample that x does not have; ShapeError when x does not fit the model.
    Example:
        >>> from lanthorn import Sequential, layers
        >>> model = Sequential([layers.Input((2,)), layers.Dense(1, name="D")])
        >>> model.set_weights([[[3.0], [2.0]], [0.5]])
        >>> print(model.why([[1.0, 10.0]], "D", 0).text(80))
        D[0], unit 0 of sample 0  =  23.5000
            x[1]  feature 1  10 × 2  = 20.0000
            x[0]  feature 0   1 × 3  =  3.0000
            bias                     =  0.5000
          JAX computed exactly that.
    """
    checked_language(language)
    layer = model.get_layer(layer if isinstance(layer, str) else getattr(layer, "name", layer))
    sample, rows = one_sample(model, x, sample)
    call = call_of(model, layer, rows, language)
    given = call.input_axes if call.is_list else call.input_axes[0]
    inputs, outputs = tuple(call.input_axes), (call.output_axes,)
    if isinstance(layer, Model) and getattr(layer, "_graph", None):
        wiring = inner_wiring(layer, masks_inside(layer, call.inputs)).between(inputs, *outputs)
    else:
        wiring = wiring_between(layer, given, inputs, outputs, call.arguments).under(call.mask)
    part, index = named_part(layer, wiring, index)
    axes = wiring.intermediates[part] if part else call.output_axes
    at = checked_index(f"{layer.name} ({type(layer).__name__})", part, axes, index)
    return reasons(layer, wiring, call, part, at, sample, language)


# -- running ---------------------------------------------------------------------------------------


def one_sample(model: Model, x: Any, sample: int) -> tuple[int, Any]:
    """The sample's row, counted from 0, and its arrays with a batch of one."""
    from lanthorn.training import checks

    if not model.built:
        raise ValueError(
            f"{model.name!r} has no weights yet: begin it with Input(shape), call build(shape), or "
            "call it on data; then ask why."
        )
    arrays = checks.as_arrays("x", x)
    if arrays is None:
        raise DataError("why needs an input for the model: x is None.")
    count = checks.same_length(x=arrays)
    if not hasattr(sample, "__index__") or not -count <= sample < count:
        samples = "1 sample" if count == 1 else f"{count} samples"
        raise ValueError(f"x has {samples}, counted from 0; there is no sample {sample!r}.")
    row = int(sample) % count
    return row, map_leaves(lambda array: array[row : row + 1], arrays)


def call_of(model: Model, layer: Any, rows: Any, language: str) -> Call:
    """Run the model on one sample and keep what the layer was given and gave."""
    if getattr(model, "_graph", None) is None:
        return watched(model, layer, rows)
    return retraced(model, layer, rows, language)


def retraced(model: Model, layer: Any, rows: Any, language: str) -> Call:
    """The part of the graph that leads to the layer, run on numbers."""
    from lanthorn.models.functional import Functional, fitted

    fitted(model, rows)  # an input of another shape is refused in the model's own name
    graph = model._graph  # type: ignore[attr-defined]
    calls = [node for node in graph.nodes if node.operation is layer]
    node = calls[0]
    tensors = [*node.inputs, *node.outputs]
    part = Functional(graph.inputs, tensors, name=model.name)
    numbers = dict(zip(map(id, tensors), leaves(part(rows)), strict=True))
    told = tensors_of(node)
    inputs, output = [numbers[id(tensor)] for tensor in told], numbers[id(node.outputs[0])]
    is_alone = len(list(leaves(graph.inputs))) == 1
    names = [source_name(producer(tensor), is_alone, language) for tensor in told]
    input_axes = [sized(tensor.shape, numbers[id(tensor)]) for tensor in told]
    output_axes = sized(node.outputs[0].shape, output)
    if not inputs:  # the input itself: what was given
        inputs, names, input_axes = [output], ["x" if is_alone else layer.name], [output_axes]
    args, kwargs = map_leaves(
        lambda leaf: numbers[id(leaf)] if is_symbolic(leaf) else leaf, (node.args, node.kwargs)
    )
    mask, arguments = masks_of(layer, inputs, args, kwargs)
    is_list = isinstance(signatures.given_tensors(layer, node.args, node.kwargs), list) and bool(
        told
    )
    return Call(
        inputs, names, input_axes, output, output_axes, is_list, len(calls), mask, arguments
    )


def source_name(node: Node | None, is_alone: bool, language: str) -> str:
    """The layer a number comes from, and by which of its calls; `x` for the model's only input."""
    if node is None or (is_alone and isinstance(node.operation, InputLayer)):
        return "x"
    calls = node.operation.inbound_nodes
    if len(calls) == 1:
        return node.operation.name
    number = next(place for place, call in enumerate(calls, 1) if call is node)
    return say(WHY["nth"], language, {"name": node.operation.name, "call": number})


def watched(model: Model, layer: Any, rows: Any) -> Call:
    """Run a model that has no graph, and look on while the layer is called."""
    seen: list[tuple[Any, Any, Any]] = []
    original = layer.call

    def call(*args: Any, **kwargs: Any) -> Any:
        outputs = original(*args, **kwargs)
        seen.append((args, kwargs, outputs))
        return outputs

    layer.call = call
    try:
        model(rows)
    finally:
        del layer.call
    if not seen:
        raise ValueError(f"{model.name!r} did not call {layer.name!r} on this input.")
    args, kwargs, outputs = seen[0]
    if layer.several_arguments:
        given: Any = signatures.given_tensors(layer, args, kwargs)
    else:
        given = args[0] if args else kwargs
    inputs = list(leaves(given))
    output = next(iter(leaves(outputs)))
    names = ["input" if len(inputs) == 1 else f"input {place}" for place in range(len(inputs))]
    axes = [Axes.of(array.shape) for array in inputs]
    is_list = isinstance(given, list | tuple)
    output_axes = Axes.of(output.shape)
    try:
        named = symbols.inferred_axes(layer, axes if is_list else axes[0])
        output_axes = sized(named, output)
    except Exception:  # a layer of the user's own that cannot be traced: its axes have usual names
        pass
    mask, arguments = masks_of(layer, inputs, args, kwargs)
    return Call(inputs, names, axes, output, output_axes, is_list, len(seen), mask, arguments)


def sized(axes: Axes, array: Any) -> Axes:
    """The named axes with the sizes this array has."""
    return Axes(
        axis._replace(size=size) if axis.size is None else axis
        for axis, size in zip(axes.axes, array.shape, strict=True)
    )


def named_part(layer: Any, wiring: Wiring, index: Any) -> tuple[str, Any]:
    """The intermediate that an index begins with ("" for the output itself), and the rest of it.

    Raises: ValueError for an unknown name, with those the layer has.
    """
    if isinstance(index, tuple | list) and len(index) == 1 and isinstance(index[0], tuple | list):
        index = index[0]
    first = index[0] if isinstance(index, tuple | list) and len(index) else index
    if not isinstance(first, str):
        return "", index
    known = list(wiring.intermediates)
    if first not in known:
        has = f"has {', '.join(map(repr, known))}" if known else "has no named intermediates"
        raise ValueError(
            f"{layer.name} ({type(layer).__name__}) {has}, not {first!r}"
            f"{did_you_mean(first, known) or '.'}"
        )
    return first, tuple(index[1:]) if index is not first else ()


def checked_index(owner: str, part: str, axes: Axes, index: Any) -> At:
    """The place as whole numbers within the layer's output, or within one of its intermediates.

    Raises: ValueError that shows the axes.
    """
    if isinstance(index, tuple) and len(index) == 1 and isinstance(index[0], Sequence):
        index = index[0]
    at = tuple(index) if isinstance(index, Sequence) else (index,)
    sample = axes.sample
    shape = shape_text(axes.with_batch(None), "en")
    gives = f"{owner} {f'has {part!r}:' if part else 'gives'} {shape}"
    if len(at) != len(sample):
        names = ", ".join(axis_word(axis.name) for axis in sample)
        raise ValueError(
            f"{gives}: a number of one sample has {len(sample)} "
            f"{'index' if len(sample) == 1 else 'indices'} ({names}), not {len(at)}."
        )
    for axis, place in zip(sample, at, strict=True):
        size = axis.size or 0
        if not hasattr(place, "__index__") or not -size <= place < size:
            raise ValueError(
                f"{gives}: there is no place {place!r} on the axis {axis_word(axis.name)}, which "
                f"goes from 0 to {size - 1}."
            )
    return tuple(int(place) % (axis.size or 1) for place, axis in zip(at, sample, strict=True))


# -- retelling -------------------------------------------------------------------------------------


def reasons(
    layer: Any, wiring: Wiring, call: Call, part: str, at: At, sample: int, language: str
) -> Why:
    """The number's arithmetic with the values that went through it."""
    import numpy as np

    axes = wiring.intermediates[part] if part else call.output_axes
    named = signatures.accepted(type(layer).intermediates, call.arguments)
    found = layer.intermediates(*call.inputs, **named)
    known = {name: np.asarray(array)[0] for name, array in found.items()}
    values = Values(
        wiring,
        inputs=[np.asarray(array)[0] for array in call.inputs],
        names=call.names,
        owner=layer.name,
        weights={name: variable.numpy() for name, variable in layer.named_weights().items()},
        known=known,
        language=language,
    )
    story: dict[str, Any]
    try:
        element = wiring.part(part, at) if part else wiring.element(at)
        story = unfolded(element, values, axes, at, part)
        value = evaluated(element, values)
    except NotDescribedError:
        story = {"how": "inside"} if isinstance(layer, Model) else measured(layer, call, at, values)
        value = None
    numbers = known.get(part) if part else np.asarray(call.output)[0]
    computed = None if numbers is None else float(numbers[at])
    return Why(
        layer=layer.name,
        part=part,
        index=at,
        place=", ".join(
            filter(None, (part_word(wiring, part, language), place_text(axes.sample, at, language)))
        ),
        sample=int(sample),
        how=story["how"],
        terms=tuple(story.get("terms", ())),
        steps=tuple(story.get("steps", ())),
        formula=story.get("formula", ""),
        among=tuple(story.get("among", ())),
        value=value,
        computed=computed,
        difference=None if value is None or computed is None else computed - value,
        row=story.get("row"),
        calls=call.count,
        language=language,
    )


def evaluated(element: Expr, values: Values) -> float:
    """The number in double precision; NaN where numbers on the way leave its range."""
    try:
        return values.of(element)
    except (OverflowError, ValueError, ZeroDivisionError, IndexError):
        return math.nan


def measured(layer: Any, call: Call, at: At, values: Values) -> dict[str, Any]:
    """The numbers that an undescribed one changes with, the steepest first, and how steeply."""
    from lanthorn.engine.probing import slopes

    try:
        found = slopes(layer, call.inputs, at)
    except Exception:  # whatever a layer of the user's own may raise when it is differentiated
        return {"how": "opaque"}
    terms = []
    for source, slope in enumerate(found):
        for place in zip(*slope.nonzero(), strict=True):
            where = tuple(map(int, place))
            term = values.term(Read(where, source))
            terms.append(term._replace(product=float(slope[where])))
    terms.sort(key=lambda term: -abs(term.product))
    return {"how": "measured" if terms else "opaque", "terms": terms}
