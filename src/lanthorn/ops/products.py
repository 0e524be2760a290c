"""Sums of products: matrices, tensors, and what is solved with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import jax.scipy.linalg
from jax.core import Tracer

from lanthorn.ops.core import tensor
from lanthorn.ops.elementwise import floating
from lanthorn.ops.operation import operation


def _sum_type(*operands: Any) -> Any:
    """int8 products are added in int32; the rest as JAX decides."""
    return jnp.int32 if all(x.dtype == jnp.int8 for x in operands) else None


@operation
def matmul(x1: Any, x2: Any) -> Any:
    """Σ over k of x1[.., i, k] · x2[.., k, j]."""
    x1, x2 = tensor(x1), tensor(x2)
    return jnp.matmul(x1, x2, preferred_element_type=_sum_type(x1, x2))


@operation
def einsum(subscripts: str, *operands: Any, **kwargs: Any) -> Any:
    """Σ of products, by the letters of the axes: `"bij,bjk->bik"`."""
    arrays = [tensor(x) for x in operands]
    return jnp.einsum(subscripts, *arrays, preferred_element_type=_sum_type(*arrays), **kwargs)


@operation
def tensordot(x1: Any, x2: Any, axes: Any = 2) -> Any:
    """Σ over the given axes of both."""
    return jnp.tensordot(tensor(x1), tensor(x2), axes=axes)


@operation
def cross(
    x1: Any, x2: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    return jnp.cross(tensor(x1), tensor(x2), axisa=axisa, axisb=axisb, axisc=axisc, axis=axis)


@operation
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """√Σ x², or the norm that `ord` names."""
    axis = tuple(axis) if isinstance(axis, list) else axis
    return jnp.linalg.norm(floating(x), ord=ord, axis=axis, keepdims=keepdims)


@operation
def det(x: Any) -> Any:
    return jnp.linalg.det(tensor(x))


@operation
def slogdet(x: Any) -> Any:
    """The sign of the determinant and the logarithm of its size."""
    return tuple(jnp.linalg.slogdet(tensor(x)))


@operation
def logdet(x: Any) -> Any:
    return jnp.linalg.slogdet(tensor(x))[1]


@operation
def inv(x: Any) -> Any:
    return jnp.linalg.inv(tensor(x))


@operation
def pinv(x: Any, rcond: Any = None) -> Any:
    return jnp.linalg.pinv(tensor(x), rcond=rcond)


@operation
def matrix_rank(x: Any, tol: Any = None) -> Any:
    return jnp.linalg.matrix_rank(tensor(x), tol=tol).astype("int32")


@operation
def cholesky(x: Any, upper: bool = False) -> Any:
    """L with L Lᵀ = x.

    Raises: ValueError when x is not positive definite (compiled, the result is NaN).
    """
    found = jnp.linalg.cholesky(tensor(x), upper=upper)
    if not isinstance(found, Tracer) and bool(jnp.isnan(found).any()):
        raise ValueError("cholesky needs a positive definite matrix, and this is not one.")
    return found


@operation
def cholesky_inverse(x: Any, upper: bool = False) -> Any:
    """(L Lᵀ)⁻¹, from L (or from Lᵀ with `upper`)."""
    x = tensor(x)
    own = jnp.eye(x.shape[-1], dtype=x.dtype)
    inverse = jax.scipy.linalg.solve_triangular(x, own, lower=not upper)
    return inverse @ inverse.T if upper else inverse.T @ inverse


@operation
def eig(x: Any) -> Any:
    return jnp.linalg.eig(tensor(x))


@operation
def eigh(x: Any) -> Any:
    return jnp.linalg.eigh(tensor(x))


@operation
def lu_factor(x: Any) -> Any:
    x = tensor(x)
    factor: Callable[..., Any] = jax.scipy.linalg.lu_factor
    for _ in range(x.ndim - 2):
        factor = jax.vmap(factor)
    return factor(x)


@operation
def qr(x: Any, mode: str = "reduced") -> Any:
    if mode not in ("reduced", "complete"):
        raise ValueError(f"mode must be 'reduced' or 'complete', not {mode!r}.")
    return tuple(jnp.linalg.qr(tensor(x), mode=mode))


@operation
def solve(a: Any, b: Any) -> Any:
    """x with a x = b."""
    return jnp.linalg.solve(tensor(a), tensor(b))


@operation
def solve_triangular(a: Any, b: Any, lower: bool = False) -> Any:
    return jax.scipy.linalg.solve_triangular(tensor(a), tensor(b), lower=lower)


@operation
def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    """x with the smallest |a x - b|."""
    return jnp.linalg.lstsq(tensor(a), tensor(b), rcond=rcond)[0]


@operation
def svd(x: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    return jnp.linalg.svd(tensor(x), full_matrices=full_matrices, compute_uv=compute_uv)


def jvp(fun: Callable[..., Any], primals: Any, tangents: Any, has_aux: bool = False) -> Any:
    """`fun(primals)` and how it changes along `tangents`."""
    return jax.jvp(fun, primals, tangents, has_aux=has_aux)


@operation
def cdist(x: Any, y: Any) -> Any:
    """√Σ (x[i] - y[j])², for each pair of rows."""
    x, y = tensor(x), tensor(y)
    if x.ndim < 2 or y.ndim < 2 or x.shape[-1] != y.shape[-1]:
        raise ValueError(f"cdist needs rows of one length, not {x.shape} and {y.shape}.")
    apart = jnp.expand_dims(x, -2) - jnp.expand_dims(y, -3)
    return jnp.sqrt(jnp.sum(apart * apart, axis=-1))
