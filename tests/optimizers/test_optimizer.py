"""What every optimizer can do: rates, names, errors, pure steps, eager steps, files."""

import subprocess
import sys

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from lanthorn import optimizers
from lanthorn.engine.scope import Scope, in_scope
from lanthorn.engine.variable import Variable
from optimizers.sides import PATHS, gradients, keras_variables, own_variables, weights

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def by_path(arrays):
    return {path: jnp.asarray(array) for path, array in zip(PATHS, arrays, strict=True)}


# -- learning rate ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [1, 0.5, np.float32(0.5), np.float64(0.5), np.array(0.5)])
def test_any_number_is_a_learning_rate(rate) -> None:
    assert float(optimizers.SGD(rate).learning_rate) == float(rate)


@pytest.mark.parametrize("rate", ["0.1", None, True, [0.1]])
def test_what_is_no_number_is_refused_as_learning_rate(rate) -> None:
    with pytest.raises(ValueError, match="learning_rate is a number, a schedule"):
        optimizers.SGD(rate)


def test_the_rate_can_be_assigned_in_each_of_keras_s_ways() -> None:
    optimizer = optimizers.Adam()
    optimizer.learning_rate = 0.5
    assert float(optimizer.learning_rate) == 0.5
    optimizer.learning_rate.assign(0.25)
    assert optimizer.learning_rate.numpy() == np.float32(0.25)
    optimizer.learning_rate = optimizer.learning_rate * 0.5
    assert optimizer.get_config()["learning_rate"] == 0.125
    optimizer.learning_rate = optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)
    assert [variable.name for variable in optimizer.variables] == ["iteration"]


def test_a_new_rate_compiles_nothing() -> None:
    optimizer = optimizers.SGD(0.1)
    traced = []

    @jax.jit
    def step(grads, state, params, rate):
        traced.append(rate)
        return optimizer.update(grads, state, params, rate)

    params = by_path(weights())
    state = optimizer.init(params)
    for rate in (0.1, 0.2, 0.4):
        optimizer.learning_rate = rate
        grads = by_path(gradients(1)[0])
        after, state = step(grads, state, params, optimizer.learning_rate_argument())
        np.testing.assert_allclose(
            after["head/bias"], params["head/bias"] - np.float32(rate) * grads["head/bias"]
        )
        params = after
    assert len(traced) == 1


# -- arguments and names ---------------------------------------------------------------------------


def test_lr_is_refused_with_the_name_it_has_now() -> None:
    with pytest.raises(ValueError, match=r"called learning_rate\. Write Adam\(learning_rate=0.1\)"):
        optimizers.Adam(lr=0.1)
    with pytest.raises(AttributeError, match="called learning_rate"):
        optimizers.Adam().lr  # noqa: B018
    with pytest.raises(AttributeError, match="called learning_rate"):
        optimizers.Adam().lr = 0.1


def test_decay_is_ignored_with_a_warning_that_names_the_schedule() -> None:
    with pytest.warns(UserWarning, match=r"decay=0\.1.*InverseTimeDecay") as seen:
        optimizers.SGD(decay=0.1)
    assert seen[0].filename == __file__
    optimizers.SGD(decay=None)


def test_an_unknown_argument_gets_the_nearest_known_one() -> None:
    with pytest.raises(ValueError, match=r"no argument 'beta1'\. Did you mean 'beta_1'"):
        optimizers.Adam(beta1=0.9)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"clipnorm": 1.0, "clipvalue": 2.0}, "clipnorm=1.0 and clipvalue=2.0"),
        ({"gradient_accumulation_steps": 1}, "whole number from 2, not 1"),
        ({"use_ema": True, "ema_momentum": 2}, "between 0 and 1; it was 2"),
        ({"use_ema": True, "ema_overwrite_frequency": 0.5}, "whole number from 1, not 0.5"),
        ({"momentum": 2}, "momentum lies between 0 and 1; it was 2"),
    ],
)
def test_settings_that_cannot_be_are_refused(options, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        optimizers.SGD(**options)


def test_names_are_found_in_any_case_and_unknown_ones_get_a_suggestion() -> None:
    assert type(optimizers.get("rMsPrOp")) is optimizers.RMSprop
    assert type(optimizers.get({"class_name": "adamw", "config": {}})) is optimizers.AdamW
    assert optimizers.get(None) is None
    same = optimizers.SGD()
    assert optimizers.get(same) is same
    with pytest.raises(ValueError, match="Did you mean 'Adam'"):
        optimizers.get("adamm")
    with pytest.raises(ValueError, match="is not an optimizer"):
        optimizers.get(print)
    with pytest.raises(ValueError, match="is not an optimizer"):
        optimizers.get(keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5))


