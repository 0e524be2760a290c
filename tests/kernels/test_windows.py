"""The fast forms of convolution and pooling agree with the plain ones, forward and backward."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import assume, given, strategies

from lanthorn.kernels import convolution, pooling, slices

pairs = strategies.tuples(strategies.integers(1, 3), strategies.integers(1, 3))


@strategies.composite
def cases(draw):
    window, strides = draw(pairs), draw(pairs)
    padding = draw(strategies.sampled_from(["valid", "same"]))
    sizes = draw(strategies.tuples(strategies.integers(1, 7), strategies.integers(1, 7)))
    return window, strides, padding, sizes, draw(strategies.integers(0, 99))


def both(plain, fast, *arrays):
    """Outputs and gradients of both forms, at a random point of view on the output."""
    found = []
    for form in (plain, fast):
        outputs, pull = jax.vjp(form, *arrays)
        weights = np.random.default_rng(0).normal(size=outputs.shape).astype("float32")
        found.append([outputs, *pull(jnp.asarray(weights))])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


@given(case=cases(), dilation=pairs)
def test_convolution_by_patches_is_convolution(case, dilation):
    window, strides, padding, sizes, seed = case
    dilation = dilation if strides == (1, 1) else (1, 1)
    reaches = [(w - 1) * d + 1 for w, d in zip(window, dilation, strict=True)]
    assume(padding == "same" or all(s >= r for s, r in zip(sizes, reaches, strict=True)))
    rng = np.random.default_rng(seed)
    x = jnp.asarray(rng.normal(size=(2, *sizes, 3)), "float32")
    kernel = jnp.asarray(rng.normal(size=(*window, 3, 4)), "float32")
    both(
        lambda x, k: convolution.plain_convolution(x, k, strides, padding, dilation),
        lambda x, k: convolution.convolution(x, k, strides, padding, dilation),
        x,
        kernel,
    )


def test_patches_too_large_to_lay_out_are_used_one_by_one(monkeypatch):
    rng = np.random.default_rng(1)
    x = jnp.asarray(rng.normal(size=(2, 6, 6, 3)), "float32")
    kernel = jnp.asarray(rng.normal(size=(3, 3, 3, 4)), "float32")
    monkeypatch.setattr(convolution, "MOST_PATCH_BYTES", 10)
    both(
        lambda x, k: convolution.plain_convolution(x, k, (1, 1), "same", (1, 1)),
        lambda x, k: convolution.convolution(x, k, (1, 1), "same", (1, 1)),
        x,
        kernel,
    )


@pytest.mark.parametrize("kind", ["max_pool", "average_pool"])
@given(case=cases(), ties=strategies.booleans())
def test_pooling_by_slices_is_pooling(kind, case, ties):
    window, strides, padding, sizes, seed = case
    assume(padding == "same" or all(s >= w for s, w in zip(sizes, window, strict=True)))
    x = np.random.default_rng(seed).normal(size=(2, *sizes, 2))
    x = jnp.asarray(np.round(np.maximum(x, 0)) if ties else x, "float32")
    both(
        lambda x: getattr(pooling, f"plain_{kind}")(x, window, strides, padding),
        lambda x: getattr(pooling, kind)(x, window, strides, padding),
        x,
    )


def test_nan_wins_a_maximum():
    x = jnp.asarray([[[[1.0], [np.nan]], [[3.0], [2.0]]]])
    assert np.isnan(pooling.max_pool(x, (2, 2), (2, 2), "valid")).all()


def test_elsewhere_than_on_a_cpu_the_plain_forms_are_used(monkeypatch):
    for module in (convolution, pooling):
        monkeypatch.setattr(module, "on_a_cpu", lambda: False)
    monkeypatch.setattr(pooling, "plain_max_pool", lambda *arguments: "plain")
    monkeypatch.setattr(convolution, "plain_convolution", lambda *arguments: "plain")
    x = jnp.ones((1, 4, 4, 1))
    assert pooling.max_pool(x, (2, 2), (2, 2), "valid") == "plain"
    kernel = jnp.ones((2, 2, 1, 1))
    assert convolution.convolution(x, kernel, (1, 1), "valid", (1, 1)) == "plain"
    assert slices.edges((5,), (2,), (2,), "same", (1,)) == [(0, 1)]
