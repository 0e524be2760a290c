"""Activation functions by name."""

from __future__ import annotations

from typing import Any

from lanthorn.engine.registry import Table
from lanthorn.lazy import attach

_FUNCTIONS = (
    "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu",
    "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6",
    "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus",
    "sparse_sigmoid", "sparsemax", "squareplus", "tanh", "tanh_shrink", "threshold",
)  # fmt: skip

_ALIASES = {"swish": "silu", "hard_swish": "hard_silu"}

_homes = {name: f"lanthorn.activations.functions:{name}" for name in _FUNCTIONS}
__getattr__, __dir__ = attach(
    __name__, {**_homes, **{alias: _homes[name] for alias, name in _ALIASES.items()}}
)
__all__ = [*_FUNCTIONS, *_ALIASES, "deserialize", "get", "serialize"]

table = Table("activation", __name__, functions=_FUNCTIONS, aliases=_ALIASES)
serialize = table.serialize
deserialize = table.deserialize


def get(identifier: Any) -> Any:
    """The function meant by a name, a config or itself; None means `linear`."""
    return table.get("linear" if identifier is None else identifier)


def applied(activation: Any, x: Any) -> Any:
    """`activation(x)`; None, which someone may have put in its place, changes nothing."""
    return x if activation is None else activation(x)


def name_of(activation: Any) -> str:
    """How a wiring names an activation: ours by its name, another as `custom:` and its name.

    Example:
        >>> name_of(get("relu")), name_of(abs)
        ('relu', 'custom:abs')
    """
    if activation is None:
        return "linear"
    name = getattr(activation, "__name__", type(activation).__name__)
    is_ours = name in _FUNCTIONS and table.lookup(name) is activation
    return name if is_ours else f"custom:{name}"
