"""Drawing random numbers. `seed` is a number (the same draw each time), a SeedGenerator or None.

Source: keras 3.15 backend/jax/random.py; the bits are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax.core import Tracer

from lanthorn.engine.dtypes import is_float, standardize_dtype
from lanthorn.ops.core import dtype_of, tensor
from lanthorn.random.seeds import Keys, SeedGenerator, first_key, global_seed_generator

Sizes = Sequence[int]
Seed = int | SeedGenerator | Keys | jax.Array | None


def draw_key(seed: Seed) -> Any:
    """A JAX key of two integers."""
    if isinstance(seed, SeedGenerator | Keys):
        return jnp.asarray(seed.next())
    if isinstance(seed, jax.Array):
        return seed
    if isinstance(seed, int):
        return jnp.asarray(first_key(seed))
    if seed is not None:
        raise ValueError(f"seed must be a whole number or a SeedGenerator, not {seed!r}.")
    if isinstance(jnp.zeros(()), Tracer):
        raise ValueError(
            "A random operation without a seed was called while a step is being compiled: it "
            "would draw once and repeat that for ever. Keep a SeedGenerator in the layer "
            "(self.seed_generator = SeedGenerator()) and pass seed=self.seed_generator."
        )
    return jnp.asarray(global_seed_generator().next(ordered=False))


def _float_type(dtype: Any, name: str) -> Any:
    if not is_float(standardize_dtype(dtype)):
        raise ValueError(f"{name} draws floats, not {dtype!r}; randint draws whole numbers.")
    return dtype_of(dtype)


def normal(
    shape: Sizes, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Seed = None
) -> Any:
    """Normal numbers."""
    drawn = jax.random.normal(draw_key(seed), tuple(shape), _float_type(dtype, "normal"))
    return drawn * stddev + mean


def truncated_normal(
    shape: Sizes, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Seed = None
) -> Any:
    """Normal numbers no further than two `stddev` from the mean."""
    dtype = _float_type(dtype, "truncated_normal")
    drawn = jax.random.truncated_normal(draw_key(seed), -2.0, 2.0, tuple(shape), dtype)
    return drawn * stddev + mean


def uniform(
    shape: Sizes, minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: Seed = None
) -> Any:
    """Numbers from `minval` up to but not `maxval`, all alike likely."""
    dtype = _float_type(dtype, "uniform")
    return jax.random.uniform(draw_key(seed), tuple(shape), dtype, minval, maxval)


def randint(shape: Sizes, minval: int, maxval: int, dtype: Any = "int32", seed: Seed = None) -> Any:
    """Whole numbers from `minval` up to but not `maxval`, all alike likely."""
    if "int" not in standardize_dtype(dtype):
        raise ValueError(f"randint draws whole numbers, not {dtype!r}; uniform draws floats.")
    return jax.random.randint(draw_key(seed), tuple(shape), minval, maxval, dtype_of(dtype))


def categorical(logits: Any, num_samples: int, dtype: Any = "int32", seed: Seed = None) -> Any:
    """For each row of logits `num_samples` classes, as likely as softmax(row) says."""
    logits = tensor(logits)
    if logits.ndim != 2:
        raise ValueError(f"logits must be (batch, classes), not of shape {logits.shape}.")
    sizes = (logits.shape[0], num_samples)
    drawn = jax.random.categorical(draw_key(seed), logits[..., None], axis=1, shape=sizes)
    return drawn.astype(dtype_of(dtype))


def dropout(
    inputs: Any, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Seed = None
) -> Any:
    """Each number set to 0 with probability `rate`, else divided by 1 - rate.

    noise_shape: where it says 1, all numbers along that axis share one fate; None is the
    inputs' own size.
    """
    x = tensor(inputs)
    if rate == 0.0:
        return x
    if rate == 1.0:
        return jnp.zeros_like(x)
    keep = 1.0 - rate
    sizes = x.shape
    if noise_shape is not None:
        own = zip(noise_shape, x.shape, strict=True)
        sizes = tuple(size if given is None else given for given, size in own)
    is_kept = jnp.broadcast_to(jax.random.bernoulli(draw_key(seed), keep, sizes), x.shape)
    return jnp.where(is_kept, x / keep, jnp.zeros_like(x))


def shuffle(x: Any, axis: int = 0, seed: Seed = None) -> Any:
    """The numbers along `axis` in a random order, each line of them by itself."""
    return jax.random.permutation(draw_key(seed), tensor(x), axis, independent=True)


def gamma(shape: Sizes, alpha: Any, dtype: Any = None, seed: Seed = None) -> Any:
    """Numbers of the gamma distribution with shape `alpha` and rate 1."""
    return jax.random.gamma(
        draw_key(seed), tensor(alpha), tuple(shape), _float_type(dtype, "gamma")
    )


def binomial(
    shape: Sizes, counts: Any, probabilities: Any, dtype: Any = None, seed: Seed = None
) -> Any:
    """How many of `counts` trials succeed, each with its probability."""
    dtype = _float_type(dtype, "binomial")
    return jax.random.binomial(
        draw_key(seed), tensor(counts), tensor(probabilities), tuple(shape), dtype
    )


def beta(shape: Sizes, alpha: Any, beta: Any, dtype: Any = None, seed: Seed = None) -> Any:
    """Numbers between 0 and 1 of the beta distribution."""
    dtype = _float_type(dtype, "beta")
    return jax.random.beta(draw_key(seed), tensor(alpha), tensor(beta), tuple(shape), dtype)
