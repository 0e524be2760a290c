"""Schedules: real Keras's rate at every step, traced or not."""

import jax
import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanthorn import optimizers
from lanthorn.optimizers import schedules
from optimizers.sides import gradients, keras_trained, own_variables, weights

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

CASES = {
    "exponential": ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7,
                                         "decay_rate": 0.5}),
    "exponential stairs": ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7,
                                                "decay_rate": 0.5, "staircase": True}),
    "inverse": ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 3,
                                     "decay_rate": 0.7}),
    "inverse stairs": ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 3,
                                            "decay_rate": 0.7, "staircase": True}),
    "polynomial": ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 20,
                                       "power": 2.0}),
    "polynomial cycle": ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 5,
                                             "cycle": True}),
    "piecewise": ("PiecewiseConstantDecay", {"boundaries": [3, 10], "values": [0.1, 0.05, 0.01]}),
    "cosine": ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "alpha": 0.1}),
    "cosine warm-up": ("CosineDecay", {"initial_learning_rate": 0.0, "decay_steps": 20,
                                       "warmup_target": 0.1, "warmup_steps": 5}),
    "restarts": ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 4}),
    "restarts equal": ("CosineDecayRestarts", {"initial_learning_rate": 0.1,
                                               "first_decay_steps": 4, "t_mul": 1.0,
                                               "m_mul": 0.5, "alpha": 0.2}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_rates_are_keras_s_at_every_step(case: str) -> None:
    name, settings = CASES[case]
    theirs = getattr(keras.optimizers.schedules, name)(**settings)
    ours = getattr(schedules, name)(**settings)
    traced = jax.jit(ours)
    for step in range(45):
        wanted = float(theirs(step))
        assert float(ours(step)) == pytest.approx(wanted, rel=1e-6, abs=1e-8)
        assert float(traced(step)) == pytest.approx(wanted, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("case", CASES)
def test_schedules_have_keras_s_configs_and_come_back(case: str) -> None:
    name, settings = CASES[case]
    theirs = getattr(keras.optimizers.schedules, name)(**settings)
    ours = getattr(schedules, name)(**settings)
    assert schedules.serialize(ours) == keras.optimizers.schedules.serialize(theirs)
    again = schedules.deserialize(keras.optimizers.schedules.serialize(theirs))
    assert type(again) is type(ours) and again.get_config() == ours.get_config()


@given(st.integers(0, 10_000), st.integers(1, 500), st.floats(1e-4, 1.0))
def test_a_cosine_never_leaves_the_range_between_start_and_end(step, length, start) -> None:
    rate = float(schedules.CosineDecay(start, length, alpha=0.25)(step))
    assert 0.25 * start * (1 - 1e-5) <= rate <= start * (1 + 1e-5)


def test_a_scheduled_optimizer_is_keras_s_and_keeps_no_learning_rate() -> None:
    theirs = keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5))
    ours = optimizers.Adam(schedules.ExponentialDecay(0.1, 2, 0.5))
    variables = own_variables(weights())
    ((_, params, _),) = keras_trained(theirs, weights(), 5)
    for grads in gradients(5):
        ours.apply(grads, variables)
    for mine, wanted in zip(variables, params, strict=True):
        np.testing.assert_allclose(mine.numpy(), wanted, rtol=1e-6, atol=1e-7)
    assert [v.name for v in ours.variables] == [v.name for v in theirs.variables]
    assert float(ours.learning_rate) == pytest.approx(0.1 * 0.5**2.5)
    assert ours.get_config() == {**theirs.get_config(), "name": ours.name}
    assert ours.learning_rate_argument() is None
    with pytest.raises(TypeError, match="ExponentialDecay"):
        ours.learning_rate = 0.5


def test_schedules_count_steps_and_not_updates_when_gradients_are_accumulated() -> None:
    options = {"gradient_accumulation_steps": 2}
    theirs = keras.optimizers.SGD(
        keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5), **options
    )
    ours = optimizers.SGD(schedules.ExponentialDecay(0.1, 2, 0.5), **options)
    variables = own_variables(weights())
    ((_, params, _),) = keras_trained(theirs, weights(), 7)
    for grads in gradients(7):
        ours.apply(grads, variables)
    for mine, wanted in zip(variables, params, strict=True):
        np.testing.assert_allclose(mine.numpy(), wanted, rtol=1e-6, atol=1e-7)


def test_a_function_of_the_step_or_of_nothing_is_a_learning_rate_too() -> None:
    by_step = optimizers.SGD(lambda step: 0.1 / (step + 1))
    variables = own_variables(weights())
    for grads in gradients(3):
        by_step.apply(grads, variables)
    assert float(by_step.learning_rate) == pytest.approx(0.025)
    assert optimizers.SGD(lambda: 0.25).learning_rate == 0.25


def test_a_schedule_of_your_own_needs_a_call_and_a_config() -> None:
    class Half(schedules.LearningRateSchedule):
        pass

    with pytest.raises(NotImplementedError, match="Half must define __call__"):
        Half()(0)
    with pytest.raises(NotImplementedError, match="Half must define get_config"):
        optimizers.SGD(Half()).get_config()


@pytest.mark.parametrize("name", ["ExponentialDecay", "InverseTimeDecay", "CosineDecay"])
def test_zero_decay_steps_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}'s decay_steps is above 0; it was 0"):
        getattr(schedules, name)(0.1, 0, 0.5)


def test_one_value_more_than_boundaries_is_wanted() -> None:
    with pytest.raises(ValueError, match="2 values and 2 boundaries"):
        schedules.PiecewiseConstantDecay([1, 2], [0.1, 0.2])
