"""Many numbers into fewer: sums, extremes, statistics, running totals, sorting and counting."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from lanthorn.ops.core import dtype_of, tensor
from lanthorn.ops.elementwise import floating, named
from lanthorn.ops.operation import operation

Along = int | Sequence[int] | None


def axes_of(axis: Along) -> Any:
    """`axis` as jax.numpy takes it: a list becomes a tuple."""
    return tuple(axis) if isinstance(axis, list) else axis


def over(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def op(x: Any, axis: Along = None, keepdims: bool = False) -> Any:
        return function(tensor(x), axis=axes_of(axis), keepdims=keepdims)

    return named(op, name, function)


def over_from(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def op(x: Any, axis: Along = None, keepdims: bool = False, initial: Any = None) -> Any:
        return function(tensor(x), axis=axes_of(axis), keepdims=keepdims, initial=initial)

    return named(op, name, function)


def place_of(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def op(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
        return function(with_visible_zeros(tensor(x)), axis=axis, keepdims=keepdims)

    return named(op, name, function)


def running(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def op(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
        return function(tensor(x), axis=axis, dtype=dtype and dtype_of(dtype))

    return named(op, name, function)


def at_fraction(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def op(
        x: Any, q: Any, axis: Along = None, method: str = "linear", keepdims: bool = False
    ) -> Any:
        return function(tensor(x), tensor(q), axis=axes_of(axis), method=method, keepdims=keepdims)

    return named(op, name, function)


def with_visible_zeros(x: Any) -> Any:
    """Floats with -0 made the least number below 0, in float32 or wider.

    XLA on a CPU flushes denormal numbers to zero, and -0 must come before 0 all the same.
    Source: keras 3.15 backend/jax/numpy.py (argmax), github.com/jax-ml/jax/issues/24280.
    """
    if not jnp.issubdtype(x.dtype, jnp.floating) or x.ndim == 0:
        return x
    if jax.default_backend() != "cpu":
        return x
    x = x.astype(jnp.promote_types(x.dtype, jnp.float32))
    is_negative_zero = (x == 0) & jnp.signbit(x)
    return jnp.where(is_negative_zero, -jnp.finfo(x.dtype).tiny, x)


MAKERS: dict[Callable[..., Any], dict[str, Callable[..., Any]]] = {
    over: {
        "all": jnp.all, "any": jnp.any, "amax": jnp.max, "amin": jnp.min, "median": jnp.median,
        "ptp": jnp.ptp, "std": jnp.std, "sum": jnp.sum, "nanmax": jnp.nanmax,
        "nanmean": jnp.nanmean, "nanmedian": jnp.nanmedian, "nanmin": jnp.nanmin,
        "nanprod": jnp.nanprod, "nanstd": jnp.nanstd, "nansum": jnp.nansum,
        "nanvar": jnp.nanvar, "nanargmax": jnp.nanargmax, "nanargmin": jnp.nanargmin,
        "logsumexp": jax.scipy.special.logsumexp,
    },
    over_from: {"max": jnp.max, "min": jnp.min},
    place_of: {"argmax": jnp.argmax, "argmin": jnp.argmin},
    running: {
        "cumsum": jnp.cumsum, "cumprod": jnp.cumprod, "nancumsum": jnp.nancumsum,
        "nancumprod": jnp.nancumprod,
    },
    at_fraction: {
        "percentile": jnp.percentile, "quantile": jnp.quantile,
        "nanpercentile": jnp.nanpercentile, "nanquantile": jnp.nanquantile,
    },
}  # fmt: skip
"""How each is called → Keras's name → the function that computes it."""

for _make, _functions in MAKERS.items():
    for _name, _function in _functions.items():
        globals()[_name] = _make(_name, _function)


@operation
def mean(x: Any, axis: Along = None, keepdims: bool = False) -> Any:
    """Σ x / n; short floats are added in float32, whole numbers give floats."""
    x = tensor(x)
    wide = jnp.promote_types(x.dtype, jnp.float32)
    found = jnp.mean(x, axis=axes_of(axis), keepdims=keepdims, dtype=wide)
    return found.astype(x.dtype) if jnp.issubdtype(x.dtype, jnp.inexact) else found


@operation
def var(x: Any, axis: Along = None, keepdims: bool = False) -> Any:
    """Σ (x - mean)² / n; short floats are added in float32, whole numbers give floats."""
    x = floating(x)
    wide = jnp.promote_types(x.dtype, jnp.float32)
    return jnp.var(x, axis=axes_of(axis), keepdims=keepdims, dtype=wide).astype(x.dtype)


@operation
def prod(x: Any, axis: Along = None, keepdims: bool = False, dtype: Any = None) -> Any:
    """Π x."""
    return jnp.prod(
        tensor(x), axis=axes_of(axis), keepdims=keepdims, dtype=dtype and dtype_of(dtype)
    )


@operation
def average(x: Any, axis: Along = None, weights: Any = None) -> Any:
    """Σ w · x / Σ w."""
    x = floating(x)
    if weights is None:
        return jnp.average(x, axis=axes_of(axis))
    weights = tensor(weights)
    dtype = jnp.promote_types(x.dtype, weights.dtype)
    return jnp.average(x.astype(dtype), axis=axes_of(axis), weights=weights.astype(dtype))


@operation
def count_nonzero(x: Any, axis: Along = None) -> Any:
    """How many numbers are not 0."""
    return jnp.count_nonzero(tensor(x), axis=axes_of(axis)).astype("int32")


@operation
def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The sum of the numbers on a diagonal."""
    return jnp.trace(tensor(x), offset=offset, axis1=axis1, axis2=axis2)


@operation
def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    """Each number minus the one before it, `n` times over."""
    return jnp.diff(tensor(a), n=n, axis=axis)


@operation
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The area under `y`, by trapezoids."""
    return jnp.trapezoid(tensor(y), None if x is None else tensor(x), dx=tensor(dx), axis=axis)


