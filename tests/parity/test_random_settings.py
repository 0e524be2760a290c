"""Random shapes and settings beside Keras's own: equal numbers, or both refuse."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings, strategies

import lanthorn
from lanthorn.layers.example import Example
from lanthorn.layers.windows import output_size
from tests.contract import checks
from tests.examples import examples
from tests.parity.twins import Twins, gradients

sizes = strategies.integers(1, 7)
pairs = strategies.tuples(strategies.integers(1, 3), strategies.integers(1, 3))
paddings = strategies.sampled_from(["valid", "same"])


@strategies.composite
def convolutions(draw):
    groups = draw(strategies.sampled_from([1, 1, 2]))
    strides, dilation = draw(pairs), (1, 1)
    if strides == (1, 1):
        dilation = draw(pairs)
    return Example(
        {
            "filters": groups * draw(strategies.integers(1, 3)),
            "kernel_size": draw(pairs),
            "strides": strides,
            "dilation_rate": dilation,
            "padding": draw(paddings),
            "groups": groups,
            "use_bias": draw(strategies.booleans()),
            "activation": draw(strategies.sampled_from([None, "relu", "tanh"])),
        },
        (draw(sizes), draw(sizes), groups * draw(strategies.integers(1, 2))),
    )


@strategies.composite
def poolings(draw):
    strides = draw(strategies.one_of(strategies.none(), pairs))
    return Example(
        {"pool_size": draw(pairs), "strides": strides, "padding": draw(paddings)},
        (draw(sizes), draw(sizes), draw(strategies.integers(1, 2))),
    )


def fits(example, window, strides, dilation=(1, 1)):
    found = [
        output_size(size, w, s, example.settings["padding"], d)
        for size, w, s, d in zip(example.shape, window, strides, dilation, strict=False)
    ]
    return all(size > 0 for size in found)


def compare(name, example, seed):
    twins = Twins(name, example, batch=2, seed=seed)
    ours, theirs = twins.ours(twins.inputs), twins.theirs(twins.inputs)
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-5, atol=1e-5)
    both = zip(
        gradients(twins.ours, twins.inputs), gradients(twins.theirs, twins.inputs), strict=True
    )
    for a, b in both:
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)
    case = checks.Case(getattr(lanthorn.layers, name), example)
    checks.shape_rule_tells_the_real_shape(case)
    checks.arithmetic_gives_the_real_numbers(case)
    checks.parameter_arithmetic_counts_the_weights(case)


def refuses(name, example):
    layer = getattr(lanthorn.layers, name)(**example.settings)
    try:
        layer(np.zeros((2, *example.shape), "float32"))
    except lanthorn.ShapeError as error:
        assert layer.name in str(error) and "window" in str(error)
        return True
    return False


@settings(max_examples=examples(5, 25))
@given(example=convolutions(), seed=strategies.integers(0, 100))
def test_random_convolutions(example, seed):
    chosen = example.settings
    if fits(example, chosen["kernel_size"], chosen["strides"], chosen["dilation_rate"]):
        compare("Conv2D", example, seed)
    else:
        assert refuses("Conv2D", example)


@settings(max_examples=examples(5, 25))
@given(
    example=poolings(),
    name=strategies.sampled_from(["MaxPooling2D", "AveragePooling2D"]),
    seed=strategies.integers(0, 100),
)
def test_random_poolings(example, name, seed):
    chosen = example.settings
    if fits(example, chosen["pool_size"], chosen["strides"] or chosen["pool_size"]):
        compare(name, example, seed)
    else:
        assert refuses(name, example)


@settings(max_examples=examples(4, 20))
@given(
    shape=strategies.lists(strategies.integers(1, 4), min_size=1, max_size=4),
    units=strategies.integers(1, 5),
    activation=strategies.sampled_from([None, "softmax", "elu", "sigmoid"]),
    seed=strategies.integers(0, 100),
)
def test_random_dense(shape, units, activation, seed):
    compare("Dense", Example({"units": units, "activation": activation}, tuple(shape)), seed)


@settings(max_examples=examples(4, 20))
@given(
    shape=strategies.lists(strategies.integers(1, 4), min_size=2, max_size=4),
    data=strategies.data(),
)
def test_random_orders_of_axes(shape, data):
    dims = data.draw(strategies.permutations(range(1, len(shape) + 1)))
    compare("Permute", Example({"dims": tuple(dims)}, tuple(shape)), 0)
    compare("Flatten", Example({}, tuple(shape)), 0)
    target = data.draw(strategies.permutations(shape))
    compare("Reshape", Example({"target_shape": tuple(target)}, tuple(shape)), 0)
