"""Random poolings, paddings and upsamplings beside Keras's own: equal numbers, or both refuse."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lanthorn
from lanthorn.layers.example import Example
from lanthorn.wiring.adaptive import share
from tests.contract import checks
from tests.examples import examples
from tests.parity.test_convolutions import beside, shaped
from tests.parity.test_random_settings import compare

ORDERS = st.sampled_from(["channels_last", "channels_first"])


@st.composite
def places(draw, rank, most=6):
    return tuple(draw(st.integers(1, most if rank < 3 else 4)) for _ in range(rank))


@settings(max_examples=examples(5, 25))
@given(data=st.data(), rank=st.integers(1, 3), kind=st.sampled_from(["Max", "Average"]))
def test_poolings(data, rank, kind):
    chosen = {
        "pool_size": data.draw(places(rank, 3)),
        "strides": data.draw(st.one_of(st.none(), places(rank, 3))),
        "padding": data.draw(st.sampled_from(["valid", "same"])),
        "data_format": data.draw(ORDERS),
    }
    beside(f"{kind}Pooling{rank}D", chosen, data.draw(places(rank)), 2, rank)


@settings(max_examples=examples(4, 20))
@given(data=st.data(), rank=st.integers(1, 3), kind=st.sampled_from(["Max", "Average"]))
def test_global_poolings(data, rank, kind):
    chosen = {"keepdims": data.draw(st.booleans()), "data_format": data.draw(ORDERS)}
    beside(f"Global{kind}Pooling{rank}D", chosen, data.draw(places(rank)), 2, rank)


@settings(max_examples=examples(4, 20))
@given(data=st.data(), rank=st.integers(1, 3), kind=st.sampled_from(["Max", "Average"]))
def test_adaptive_poolings(data, rank, kind):
    """Sizes of up to 5: from 6 on Keras 3.15 rounds some places and gives NaN."""
    chosen = {"output_size": data.draw(places(rank, 5)), "data_format": data.draw(ORDERS)}
    shape = shaped(chosen, data.draw(places(rank, 5)), 2)
    compare(f"Adaptive{kind}Pooling{rank}D", Example(chosen, shape), rank)


@pytest.mark.parametrize(("size", "into"), [(7, 7), (14, 14), (15, 7), (12, 7)])
def test_adaptive_pooling_is_right_where_keras_gives_nan(size, into):
    x = np.random.default_rng(0).normal(size=(1, size, 2)).astype("float32")
    theirs = np.asarray(keras.layers.AdaptiveAveragePooling1D(into)(x))
    assert np.isnan(theirs).any(), "Keras is mended: strike this from docs/differences.md"
    ours = np.asarray(lanthorn.layers.AdaptiveAveragePooling1D(into)(x))
    means = [x[:, slice(*share(i, size, into))].mean(1) for i in range(into)]
    np.testing.assert_allclose(ours, np.stack(means, 1), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("order", ["channels_last", "channels_first"])
@pytest.mark.parametrize("keepdims", [False, True])
def test_a_masked_mean_is_keras_s_and_is_told(order, keepdims):
    import jax.numpy as jnp

    from lanthorn.wiring.evaluation import Evaluation

    chosen = {"data_format": order, "keepdims": keepdims}
    shape = shaped(chosen, (4,), 3)
    x = np.random.default_rng(0).normal(size=(3, *shape)).astype("float32")
    mask = jnp.array([[1, 1, 0, 0], [0, 1, 0, 1], [1, 1, 1, 1]], bool)
    layer = lanthorn.layers.GlobalAveragePooling1D(**chosen)
    ours = np.asarray(layer(x, mask=mask))
    theirs = keras.layers.GlobalAveragePooling1D(**chosen)(x, mask=mask)
    np.testing.assert_allclose(ours, np.asarray(theirs), rtol=1e-5, atol=1e-6)
    case = checks.Case(lanthorn.layers.GlobalAveragePooling1D, Example(chosen, shape))
    for sample in range(3):
        wiring = case.wiring.under([bool(place) for place in mask[sample]])
        told = Evaluation(wiring, lambda _, at, s=sample: float(x[(s, *at)]), case.weigh)
        for at in np.ndindex(*ours.shape[1:]):
            assert abs(told.element(at) - ours[(sample, *at)]) < 1e-5


def test_a_mask_goes_through_a_model_to_the_mean():
    tokens = np.array([[1, 2, 0], [3, 0, 0]])
    models = []
    for library in (lanthorn, keras):
        layers = library.layers
        model = library.Sequential(
            [layers.Input((3,)), layers.Embedding(5, 2, mask_zero=True),
             layers.GlobalAveragePooling1D()]
        )  # fmt: skip
        model.set_weights([np.arange(10.0).reshape(5, 2)])
        models.append(np.asarray(model(tokens)))
    np.testing.assert_allclose(models[0], [[3.0, 4.0], [6.0, 7.0]])
    np.testing.assert_allclose(*models)


@settings(max_examples=examples(5, 25))
@given(data=st.data(), rank=st.integers(1, 3), kind=st.sampled_from(["ZeroPadding", "Cropping"]))
def test_padding_and_cropping(data, rank, kind):
    ends = st.integers(0, 2)
    edges = tuple(data.draw(st.one_of(ends, st.tuples(ends, ends))) for _ in range(rank))
    setting = "padding" if kind == "ZeroPadding" else "cropping"
    chosen = {setting: edges[0] if rank == 1 else edges, "data_format": data.draw(ORDERS)}
    sizes = data.draw(places(rank))
    if (kind, rank) == ("Cropping", 1):
        del chosen["data_format"]
    example = Example(chosen, shaped({"data_format": "channels_last", **chosen}, sizes, 2))
    if kind == "Cropping" and any(
        size <= (2 * edge if isinstance(edge, int) else sum(edge))
        for size, edge in zip(sizes, edges, strict=True)
    ):
        for library in (lanthorn, keras):
            with pytest.raises(ValueError, match="cropping"):
                getattr(library.layers, f"Cropping{rank}D")(**chosen)(
                    np.zeros((1, *example.shape), "float32")
                )
    else:
        compare(f"{kind}{rank}D", example, rank)


@settings(max_examples=examples(4, 20))
@given(data=st.data(), rank=st.integers(1, 3))
def test_upsamplings(data, rank):
    size = data.draw(places(rank, 3))
    chosen = {"size": size[0]} if rank == 1 else {"size": size, "data_format": data.draw(ORDERS)}
    if rank == 2:
        methods = ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"]
        chosen["interpolation"] = data.draw(st.sampled_from(methods))
    shape = shaped({"data_format": "channels_last", **chosen}, data.draw(places(rank, 4)), 2)
    compare(f"UpSampling{rank}D", Example(chosen, shape), rank)


@settings(max_examples=examples(3, 10))
@given(shape=st.lists(st.integers(1, 4), min_size=1, max_size=4), n=st.integers(1, 3))
def test_reshapings(shape, n):
    compare("Flatten", Example({"data_format": "channels_first"}, tuple(shape)), 0)
    compare("RepeatVector", Example({"n": n}, (shape[0],)), 0)


def test_a_size_of_none_is_worked_out():
    ours, theirs = (
        library.layers.Reshape((None, 2))(np.arange(12.0, dtype="float32").reshape(2, 6))
        for library in (lanthorn, keras)
    )
    np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs))
    layer = lanthorn.layers.Reshape((None, 2))
    assert layer.compute_output_shape((None, 6)) == (None, 3, 2)
    assert layer.compute_output_shape((None, None)) == (None, None, 2)
