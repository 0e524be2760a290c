"""Layers without weights: there is nothing to build, so they are ready as soon as they are made."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.structure import map_leaves
from lanthorn.layers import signatures
from lanthorn.layers.base import Layer


class Stateless(Layer):
    """A layer that learns nothing and is `built` from the start.

    A class of yours that derives from one and has a `build` is built by its first call, like any.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.built = type(self).build is Layer.build

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        outputs = super().__call__(*args, **kwargs)
        if not self._built_axes:  # what it was first called for, to be told later
            axes = signatures.tensor_axes(self, args, kwargs).values()
            self._built_axes = tuple(map_leaves(_any_batch, list(axes)))
        return outputs


def _any_batch(axes: Any) -> Any:
    return axes.with_batch(None) if isinstance(axes, Axes) and axes else axes
