"""What happens when a layer is called: on symbols (shapes only) and on numbers."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from lanthorn.axes import Axes
from lanthorn.engine.dtypes import is_float
from lanthorn.engine.graph import KerasTensor, named_like, record
from lanthorn.engine.naming import name_scope
from lanthorn.engine.scope import Scope, in_scope
from lanthorn.engine.structure import is_symbolic, is_tensor, leaves, map_leaves
from lanthorn.layers import masks, orders


class CallSignature(NamedTuple):
    """What a class's `call` takes."""

    names: tuple[str, ...]
    training_default: bool | None
    takes_training: bool

    @property
    def tensors(self) -> tuple[str, ...]:
        """The arguments that may be tensors."""
        return tuple(
            name for name in self.names if name != "training" and not name.endswith("mask")
        )


@cache
def call_signature(cls: type) -> CallSignature:
    parameters = list(inspect.signature(cls.call).parameters.values())[1:]  # type: ignore[attr-defined]
    by_name = {parameter.name: parameter for parameter in parameters}
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
    default = by_name["training"].default if "training" in by_name else None
    return CallSignature(
        names=tuple(p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)),
        training_default=default if isinstance(default, bool) else None,
        takes_training="training" in by_name or takes_any,
    )


# -- on symbols ------------------------------------------------------------------------------------


