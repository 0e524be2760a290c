"""Real Keras beside ours: the same weights, slots and configs after the same gradients."""

import keras
import numpy as np
import pytest

from lanthorn import optimizers
from optimizers.sides import gradients, keras_trained, keras_variables, own_variables, weights

# real Keras's Variable.__array__ is older than NumPy 2
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

OPTIONS = {
    "sgd": ("SGD", {}),
    "sgd momentum": ("SGD", {"momentum": 0.9}),
    "sgd nesterov": ("SGD", {"momentum": 0.9, "nesterov": True, "learning_rate": 0.1}),
    "rmsprop": ("RMSprop", {}),
    "rmsprop momentum": ("RMSprop", {"momentum": 0.5, "rho": 0.8}),
    "rmsprop centered": ("RMSprop", {"centered": True}),
    "rmsprop both": ("RMSprop", {"centered": True, "momentum": 0.9, "epsilon": 1e-3}),
    "adam": ("Adam", {}),
    "adam settings": ("Adam", {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}),
    "adam amsgrad": ("Adam", {"amsgrad": True}),
    "adamw": ("AdamW", {}),
    "adamw amsgrad": ("AdamW", {"amsgrad": True, "weight_decay": 0.1}),
    "nadam": ("Nadam", {}),
    "adamax": ("Adamax", {}),
    "adagrad": ("Adagrad", {}),
    "adagrad settings": ("Adagrad", {"initial_accumulator_value": 0.5, "epsilon": 1e-2}),
    "adadelta": ("Adadelta", {"learning_rate": 1.0}),
    "lion": ("Lion", {}),
    "weight decay": ("SGD", {"momentum": 0.9, "weight_decay": 0.05}),
    "clipnorm": ("SGD", {"clipnorm": 1.0}),
    "clipvalue": ("SGD", {"clipvalue": 0.5}),
    "global_clipnorm": ("SGD", {"global_clipnorm": 1.0}),
    "global_clipnorm unused": ("SGD", {"global_clipnorm": 1e6}),
    "loss scale": ("SGD", {"loss_scale_factor": 128.0}),
    "ema": ("SGD", {"use_ema": True, "ema_momentum": 0.9}),
    "ema overwrite": ("Adam", {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 3}),
    "accumulation": ("Adam", {"gradient_accumulation_steps": 3}),
    "all together": (
        "RMSprop",
        {
            "momentum": 0.9, "centered": True, "weight_decay": 0.01, "global_clipnorm": 2.0,
            "use_ema": True, "ema_overwrite_frequency": 2, "gradient_accumulation_steps": 2,
            "loss_scale_factor": 4.0,
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OPTIONS)
def test_weights_and_slots_are_keras_s_after_5_and_50_steps(case: str) -> None:
    name, options = OPTIONS[case]
    theirs = getattr(keras.optimizers, name)(**options)
    ours = getattr(optimizers, name)(**options)
    variables = own_variables(weights())
    grads = iter(gradients(50))
    made = 0
    for count, params, state in keras_trained(theirs, weights(), 5, 50):
        for _ in range(count - made):
            ours.apply(next(grads), variables)
        made = count
        for mine, wanted in zip(variables, params, strict=True):
            np.testing.assert_allclose(mine.numpy(), wanted, rtol=1e-6, atol=2e-7)
        for mine, wanted, known in zip(ours.variables, state, theirs.variables, strict=True):
            assert mine.dtype == known.dtype
            assert mine.name == (known.name if known.path != known.name else "u_product")
            # a difference of nearly equal numbers keeps their rounding: measured by the largest
            largest = max(float(np.abs(wanted).max()), 1e-30)
            np.testing.assert_allclose(mine.numpy(), wanted, rtol=1e-6, atol=1e-6 * largest)


@pytest.mark.parametrize("case", OPTIONS)
def test_configs_are_keras_s_and_come_back(case: str) -> None:
    name, options = OPTIONS[case]
    ours = getattr(optimizers, name)(**options, name="it")
    theirs = getattr(keras.optimizers, name)(**options, name="it")
    assert ours.get_config() == theirs.get_config()
    assert optimizers.serialize(ours) == keras.optimizers.serialize(theirs)
    again = optimizers.deserialize(keras.optimizers.serialize(theirs))
    assert type(again) is type(ours) and again.get_config() == ours.get_config()


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam", "AdamW", "Nadam", "Adamax", "Adagrad",
                                  "Adadelta", "Lion", "Optimizer"])  # fmt: skip
def test_arguments_are_keras_s_in_order_and_default(name: str) -> None:
    import inspect

    def arguments(module):
        parameters = inspect.signature(getattr(module, name).__init__).parameters.values()
        return [(p.name, p.default, p.kind) for p in parameters]

    assert arguments(optimizers) == arguments(keras.optimizers)


def test_the_constraint_is_applied_after_the_update() -> None:
    start = weights()
    theirs, ours = keras_variables(start), own_variables(start)
    theirs[0].constraint = keras.constraints.NonNeg()
    ours[0].constraint = lambda w: w * (w >= 0)
    grads = gradients(1)[0]
    keras.optimizers.SGD(0.1).apply(grads, theirs)
    optimizers.SGD(0.1).apply(grads, ours)
    assert (ours[0].numpy() >= 0).all()
    for mine, wanted in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.numpy(), wanted.numpy(), rtol=1e-6)


@pytest.mark.parametrize("patterns", [["bias"], ["^kernel$", "nothing"]])
def test_variables_named_like_a_pattern_do_not_decay(patterns: list[str]) -> None:
    theirs = keras.optimizers.AdamW(weight_decay=0.5)
    theirs.exclude_from_weight_decay(var_names=patterns)
    ((_, params, _),) = keras_trained(theirs, weights(), 3)
    ours = optimizers.AdamW(weight_decay=0.5)
    ours.exclude_from_weight_decay(var_names=patterns)
    variables = own_variables(weights())
    for grads in gradients(3):
        ours.apply(grads, variables)
    for mine, wanted in zip(variables, params, strict=True):
        np.testing.assert_allclose(mine.numpy(), wanted, rtol=1e-6, atol=1e-7)


def test_an_infinite_gradient_shows_under_global_clipping_as_in_keras() -> None:
    grads = gradients(1)[0]
    grads[0][0, 0] = np.inf
    theirs, ours = keras_variables(weights()), own_variables(weights())
    keras.optimizers.SGD(global_clipnorm=1.0).apply(grads, theirs)
    optimizers.SGD(global_clipnorm=1.0).apply(grads, ours)
    for mine, wanted in zip(ours, theirs, strict=True):
        assert np.isnan(mine.numpy()).tolist() == np.isnan(wanted.numpy()).tolist()


def test_a_missing_gradient_leaves_weights_and_slots_as_they_were() -> None:
    start = weights()
    theirs, ours = keras_variables(start), own_variables(start)
    k, o = keras.optimizers.AdamW(weight_decay=0.1), optimizers.AdamW(weight_decay=0.1)
    for index, grads in enumerate(gradients(3)):
        if index == 1:
            grads[2] = None
            with pytest.warns(UserWarning, match="head/kernel"):
                k.apply(grads, theirs)
            with pytest.warns(UserWarning, match="head/kernel"):
                o.apply(grads, ours)
        else:
            k.apply(grads, theirs)
            o.apply(grads, ours)
    for mine, wanted in zip([*ours, *o.variables], [*theirs, *k.variables], strict=True):
        np.testing.assert_allclose(mine.numpy(), wanted.numpy(), rtol=2e-6, atol=1e-7)
