"""Tensors in and out, loops and branches, reading and writing parts of a tensor."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.core import Tracer

import lanthorn.ops.start  # noqa: F401  sets up the compile cache before anything is compiled
from lanthorn.engine.dtypes import standardize_dtype
from lanthorn.ops.operation import operation


def dtype_of(dtype: Any) -> Any:
    """The type arrays really get: without JAX's x64 mode, 64-bit names mean the 32-bit types."""
    return jax.dtypes.canonicalize_dtype(standardize_dtype(dtype))


def tensor(x: Any) -> Any:
    """`x` as a JAX array: its own if it is one, a variable's value, or a new one.

    Python numbers stay weakly typed, so `bfloat16 * 2.0` is bfloat16.
    """
    if isinstance(x, jax.Array):
        return x
    if hasattr(x, "__jax_array__"):
        return x.__jax_array__()
    return jnp.asarray(x)


def convert_to_tensor(x: Any, dtype: Any = None, sparse: Any = None, ragged: Any = None) -> Any:
    """`x` as an array on the device, of type `dtype` if one is named."""
    if dtype is not None:
        return cast(x, dtype)
    return x if getattr(x, "is_symbolic", False) else tensor(x)


@operation
def cast(x: Any, dtype: Any) -> Any:
    """The same numbers as type `dtype`."""
    wanted = dtype_of(dtype)
    if not isinstance(x, jax.Array):
        if hasattr(x, "__jax_array__"):
            x = x.__jax_array__()
        elif wanted == jnp.bfloat16 and hasattr(x, "dtype"):
            x = jnp.asarray(x)  # files hold no bfloat16: read as stored, then cast
        else:
            return jnp.asarray(x, dtype=wanted)
    return x if x.dtype == wanted else x.astype(wanted)


@operation
def saturate_cast(x: Any, dtype: Any) -> Any:
    """The same numbers as type `dtype`; what does not fit becomes its largest or smallest."""
    x, wanted = tensor(x), dtype_of(dtype)
    if "bool" in (jnp.dtype(wanted).name, x.dtype.name):
        return cast(x, dtype)
    is_float = jnp.issubdtype(wanted, jnp.floating)
    limits = jnp.finfo(wanted) if is_float else jnp.iinfo(wanted)
    own_is_float = jnp.issubdtype(x.dtype, jnp.floating)
    own = jnp.finfo(x.dtype) if own_is_float else jnp.iinfo(x.dtype)
    low = max(float(limits.min), float(own.min))
    high = min(float(limits.max), float(own.max))
    return jnp.clip(x, jnp.asarray(low).astype(x.dtype), jnp.asarray(high).astype(x.dtype)).astype(
        wanted
    )


def convert_to_numpy(x: Any) -> Any:
    """The numbers as a NumPy array of its own (writing to it changes nothing else)."""
    return np.array(x.value if hasattr(x, "assign") else x)


def is_tensor(x: Any) -> bool:
    return isinstance(x, jax.Array)


def is_known(x: Any) -> bool:
    """Whether the numbers are there already, and not only when a compiled step runs."""
    return not isinstance(x, Tracer)


def shape(x: Any) -> tuple[Any, ...]:
    """The sizes of `x`; None where a symbolic tensor's axis is open."""
    return tuple(x.shape) if hasattr(x, "shape") else np.shape(x)


def ndim(x: Any) -> int:
    """How many axes `x` has."""
    return len(shape(x))


def dtype(x: Any) -> str:
    """The name of the type of `x`'s numbers."""
    return standardize_dtype(x.dtype)


# -- parts of a tensor ---------------------------------------------------------------------------


@operation
def slice(inputs: Any, start_indices: Any, shape: Sequence[int]) -> Any:
    """The block of sizes `shape` that begins at `start_indices`; -1 takes all that is left."""
    inputs = tensor(inputs)
    sizes = [
        inputs.shape[axis] - start_indices[axis] if size == -1 else size
        for axis, size in enumerate(shape)
    ]
    return lax.dynamic_slice(inputs, start_indices, sizes)


@operation
def slice_update(inputs: Any, start_indices: Any, updates: Any) -> Any:
    """`inputs` with the block that begins at `start_indices` exchanged for `updates`."""
    return lax.dynamic_update_slice(tensor(inputs), tensor(updates), start_indices)


@operation
def scatter(indices: Any, values: Any, shape: Sequence[int]) -> Any:
    """Zeros of sizes `shape`, with `values[i]` added at position `indices[i]`."""
    values = tensor(values)
    where = tuple(jnp.moveaxis(tensor(indices), -1, 0))
    return jnp.zeros(shape, values.dtype).at[where].add(values)


