"""Classes as vectors, and the distance between what was predicted and what was true."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from lanthorn.engine import defaults
from lanthorn.ops.core import dtype_of, tensor
from lanthorn.ops.operation import operation


@operation
def one_hot(
    x: Any, num_classes: int, axis: int = -1, dtype: Any = None, sparse: bool = False
) -> Any:
    """1 at each class's place, else 0; a class out of range is all zeros."""
    if sparse:
        raise ValueError("one_hot gives dense tensors only: sparse=True is not supported.")
    return jax.nn.one_hot(tensor(x), num_classes, axis=axis, dtype=dtype_of(dtype))


@operation
def multi_hot(
    inputs: Any,
    num_classes: int | None = None,
    axis: int = -1,
    dtype: Any = None,
    sparse: bool = False,
) -> Any:
    """1 at the place of every class a sample has, else 0."""
    if num_classes is None:
        raise ValueError("multi_hot needs num_classes.")
    x = tensor(inputs)
    marked = one_hot(x.astype("int32"), num_classes, axis=axis, dtype=dtype, sparse=sparse)
    return jnp.max(marked, axis=1 if x.ndim > 1 else 0)


@operation
def categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """-Σ target · log(output), over the classes on `axis`.

    Probabilities are divided by their sum and kept within [1e-7, 1 - 1e-7] first.
    Raises: ValueError when the shapes differ.
    Source: keras 3.15 backend/jax/nn.py.
    """
    target, output = tensor(target), tensor(output)
    _same_shape(target, output)
    return -jnp.sum(target * _log_probability(output, from_logits, axis), axis=axis)


@operation
def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """-log(output[target]); a class out of range costs 0.

    Raises: ValueError unless `target` has the shape of `output` without its last axis.
    """
    target, output = tensor(target).astype("int32"), tensor(output)
    if target.ndim == output.ndim and target.shape[-1] == 1:
        target = jnp.squeeze(target, axis=-1)
    if output.ndim < 1 or target.shape != output.shape[:-1]:
        raise ValueError(
            f"Each row of classes needs one target: output has shape {output.shape}, so target "
            f"must have shape {output.shape[:-1]}, not {target.shape}."
        )
    log_probability = _log_probability(output, from_logits, axis)
    marked = jax.nn.one_hot(target, output.shape[axis], axis=axis)
    return -jnp.sum(marked * log_probability, axis=axis)


@operation
def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """-target · log(output) - (1 - target) · log(1 - output), number by number.

    Probabilities are kept within [1e-7, 1 - 1e-7].
    Raises: ValueError when the shapes differ.
    """
    target, output = tensor(target), tensor(output)
    _same_shape(target, output)
    if from_logits:
        yes, no = jax.nn.log_sigmoid(output), jax.nn.log_sigmoid(-output)
    else:
        output = jnp.clip(output, defaults.epsilon(), 1.0 - defaults.epsilon())
        yes, no = jnp.log(output), jnp.log(1.0 - output)
    return -(target * yes + (1.0 - target) * no)


def _log_probability(output: Any, from_logits: bool, axis: int) -> Any:
    if from_logits:
        return jax.nn.log_softmax(output, axis=axis)
    output = output / jnp.sum(output, axis, keepdims=True)
    return jnp.log(jnp.clip(output, defaults.epsilon(), 1.0 - defaults.epsilon()))


def _same_shape(target: Any, output: Any) -> None:
    if target.shape != output.shape or target.ndim < 1:
        raise ValueError(
            "target and output must have the same shape, of rank 1 or more: "
            f"target has {target.shape}, output {output.shape}."
        )
