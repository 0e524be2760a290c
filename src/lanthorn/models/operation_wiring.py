"""The wiring of a function of `lanthorn.ops` in a graph, for those that a wiring can tell."""

from __future__ import annotations

from typing import Any

from lanthorn.engine.graph import Node
from lanthorn.engine.structure import is_symbolic
from lanthorn.wiring import Combine, Elementwise, Opaque, Wiring
from lanthorn.wiring.functions import FUNCTIONS

COMBINED = ("add", "maximum", "minimum", "multiply", "subtract")
"""Of two tensors, number by number."""

ALONE = (
    "elu", "gelu", "hard_sigmoid", "hard_silu", "leaky_relu", "log_sigmoid", "mish", "relu",
    "relu6", "selu", "sigmoid", "silu", "softplus", "softsign", "tanh",
)  # fmt: skip
"""Of one tensor, each number by itself."""

SCALED = {
    "add": lambda x: (1.0, x),
    "divide": lambda x: (1.0 / x, 0.0),
    "multiply": lambda x: (x, 0.0),
    "subtract": lambda x: (1.0, -x),
    "true_divide": lambda x: (1.0 / x, 0.0),
}
"""Of a tensor and a number behind it: scale and offset."""

EITHER_WAY = ("add", "multiply")
"""Those that may have the number in front."""


def operation_wiring(node: Node) -> Wiring:
    """What one number that this call makes is made of; `Opaque` where no wiring tells it."""
    inputs = [tensor.shape for tensor in node.inputs]
    return _found(node.operation.op_name, node.args, node.kwargs).between(
        inputs, node.outputs[0].shape
    )


def _found(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Wiring:
    if kwargs:
        return Opaque()
    are_tensors = tuple(map(is_symbolic, args))
    if are_tensors == (True, True) and name in COMBINED:
        return Combine(name)
    if are_tensors == (True,) and name in ALONE and name in FUNCTIONS:
        return Elementwise(name)
    number = _number(name, args)
    if number is None or (number == 0 and "divide" in name):
        return Opaque()
    scale, offset = SCALED[name](number)
    return Elementwise("rescale", (("scale", scale), ("offset", offset)))


def _number(name: str, args: tuple[Any, ...]) -> float | None:
    """The plain number that stands beside the only tensor."""
    if name not in SCALED or len(args) != 2:
        return None
    tensor, number = args
    if name in EITHER_WAY and is_symbolic(number):
        tensor, number = number, tensor
    is_plain = isinstance(number, int | float) and not isinstance(number, bool)
    return float(number) if is_plain and is_symbolic(tensor) else None