def test_a_schedule_inside_a_config_comes_back() -> None:
    theirs = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, 10))
    ours = optimizers.get(keras.optimizers.serialize(theirs))
    assert ours.get_config() == theirs.get_config()


# -- pure ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam", "Nadam", "Adamax", "Adagrad",
                                  "Adadelta", "Lion"])  # fmt: skip
def test_scanned_steps_are_the_same_as_single_ones(name: str) -> None:
    options = {"use_ema": True, "gradient_accumulation_steps": 2, "ema_overwrite_frequency": 3}
    optimizer = getattr(optimizers, name)(**options)
    params = by_path(weights())
    state = optimizer.init(params)
    rate = optimizer.learning_rate_argument()
    steps = gradients(6)
    stacked = by_path([np.stack(each) for each in zip(*steps, strict=True)])

    def step(carry, grads):
        return optimizer.update(grads, carry[1], carry[0], rate), None

    (scanned, scanned_state), _ = jax.jit(
        lambda params, state: jax.lax.scan(step, (params, state), stacked)
    )(params, state)
    single = jax.jit(optimizer.update)
    for grads in steps:
        params, state = single(by_path(grads), state, params, rate)
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-8),
        (scanned, scanned_state),
        (params, state),
    )
    assert int(state["iteration"]) == 6


def test_weights_of_a_short_type_stay_of_that_type_and_learn() -> None:
    params = {"w": jnp.ones((4,), jnp.bfloat16)}
    optimizer = optimizers.Adam(0.1, weight_decay=0.01, use_ema=True)
    state = optimizer.init(params)
    after, state = optimizer.update({"w": jnp.ones((4,), jnp.bfloat16)}, state, params)
    assert after["w"].dtype == jnp.bfloat16 and float(after["w"][0]) < 1
    assert {leaf.dtype.name for leaf in jax.tree.leaves(state)} == {"bfloat16", "int32"}


def test_init_compiles_nothing_and_loads_no_weights_twice() -> None:
    state = optimizers.Adam().init(by_path(weights()))
    assert all(isinstance(leaf, np.ndarray) for leaf in jax.tree.leaves(state))


def test_another_setting_is_another_recipe_and_another_rate_is_not() -> None:
    optimizer = optimizers.Adam()
    before = optimizer.recipe()
    optimizer.learning_rate = 0.5
    assert optimizer.recipe() == before
    optimizer.clipnorm = 1.0
    after = optimizer.recipe()
    assert after != before
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    assert optimizer.recipe() != after


def test_a_changed_setting_takes_effect_in_the_next_eager_step() -> None:
    variable = Variable(np.zeros(1, "float32"), name="w")
    optimizer = optimizers.SGD(1.0)
    optimizer.apply([np.array([4.0], "float32")], [variable])
    optimizer.clipvalue = 1.0
    optimizer.apply([np.array([4.0], "float32")], [variable])
    assert variable.numpy() == [-5.0]


# -- eager -----------------------------------------------------------------------------------------


def test_apply_gradients_takes_pairs_and_tells_the_iterations() -> None:
    variables = own_variables(weights())
    optimizer = optimizers.SGD(0.1)
    iterations = optimizer.apply_gradients(zip(gradients(1)[0], variables, strict=True))
    assert int(iterations) == 1 and int(optimizer.iterations) == 1
    assert iterations.dtype == "int32" and iterations.name == "iteration"
    optimizer.apply_gradients([])
    assert int(optimizer.iterations) == 1


def test_iterations_count_updates_when_gradients_are_accumulated() -> None:
    optimizer = optimizers.SGD(0.1, gradient_accumulation_steps=3)
    variables = own_variables(weights())
    for grads in gradients(7):
        optimizer.apply(grads, variables)
    assert int(optimizer.iterations) == 2 and int(optimizer.variables[0]) == 7


def test_stateless_apply_is_keras_s() -> None:
    theirs, ours = keras.optimizers.AdamW(amsgrad=True), optimizers.AdamW(amsgrad=True)
    theirs.build(keras_variables(weights()))
    ours.build(own_variables(weights()))
    state = [np.asarray(variable.value) for variable in theirs.variables]
    grads = gradients(1)[0]
    wanted = theirs.stateless_apply(state, grads, weights())
    found = ours.stateless_apply(state, grads, weights())
    for mine, known in zip([*found[0], *found[1]], [*wanted[0], *wanted[1]], strict=True):
        np.testing.assert_allclose(mine, known, rtol=1e-6, atol=1e-8)
    assert int(ours.iterations) == 0, "nothing is assigned"
    with pytest.raises(ValueError, match="optimizer_variables wants 14 arrays, but 13"):
        ours.stateless_apply(state[:-1], grads, weights())


