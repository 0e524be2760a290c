"""Layer, group, RMS and unit normalization beside Keras's, with random settings."""

from __future__ import annotations

import warnings

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies

from lanthorn import ShapeError, layers
from lanthorn.layers.example import Example
from tests.contract import checks
from tests.examples import examples
from tests.parity.test_random_settings import compare

NAMES = ["GroupNormalization", "LayerNormalization", "RMSNormalization", "UnitNormalization"]
shapes = strategies.lists(strategies.integers(2, 4), min_size=1, max_size=3)
yes_or_no = strategies.booleans()


def axes_of(rank):
    """Axes of a sample, counted from either end."""
    one = strategies.integers(1, rank).flatmap(lambda a: strategies.sampled_from([a, a - rank - 1]))
    different = strategies.lists(one, min_size=1, max_size=rank, unique_by=lambda a: a % (rank + 1))
    return strategies.one_of(one, different)


@settings(max_examples=examples(4, 40))
@given(shape=shapes, data=strategies.data(), center=yes_or_no, scale=yes_or_no,
       seed=strategies.integers(0, 100))  # fmt: skip
def test_random_layer_normalizations(shape, data, center, scale, seed):
    chosen = {
        "axis": data.draw(axes_of(len(shape))),
        "epsilon": data.draw(strategies.sampled_from([1e-3, 1e-6, 0.5])),
        "center": center,
        "scale": scale,
    }
    compare("LayerNormalization", Example(chosen, tuple(shape)), seed)


@settings(max_examples=examples(4, 40))
@given(data=strategies.data(), center=yes_or_no, scale=yes_or_no, seed=strategies.integers(0, 100))
def test_random_group_normalizations(data, center, scale, seed):
    shape = data.draw(shapes)
    axis = data.draw(strategies.integers(1, len(shape)))
    groups = data.draw(strategies.sampled_from([-1, 1, 2, 3]))
    shape[axis - 1] = abs(groups) * data.draw(strategies.integers(1, 2))
    axis = data.draw(strategies.sampled_from([axis, axis - len(shape) - 1]))
    chosen = {"groups": groups, "axis": axis, "center": center, "scale": scale}
    compare("GroupNormalization", Example(chosen, tuple(shape)), seed)


@settings(max_examples=examples(5, 30))
@given(shape=shapes, data=strategies.data(), seed=strategies.integers(0, 100))
def test_random_rms_and_unit_normalizations(shape, data, seed):
    axis = data.draw(axes_of(len(shape)))
    compare("UnitNormalization", Example({"axis": axis}, tuple(shape)), seed)
    # Keras lays the scale over the last axes, whichever were asked for.
    count = data.draw(strategies.integers(1, len(shape)))
    chosen = {"axis": [-1 - i for i in range(count)], "epsilon": 1e-4}
    compare("RMSNormalization", Example(chosen, tuple(shape)), seed)


def test_a_scale_lies_along_its_own_axis():
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    layer = layers.RMSNormalization(axis=1)
    layer.build(x.shape)
    layer.scale.assign([1.0, 2.0, 3.0])
    told = x / np.sqrt((x**2).mean(1, keepdims=True) + 1e-6) * np.reshape([1, 2, 3], (1, 3, 1))
    np.testing.assert_allclose(layer(x), told, rtol=1e-5)
    checks.arithmetic_gives_the_real_numbers(
        checks.Case(layers.RMSNormalization, Example({"axis": 1}, (3, 4)))
    )


