"""Calls of `lanthorn.ops` as files keep them: Keras's class of the same name, from a closed table.

An operation's arguments are of two kinds: those that Keras's class takes when it is made, kept in
its config, and those it is called with, kept with the call.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from lanthorn import ops
from lanthorn.axes import product
from lanthorn.engine.errors import LanthornError
from lanthorn.engine.graph import Operation
from lanthorn.engine.plain import plain
from lanthorn.engine.refusals import DamagedModelError, ModelLimitError, cut, quoted
from lanthorn.engine.structure import is_symbolic, leaves
from lanthorn.words.nearest import did_you_mean

TABLE = {
    "numpy": """
        absolute(x) add(x1,x2) all(x;axis,keepdims) amax(x;axis,keepdims) amin(x;axis,keepdims)
        any(x;axis,keepdims) append(x1,x2;axis) arccos(x) arccosh(x) arcsin(x) arcsinh(x) arctan(x)
        arctan2(x1,x2) arctanh(x) argmax(x;axis,keepdims) argmin(x;axis,keepdims) argsort(x;axis)
        average(x,weights;axis) bitwise_and(x,y) bitwise_not(x) bitwise_or(x,y) bitwise_xor(x,y)
        broadcast_to(x;shape) cbrt(x) ceil(x) clip(x;x_min,x_max) concatenate(xs;axis) copy(x)
        cos(x) cosh(x) count_nonzero(x;axis) cross(x1,x2;axisa,axisb,axisc,axis)
        cumprod(x;axis,dtype) cumsum(x;axis,dtype) deg2rad(x) diagonal(x;offset,axis1,axis2)
        divide(x1,x2) divide_no_nan(x1,x2) dot(x1,x2) dstack(xs) einsum(*operands;subscripts)
        equal(x1,x2) exp(x) exp2(x) expand_dims(x;axis) expm1(x) fabs(x) flip(x;axis) fliplr(x)
        flipud(x) floor(x) floor_divide(x1,x2) fmax(x1,x2) fmin(x1,x2) fmod(x1,x2)
        full_like(x,fill_value;dtype) get_item(x,key) greater(x1,x2) greater_equal(x1,x2)
        heaviside(x1,x2) hstack(xs) hypot(x1,x2) inner(x1,x2) isclose(x1,x2,rtol,atol;equal_nan)
        isfinite(x) isinf(x) isnan(x) kron(x1,x2) less(x1,x2) less_equal(x1,x2) log(x) log10(x)
        log1p(x) log2(x) logaddexp(x1,x2) logaddexp2(x1,x2) logical_and(x1,x2) logical_not(x)
        logical_or(x1,x2) logical_xor(x1,x2) matmul(x1,x2) max(x;axis,keepdims,initial)
        maximum(x1,x2) mean(x;axis,keepdims) median(x;axis,keepdims) min(x;axis,keepdims,initial)
        minimum(x1,x2) mod(x1,x2) moveaxis(x;source,destination) multiply(x1,x2)
        nan_to_num(x;nan,posinf,neginf) nanmax(x;axis,keepdims) nanmean(x;axis,keepdims)
        nanmin(x;axis,keepdims) nansum(x;axis,keepdims) negative(x) not_equal(x1,x2)
        ones_like(x;dtype) outer(x1,x2) pad(x,constant_values;pad_width,mode) power(x1,x2)
        prod(x;axis,keepdims,dtype) ptp(x;axis,keepdims) quantile(x,q;axis,method,keepdims)
        rad2deg(x) ravel(x) reciprocal(x) repeat(x;repeats,axis) reshape(x;newshape)
        roll(x;shift,axis) rot90(array;k,axes) round(x;decimals) sign(x) sin(x) sinc(x) sinh(x)
        sort(x;axis) split(x;indices_or_sections,axis) sqrt(x) square(x) squeeze(x;axis)
        stack(x;axis) std(x;axis,keepdims) subtract(x1,x2) sum(x;axis,keepdims)
        swapaxes(x;axis1,axis2) take(x,indices;axis) take_along_axis(x,indices;axis) tan(x) tanh(x)
        tensordot(x1,x2;axes) tile(x;repeats) trace(x;offset,axis1,axis2) transpose(x;axes)
        tril(x;k) triu(x;k) true_divide(x1,x2) trunc(x) var(x;axis,keepdims) vdot(x1,x2) vstack(xs)
        where(condition,x1,x2) zeros_like(x;dtype)
    """,
    "nn": """
        average_pool(inputs;pool_size,strides,padding,data_format) celu(x;alpha)
        conv(inputs,kernel;strides,padding,data_format,dilation_rate)
        depthwise_conv(inputs,kernel;strides,padding,data_format,dilation_rate)
        elu(x;alpha) gelu(x;approximate) glu(x;axis) hard_shrink(x;threshold) hard_sigmoid(x)
        hard_silu(x) hard_tanh(x) leaky_relu(x;negative_slope) log_sigmoid(x) log_softmax(x;axis)
        max_pool(inputs;pool_size,strides,padding,data_format) normalize(x;axis,order,epsilon)
        one_hot(x;num_classes,axis,dtype,sparse) relu(x) relu6(x) selu(x) sigmoid(x) silu(x)
        soft_shrink(x;threshold) softmax(x;axis) softplus(x) softsign(x) sparse_plus(x)
        sparse_sigmoid(x) squareplus(x;b) tanh_shrink(x)
        threshold(x;threshold,default_value)
    """,
    "core": "cast(x;dtype) stop_gradient(variable) unstack(x;num,axis)",
    "math": "erf(x) erfc(x) logsumexp(x;axis,keepdims) rsqrt(x) top_k(x;k,sorted)",
    "linalg": "norm(x;ord,axis,keepdims)",
}
"""Keras's module → each operation with (what it is called with; what it is made with)."""

