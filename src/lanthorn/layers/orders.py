"""channels_first: the same layer for numbers whose channels come before height and width.

A layer that says `sees_channels_last` is written for (batch, …, channels) alone. With
data_format="channels_first" its axes are moved by name on the way in and out: shapes here, numbers
around its `call`.
"""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axes, default_names
from lanthorn.engine.structure import is_tensor, map_leaves
from lanthorn.wiring import ChannelsFirst, Wiring


def moves(layer: Any) -> bool:
    """Whether the layer's axes are moved."""
    return layer.sees_channels_last and layer.data_format == "channels_first"


def inward_axes(x: Any) -> Any:
    """`(batch, channels, height, width)` as `(batch, height, width, channels)`.

    Axes that only have the usual names of their places get those of the other order.
    """
    if not isinstance(x, Axes):
        return [inward_axes(each) for each in x]
    if len(x) < 3:
        return x
    usual = default_names(len(x.sample))
    batch, *sample = x.called((usual[-1], *usual[:-1])).axes
    return Axes([batch, *sample[1:], sample[0]])


def outward_axes(x: Any) -> Any:
    """`(batch, height, width, channels)` as `(batch, channels, height, width)`."""
    if not isinstance(x, Axes):
        return [outward_axes(each) for each in x]
    if len(x) < 3:
        return x
    batch, *sample = x.axes
    return Axes([batch, sample[-1], *sample[:-1]])


def inward(numbers: Any) -> Any:
    """Tensors with their channels moved behind the other axes."""
    return map_leaves(lambda leaf: _moved(leaf, 1, -1), numbers)


def outward(numbers: Any) -> Any:
    """Tensors with their channels moved right behind the batch."""
    return map_leaves(lambda leaf: _moved(leaf, -1, 1), numbers)


def _moved(leaf: Any, source: int, destination: int) -> Any:
    if not is_tensor(leaf) or leaf.ndim < 3:
        return leaf
    from lanthorn import ops

    return ops.moveaxis(leaf, source, destination)


def output_axes(layer: Any, *x: Any) -> Any:
    """The layer's shape rule, between axes in the order its data has."""
    if not moves(layer):
        return layer.output_axes(*x)
    return outward_axes(layer.output_axes(*map(inward_axes, x)))


def call(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The layer's `call`, between numbers in the order its data has."""
    if not moves(layer):
        return layer.call(*args, **kwargs)
    from lanthorn.layers.signatures import call_signature

    if not args:  # call(inputs=x): only what comes first is a picture, whatever its name
        name = call_signature(type(layer)).names[0]
        kwargs = {**kwargs, name: inward(kwargs[name])}
    return outward(layer.call(*map(inward, args), **kwargs))


def wired(layer: Any, x: Any, output: Axes) -> Wiring:
    """The layer's wiring, told of the axes in the order its data has."""
    seen = inward_axes(x)
    inputs = (seen,) if isinstance(seen, Axes) else tuple(seen)
    inner = layer.wiring(seen).between(inputs, inward_axes(output))
    return ChannelsFirst(inner).between(tuple(map(outward_axes, inputs)), output)
