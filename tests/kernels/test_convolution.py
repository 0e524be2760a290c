"""The quick ways of convolving are the plain ones, values and both gradients."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lanthorn import ops
from lanthorn.kernels import convolution as ours
from lanthorn.kernels import slices
from tests.examples import examples


@st.composite
def problems(draw):
    rank = draw(st.integers(1, 3))
    sizes = tuple(draw(st.integers(1, 3 if rank == 3 else 4)) for _ in range(rank))
    strides = tuple(draw(st.integers(1, 3)) for _ in range(rank))
    dilation = (1,) * rank if max(strides) > 1 else (draw(st.integers(1, 2)),) * rank
    reach = [(u - 1) * d + 1 for u, d in zip(sizes, dilation, strict=True)]
    image = tuple(draw(st.integers(r, r + 5)) for r in reach)
    groups, taken, made = (draw(st.integers(1, 3)) for _ in range(3))
    x = (draw(st.integers(1, 3)), *image, groups * taken)
    padding = draw(st.sampled_from(["valid", "same"]))
    return x, (*sizes, taken, groups * made), strides, padding, dilation


def drawn(shape, seed=0):
    return jnp.asarray(np.random.default_rng(seed).normal(size=shape), "float32")


def same_everywhere(one, other, *arrays):
    """Results and gradients of both functions, seen from a random point of view."""

    @jax.jit
    def seen(*arrays):
        found = []
        for function in (one, other):
            y, pull = jax.vjp(function, *arrays)
            found.append((y, *pull(drawn(y.shape, seed=9))))
        return found

    for mine, theirs in zip(*seen(*arrays), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-4)


@settings(max_examples=examples(6, 30))
@given(problems())
@example(((2, 6, 6, 3), (3, 3, 3, 4), (1, 1), "same", (1, 1)))
@example(((2, 6, 6, 4), (2, 3, 1, 8), (2, 1), "same", (1, 1)))
@example(((2, 6, 6, 6), (3, 3, 2, 6), (1, 1), "valid", (2, 2)))
@example(((1, 9, 9, 18), (3, 3, 2, 9), (2, 2), "valid", (1, 1)))
@example(((1, 9, 9, 2), (5, 5, 2, 3), (2, 2), "same", (1, 1)))
def test_convolution_is_the_plain_one(problem):
    x, kernel, *rest = problem
    same_everywhere(
        lambda x, k: ours.convolution(x, k, *rest),
        lambda x, k: ours.plain_convolution(x, k, *rest),
        drawn(x), drawn(kernel, 1),
    )  # fmt: skip


@pytest.mark.parametrize("batch", [1, 5, 6])
@pytest.mark.parametrize("channels", [(18, 4), (6, 6), (2, 9)])
def test_a_few_samples_at_a_time_give_the_same(monkeypatch, batch, channels):
    taken, filters = channels
    x, kernel = drawn((batch, 5, 5, 18)), drawn((3, 3, taken, filters), 1)
    monkeypatch.setattr(ours, "AT_ONCE_BYTES", 1000)
    monkeypatch.setattr(ours, "GROUP_BYTES", 2 * 25 * 9 * 18 * 4)
    written = str(jax.make_jaxpr(lambda x: ours.convolution(x, kernel, (1, 1), "same", (1, 1)))(x))
    assert "scan" in written
    same_everywhere(
        lambda x, k: ours.convolution(x, k, (1, 1), "same", (1, 1)),
        lambda x, k: ours.plain_convolution(x, k, (1, 1), "same", (1, 1)),
        x, kernel,
    )  # fmt: skip


@settings(max_examples=examples(6, 30))
@given(problems(), st.sampled_from([None, 0, 1]))
def test_the_transposed_convolution_is_the_plain_one(problem, more):
    (*image, channels), (*sizes, _, filters), strides, padding, dilation = problem
    dilation = (1,) * len(strides) if max(strides) > 1 else dilation
    from lanthorn.ops.windows import transposed_edges

    around = [
        transposed_edges((u - 1) * d + 1, s, padding, more)
        for u, d, s in zip(sizes, dilation, strides, strict=True)
    ]
    same_everywhere(
        lambda x, k: ours.transposed(x, k, strides, around, dilation),
        lambda x, k: ours.plain_transposed(x, k, strides, around, dilation),
        drawn((*image, channels)), drawn((*sizes, filters, channels), 1),
    )  # fmt: skip


def test_the_quick_way_is_taken_on_a_cpu_and_nowhere_else(monkeypatch):
    x, kernel = drawn((1, 4, 4, 2)), drawn((2, 2, 2, 3))
    convolve = lambda x: ours.convolution(x, kernel, (1, 1), "same", (1, 1))  # noqa: E731
    assert "conv_general" not in str(jax.make_jaxpr(convolve)(x))
    monkeypatch.setattr(ours, "on_a_cpu", lambda: False)
    assert "conv_general" in str(jax.make_jaxpr(lambda x: convolve(x))(x))


KERAS = [
    # x, kernel, strides, padding, data_format, dilation
    ((2, 8, 8, 3), (3, 3, 3, 4), 1, "same", "channels_last", 1),
    ((2, 3, 8, 8), (3, 2, 3, 4), 2, "valid", "channels_first", 1),
    ((2, 8, 8, 4), (3, 3, 2, 4), (2, 1), "same", None, 1),
    ((2, 9, 3), (3, 3, 4), 1, "same", None, 2),
    ((1, 5, 5, 5, 2), (2, 2, 2, 2, 3), 1, "same", None, 1),
    ((2, 8, 8, 3), (1, 1, 3, 5), 2, "same", None, 1),
]


@pytest.mark.parametrize(("x", "kernel", "strides", "padding", "data_format", "dilation"), KERAS)
def test_conv_and_its_gradients_are_those_of_keras(
    x, kernel, strides, padding, data_format, dilation
):
    rest = (strides, padding, data_format, dilation)
    same_everywhere(
        lambda x, k: ops.conv(x, k, *rest), lambda x, k: keras.ops.conv(x, k, *rest),
        drawn(x), drawn(kernel, 1),
    )  # fmt: skip


@pytest.mark.parametrize("multiplier", [1, 3])
@pytest.mark.parametrize("strides", [1, 2])
def test_depthwise_and_separable_conv_are_those_of_keras(multiplier, strides):
    x, kernel = drawn((2, 7, 7, 4)), drawn((3, 3, 4, multiplier), 1)
    same_everywhere(
        lambda x, k: ops.depthwise_conv(x, k, strides, "same"),
        lambda x, k: keras.ops.depthwise_conv(x, k, strides, "same"),
        x, kernel,
    )  # fmt: skip
    pointwise = drawn((1, 1, 4 * multiplier, 5), 2)
    same_everywhere(
        lambda x, k, p: ops.separable_conv(x, k, p, strides, "valid"),
        lambda x, k, p: keras.ops.separable_conv(x, k, p, strides, "valid"),
        x, kernel, pointwise,
    )  # fmt: skip


TRANSPOSED = [
    # x, kernel, strides, padding, output_padding, data_format, dilation
    ((2, 5, 5, 3), (3, 3, 4, 3), 2, "same", None, None, 1),
    ((2, 5, 5, 3), (3, 3, 4, 3), 2, "valid", None, None, 1),
    ((2, 5, 5, 3), (2, 2, 4, 3), 3, "valid", None, None, 1),
    ((2, 5, 5, 3), (4, 4, 2, 3), 2, "same", 1, None, 1),
    ((2, 3, 5, 5), (3, 3, 4, 3), 1, "same", None, "channels_first", 2),
    ((2, 5, 3), (3, 4, 3), 2, "valid", 1, None, 1),
    ((1, 3, 3, 3, 2), (2, 2, 2, 3, 2), 2, "same", None, None, 1),
]


@pytest.mark.parametrize("problem", TRANSPOSED)
def test_conv_transpose_and_its_gradients_are_those_of_keras(problem):
    x, kernel, *rest = problem
    same_everywhere(
        lambda x, k: ops.conv_transpose(x, k, *rest),
        lambda x, k: keras.ops.conv_transpose(x, k, *rest),
        drawn(x), drawn(kernel, 1),
    )  # fmt: skip


def test_causal_sees_nothing_that_comes_later():
    x, kernel = drawn((1, 6, 2)), drawn((3, 2, 4), 1)
    causal = lambda x: ops.conv(x, kernel, padding="causal", dilation_rate=2)  # noqa: E731
    reads = jnp.abs(jax.jacobian(causal)(x)[0, :, :, 0]).sum((1, 3))
    assert np.array_equal(np.argwhere(reads > 0), [[t, s] for t in range(6) for s in range(t + 1)
                                                   if (t - s) % 2 == 0 and t - s <= 4])  # fmt: skip
    plain = ours.plain_convolution(x, kernel, (1,), "causal", (2,))
    np.testing.assert_allclose(causal(x), plain, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_short_floats_are_added_up_in_long_ones(dtype):
    x, kernel = drawn((1, 6, 6, 64)).astype(dtype), drawn((3, 3, 64, 4), 1).astype(dtype)
    found = ops.conv(x, kernel)
    assert found.dtype == dtype
    exact = ops.conv(x.astype("float32"), kernel.astype("float32"))
    np.testing.assert_allclose(found.astype("float32"), exact.astype(dtype).astype("float32"))


def test_both_directions_of_derivatives_exist_and_shapes_can_be_asked_without_numbers():
    x, kernel = drawn((1, 4, 4, 2)), drawn((2, 2, 2, 3), 1)
    forward = jax.jacfwd(lambda x: ops.conv(x, kernel))(x)
    np.testing.assert_allclose(forward, jax.jacrev(lambda x: ops.conv(x, kernel))(x), atol=1e-6)
    batch = jax.export.symbolic_shape("b")[0]
    open_batch = jax.ShapeDtypeStruct((batch, 6, 6, 2), "float32")
    assert jax.eval_shape(lambda x: ops.conv(x, kernel), open_batch).shape[1:] == (5, 5, 3)
    assert jax.eval_shape(
        lambda x: ops.conv_transpose(x, kernel.swapaxes(2, 3), 2), open_batch
    ).shape[1:] == (12, 12, 3)


def test_a_kernel_for_other_channels_or_a_window_that_never_fits_is_refused():
    x, kernel = drawn((1, 4, 4, 5)), drawn((3, 3, 2, 3))
    with pytest.raises(ValueError, match="2 channels"):
        ops.conv(x, kernel)
    with pytest.raises(ValueError, match="not once"):
        ops.conv(drawn((1, 2, 2, 2)), kernel)
    with pytest.raises(ValueError, match="padding"):
        ops.conv(drawn((1, 4, 4, 2)), kernel, padding="full")


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3))
def test_same_padding_is_that_of_lax(size, window, stride, dilation):
    reach = (window - 1) * dilation + 1
    expected = jax.lax.padtype_to_pads((size,), (reach,), (stride,), "SAME")
    found = slices.edges((size,), (window,), (stride,), "same", (dilation,))
    assert found == [*map(tuple, expected)]