MOST_PARTS = 10_000
"""Tensors that one operation of a file may give."""

MOST_TO_TRACE = 2**62
"""XLA aborts the process when a product of sizes passes 2^63."""

PLACES = {"axis", "axes", "axis1", "axis2", "axisa", "axisb", "axisc", "source", "destination"}
"""Settings that are places, not sizes."""


OUTER = {"dot", "einsum", "inner", "kron", "matmul", "outer", "take", "tensordot"}
"""Operations that may pair every number of one tensor with every number of another."""


class Entry(NamedTuple):
    """An operation: Keras's module and class, and its arguments by kind."""

    name: str
    module: str
    class_name: str
    called_with: tuple[str, ...]
    made_with: tuple[str, ...]

    @property
    def takes_any(self) -> bool:
        return self.called_with[0].startswith("*")


@cache
def entries() -> dict[str, Entry]:
    """Every operation that files may hold, by the name of its function."""
    found = {}
    for module, text in TABLE.items():
        for written in text.split():
            name, _, arguments = written.removesuffix(")").partition("(")
            called, _, made = arguments.partition(";")
            class_name = "".join(part.capitalize() for part in name.split("_"))
            found[name] = Entry(
                name,
                f"keras.src.ops.{module}",
                class_name,
                tuple(called.split(",")),
                tuple(part for part in made.split(",") if part),
            )
    return found


# -- writing ---------------------------------------------------------------------------------------


def operation_config(operation: Operation) -> dict[str, Any]:
    """An operation as a layer of a file.

    Raises: LanthornError when files have no form for it.
    """
    entry = entries().get(operation.op_name)
    if entry is None:
        raise LanthornError(
            f"A file cannot keep ops.{operation.op_name} (the operation {operation.name!r}). "
            "Put it into a Layer of your own, or keep the weights alone with save_weights."
        )
    node = operation.inbound_nodes[0]
    given = _arguments(operation, node.args, node.kwargs)
    return {
        "module": entry.module,
        "class_name": entry.class_name,
        "config": {"name": operation.name, **{k: plain(given[k]) for k in entry.made_with}},
        "registered_name": entry.class_name,
    }


def call_config(operation: Operation, node: Any, tensor: Callable[[Any], Any]) -> dict[str, Any]:
    """One call of an operation: what Keras's class is called with."""
    entry = entries()[operation.op_name]
    given = _arguments(operation, node.args, node.kwargs)
    args = [given[name.lstrip("*")] for name in entry.called_with]
    args = list(args[0]) if entry.takes_any else args
    while len(args) > 1 and args[-1] is None:
        args.pop()
    return {"args": [plain(argument, tensor) for argument in args], "kwargs": {}}


