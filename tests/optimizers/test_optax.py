"""Any Optax transformation is an optimizer."""

import jax
import numpy as np
import optax
import pytest

from lanthorn import optimizers
from optimizers.sides import PATHS, gradients, own_variables, weights


def trained(transformation, steps: int) -> dict:
    """Optax by itself."""
    params = dict(zip(PATHS, weights(), strict=True))
    state = transformation.init(params)
    update = jax.jit(transformation.update)
    for grads in gradients(steps):
        updates, state = update(dict(zip(PATHS, grads, strict=True)), state, params)
        params = optax.apply_updates(params, updates)
    return params


@pytest.mark.parametrize(
    "transformation",
    [
        optax.adabelief(1e-2),
        optax.chain(
            optax.clip_by_global_norm(1.0), optax.lamb(optax.cosine_decay_schedule(0.1, 10))
        ),
        optax.contrib.schedule_free_adamw(1e-2),
        optax.inject_hyperparams(optax.sgd)(learning_rate=0.1, momentum=0.9),
    ],
    ids=["adabelief", "chain", "schedule free", "injected"],
)
def test_weights_are_optax_s(transformation) -> None:
    optimizer = optimizers.get(transformation)
    assert type(optimizer) is optimizers.OptaxOptimizer
    variables = own_variables(weights())
    for grads in gradients(5):
        optimizer.apply(grads, variables)
    wanted = trained(transformation, 5)
    for variable in variables:
        np.testing.assert_allclose(variable.numpy(), wanted[variable.path], rtol=1e-5, atol=1e-7)


def test_its_state_is_optax_s_and_comes_back_from_a_file() -> None:
    first, second = (optimizers.get(optax.adam(0.1)) for _ in range(2))
    left, right = own_variables(weights()), own_variables(weights())
    for grads in gradients(3):
        first.apply(grads, left)
    assert isinstance(first.state["rule"][0], optax.ScaleByAdamState)
    assert len({variable.name for variable in first.variables}) == 1 + 1 + 2 * 4
    store: dict = {}
    first.save_own_variables(store)
    second.build(right)
    second.load_own_variables(store)
    jax.tree.map(np.testing.assert_array_equal, first.state, second.state)


def test_clipping_and_averages_of_ours_go_round_it() -> None:
    options = {"clipvalue": 0.1, "use_ema": True, "gradient_accumulation_steps": 2}
    wrapped = optimizers.OptaxOptimizer(optax.sgd(0.1), **options)
    plain = optimizers.SGD(0.1, **options)
    left, right = own_variables(weights()), own_variables(weights())
    for grads in gradients(4):
        wrapped.apply(grads, left)
        plain.apply(grads, right)
    for a, b in zip(left, right, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-6)


def test_an_injected_learning_rate_can_be_read_and_set() -> None:
    optimizer = optimizers.get(optax.inject_hyperparams(optax.sgd)(learning_rate=0.1))
    with pytest.raises(AttributeError, match="once it is built"):
        optimizer.learning_rate  # noqa: B018
    variables = own_variables(weights())
    optimizer.build(variables)
    assert float(optimizer.learning_rate) == pytest.approx(0.1)
    optimizer.learning_rate = 0.0
    optimizer.apply(gradients(1)[0])
    np.testing.assert_array_equal(variables[0].numpy(), weights()[0])


def test_a_rate_that_is_hidden_is_said_to_be_hidden() -> None:
    optimizer = optimizers.get(optax.sgd(0.1))
    optimizer.build(own_variables(weights()))
    with pytest.raises(AttributeError, match="inject_hyperparams"):
        optimizer.learning_rate  # noqa: B018
    with pytest.raises(AttributeError, match="inject_hyperparams"):
        optimizer.learning_rate = 0.5
    with pytest.raises(NotImplementedError, match="compile it with the transformation again"):
        optimizer.get_config()
    assert not hasattr(optimizer, "learning_rate")


def test_decay_by_a_rate_that_is_hidden_is_refused() -> None:
    with pytest.raises(ValueError, match="add_decayed_weights"):
        optimizers.OptaxOptimizer(optax.sgd(0.1), weight_decay=0.1)
