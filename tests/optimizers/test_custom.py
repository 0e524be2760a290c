"""Optimizers written as Keras's documentation has them written."""

import jax
import keras
import numpy as np
import pytest

from lanthorn import optimizers
from optimizers.sides import gradients, keras_variables, own_variables, weights

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def momentum_descent(base, ops):
    """The same class text over either library's Optimizer."""

    class Descent(base):
        def __init__(self, learning_rate=0.01, momentum=0.9, **kwargs):
            super().__init__(learning_rate=learning_rate, **kwargs)
            self.momentum = momentum

        def build(self, variables):
            super().build(variables)
            self.momentums, self.seen = self.add_optimizer_variables(
                variables, ["momentum", "seen"]
            )
            self.count = self.add_variable((), name="count")

        def update_step(self, gradient, variable, learning_rate):
            index = self._get_variable_index(variable)
            m = self.momentums[index]
            t = ops.cast(self.iterations + 1, "float32")
            self.assign(m, m * self.momentum - gradient * learning_rate / t)
            self.assign_add(variable, m)
            self.assign_add(self.seen[index], ops.abs(gradient))
            self.assign_add(self.count, 1.0)

        def get_config(self):
            return {**super().get_config(), "momentum": self.momentum}

    return Descent


OPTIONS = [
    {},
    {"weight_decay": 0.1, "clipnorm": 1.0, "use_ema": True},
    {"gradient_accumulation_steps": 2},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_an_update_step_gives_what_it_gives_in_keras(options) -> None:
    from lanthorn import ops

    k = momentum_descent(keras.optimizers.Optimizer, keras.ops)(0.1, name="it", **options)
    o = momentum_descent(optimizers.Optimizer, ops)(0.1, name="it", **options)
    theirs, ours = keras_variables(weights()), own_variables(weights())
    for grads in gradients(4):
        k.apply(grads, theirs)
        o.apply(grads, ours)
    assert [v.name for v in o.variables] == [v.name for v in k.variables]
    for mine, wanted in zip([*ours, *o.variables], [*theirs, *k.variables], strict=True):
        np.testing.assert_allclose(mine.numpy(), wanted.value, rtol=1e-6, atol=1e-8)
    assert o.get_config() == k.get_config()
    assert float(o.momentums[0].numpy()[0, 0]) != 0


def test_its_state_is_pure_and_comes_back() -> None:
    from lanthorn import ops

    kind = momentum_descent(optimizers.Optimizer, ops)
    first, second = kind(0.1), kind(0.1)
    left, right = own_variables(weights()), own_variables(weights())
    first.build(left)
    second.build(right)
    params = {variable.path: variable.value for variable in left}
    state = first.state
    step = jax.jit(first.update)
    for grads in gradients(3):
        grads = {variable.path: g for variable, g in zip(left, grads, strict=True)}
        params, state = step(grads, state, params, first.learning_rate_argument())
    first.state = state
    for grads in gradients(3):
        second.apply(grads, right)
    for a, b in zip(first.variables, second.variables, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-6, atol=1e-8)


def test_an_optimizer_that_says_nothing_tells_what_to_say() -> None:
    with pytest.raises(NotImplementedError, match="transformation"):
        optimizers.Optimizer(0.1).apply(gradients(1)[0], own_variables(weights()))
