"""A layer called on numbers: shapes checked, weights made, masks handed on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.dtypes import is_float
from lanthorn.engine.naming import name_scope
from lanthorn.engine.scope import Scope, in_scope
from lanthorn.engine.structure import is_tensor, leaves, map_leaves
from lanthorn.layers import masks, orders
from lanthorn.layers.building import build_for
from lanthorn.layers.signatures import (
    CallSignature,
    call_signature,
    check_input,
    check_positions,
    tensor_axes,
)


def call_on_numbers(layer: Any, scope: Scope, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Check shapes, build if needed, and compute."""
    check_positions(layer, args)
    if not scope.pure:
        layer._begin_call(scope)
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
            layer._note_loss(
                layer.activity_regularizer(output) / max(output.shape[0] if output.ndim else 1, 1)
            )
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
