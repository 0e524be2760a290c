"""The quick ways of pooling are the plain ones, values and gradients, ties included."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lanthorn import ops
from lanthorn.kernels import pooling
from tests.examples import examples


@st.composite
def problems(draw):
    rank = draw(st.integers(1, 3))
    window = tuple(draw(st.integers(1, 4)) for _ in range(rank))
    strides = tuple(draw(st.integers(1, 4)) for _ in range(rank))
    sizes = tuple(draw(st.integers(u, 9)) for u in window)
    shape = (draw(st.integers(1, 3)), *sizes, draw(st.integers(1, 3)))
    return shape, window, strides, draw(st.sampled_from(["valid", "same"]))


def numbers(shape, ties):
    drawn = np.random.default_rng(len(shape)).normal(size=shape).astype("float32")
    # Whole numbers and zeros, as behind a relu, so that many windows hold their largest twice.
    return jnp.asarray(np.maximum(np.round(drawn), 0) if ties else drawn)


def same_everywhere(one, other, x):
    """Results and gradients of both functions, seen from a random point of view."""

    @jax.jit
    def seen(x):
        found = []
        for function in (one, other):
            y, pull = jax.vjp(function, x)
            weights = np.random.default_rng(0).normal(size=y.shape).astype("float32")
            found.append((y, *pull(jnp.asarray(weights))))
        return found

    for mine, theirs in zip(*seen(x), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-6)


@settings(max_examples=examples(6, 30))
@given(problems(), st.booleans())
@example(((2, 6, 6, 3), (2, 2), (2, 2), "valid"), True)
@example(((2, 7, 7, 3), (3, 3), (2, 2), "same"), True)
@example(((1, 7, 5, 1), (2, 3), (1, 1), "same"), True)
def test_the_largest_of_each_window_is_the_plain_one_and_of_equals_the_first_learns(problem, ties):
    shape, window, strides, padding = problem
    x = numbers(shape, ties)
    same_everywhere(
        lambda x: pooling.max_pool(x, window, strides, padding),
        lambda x: pooling.plain_max_pool(x, window, strides, padding),
        x,
    )


@settings(max_examples=examples(6, 30))
@given(problems())
@example(((2, 7, 7, 3), (3, 3), (2, 2), "same"))
def test_the_mean_of_each_window_is_the_plain_one(problem):
    shape, window, strides, padding = problem
    x = numbers(shape, ties=False)
    same_everywhere(
        lambda x: pooling.average_pool(x, window, strides, padding),
        lambda x: pooling.plain_average_pool(x, window, strides, padding),
        x,
    )


def test_the_quick_way_is_taken_on_a_cpu_and_nowhere_else(monkeypatch):
    x = numbers((2, 6, 6, 3), ties=True)
    for pool in (pooling.max_pool, pooling.average_pool):
        written = str(jax.make_jaxpr(lambda x, pool=pool: pool(x, (2, 2), (2, 2), "valid"))(x))
        assert "reduce_window" not in written
    monkeypatch.setattr(pooling, "on_a_cpu", lambda: False)
    assert "reduce_window" in str(
        jax.make_jaxpr(lambda x: pooling.max_pool(x, (2, 2), (2, 2), "valid"))(x)
    )


CASES = [
    ((2, 8, 8, 3), 2, None, "valid", "channels_last"),
    ((2, 7, 9, 3), (3, 2), (2, 1), "same", "channels_last"),
    ((2, 3, 8, 6), 2, None, "same", "channels_first"),
    ((2, 9, 3), 3, 2, "same", "channels_last"),
    ((1, 5, 5, 5, 2), 2, None, "valid", "channels_last"),
    ((1, 40, 3), 36, 1, "valid", "channels_last"),
    ((2, 3, 3, 1), 5, 1, "same", "channels_last"),
]


@pytest.mark.parametrize(("shape", "size", "strides", "padding", "data_format"), CASES)
@pytest.mark.parametrize("name", ["max_pool", "average_pool"])
def test_pooling_and_its_gradient_are_those_of_keras(
    name, shape, size, strides, padding, data_format
):
    x = numbers(shape, ties=True)
    arguments = (size, strides, padding, data_format)
    # Keras 3.15 itself fails on strides=None.
    explicit = (size, strides or size, padding, data_format)
    same_everywhere(
        lambda x: getattr(ops, name)(x, *arguments),
        lambda x: getattr(keras.ops, name)(x, *explicit),
        x,
    )


def test_not_a_number_is_the_largest_for_both():
    x = jnp.asarray([[[1.0], [np.nan], [3.0], [2.0]]])
    for pool in (pooling.max_pool, pooling.plain_max_pool):
        np.testing.assert_array_equal(pool(x, (2,), (2,), "valid").ravel(), [np.nan, 3.0])
    place = pooling.with_place(x, 1, 2, 2)[1]
    np.testing.assert_array_equal(place.ravel(), [1, 0])


def test_whole_numbers_can_be_pooled():
    x = jnp.arange(-16, 0).reshape(1, 4, 4, 1)
    found = ops.max_pool(x, 3, padding="same")
    assert found.ravel().tolist() == [-11, -9, -3, -1]
    np.testing.assert_array_equal(found, pooling.plain_max_pool(x, (3, 3), (3, 3), "same"))


def test_both_directions_of_derivatives_exist_and_agree():
    x = numbers((1, 4, 4, 2), ties=False)
    for pool in (ops.max_pool, ops.average_pool):
        forward = jax.jacfwd(lambda x, pool=pool: pool(x, 2))(x)
        backward = jax.jacrev(lambda x, pool=pool: pool(x, 2))(x)
        np.testing.assert_allclose(forward, backward)


def test_batches_can_be_mapped_and_shapes_asked_for_without_numbers():
    x = numbers((3, 2, 6, 6, 2), ties=True)
    mapped = jax.vmap(lambda x: ops.max_pool(x, 2))(x)
    np.testing.assert_array_equal(mapped[1], ops.max_pool(x[1], 2))
    batch = jax.export.symbolic_shape("b")[0]
    open_batch = jax.ShapeDtypeStruct((batch, 6, 6, 2), "float32")
    assert jax.eval_shape(lambda x: ops.average_pool(x, 2), open_batch).shape[1:] == (3, 3, 2)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: ops.max_pool(x, 0),
        lambda x: ops.max_pool(x, 2, padding="full"),
        lambda x: ops.max_pool(x, (2, 2, 2)),
        lambda x: ops.max_pool(x, 2, data_format="last"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(call):
    with pytest.raises(ValueError):
        call(np.zeros((1, 4, 4, 1), "float32"))


@settings(max_examples=examples(6, 30))
@given(
    size=st.integers(1, 12), count=st.integers(1, 14), axis=st.integers(1, 2), ties=st.booleans()
)
@example(size=70, count=2, axis=1, ties=False)
@example(size=7, count=7, axis=1, ties=False)  # NaN in Keras 3.15, whose places are rounded
def test_shares_are_those_of_the_definition(size, count, axis, ties):
    shape = (2, size, 3, 2) if axis == 1 else (2, 3, size, 2)
    rows = [slice(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]

    def plain(kind):
        def pooled(x):
            parts = [x[:, row] if axis == 1 else x[:, :, row] for row in rows]
            return jnp.stack([getattr(part, kind)(axis=axis) for part in parts], axis=axis)

        return pooled

    x = numbers(shape, ties=False)
    same_everywhere(lambda x: pooling.share_means(x, axis, count), plain("mean"), x)
    same_everywhere(lambda x: pooling.share_largest(x, axis, count), plain("max"), x)
    if ties:
        x = numbers(shape, ties=True)
        largest = pooling.share_largest(x, axis, count)
        np.testing.assert_array_equal(largest, plain("max")(x))
