"""The smallest and oddest settings are explained number by number as well as the usual ones."""

from __future__ import annotations

import pytest

import lanthorn
from lanthorn import layers
from lanthorn.layers.example import Example
from tests.contract import checks

CHECKS = (
    checks.shape_rule_tells_the_real_shape,
    checks.arithmetic_gives_the_real_numbers,
    checks.declared_reads_are_the_inputs_that_matter,
    checks.parameter_arithmetic_counts_the_weights,
    checks.wiring_is_plain_data,
)

IN_BOTH_ORDERS = [
    ("Conv1D", (5, 2), {"filters": 2, "kernel_size": 1, "strides": 3}),
    ("Conv1D", (7, 2), {"filters": 2, "kernel_size": 2, "strides": 4, "padding": "same"}),
    ("Conv1D", (6, 1), {"filters": 2, "kernel_size": 3, "padding": "causal", "dilation_rate": 3}),
    ("Conv1D", (7, 2), {"filters": 2, "kernel_size": 3, "padding": "causal", "strides": 2}),
    ("Conv2D", (4, 5, 3), {"filters": 3, "kernel_size": 1, "groups": 3, "strides": (2, 3)}),
    ("Conv2D", (2, 2, 1), {"filters": 1, "kernel_size": 5, "padding": "same"}),
    ("Conv2D", (5, 5, 1), {"filters": 1, "kernel_size": (2, 3), "dilation_rate": (2, 1)}),
    ("Conv3D", (2, 3, 2, 2), {"filters": 2, "kernel_size": (1, 2, 1), "strides": (3, 1, 2)}),
    ("DepthwiseConv1D", (5, 2), {"kernel_size": 1, "strides": 3, "depth_multiplier": 3}),
    ("DepthwiseConv2D", (4, 5, 2), {"kernel_size": 2, "strides": 3, "padding": "same"}),
    ("SeparableConv1D", (5, 2), {"filters": 3, "kernel_size": 1, "strides": 2}),
    ("SeparableConv2D", (5, 5, 1), {"filters": 2, "kernel_size": (3, 2), "dilation_rate": 2}),
    ("Conv1DTranspose", (3, 2), {"filters": 2, "kernel_size": 1, "strides": 3}),
    ("Conv1DTranspose", (3, 2), {"filters": 2, "kernel_size": 3, "dilation_rate": 2}),
    (
        "Conv2DTranspose",
        (2, 3, 1),
        {"filters": 2, "kernel_size": (3, 2), "strides": (2, 3), "output_padding": (1, 0)},
    ),
    ("MaxPooling1D", (5, 2), {"pool_size": 2, "strides": 4, "padding": "same"}),
    ("MaxPooling2D", (4, 5, 1), {"pool_size": (4, 5)}),
    ("AveragePooling1D", (2, 2), {"pool_size": 5, "strides": 1, "padding": "same"}),
    ("AdaptiveMaxPooling1D", (3, 2), {"output_size": 5}),
    ("AdaptiveAveragePooling2D", (2, 3, 2), {"output_size": (3, 2)}),
    ("AdaptiveAveragePooling3D", (2, 3, 1, 2), {"output_size": (1, 4, 2)}),
    ("ZeroPadding2D", (2, 2, 1), {"padding": ((1, 2), (0, 3))}),
    ("Cropping2D", (3, 4, 2), {"cropping": ((2, 0), (1, 2))}),
    ("UpSampling2D", (1, 3, 1), {"size": (3, 2), "interpolation": "lanczos5"}),
]

ALONE = [
    ("Cropping1D", (5, 1), {"cropping": 2}),
    ("Reshape", (1,), {"target_shape": ()}),
    ("Permute", (2, 1, 3, 2), {"dims": (4, 3, 2, 1)}),
    ("Maximum", [(2, 3)], {}),
    ("Minimum", [(2, 3)], {}),
    ("Add", [(2, 3), (3,)], {}),
    ("Dot", [(2, 2, 3), (2, 3)], {"axes": -1}),
    ("Dense", (3,), {"units": 4, "activation": "glu"}),
    ("EinsumDense", (3, 4), {"equation": "abc,cb->a", "output_shape": ()}),
    ("ReLU", (4,), {"max_value": 0.0, "negative_slope": 0.5}),
    ("LayerNormalization", (2, 3), {"axis": [2, 1]}),
    ("GroupNormalization", (4, 2, 2), {"groups": 2, "axis": -3}),
    ("PReLU", (2, 3), {"shared_axes": [1, 2]}),
]


def channels_first(name, shape, settings):
    return name, (shape[-1], *shape[:-1]), settings | {"data_format": "channels_first"}


CASES = [
    pytest.param(*case, id=f"{case[0]}-{number}")
    for number, case in enumerate(
        [*IN_BOTH_ORDERS, *(channels_first(*case) for case in IN_BOTH_ORDERS), *ALONE]
    )
]


@pytest.mark.parametrize(("name", "shape", "settings"), CASES)
def test_odd_settings_are_told_number_by_number(name, shape, settings):
    case = checks.Case(getattr(layers, name), Example(settings, shape))
    assert case.is_described
    for check in CHECKS:
        check(case)
    for language in ("en", "ko"):
        told = lanthorn.explain(case.layer, shape, language=language)
        assert told.entries[0].sentence and "{" not in str(told)
