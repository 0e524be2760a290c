"""Symbolic tensors and the graph that calls on them leave behind.

A `KerasTensor` has named axes and a type but no numbers. Calling a layer on one records a `Node`:
which operation, on what, with which results. A model is the part of that graph between its inputs
and its outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from lanthorn.axes import Axes
from lanthorn.engine.dtypes import standardize_dtype
from lanthorn.engine.naming import to_snake_case, unique_name
from lanthorn.engine.structure import is_symbolic, leaves, map_leaves


class History(NamedTuple):
    """Where a tensor came from: which result of which call of which operation."""

    operation: Any
    node_index: int
    tensor_index: int


class KerasTensor:
    """A tensor to come: axes and a type, no numbers.

    shape: `Axes`, a tuple of sizes that also knows names; the batch is None.
    sparse, ragged: Keras's arguments; only dense tensors are offered.
    Raises: ValueError for a sparse or ragged tensor.
    """

    is_symbolic = True
    sparse = ragged = False

    def __init__(
        self,
        shape: Sequence[int | None],
        dtype: Any = "float32",
        sparse: bool = False,
        ragged: bool = False,
        record_history: bool = True,
        name: str | None = None,
    ) -> None:
        if sparse or ragged:
            raise ValueError("Sparse and ragged tensors are not offered: describe dense ones.")
        self.shape = Axes.of(shape)
        self.dtype = dtype if isinstance(dtype, str) else standardize_dtype(dtype)
        self.name = name or unique_name("keras_tensor")
        self.history: History | None = None

    @property
    def _keras_history(self) -> History | None:
        return self.history

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __repr__(self) -> str:
        return (
            f"<KerasTensor shape={tuple(self.shape)}, dtype={self.dtype}, sparse=False, "
            f"ragged=False, name={self.name}>"
        )

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise ValueError(
            f"{self.name!r} is a tensor of a model that is still being described: it has a shape, "
            f"{tuple(self.shape)}, but no numbers yet. Use a layer or a function of lanthorn.ops "
            "on it instead of NumPy, or call the model on an array to get numbers."
        )

    def __float__(self) -> float:
        raise ValueError(f"{self.name!r} has a shape, {tuple(self.shape)}, but no numbers yet.")

    __int__ = __float__  # type: ignore[assignment]

    def __iter__(self) -> Any:
        raise TypeError(f"{self.name!r} has no numbers yet and cannot be looped over.")

    def __bool__(self) -> bool:
        raise TypeError(f"{self.name!r} has no numbers yet: it is neither true nor false.")

    def __getitem__(self, key: Any) -> Any:
        from lanthorn import ops

        return ops.get_item(self, key)

    def __neg__(self) -> Any:
        from lanthorn import ops

        return ops.negative(self)

    def __abs__(self) -> Any:
        from lanthorn import ops

        return ops.absolute(self)

    def __invert__(self) -> Any:
        from lanthorn import ops

        return ops.logical_not(self)

    def __round__(self, ndigits: int | None = None) -> Any:
        from lanthorn import ops

        return ops.round(self, decimals=ndigits or 0)

    def reshape(self, newshape: Any) -> Any:
        from lanthorn import ops

        return ops.reshape(self, newshape)

    def squeeze(self, axis: Any = None) -> Any:
        from lanthorn import ops

        return ops.squeeze(self, axis)


def _operator(name: str, swapped: bool) -> Callable[[KerasTensor, Any], Any]:
    def operator(self: KerasTensor, other: Any) -> Any:
        from lanthorn import ops

        function = getattr(ops, name)
        return function(other, self) if swapped else function(self, other)

    return operator


_OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "true_divide", "pow": "power",
    "floordiv": "floor_divide", "mod": "mod", "matmul": "matmul",
    "and": "logical_and", "or": "logical_or", "xor": "logical_xor",
}  # fmt: skip
for _python, _op in _OPERATORS.items():
    setattr(KerasTensor, f"__{_python}__", _operator(_op, swapped=False))
    setattr(KerasTensor, f"__r{_python}__", _operator(_op, swapped=True))
for _python, _op in {
    "lt": "less",
    "le": "less_equal",
    "gt": "greater",
    "ge": "greater_equal",
}.items():
    setattr(KerasTensor, f"__{_python}__", _operator(_op, swapped=False))


class Node:
    """One call of an operation on symbolic tensors."""

    __slots__ = ("args", "inputs", "kwargs", "operation", "outputs")

    def __init__(self, operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.operation = operation
        self.args = args
        self.kwargs = kwargs
        self.inputs = [leaf for leaf in leaves((args, kwargs)) if is_symbolic(leaf)]
        self.outputs: list[KerasTensor] = []

    @property
    def parents(self) -> list[Node]:
        """The calls that made this call's inputs, once each, in order."""
        found = {id(node): node for node in map(producer, self.inputs) if node is not None}
        return list(found.values())


def producer(tensor: KerasTensor) -> Node | None:
    """The call that made a tensor."""
    if tensor.history is None:
        return None
    return tensor.history.operation.inbound_nodes[tensor.history.node_index]


def record(operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any], outputs: Any) -> Any:
    """Write a call into the graph and return its outputs, now knowing where they came from."""
    node = Node(operation, args, kwargs)
    operation.inbound_nodes.append(node)
    call = len(operation.inbound_nodes) - 1
    if is_symbolic(outputs) and outputs.history is not None:
        outputs = KerasTensor(outputs.shape, outputs.dtype)  # returned as it came: a new tensor
    for index, tensor in enumerate(leaves(outputs)):
        tensor.history = History(operation, call, index)
        node.outputs.append(tensor)
    return outputs


class Operation:
    """A function of `lanthorn.ops` as a node of the graph: `x * 2`, `ops.concatenate([a, b])`."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.op_name = name
        self.name = unique_name(to_snake_case(name))
        self.function = function
        self.inbound_nodes: list[Node] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    @property
    def output(self) -> Any:
        outputs = self.inbound_nodes[0].outputs
        return outputs[0] if len(outputs) == 1 else outputs


def symbolic_operation(
    name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Record `function(*args, **kwargs)` as a node; shapes are found by tracing it once."""
    from lanthorn.engine.abstract import infer

    operation = Operation(name, function)
    given = [leaf.shape for leaf in leaves((args, kwargs)) if is_symbolic(leaf)]
    outputs = map_leaves(
        lambda found: KerasTensor(named_like(found.shape, given), found.dtype),
        infer(function, args, kwargs),
    )
    return record(operation, args, kwargs, outputs)


def named_like(shape: Sequence[int | None], given: Sequence[Axes]) -> Axes:
    """Axes for a bare shape: names are taken over from an input of the same rank."""
    if isinstance(shape, Axes):
        return shape
    sizes = tuple(shape)
    for axes in given:
        if len(axes) == len(sizes):
            return Axes(
                axis if axis.size == size else axis._replace(size=size, parts=())
                for axis, size in zip(axes.axes, sizes, strict=True)
            )
    return Axes.of(sizes)
