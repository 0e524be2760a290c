"""The scalar functions of explanations are those that layers compute, at their edges too."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lanthorn import activations
from lanthorn.wiring.functions import FUNCTIONS


@pytest.mark.parametrize("threshold", [0.0, 0.5, -1.0])
@pytest.mark.parametrize("max_value", [None, 2.0])
@pytest.mark.parametrize("negative_slope", [0.0, 0.25])
def test_relu_agrees_at_and_around_its_threshold_and_its_top(threshold, max_value, negative_slope):
    points = [-3.0, -1.0, -0.5, 0.0, 0.25, 0.5, 0.75, 2.0, 5.0]
    computed = activations.relu(
        np.array(points, "float32"),
        negative_slope=negative_slope,
        max_value=max_value,
        threshold=threshold,
    )
    told = [
        FUNCTIONS["relu"].compute(x, negative_slope, max_value or math.inf, threshold)
        for x in points
    ]
    np.testing.assert_allclose(told, computed, atol=1e-6)