def test_dividing_by_the_spread_is_what_keras_calls_rms_scaling():
    example = Example({"rms_scaling": True, "axis": [2, 1]}, (3, 2))
    with pytest.warns(UserWarning, match="RMSNormalization does that"):
        layers.LayerNormalization(rms_scaling=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras's own, at each call
        compare("LayerNormalization", example, 0)


def test_a_lone_number_has_no_spread_and_is_told_so():
    from lanthorn import explain

    text = str(explain(layers.LayerNormalization(), (3, 1)))
    assert "always beta" in text
    np.testing.assert_array_equal(layers.LayerNormalization()(np.ones((2, 3, 1))), 0)


def test_regularizers_and_constraints_are_kept():
    chosen = {
        "gamma_regularizer": keras.regularizers.L2(0.1), "beta_constraint": "non_neg",
        "gamma_initializer": "zeros",
    }  # fmt: skip
    for name in ("LayerNormalization", "GroupNormalization"):
        theirs = getattr(keras.layers, name)(1, **chosen)
        ours = layers.deserialize(keras.layers.serialize(theirs))
        ours.build((None, 2, 3)), theirs.build((None, 2, 3))
        assert ours.gamma.regularizer.get_config() == theirs.gamma.regularizer.get_config()
        assert ours.beta.constraint is not None
        np.testing.assert_array_equal(ours.gamma.numpy(), 0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.LayerNormalization("last"), "whole number.*not 'last'"),
        (lambda: layers.LayerNormalization([1, 1]), "different"),
        (lambda: layers.LayerNormalization(3)(np.ones((2, 3))), "has axis 3 besides its batch"),
        (lambda: layers.LayerNormalization([0])(np.ones((2, 3))), "besides its batch"),
        (lambda: layers.LayerNormalization([1, -1])(np.ones((2, 3))), "besides its batch"),
        (lambda: built(layers.LayerNormalization(), (4,))(np.ones((2, 3))), "built for these"),
        (lambda: layers.LayerNormalization().build((None, None)), "known sizes"),
        (lambda: layers.GroupNormalization(0), "1 or more, or -1"),
        (lambda: layers.GroupNormalization(2.0), "1 or more, or -1"),
        (lambda: layers.GroupNormalization(axis=[1, 2]), "one whole number"),
        (lambda: layers.GroupNormalization(2)(np.ones((2, 3))), "3 is no multiple of 2"),
        (lambda: layers.GroupNormalization(4)(np.ones((2, 3))), "out to 4 groups"),
        (lambda: built(layers.GroupNormalization(1), (4,))(np.ones((2, 3))), "built for these"),
        (lambda: layers.RMSNormalization(2)(np.ones((2, 3))), "has axis 2"),
        (lambda: built(layers.RMSNormalization(), (4,))(np.ones((2, 3))), "built for these"),
        (lambda: layers.UnitNormalization(None), "whole number.*not None"),
        (lambda: layers.UnitNormalization(2)(np.ones((2, 3))), "has axis 2"),
    ],
)
def test_bad_input_is_refused_with_what_is_wanted(make, message):
    with pytest.raises(ValueError, match=message) as caught:
        make()
    if isinstance(caught.value, ShapeError):
        assert "batch" in str(caught.value)


def built(layer, shape):
    layer.build((None, *shape))
    return layer


@pytest.mark.parametrize("mask", [None, np.array([[True, True, False]] * 4)], ids=["all", "mask"])
@pytest.mark.parametrize(
    "chosen",
    [
        {"renorm_momentum": 0.8},
        {"renorm_clipping": {"rmax": 1.5, "rmin": 0.5, "dmax": 0.2}, "momentum": 0.5},
        {"center": False, "scale": False},
    ],
)
def test_batch_renormalization_trains_as_in_keras(chosen, mask):
    ours, theirs = (
        module.BatchNormalization(renorm=True, **chosen) for module in (layers, keras.layers)
    )
    rng = np.random.default_rng(1)
    for step in range(3):
        x = rng.normal(step, 2, (4, 3, 2)).astype("float32")
        y, wanted = ours(x, training=True, mask=mask), theirs(x, training=True, mask=mask)
        np.testing.assert_allclose(np.asarray(y), np.asarray(wanted), atol=2e-5)
    for mine, other in zip(ours.weights, theirs.weights, strict=True):
        assert mine.name == other.name
        np.testing.assert_allclose(mine.numpy(), np.asarray(other), atol=1e-5)
    assert {**ours.get_config(), "name": 0, "dtype": 0} == {
        **theirs.get_config(), "name": 0, "dtype": 0
    }  # fmt: skip


@pytest.mark.parametrize("clipping", [{"rmax": 1, "rmin": 2}, {"dmax": -1}, {"far": 1}, 3])
def test_impossible_limits_of_renormalization_are_refused(clipping):
    with pytest.raises(ValueError, match="renorm_clipping"):
        layers.BatchNormalization(renorm=True, renorm_clipping=clipping)