SCATTERED = {None: "set", "add": "add", "max": "max", "min": "min", "mul": "multiply"}


@operation
def scatter_update(inputs: Any, indices: Any, updates: Any, reduction: str | None = None) -> Any:
    """`inputs` with `updates[i]` put at (or added to, …) position `indices[i]`."""
    if reduction not in SCATTERED:
        raise ValueError(f"reduction must be one of {list(SCATTERED)}, not {reduction!r}.")
    where = tuple(jnp.transpose(tensor(indices)))
    return getattr(tensor(inputs).at[where], SCATTERED[reduction])(tensor(updates))


@operation
def unstack(x: Any, num: int | None = None, axis: int = 0) -> list[Any]:
    """The tensors that `stack` along `axis` would make `x` of."""
    x = tensor(x)
    return [lax.index_in_dim(x, i, axis, keepdims=False) for i in range(x.shape[axis])]


# -- loops and branches --------------------------------------------------------------------------


@operation
def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """`true_fn()` where `pred` holds, else `false_fn()`; compiled, only one of them runs."""
    return lax.cond(pred, true_fn, false_fn)


@operation
def switch(index: Any, branches: Sequence[Callable[..., Any]], *operands: Any) -> Any:
    """`branches[index](*operands)`; an index out of range is moved into it.

    Outside a compiled step the index is known, and the other branches are not even compiled.
    """
    if is_known(index):
        return branches[builtins.min(builtins.max(int(index), 0), len(branches) - 1)](*operands)
    return lax.switch(index, branches, *operands)


@operation
def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    maximum_iterations: int | None = None,
) -> Any:
    """Repeat `loop_vars = body(*loop_vars)` as long as `cond(*loop_vars)`."""
    is_many = isinstance(loop_vars, (tuple, list))
    first = tuple(loop_vars) if is_many else (loop_vars,)

    def goes_on(state: tuple[Any, tuple[Any, ...]]) -> Any:
        count, values = state
        goes = cond(*values)
        return goes if maximum_iterations is None else goes & (count < maximum_iterations)

    def step(state: tuple[Any, tuple[Any, ...]]) -> tuple[Any, tuple[Any, ...]]:
        count, values = state
        after = body(*values)
        return count + 1, tuple(after) if is_many else (after,)

    _, values = lax.while_loop(goes_on, step, (0, jax.tree.map(tensor, first)))
    return values if is_many else values[0]


@operation
def fori_loop(lower: Any, upper: Any, body_fun: Callable[[Any, Any], Any], init_val: Any) -> Any:
    """`value = body_fun(i, value)` for i from `lower` to `upper - 1`."""
    return lax.fori_loop(lower, upper, body_fun, init_val)


@operation
def scan(
    f: Callable[[Any, Any], tuple[Any, Any]],
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
    unroll: int | bool = 1,
) -> tuple[Any, Any]:
    """`carry, y = f(carry, x)` for each x along the first axis; the last carry and all y."""
    if not isinstance(unroll, bool) and (not isinstance(unroll, int) or unroll < 1):
        raise ValueError(f"unroll must be a whole number of 1 or more, or a bool, not {unroll!r}.")
    return lax.scan(f, init, xs, length=length, reverse=reverse, unroll=unroll)


@operation
def associative_scan(
    f: Callable[[Any, Any], Any], elems: Any, reverse: bool = False, axis: int = 0
) -> Any:
    """Every prefix joined by the associative `f`, in a logarithm of the steps."""
    return lax.associative_scan(f, elems, reverse, axis)


@operation
def map(f: Callable[[Any], Any], xs: Any) -> Any:
    """`f` of each element along the first axis, one after another."""
    return lax.map(f, xs)


@operation
def vectorized_map(function: Callable[[Any], Any], elements: Any) -> Any:
    """`f` of each element along the first axis, all at once."""
    return jax.vmap(function)(elements)


# -- gradients -----------------------------------------------------------------------------------


@operation
def stop_gradient(variable: Any) -> Any:
    """The same numbers, as constants: no gradient flows through them."""
    return lax.stop_gradient(tensor(variable))


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """`f` returns `(value, gradient)`, where `gradient(upstream)` gives its inputs' gradients."""
    wrapped = jax.custom_gradient(f)

    def call(*args: Any) -> Any:
        return wrapped(*builtins.map(tensor, args))

    return call


@operation
def get_item(x: Any, key: Any) -> Any:
    """`x[key]`."""
    return tensor(x)[key]