def _arguments(operation: Operation, args: Sequence[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """All arguments by name, those that were left out with their defaults.

    Raises: LanthornError for one that Keras's class has not.
    """
    entry = entries()[operation.op_name]
    signature = inspect.signature(operation.function)
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    given = dict(bound.arguments)
    known = {name.lstrip("*") for name in (*entry.called_with, *entry.made_with)}
    for name, value in given.items():
        default = signature.parameters[name].default
        if name not in known and value != default and value not in ((), {}):
            raise LanthornError(
                f"A file cannot keep the argument {name!r} of ops.{entry.name} "
                f"(the operation {operation.name!r})."
            )
    return given


# -- reading ---------------------------------------------------------------------------------------


def entry_of(config: dict[str, Any]) -> Entry | None:
    """The operation that a layer of a file is; None when its module is not one of operations.

    Raises: DamagedModelError for one that is not in the table.
    """
    module = config.get("module")
    if not isinstance(module, str) or not module.startswith("keras.src.ops."):
        return None
    by_class = {(entry.module, entry.class_name): entry for entry in entries().values()}
    name = config.get("class_name")
    entry = by_class.get((module, name)) if isinstance(name, str) else None
    if entry is None:
        known = [entry.class_name for entry in entries().values()]
        raise DamagedModelError(
            f"the operation {quoted(name)} of {quoted(module)} cannot be read here"
            f"{did_you_mean(name, known) or '.'}"
        )
    return entry


def apply(
    entry: Entry, settings: dict[str, Any], args: Sequence[Any], kwargs: dict[str, Any]
) -> Any:
    """Call an operation on symbolic tensors with what a file says.

    Raises: DamagedModelError; ModelLimitError when the result could be too large to trace.
    """
    made = {name: _tuples(value) for name, value in settings.items() if name in entry.made_with}
    unknown = sorted(set(settings) - set(made) - {"name"} | set(kwargs) - set(entry.called_with))
    if unknown:
        raise DamagedModelError(f"{entry.class_name} has no setting {quoted(unknown[0])}.")
    if not entry.takes_any and len(args) > len(entry.called_with):
        raise DamagedModelError(f"{entry.class_name} is called with {len(args)} things.")
    _check_sizes(entry, made, args, kwargs)
    function = getattr(ops, entry.name)
    if entry.takes_any:
        return function(*made.values(), *args)
    called = dict(zip(entry.called_with, args, strict=False)) | kwargs
    if entry.name == "get_item" and isinstance(called.get("key"), list):
        called["key"] = tuple(called["key"])
    return function(**called, **made)


def _tuples(value: Any) -> Any:
    """JSON knows only lists, but settings were tuples, which can be told apart by hash."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _check_sizes(
    entry: Entry, made: dict[str, Any], args: Sequence[Any], kwargs: dict[str, Any]
) -> None:
    """Refuse what could make tracing abort or never end: an upper bound, in Python integers."""
    sizes = [size for name in made if name not in PLACES for size in _whole_numbers(made[name])]
    shapes = [leaf.shape for leaf in leaves([list(args), kwargs]) if is_symbolic(leaf)]
    most = (product(max(size, 1) for size in sizes) or 1) * _bound(entry, shapes)
    if most > MOST_TO_TRACE:
        raise ModelLimitError(f"{entry.class_name} could give more than 2^62 numbers.")
    parts = [*_whole_numbers(made.get("indices_or_sections")), *_whole_numbers(made.get("num"))]
    if entry.name in ("split", "unstack") and max(parts, default=0) > MOST_PARTS:
        raise ModelLimitError(f"{entry.class_name} would give {cut(str(max(parts)))} tensors.")


def _bound(entry: Entry, shapes: Sequence[Any]) -> int:
    """At most so many numbers come of tensors of these shapes, whatever the settings add."""
    closed = [[89 if size is None else max(size, 1) for size in shape] for shape in shapes]
    if entry.name in OUTER:
        return product(size for shape in closed for size in shape) or 1
    rank = max(map(len, closed), default=0)
    level = [[1] * (rank - len(shape)) + shape for shape in closed]
    return len(closed) * (product(max(sizes) for sizes in zip(*level, strict=True)) or 1)


def _whole_numbers(value: Any) -> list[int]:
    return [
        abs(leaf) for leaf in leaves(value) if isinstance(leaf, int) and not isinstance(leaf, bool)
    ]