def test_gradients_that_fit_no_variable_are_refused() -> None:
    variables = own_variables(weights())
    optimizer = optimizers.SGD()
    with pytest.raises(ValueError, match="not built"):
        optimizer.apply(gradients(1)[0])
    optimizer.build(variables)
    with pytest.raises(ValueError, match="3 gradients were given for 4 variables"):
        optimizer.apply(gradients(1)[0][:3])
    with pytest.raises(ValueError, match=r"'dense/kernel' has shape \(3, 4\), but its gradient"):
        optimizer.apply(gradients(1)[0][1:2], variables[:1])
    with pytest.raises(ValueError, match="every one of them is None"):
        optimizer.apply([None] * 4)
    with pytest.raises(ValueError, match="does not know 'other'"):
        optimizer.apply([np.ones(1)], [Variable(np.ones(1, "float32"), name="other")])


def test_apply_inside_a_pure_call_changes_the_scope_and_nothing_else() -> None:
    variables = own_variables(weights())
    optimizer = optimizers.Adam(0.1)
    optimizer.build(variables)
    every = [*variables, *optimizer.variables]

    @jax.jit
    def step(values, grads):
        with in_scope(Scope(dict(zip(map(id, every), values, strict=True)))) as scope:
            optimizer.apply(grads, variables)
            return [scope.values[id(variable)] for variable in every]

    after = step([variable.stored for variable in every], gradients(1)[0])
    assert int(optimizer.iterations) == 0
    np.testing.assert_array_equal(variables[0].numpy(), weights()[0])
    optimizer.apply(gradients(1)[0])
    for variable, array in zip(every, after, strict=True):
        np.testing.assert_allclose(variable.numpy(), array, rtol=1e-6, atol=1e-8)


def test_the_average_becomes_the_weights_at_the_end() -> None:
    theirs, ours = keras_variables(weights()), own_variables(weights())
    k = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5)
    o = optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5)
    for grads in gradients(3):
        k.apply(grads, theirs)
        o.apply(grads, ours)
    params = {path: variable.value for path, variable in zip(PATHS, ours, strict=True)}
    final = o.finalize(o.state, params)
    k.finalize_variable_values(theirs)
    o.finalize_variable_values(ours)
    for path, mine, wanted in zip(PATHS, ours, theirs, strict=True):
        np.testing.assert_allclose(mine.numpy(), wanted.numpy(), rtol=1e-6)
        np.testing.assert_array_equal(final[path], mine.numpy())


def test_the_loss_is_scaled_where_asked() -> None:
    assert optimizers.SGD(loss_scale_factor=8.0).scale_loss(2.0) == 16.0
    assert optimizers.SGD().scale_loss(2.0) == 2.0


# -- state -----------------------------------------------------------------------------------------


def test_variables_are_windows_on_the_state() -> None:
    variables = own_variables(weights())
    optimizer = optimizers.Adam()
    assert optimizer.state is None
    assert [variable.name for variable in optimizer.variables] == ["iteration", "learning_rate"]
    optimizer.iterations.assign(7)
    optimizer.build(variables)
    assert int(optimizer.state["iteration"]) == 7
    momentum = optimizer.variables[2]
    momentum.assign(np.full((3, 4), 2.0))
    assert optimizer.slots()[0][0] == "momentum"
    np.testing.assert_array_equal(optimizer.slots()[0][1]["dense/kernel"], np.full((3, 4), 2.0))
    rule = optimizer.state["rule"]
    optimizer.state = {
        **optimizer.state,
        "rule": rule._replace(mu={**rule.mu, "dense/kernel": np.ones((3, 4))}),
    }
    np.testing.assert_array_equal(momentum.numpy(), np.ones((3, 4)))


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam", "Nadam", "Lion"])
def test_slots_come_back_from_arrays_and_from_stores(name: str) -> None:
    options = {"use_ema": True, "gradient_accumulation_steps": 2}
    first, second, third = (getattr(optimizers, name)(**options) for _ in range(3))
    left, middle, right = (own_variables(weights()) for _ in range(3))
    for grads in gradients(3):
        first.apply(grads, left)
    store: dict = {}
    first.save_own_variables(store)
    assert list(store) == [str(index) for index in range(len(first.variables))]
    for optimizer, variables in ((second, middle), (third, right)):
        optimizer.build(variables)
        for variable, source in zip(variables, left, strict=True):
            variable.assign(source.numpy())
    second.load_slots([variable.numpy() for variable in first.variables])
    third.load_own_variables(store)
    for grads in gradients(4, seed=5):
        for optimizer, variables in ((first, left), (second, middle), (third, right)):
            optimizer.apply(grads, variables)
    for a, b, c in zip(left, middle, right, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
        np.testing.assert_array_equal(a.numpy(), c.numpy())


def test_keras_s_saved_state_is_read_and_goes_on_as_in_keras() -> None:
    theirs, ours = keras_variables(weights()), own_variables(weights())
    k, o = keras.optimizers.Adam(amsgrad=True), optimizers.Adam(amsgrad=True)
    for grads in gradients(3):
        k.apply(grads, theirs)
    store: dict = {}
    k.save_own_variables(store)
    for mine, known in zip(ours, theirs, strict=True):
        mine.assign(np.asarray(known.value))
    o.build(ours)
    o.load_own_variables(store)
    grads = gradients(1, seed=9)[0]
    k.apply(grads, theirs)
    o.apply(grads, ours)
    for mine, known in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.numpy(), known.value, rtol=1e-6, atol=1e-8)


