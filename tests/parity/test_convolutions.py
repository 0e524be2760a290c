"""Random convolutions of every kind beside Keras's own: equal numbers, or both refuse."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lanthorn
from lanthorn.layers.example import Example
from tests.examples import examples
from tests.parity.test_random_settings import compare
from tests.parity.twins import Twins

pytestmark = pytest.mark.filterwarnings("ignore:.*softmax over ")  # both warn of a lone number

ACTIVATIONS = st.sampled_from([None, "tanh", "softmax"])
ORDERS = st.sampled_from(["channels_last", "channels_first"])


@st.composite
def windows(draw, rank, paddings=("valid", "same")):
    """Settings that every convolution has, and the places of an input they may or may not fit."""

    def each(most):
        return tuple(draw(st.integers(1, most)) for _ in range(rank))

    strides = each(3)
    chosen = {
        "kernel_size": each(3),
        "strides": strides,
        "dilation_rate": (1,) * rank if max(strides) > 1 else each(2),
        "padding": draw(st.sampled_from(paddings)),
        "data_format": draw(ORDERS),
        "use_bias": draw(st.booleans()),
        "activation": draw(ACTIVATIONS),
    }
    return chosen, each(6 if rank < 3 else 4)


def shaped(chosen, places, channels):
    is_first = chosen["data_format"] == "channels_first"
    return (channels, *places) if is_first else (*places, channels)


def beside(name, chosen, places, channels, seed):
    """Compare, or see that both refuse."""
    example = Example(chosen, shaped(chosen, places, channels))
    x = np.zeros((2, *example.shape), "float32")
    try:
        shape = getattr(keras.layers, name)(**chosen)(x).shape
    except ValueError:
        shape = (0,)
    if 0 in shape:
        with pytest.raises(ValueError, match=r"window|at least one place"):
            getattr(lanthorn.layers, name)(**chosen)(x)
    else:
        compare(name, example, seed)


@settings(max_examples=examples(4, 25))
@given(data=st.data(), rank=st.integers(1, 3), groups=st.sampled_from([1, 2]))
def test_convolutions(data, rank, groups):
    paddings = ("valid", "same", "causal") if rank == 1 else ("valid", "same")
    chosen, places = data.draw(windows(rank, paddings))
    filters = groups * data.draw(st.integers(1, 2))
    chosen |= {"filters": filters, "groups": groups}
    beside(f"Conv{rank}D", chosen, places, groups * data.draw(st.integers(1, 2)), rank)


@settings(max_examples=examples(4, 25))
@given(data=st.data(), rank=st.integers(1, 3))
def test_transposed_convolutions(data, rank):
    chosen, places = data.draw(windows(rank))
    chosen["filters"] = data.draw(st.integers(1, 2))
    if data.draw(st.booleans()):
        chosen["output_padding"] = tuple(
            data.draw(st.integers(0, stride - 1)) for stride in chosen["strides"]
        )
    beside(f"Conv{rank}DTranspose", chosen, places, data.draw(st.integers(1, 2)), rank)


@settings(max_examples=examples(4, 25))
@given(data=st.data(), rank=st.integers(1, 2), kind=st.sampled_from(["Depthwise", "Separable"]))
def test_depthwise_and_separable_convolutions(data, rank, kind):
    chosen, places = data.draw(windows(rank))
    chosen["strides"] = (max(chosen["strides"]),) * rank  # Keras's JAX takes any; TensorFlow equal
    chosen["depth_multiplier"] = data.draw(st.integers(1, 2))
    if kind == "Separable":
        chosen["filters"] = data.draw(st.integers(1, 3))
    beside(f"{kind}Conv{rank}D", chosen, places, data.draw(st.integers(1, 3)), rank)


@pytest.mark.parametrize("name", ["Conv2D", "Conv2DTranspose"])
def test_dilation_with_strides_is_refused_by_both(name):
    for library in (lanthorn, keras):
        with pytest.raises(ValueError, match="dilation_rate"):
            getattr(library.layers, name)(2, 3, strides=2, dilation_rate=2)


@pytest.mark.parametrize(("name", "first"), [("DepthwiseConv2D", ()), ("SeparableConv2D", (3,))])
def test_dilation_with_strides_is_computed_by_both(name, first):
    chosen = {"kernel_size": 2, "strides": 2, "dilation_rate": 2, "padding": "same"}
    if first:
        chosen["filters"] = first[0]
    compare(name, Example(chosen, (7, 6, 2)), 0)


def test_a_softmax_with_channels_first_runs_along_the_width_as_in_keras():
    chosen = {"filters": 3, "kernel_size": 2, "activation": "softmax"}
    twins = Twins("Conv2D", Example({**chosen, "data_format": "channels_first"}, (2, 4, 5)))
    ours = np.asarray(twins.ours(twins.inputs))
    np.testing.assert_allclose(ours, np.asarray(twins.theirs(twins.inputs)), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(ours.sum(-1), 1, rtol=1e-5)


@pytest.mark.parametrize(
    ("padding", "size", "expected"), [("same", 5, 10), ("valid", 5, 11), ("same", 1, 2)]
)
def test_transposed_sizes(padding, size, expected):
    layer = lanthorn.layers.Conv1DTranspose(1, 3, strides=2, padding=padding)
    assert layer.compute_output_shape((None, size, 1)) == (None, expected, 1)
    assert layer.compute_output_shape((None, None, 1)) == (None, None, 1)
