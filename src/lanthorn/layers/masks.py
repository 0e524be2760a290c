"""Masks: which places of a tensor count, travelling beside it from layer to layer.

The scope of a call knows each tensor's mask. A layer whose `call` has an argument `mask` is handed
that of its tensor; one that takes several tensors is handed `query_mask`, `value_mask` … where it
has such arguments. What comes out has the mask that `compute_mask` says.
Source: keras 3.15 `layers/layer.py`, `Layer.__call__`, steps 6 and 8.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from lanthorn.engine.scope import Scope, current_scope
from lanthorn.engine.structure import is_tensor, leaves, map_leaves


def arriving(signature: Any, scope: Scope, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The mask of the first tensor argument; those that `call` takes are put into `kwargs`."""
    named = {**dict(zip(signature.names, args, strict=False)), **kwargs}
    tensors = [name for name in signature.tensors if _holds_tensor(named.get(name))]
    if not tensors:
        return None
    for name in tensors:
        argument = "mask" if len(tensors) == 1 else f"{name}_mask"
        if argument in signature.names and named.get(argument) is None:
            found = travelling(scope, named[name])
            if found is not None:
                kwargs[argument] = found
    mask = kwargs.get("mask")
    return mask if mask is not None else travelling(scope, named[tensors[0]])


def travelling(scope: Scope, value: Any) -> Any:
    """The masks beside the tensors of an argument, in its structure; None when there are none."""
    found = map_leaves(scope.mask_of, value)
    return found if any(mask is not None for mask in leaves(found)) else None


def hand_on(layer: Any, scope: Scope, args: tuple[Any, ...], mask: Any, outputs: Any) -> None:
    """Note the masks of what came out (a list: one for each), unless a layer inside has done so."""
    if not (layer.supports_masking or makes_masks(type(layer))):
        return
    tensors = list(leaves(outputs))
    if tensors and all(scope.mask_of(tensor) is not None for tensor in tensors):
        return
    found = layer.compute_mask(args[0] if args else None, mask)
    found = list(found) if isinstance(found, list | tuple) else [found]
    for tensor, one in zip(tensors, found, strict=False):
        if one is not None and scope.mask_of(tensor) is None:
            scope.set_mask(tensor, one)


def lay_beside(tensors: Any, mask: Any) -> None:
    """Note the masks of tensors in the scope of the call under way."""
    scope = current_scope()
    if scope is None or mask is None:
        return
    found = list(mask) if isinstance(mask, list | tuple) else [mask]
    for tensor, one in zip(leaves(tensors), found, strict=False):
        if one is not None:
            scope.set_mask(tensor, one)


def beside(tensor: Any, origin: Any) -> Any:
    """A tensor that stands for another now, its mask beside it."""
    scope = current_scope()
    mask = scope.mask_of(origin) if scope is not None else None
    if scope is not None and mask is not None:
        scope.set_mask(tensor, mask)
    return tensor


@cache
def makes_masks(cls: type) -> bool:
    """Whether a class says itself what mask comes out."""
    from lanthorn.layers.base import Layer

    return cls.compute_mask is not Layer.compute_mask  # type: ignore[attr-defined]


def _holds_tensor(value: Any) -> bool:
    return value is not None and any(is_tensor(leaf) for leaf in leaves(value))
