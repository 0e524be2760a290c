"""A layer called on symbols: shapes alone, told by its shape rule or found by tracing its call."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.graph import KerasTensor, named_like, record
from lanthorn.engine.structure import is_symbolic, leaves, map_leaves, map_shapes
from lanthorn.layers import orders
from lanthorn.layers.building import build_for
from lanthorn.layers.signatures import check_input, check_positions, tensor_axes


def call_on_symbols(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Record the call in the graph and return symbolic outputs."""
    check_positions(layer, args)
    axes = tensor_axes(layer, args, kwargs)
    check_input(layer, args)
    build_for(layer, axes)
    outputs = layer.compute_output_spec(*args, **kwargs)
    return record(layer, args, kwargs, outputs)


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


def _traced_outputs(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    from lanthorn.engine.abstract import infer

    given = [leaf.shape for leaf in leaves((args, kwargs)) if is_symbolic(leaf)]
    return map_leaves(
        lambda found: KerasTensor(named_like(found.shape, given), found.dtype),
        infer(layer, args, kwargs),
    )


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
