"""Making arrays, and giving the same numbers another arrangement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp

from lanthorn.engine import defaults
from lanthorn.ops.core import dtype_of, tensor
from lanthorn.ops.elementwise import named
from lanthorn.ops.operation import operation

Sizes = int | Sequence[int]


def type_or_none(dtype: Any) -> Any:
    return None if dtype is None else dtype_of(dtype)


# -- making --------------------------------------------------------------------------------------


def array(x: Any, dtype: Any = None) -> Any:
    """A new array of these numbers."""
    return jnp.array(x, dtype=type_or_none(dtype))


def zeros(shape: Sizes, dtype: Any = None) -> Any:
    return jnp.zeros(shape, dtype_of(dtype))


def ones(shape: Sizes, dtype: Any = None) -> Any:
    return jnp.ones(shape, dtype_of(dtype))


def empty(shape: Sizes, dtype: Any = None) -> Any:
    """Zeros: JAX has no uninitialised memory."""
    return jnp.empty(shape, dtype_of(dtype))


@operation
def full(shape: Sizes, fill_value: Any, dtype: Any = None) -> Any:
    return jnp.full(shape, tensor(fill_value), dtype=dtype_of(dtype))


@operation
def zeros_like(x: Any, dtype: Any = None) -> Any:
    return jnp.zeros_like(tensor(x), dtype=type_or_none(dtype))


@operation
def ones_like(x: Any, dtype: Any = None) -> Any:
    return jnp.ones_like(tensor(x), dtype=type_or_none(dtype))


@operation
def empty_like(x: Any, dtype: Any = None) -> Any:
    return jnp.empty_like(tensor(x), dtype=type_or_none(dtype))


@operation
def full_like(x: Any, fill_value: Any, dtype: Any = None) -> Any:
    return jnp.full_like(tensor(x), tensor(fill_value), dtype=type_or_none(dtype))


def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = None) -> Any:
    """N rows and M columns, 1 on diagonal `k`, else 0."""
    return jnp.eye(N, M=M, k=k, dtype=dtype_of(dtype))


def identity(n: int, dtype: Any = None) -> Any:
    return jnp.identity(n, dtype=dtype_of(dtype))


def tri(N: int, M: int | None = None, k: int = 0, dtype: Any = None) -> Any:
    """N rows and M columns, 1 on and below diagonal `k`, else 0."""
    return jnp.tri(N, M=M, k=k, dtype=dtype_of(dtype))


@operation
def arange(start: Any, stop: Any = None, step: Any = None, dtype: Any = None) -> Any:
    """start, start + step, … below `stop`."""
    return jnp.arange(start, stop, step, dtype=type_or_none(dtype))


@operation
def linspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """`num` numbers at equal distances from `start` to `stop`."""
    return jnp.linspace(
        tensor(start), tensor(stop), num, endpoint, retstep, type_or_none(dtype), axis
    )


@operation
def logspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    base: float = 10,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """base ** linspace(start, stop)."""
    dtype = type_or_none(dtype)
    return jnp.logspace(tensor(start), tensor(stop), num, endpoint, base, dtype, axis)


@operation
def geomspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """`num` numbers from `start` to `stop`, each the same multiple of the one before."""
    return jnp.geomspace(tensor(start), tensor(stop), num, endpoint, type_or_none(dtype), axis)


def _of_window(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def op(x: Any) -> Any:
        return function(x).astype(defaults.floatx())

    return named(op, name, function)


bartlett = _of_window("bartlett", jnp.bartlett)
blackman = _of_window("blackman", jnp.blackman)
hamming = _of_window("hamming", jnp.hamming)
hanning = _of_window("hanning", jnp.hanning)


def kaiser(x: Any, beta: Any) -> Any:
    return jnp.kaiser(x, beta).astype(defaults.floatx())


@operation
def meshgrid(*x: Any, indexing: str = "xy") -> list[Any]:
    """One tensor of coordinates for each axis of a grid."""
    return jnp.meshgrid(*map(tensor, x), indexing=indexing)


@operation
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """The powers of each number, one row each."""
    return jnp.vander(tensor(x), N=N, increasing=increasing)


@operation
def copy(x: Any) -> Any:
    return jnp.copy(tensor(x))


@operation
def view(x: Any, dtype: Any = None) -> Any:
    """The same bits read as another type."""
    return tensor(x).view(type_or_none(dtype))


# -- arranging -----------------------------------------------------------------------------------


@operation
def reshape(x: Any, newshape: Any) -> Any:
    """The same numbers in the same order, in other sizes; one size may be -1."""
    return jnp.reshape(tensor(x), newshape)


@operation
def transpose(x: Any, axes: Sequence[int] | None = None) -> Any:
    """The axes in another order, by default the reverse."""
    return jnp.transpose(tensor(x), axes)


@operation
def expand_dims(x: Any, axis: Sizes) -> Any:
    """A new axis of size 1 at `axis`."""
    return jnp.expand_dims(tensor(x), axis if isinstance(axis, int) else tuple(axis))


@operation
def squeeze(x: Any, axis: Sizes | None = None) -> Any:
    """The axes of size 1 taken away: all of them, or those at `axis`."""
    return jnp.squeeze(tensor(x), tuple(axis) if isinstance(axis, list) else axis)


@operation
def ravel(x: Any) -> Any:
    """All numbers in one row."""
    return jnp.ravel(tensor(x))


@operation
def moveaxis(x: Any, source: Sizes, destination: Sizes) -> Any:
    return jnp.moveaxis(tensor(x), source, destination)


@operation
def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    return jnp.swapaxes(tensor(x), axis1, axis2)


@operation
def flip(x: Any, axis: Sizes | None = None) -> Any:
    """The numbers along `axis` in the reverse order."""
    return jnp.flip(tensor(x), tuple(axis) if isinstance(axis, list) else axis)


@operation
def fliplr(x: Any) -> Any:
    return jnp.fliplr(tensor(x))


@operation
def flipud(x: Any) -> Any:
    return jnp.flipud(tensor(x))


@operation
def rot90(array: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    """Turned by `k` quarters, from the first of `axes` towards the second."""
    return jnp.rot90(tensor(array), k=k, axes=axes)


@operation
def roll(x: Any, shift: Any, axis: Sizes | None = None) -> Any:
    """Each number moved on by `shift`; what leaves at the end comes in at the beginning."""
    return jnp.roll(tensor(x), shift, tuple(axis) if isinstance(axis, list) else axis)


@operation
def broadcast_to(x: Any, shape: Sequence[int]) -> Any:
    """Axes of size 1 repeated until the sizes are `shape`."""
    return jnp.broadcast_to(tensor(x), shape)


@operation
def pad(x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = None) -> Any:
    """Numbers added before and after, along each axis."""
    if constant_values is None:
        return jnp.pad(tensor(x), pad_width, mode=mode)
    if mode != "constant":
        raise ValueError(f"constant_values means nothing with mode={mode!r}.")
    return jnp.pad(tensor(x), pad_width, mode=mode, constant_values=constant_values)


@operation
def tile(x: Any, repeats: Sizes) -> Any:
    """The whole tensor again and again along each axis."""
    return jnp.tile(tensor(x), repeats)


@operation
def repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:
    """Each number again and again along one axis."""
    return jnp.repeat(tensor(x), repeats, axis=axis)


# -- joining and parting -------------------------------------------------------------------------


def _of_many(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def op(xs: Sequence[Any]) -> Any:
        return function([tensor(x) for x in xs])

    return named(op, name, function)


hstack = _of_many("hstack", jnp.hstack)
vstack = _of_many("vstack", jnp.vstack)
dstack = _of_many("dstack", jnp.dstack)


@operation
def concatenate(xs: Sequence[Any], axis: int | None = 0) -> Any:
    """One after another along an axis they have."""
    return jnp.concatenate([tensor(x) for x in xs], axis=axis)


@operation
def stack(x: Sequence[Any], axis: int = 0) -> Any:
    """One after another along a new axis."""
    return jnp.stack([tensor(one) for one in x], axis=axis)


@operation
def append(x1: Any, x2: Any, axis: int | None = None) -> Any:
    return jnp.append(tensor(x1), tensor(x2), axis=axis)


def _parted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def op(x: Any, indices_or_sections: Any) -> list[Any]:
        return function(tensor(x), indices_or_sections)

    return named(op, name, function)


hsplit = _parted("hsplit", jnp.hsplit)
vsplit = _parted("vsplit", jnp.vsplit)
dsplit = _parted("dsplit", jnp.dsplit)


@operation
def split(x: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """Into so many equal parts, or cut before each of the given places."""
    return jnp.split(tensor(x), indices_or_sections, axis=axis)


@operation
def array_split(x: Any, indices_or_sections: int, axis: int = 0) -> list[Any]:
    """Into so many parts, the first ones longer where it does not come out even."""
    return jnp.array_split(tensor(x), indices_or_sections, axis=axis)


# -- picking -------------------------------------------------------------------------------------


@operation
def take(x: Any, indices: Any, axis: int | None = None) -> Any:
    """The elements at `indices` along `axis`; an index out of range gives NaN."""
    return jnp.take(tensor(x), tensor(indices), axis=axis)


@operation
def take_along_axis(x: Any, indices: Any, axis: int | None = None) -> Any:
    """For each position its own index along `axis`."""
    return jnp.take_along_axis(tensor(x), tensor(indices), axis=axis)


@operation
def unravel_index(indices: Any, shape: Sequence[int]) -> Any:
    """Positions in one row as coordinates in `shape`."""
    return jnp.unravel_index(tensor(indices), shape)


@operation
def diag(x: Any, k: int = 0) -> Any:
    """A vector on a diagonal, or the diagonal of a matrix."""
    return jnp.diag(tensor(x), k=k)


@operation
def diagflat(x: Any, k: int = 0) -> Any:
    return jnp.diagflat(tensor(x), k=k)


@operation
def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return jnp.diagonal(tensor(x), offset=offset, axis1=axis1, axis2=axis2)


@operation
def tril(x: Any, k: int = 0) -> Any:
    """The numbers above diagonal `k` set to 0."""
    return jnp.tril(tensor(x), k=k)


@operation
def triu(x: Any, k: int = 0) -> Any:
    """The numbers below diagonal `k` set to 0."""
    return jnp.triu(tensor(x), k=k)


def vectorize(
    pyfunc: Callable[..., Any], *, excluded: Any = None, signature: str | None = None
) -> Callable[..., Any]:
    """`pyfunc` of single numbers as a function of whole tensors."""
    return jnp.vectorize(pyfunc, excluded=excluded or set(), signature=signature)