def call_on_symbols(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Record the call in the graph and return symbolic outputs."""
    check_positions(layer, args)
    axes = tensor_axes(layer, args, kwargs)
    check_input(layer, args)
    build_for(layer, axes)
    outputs = layer.compute_output_spec(*args, **kwargs)
    return record(layer, args, kwargs, outputs)


def check_input(layer: Any, args: tuple[Any, ...]) -> None:
    """Hold the first argument against an `input_spec` that the layer's author has set."""
    if layer.input_spec and args:
        from lanthorn.layers import specification

        specification.check(layer, args[0])


def tensor_axes(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The axes of every tensor argument by name, in the signature's order; of masks only those
    that `build` asks for."""
    return {
        name: map_leaves(_axes_of, value)
        for name, value in named_arguments(layer, args, kwargs).items()
        if (not name.endswith("mask") or f"{name}_shape" in build_parameters(type(layer)))
        and any(is_tensor(leaf) for leaf in leaves(value))
    }


def argument_axes(layer: Any, x: Any) -> dict[str, Any]:
    """The axes that go into a layer (a list where it takes several) by argument name."""
    names = call_signature(type(layer)).tensors
    if layer.several_arguments and not isinstance(x, Axes):
        return dict(zip(names, x, strict=False))
    return {names[0] if names else "inputs": x}


def named_arguments(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Everything a call was given by the name `call` knows it by, in the signature's order."""
    names = call_signature(type(layer)).names
    named = {**dict(zip(names, args, strict=False)), **kwargs}
    return {name: named[name] for name in (*names, *named) if name in named}


def given_tensors(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call's tensors but masks, as the layer's `wiring` takes them: one, or a list of them."""
    named = named_arguments(layer, args, kwargs)
    values = [value for name, value in named.items() if not name.endswith("mask")]
    if layer.several_arguments:
        return [value for value in values if is_tensor(value)]
    found = [leaf for leaf in leaves(values) if is_symbolic(leaf)]
    return found[0] if len(found) == 1 and any(value is found[0] for value in values) else found


def _axes_of(leaf: Any) -> Any:
    return Axes.of(leaf.shape) if is_tensor(leaf) else leaf


def build_for(layer: Any, axes: dict[str, Any]) -> None:
    """Build the layer for its first inputs; `build(a_shape, b_shape)` gets them by name."""
    if layer.built:
        return
    wanted = build_parameters(type(layer))
    if len(wanted) > 1:
        _check_build(layer, wanted)
        layer.ensure_built(*(axes.get(name.removesuffix("_shape")) for name in wanted))
    else:
        layer.ensure_built(next(iter(axes.values()), None))


def _check_build(layer: Any, wanted: tuple[str, ...]) -> None:
    """Raises: ValueError when a `build` of several shapes asks for what `call` does not take."""
    cls, names = type(layer), call_signature(type(layer)).names
    for name in wanted:
        if not name.endswith("_shape"):
            raise ValueError(
                f"{cls.__name__}.build has the argument `{name}`, which does not end in `_shape`: "
                "of several shapes each is named after an argument of call, as `query_shape`."
            )
        if name.removesuffix("_shape") not in names:
            raise ValueError(
                f"{cls.__name__}.build asks for `{name}`, but `call()` does not have argument "
                f"`{name.removesuffix('_shape')}`: it takes {', '.join(names)}."
            )


def check_positions(layer: Any, args: tuple[Any, ...]) -> None:
    """Raises: ValueError for a plain value (`layer(x, True)`) where a second tensor would be."""
    names = call_signature(type(layer)).names
    for place, value in enumerate(args[1:], start=1):
        if isinstance(value, bool | int | float | str):
            named = f": write {names[place]}={value!r}" if place < len(names) else ""
            raise ValueError(
                f"{layer.name} ({type(layer).__name__}): Only input tensors may be passed as "
                f"positional arguments, and {value!r} is none{named}."
            )


@cache
def build_parameters(cls: type) -> tuple[str, ...]:
    parameters = list(inspect.signature(cls.build).parameters.values())[1:]  # type: ignore[attr-defined]
    return tuple(p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD)


def symbolic_outputs(
    layer: Any, axes: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    shape_rule = _own_rule(layer)
    if shape_rule is None:
        return _traced_outputs(layer, args, kwargs)
    found = (
        orders.output_axes(layer, *axes.values())
        if shape_rule.__name__ == "output_axes"
        else shape_rule(next(iter(axes.values())))
    )
    given = [leaf for leaf in leaves(list(axes.values())) if isinstance(leaf, Axes)]
    dtype = layer.output_dtype() if hasattr(layer, "output_dtype") else layer.compute_dtype
    return map_shapes(lambda shape: KerasTensor(named_like(shape, given), dtype), found)


def _own_rule(layer: Any) -> Any:
    """The layer's own shape rule: `output_axes`, or a user's `compute_output_shape`."""
    from lanthorn.layers.base import Layer

    if type(layer).output_axes is not Layer.output_axes:
        return layer.output_axes
    if type(layer).compute_output_shape is not Layer.compute_output_shape:
        return layer.compute_output_shape
    return None


def map_shapes(function: Any, shapes: Any) -> Any:
    """Apply to each shape of a structure; a tuple of sizes is a shape, not a structure."""
    if isinstance(shapes, list):
        return [map_shapes(function, shape) for shape in shapes]
    if isinstance(shapes, dict):
        return {key: map_shapes(function, shape) for key, shape in shapes.items()}
    if isinstance(shapes, tuple) and shapes and isinstance(shapes[0], tuple | list):
        return tuple(map_shapes(function, shape) for shape in shapes)
    return function(shapes)


def _traced_outputs(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    from lanthorn.engine.abstract import infer

    given = [leaf.shape for leaf in leaves((args, kwargs)) if is_symbolic(leaf)]
    return map_leaves(
        lambda found: KerasTensor(named_like(found.shape, given), found.dtype),
        infer(layer, args, kwargs),
    )


def accepted(function: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Of a call's arguments, those that a function takes by name alone."""
    keywords, positional, takes_any = by_name(function)
    return {
        name: value
        for name, value in arguments.items()
        if name in keywords or (takes_any and name not in positional)
    }


@cache
def by_name(function: Any) -> tuple[set[str], set[str], bool]:
    """The names that go by name alone, those that go by place too, and whether any name goes."""
    parameters = inspect.signature(function).parameters.values()
    keywords = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}
    positional = {p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD}
    return keywords, positional, any(p.kind is p.VAR_KEYWORD for p in parameters)


def inferred_axes(layer: Any, x: Any) -> Any:
    """The axes that come out of a built layer for axes (or a list of axes) that go in."""
    rule = _own_rule(layer)
    if rule is not None:
        given = [x] if isinstance(x, Axes) else list(x)
        arguments = given if layer.several_arguments else [x]
        is_ours = rule.__name__ == "output_axes"
        found = orders.output_axes(layer, *arguments) if is_ours else rule(*arguments)
        return map_shapes(lambda shape: named_like(shape, given), found)
    return traced_axes(layer, x)


def traced_axes(layer: Any, x: Any) -> Any:
    """The axes that come out, found by tracing the layer's call."""
    tensors = map_leaves(lambda axes: KerasTensor(axes, layer.compute_dtype, name="probe"), x)
    outputs = _traced_outputs(layer, tuple(tensors) if layer.several_arguments else (tensors,), {})
    return map_leaves(lambda tensor: tensor.shape, outputs)


def output_shape(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`compute_output_shape` of a layer that states `output_axes`, or is traced."""
    shapes = [map_shapes(Axes.of, shape) for shape in (*args, *kwargs.values())]
    rule = _own_rule(layer)
    if rule is not None and rule.__name__ == "output_axes":
        return map_shapes(tuple, orders.output_axes(layer, *shapes))
    build_for(layer, dict(enumerate(shapes)))  # type: ignore[arg-type]
    return map_shapes(tuple, inferred_axes(layer, shapes[0]))


# -- on numbers ------------------------------------------------------------------------------------


def call_on_numbers(layer: Any, scope: Scope, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Check shapes, build if needed, and compute."""
    check_positions(layer, args)
    signature = call_signature(type(layer))
    if args:
        args = (layer._as_input(args[0]), *(converted(layer, value) for value in args[1:]))
    for name in signature.tensors:
        if is_tensor(kwargs.get(name)):
            kwargs[name] = _tensor(layer, kwargs[name])
    axes = tensor_axes(layer, args, kwargs)
    check_input(layer, args)
    if axes:
        if states_its_axes(type(layer)):
            orders.output_axes(layer, *axes.values())  # refuses what the layer cannot work on
        if not layer.built:  # for any batch, whatever the size of this one, as a rule
            build_for(layer, axes if layer.wants_batch_size else map_leaves(_any_batch, axes))
    outer = scope.training
    scope.training = _training(signature, scope, kwargs)
    try:
        if signature.takes_training:
            kwargs["training"] = scope.training
        mask = masks.arriving(signature, scope, args, kwargs)
        with name_scope(layer.name):
            outputs = orders.call(layer, args, kwargs)
    finally:
        scope.training = outer
    masks.hand_on(layer, scope, args, mask, outputs)
    if layer.activity_regularizer is not None:
        for output in leaves(outputs):
            layer._note_loss(layer.activity_regularizer(output) / max(output.shape[0], 1))
    return outputs


def _any_batch(axes: Any) -> Any:
    return axes.with_batch(None) if isinstance(axes, Axes) and axes else axes


@cache
def states_its_axes(cls: type) -> bool:
    """Whether the shape rule is a layer's of ours; the layers of a model check for themselves."""
    home = cls.output_axes.__module__ or ""  # type: ignore[attr-defined]
    return home.startswith("lanthorn.layers.") and home != "lanthorn.layers.base"


def _training(signature: CallSignature, scope: Scope, kwargs: dict[str, Any]) -> bool:
    """Explicit argument, else the outer call's, else the signature's default, else False."""
    given = kwargs.pop("training", None)
    if given is not None:
        return bool(given)
    if scope.training is not None:
        return scope.training
    return bool(signature.training_default)


def converted(layer: Any, value: Any) -> Any:
    """Arrays on the device in the layer's compute type; whole numbers keep theirs."""
    if isinstance(value, list) and value and not any(is_tensor(leaf) for leaf in leaves(value)):
        import numpy as np

        value = np.asarray(value)
    return map_leaves(lambda leaf: _tensor(layer, leaf), value)


def _tensor(layer: Any, leaf: Any) -> Any:
    if not is_tensor(leaf) and not hasattr(leaf, "__array__"):
        return leaf
    from lanthorn import ops

    tensor = ops.convert_to_tensor(leaf)
    dtype = tensor.dtype.name
    if layer.autocast and is_float(dtype) and dtype != layer.compute_dtype:
        return masks.beside(tensor.astype(layer.compute_dtype), leaf)
    return tensor


def stateless_call(
    layer: Any,
    trainable: Sequence[Any],
    non_trainable: Sequence[Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    return_losses: bool,
) -> Any:
    """Call a layer as a pure function of values given in the order of its variables."""
    variables = [*layer.trainable_variables, *layer.non_trainable_variables]
    given = [*trainable, *non_trainable]
    if len(variables) != len(given):
        raise ValueError(
            f"{layer.name!r} has {len(layer.trainable_variables)} trainable and "
            f"{len(layer.non_trainable_variables)} other variables, but was given "
            f"{len(trainable)} and {len(non_trainable)} values."
        )
    values = dict(zip(map(id, variables), given, strict=True))
    with in_scope(Scope(values)) as scope:
        outputs = layer(*args, **kwargs)
        losses = layer.losses if return_losses else None
    after = [scope.values[id(variable)] for variable in layer.non_trainable_variables]
    return (outputs, after, losses) if return_losses else (outputs, after)