@operation
def corrcoef(x: Any) -> Any:
    """The correlations between the rows of `x`."""
    return jnp.corrcoef(tensor(x))


@operation
def correlate(x1: Any, x2: Any, mode: str = "valid") -> Any:
    """Σ over k of x1[n + k] · x2[k], of two vectors."""
    return jnp.correlate(tensor(x1), tensor(x2), mode)


# -- order ---------------------------------------------------------------------------------------


@operation
def sort(x: Any, axis: int | None = -1) -> Any:
    """The numbers, smallest first."""
    return jnp.sort(tensor(x), axis=axis)


@operation
def argsort(x: Any, axis: int | None = -1) -> Any:
    """Where each number of the sorted tensor lies now."""
    x = tensor(x)
    return jnp.argsort(x, axis=axis if x.ndim else None)


@operation
def argpartition(x: Any, kth: int, axis: int | None = -1) -> Any:
    """An order of places in which the `kth` is where sorting would put it, smaller ones before."""
    x = tensor(x)
    return jnp.argpartition(x.ravel() if axis is None else x, kth, axis=0 if axis is None else axis)


@operation
def searchsorted(sorted_sequence: Any, values: Any, side: str = "left") -> Any:
    """Where each value would have to be put in, so that the vector stays sorted."""
    sorted_sequence = tensor(sorted_sequence)
    if sorted_sequence.ndim != 1:
        raise ValueError(
            f"searchsorted needs a sorted vector, but was given shape {sorted_sequence.shape}."
        )
    return jnp.searchsorted(sorted_sequence, tensor(values), side=side)


@operation
def digitize(x: Any, bins: Any) -> Any:
    """The number of the bin each number falls into."""
    return jnp.digitize(tensor(x), tensor(bins))


@operation
def top_k(x: Any, k: int, sorted: bool = True) -> Any:
    """The `k` largest numbers along the last axis, largest first, and where they lie."""
    return jax.lax.top_k(tensor(x), k)


@operation
def in_top_k(targets: Any, predictions: Any, k: int) -> Any:
    """Whether fewer than `k` predictions are larger than the target's own."""
    predictions = tensor(predictions)
    own = jnp.take_along_axis(predictions, jnp.expand_dims(tensor(targets), -1), axis=-1)
    own = jnp.where(jnp.isnan(own), -jnp.inf, own)
    return jnp.sum(predictions > own, axis=-1) < k


@operation
def unique(
    x: Any,
    sorted: bool = True,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    size: int | None = None,
    fill_value: Any = None,
) -> Any:
    """The different numbers of `x`; compiled, their count must be given as `size`."""
    return jnp.unique(
        tensor(x),
        return_index=return_index,
        return_inverse=return_inverse,
        return_counts=return_counts,
        axis=axis,
        equal_nan=False,
        size=size,
        fill_value=fill_value,
        sorted=sorted,
    )


@operation
def nonzero(x: Any) -> Any:
    """Where the numbers that are not 0 lie: one tensor of places for each axis."""
    return jnp.nonzero(tensor(x))


# -- counting and segments -----------------------------------------------------------------------


@operation
def bincount(x: Any, weights: Any = None, minlength: int = 0, sparse: bool = False) -> Any:
    """How often each of 0, 1, 2, … occurs, or the weight it gathers; rows of a matrix each."""
    if sparse:
        raise ValueError("bincount gives dense tensors only: sparse=True is not supported.")
    x = tensor(x)
    weights = None if weights is None else tensor(weights)
    if x.ndim != 2:
        return jnp.bincount(x, weights=weights, minlength=minlength)
    length = builtins.max(minlength, int(x.max()) + 1) if x.size else minlength
    rows = range(x.shape[0])
    return jnp.stack(
        [
            jnp.bincount(x[i], weights=None if weights is None else weights[i], length=length)
            for i in rows
        ]
    )


@operation
def histogram(x: Any, bins: int = 10, range: tuple[Any, Any] | None = None) -> Any:
    """How many numbers fall into each of `bins` equal bins, and the edges of the bins."""
    if not isinstance(bins, int) or bins < 0:
        raise ValueError(f"bins must be a whole number of 0 or more, not {bins!r}.")
    if range and (len(range) != 2 or range[1] < range[0]):
        raise ValueError(f"range must be (low, high), not {range}.")
    return jnp.histogram(tensor(x), bins=bins, range=range or None)


def _segments(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def op(
        data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False
    ) -> Any:
        if num_segments is None:
            raise ValueError(f"{name} needs num_segments: it is the size of the result.")
        return function(tensor(data), tensor(segment_ids), num_segments, indices_are_sorted=sorted)

    return named(op, name, function)


segment_sum = _segments("segment_sum", jax.ops.segment_sum)
segment_max = _segments("segment_max", jax.ops.segment_max)
segment_min = _segments("segment_min", jax.ops.segment_min)
segment_prod = _segments("segment_prod", jax.ops.segment_prod)


# -- everything in `ops.numpy` that is true or false of whole tensors ------------------------------


@operation
def allclose(
    x1: Any, x2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Any:
    """Whether |x1 - x2| <= atol + rtol · |x2| holds everywhere."""
    return jnp.allclose(tensor(x1), tensor(x2), rtol, atol, equal_nan)


def size(x: Any) -> Any:
    """How many numbers `x` holds; None for a symbolic tensor with an open axis."""
    sizes = tuple(x.shape) if hasattr(x, "shape") else np.shape(x)
    count = 1
    for one in sizes:
        if one is None:
            return None
        count *= one
    return count
