"""A row of layers that nobody told what comes in takes whatever its layers can work on."""

import numpy as np
import pytest

import lanthorn as keras
from lanthorn import layers


def test_a_row_without_an_input_takes_steps_of_any_number():
    model = keras.Sequential([layers.Dense(3), layers.GlobalAveragePooling1D(), layers.Dense(1)])
    model.compile(loss="mse")
    batches = [(np.ones((2, steps, 4), "float32"), np.ones((2, 1), "float32")) for steps in (5, 7)]
    model.fit(iter(batches), steps_per_epoch=2, epochs=1, verbose=0)
    assert model.predict((x for x, _ in batches), verbose=0).shape == (4, 1)
    assert model(np.ones((1, 9, 4))).shape == (1, 1)


def test_a_layer_of_that_row_still_refuses_what_it_has_no_weights_for():
    model = keras.Sequential([layers.Dense(3, name="first")])
    model(np.ones((2, 4)))
    with pytest.raises(ValueError, match="first"):
        model(np.ones((2, 5)))


def test_a_row_that_was_told_its_input_refuses_another():
    model = keras.Sequential([keras.Input((5, 4)), layers.Dense(3)])
    with pytest.raises(ValueError, match="steps 5"):
        model(np.ones((2, 7, 4)))
