"""Normalization, Discretization and CategoryEncoding beside Keras's, under random settings."""

import keras
import numpy as np
from hypothesis import given, settings, strategies

import lanthorn
from lanthorn import layers
from tests.examples import examples

FEW = settings(max_examples=examples(5, 60))
seeds = strategies.integers(0, 2**31)


def same(ours, theirs):
    assert ours.shape == theirs.shape and ours.dtype == theirs.dtype
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-5, atol=1e-5)


def batches_of(x, cuts):
    return [part for part in np.split(x, sorted(cuts)) if len(part)]


@FEW
@given(
    rank=strategies.integers(1, 3),
    axes=strategies.sets(strategies.integers(1, 3)),
    invert=strategies.booleans(),
    cuts=strategies.sets(strategies.integers(1, 8), max_size=2),
    seed=seeds,
)
def test_normalization_learns_what_keras_s_learns(rank, axes, invert, cuts, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(2, 3, (9, *rng.integers(1, 4, rank))).astype("float32")
    axis = tuple(axis for axis in axes if axis <= rank) or None
    ours = layers.Normalization(axis, invert=invert)
    theirs = keras.layers.Normalization(axis, invert=invert)
    ours.adapt(batches_of(x, cuts) if cuts else x)
    theirs.adapt(x)  # of batches, Keras learns with TensorFlow only
    for mine, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-4, atol=1e-5)
    theirs.set_weights(ours.get_weights())
    theirs.finalize_state()
    same(ours(x), theirs(x))
    same(np.asarray(ours.mean), np.asarray(theirs.mean))


@FEW
@given(
    bins=strategies.integers(1, 12),
    epsilon=strategies.sampled_from([0.01, 0.1, 0.3]),
    mode=strategies.sampled_from(["int", "one_hot", "multi_hot", "count"]),
    shape=strategies.sampled_from([(5,), (5, 1), (60, 3), (300, 2)]),
    cuts=strategies.sets(strategies.integers(1, 59), max_size=2),
    seed=seeds,
)
def test_discretization_finds_the_bins_that_keras_s_finds(bins, epsilon, mode, shape, cuts, seed):
    x = np.random.default_rng(seed).normal(size=shape).astype("float32")
    data = batches_of(x, [cut for cut in cuts if cut < len(x)])
    found = []
    for library in (layers, keras.layers):
        layer = library.Discretization(num_bins=bins, epsilon=epsilon, output_mode=mode)
        for batch in data:  # Keras's adapt needs TensorFlow; what it calls does not
            layer.update_state(batch)
        layer.finalize_state()
        found.append(layer)
    ours, theirs = found
    np.testing.assert_allclose(ours.bin_boundaries, theirs.bin_boundaries, rtol=1e-6)
    same(ours(x[:5]), theirs(x[:5]))
    assert ours.get_config() | {"name": ""} == theirs.get_config() | {"name": ""}


@FEW
@given(
    tokens=strategies.integers(1, 6),
    mode=strategies.sampled_from(["one_hot", "multi_hot", "count"]),
    shape=strategies.sampled_from([(4,), (3, 1), (3, 4), (1,)]),
    weighed=strategies.booleans(),
    seed=seeds,
)
def test_category_encoding_is_keras_s(tokens, mode, shape, weighed, seed):
    rng = np.random.default_rng(seed)
    x, weights = rng.integers(0, tokens, shape), rng.random(shape).astype("float32")
    given = {"count_weights": weights} if weighed and mode == "count" else {}
    ours = layers.CategoryEncoding(tokens, output_mode=mode)
    theirs = keras.layers.CategoryEncoding(tokens, output_mode=mode)
    same(ours(x, **given), theirs(x, **given))
    assert ours.compute_output_shape(shape) == theirs.compute_output_shape(shape)


def test_what_was_learnt_goes_both_ways_in_files(tmp_path):
    x = np.random.default_rng(0).normal(3, 2, (40, 3)).astype("float32")

    def model(library):
        normalize = library.layers.Normalization()
        bins = library.layers.Discretization(num_bins=5)
        normalize.adapt(x)
        bins.update_state((x - x.mean(axis=0)) / x.std(axis=0))
        bins.finalize_state()
        encode = library.layers.CategoryEncoding(5, output_mode="one_hot")
        line = library.layers.Pipeline([encode, library.layers.Rescaling(2.0)])
        return library.Sequential([library.Input((3,)), normalize, bins, line])

    for library, load in ((lanthorn, keras.saving.load_model), (keras, lanthorn.saving.load_model)):
        made = model(library)
        path = tmp_path / f"{library.__name__}.keras"
        made.save(path)
        np.testing.assert_array_equal(made.predict(x, verbose=0), load(path).predict(x, verbose=0))