def test_arrays_that_do_not_fit_change_nothing() -> None:
    optimizer = optimizers.SGD(momentum=0.5)
    optimizer.build(own_variables(weights()))
    values = [variable.numpy() for variable in optimizer.variables]
    with pytest.raises(ValueError, match="6 variables, but 5"):
        optimizer.load_slots(values[:-1])
    values[0] = np.array(5, "int32")
    values[-1] = np.ones(3, "float32")
    with pytest.raises(ValueError, match="Nothing was changed"):
        optimizer.load_slots(values)
    assert int(optimizer.iterations) == 0
    with pytest.warns(UserWarning, match="6 variables and the file 2"):
        optimizer.load_own_variables({"0": values[0], "1": values[1]})


def test_building_again_keeps_what_is_still_trained_and_forgets_another_model() -> None:
    variables = own_variables(weights())
    optimizer = optimizers.SGD(0.1, momentum=0.9)
    optimizer.apply(gradients(1)[0], variables)
    kept = optimizer.slots()[0][1]["dense/bias"]
    optimizer.build(variables)
    assert optimizer.slots()[0][1]["dense/bias"] is kept, "the same variables: nothing changes"
    optimizer.build(variables[1:])  # the kernel was frozen
    assert list(optimizer.slots()[0][1]) == list(PATHS[1:])
    assert optimizer.slots()[0][1]["dense/bias"] is kept and int(optimizer.iterations) == 1
    optimizer.build(variables)  # and freed again
    np.testing.assert_array_equal(optimizer.slots()[0][1]["dense/kernel"], np.zeros((3, 4)))
    assert optimizer.slots()[0][1]["dense/bias"] is kept
    optimizer.build(own_variables(weights()))  # another model with the same paths
    assert int(optimizer.iterations) == 0
    np.testing.assert_array_equal(optimizer.slots()[0][1]["dense/bias"], np.zeros(4))


def test_two_variables_of_one_path_are_kept_apart() -> None:
    twins = [Variable(np.zeros(2, "float32"), name="w", path="w") for _ in range(2)]
    optimizer = optimizers.SGD(1.0, momentum=0.9)
    optimizer.apply([np.ones(2, "float32"), -np.ones(2, "float32")], twins)
    assert twins[0].numpy().tolist() == [-1, -1] and twins[1].numpy().tolist() == [1, 1]


def test_a_loop_may_give_variables_keys_of_its_own() -> None:
    variables = own_variables(weights())
    optimizer = optimizers.SGD(1.0, weight_decay=0.5, use_ema=True)
    optimizer.exclude_from_weight_decay(var_list=[variables[1]])
    keys = [f"model/{path}" for path in PATHS]
    optimizer.build(variables, keys)
    assert list(optimizer.slots()[0][1]) == keys
    zeros = {key: np.zeros_like(value) for key, value in zip(keys, weights(), strict=True)}
    params = dict(zip(keys, weights(), strict=True))
    after, state = optimizer.update(zeros, optimizer.state, params, 1.0)
    for key, value in params.items():
        kept = 1.0 if key == "model/dense/bias" else 0.5
        np.testing.assert_allclose(after[key], value * kept, rtol=1e-6)
    optimizer.state = state
    optimizer.finalize_variable_values(variables)
    np.testing.assert_array_equal(variables[0].numpy(), after[keys[0]])


def test_legacy_names_tell_what_they_are_called_now() -> None:
    with pytest.raises(ImportError, match=r"keras\.optimizers do the same"):
        optimizers.legacy.Adam(lr=0.1)


def test_making_an_optimizer_loads_no_array_library() -> None:
    code = (
        "import sys; from lanthorn import optimizers as o;"
        "o.get('adam'); o.SGD(o.schedules.ExponentialDecay(0.1, 2, 0.5)); repr(o.AdamW());"
        "assert not {'jax', 'numpy', 'optax'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": "src"})
