"""Optax transformations for the optimizers whose arithmetic differs from Optax's.

Adam, Nadam and Adamax: Keras adds epsilon to the root of the *uncorrected* second moment, and puts
the bias correction into the step size; Optax corrects the moments first. With epsilon 1e-7 the
first steps of small gradients differ visibly.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class AdamState(NamedTuple):
    mu: Any
    nu: Any
    nu_max: Any = ()


class NadamState(NamedTuple):
    mu: Any
    nu: Any
    u_product: Any


class AdamaxState(NamedTuple):
    mu: Any
    nu: Any


def adam(rate: Any, step: Any, b1: float, b2: float, epsilon: float, amsgrad: bool) -> Any:
    """`-m * rate * sqrt(1 - b2^step) / (1 - b1^step) / (sqrt(v) + epsilon)`.

    Source: Kingma & Ba 2014, arXiv:1412.6980, the form before section 2.1 ("epsilon hat").
    """
    import jax
    import jax.numpy as jnp
    import optax

    def init(params: Any) -> AdamState:
        zeros = optax.tree.zeros_like
        return AdamState(zeros(params), zeros(params), zeros(params) if amsgrad else ())

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, AdamState]:
        mu = optax.tree.update_moment(updates, state.mu, b1, 1)
        nu = optax.tree.update_moment(updates, state.nu, b2, 2)
        largest = jax.tree.map(jnp.maximum, state.nu_max, nu) if amsgrad else nu
        alpha = rate * jnp.sqrt(1 - power(b2, step)) / (1 - power(b1, step))
        updates = jax.tree.map(lambda m, v: -(m * alpha) / (jnp.sqrt(v) + epsilon), mu, largest)
        return updates, AdamState(mu, nu, largest if amsgrad else ())

    return optax.GradientTransformation(init, update)


def nadam(rate: Any, step: Any, b1: Any, b2: Any, epsilon: float) -> Any:
    """Adam that looks one step ahead, with a momentum that warms up: `u_t = b1 (1 - 0.96^t / 2)`.

    Source: Dozat 2015, "Incorporating Nesterov Momentum into Adam".
    """
    import jax
    import jax.numpy as jnp
    import optax

    def init(params: Any) -> NadamState:
        zeros = optax.tree.zeros_like
        return NadamState(zeros(params), zeros(params), jnp.ones((), jnp.float32))

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, NadamState]:
        u = b1 * (1.0 - 0.5 * power(0.96, step))
        u_next = b1 * (1.0 - 0.5 * power(0.96, step + 1))
        product = state.u_product * u
        mu = optax.tree.update_moment(updates, state.mu, b1, 1)
        nu = optax.tree.update_moment(updates, state.nu, b2, 2)

        def direction(g: Any, m: Any, v: Any) -> Any:
            ahead = u_next * m / (1 - product * u_next) + (1 - u) * g / (1 - product)
            return -(ahead * rate) / (jnp.sqrt(v / (1 - power(b2, step))) + epsilon)

        return jax.tree.map(direction, updates, mu, nu), NadamState(mu, nu, product)

    return optax.GradientTransformation(init, update)


def adamax(rate: Any, step: Any, b1: float, b2: float, epsilon: float) -> Any:
    """`-rate * m / ((1 - b1^step) (u + epsilon))` with `u = max(b2 u, |g|)`.

    Source: Kingma & Ba 2014, arXiv:1412.6980, section 7.1.
    """
    import jax
    import optax

    def init(params: Any) -> AdamaxState:
        return AdamaxState(optax.tree.zeros_like(params), optax.tree.zeros_like(params))

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, AdamaxState]:
        mu = optax.tree.update_moment(updates, state.mu, b1, 1)
        nu = optax.tree.update_infinity_moment(updates, state.nu, b2, 0.0)
        correction = 1 - power(b1, step)
        updates = jax.tree.map(lambda m, u: -(rate * m) / (correction * (u + epsilon)), mu, nu)
        return updates, AdamaxState(mu, nu)

    return optax.GradientTransformation(init, update)


def power(base: Any, step: Any) -> Any:
    """`base ** step` as float32 makes it: at step 1, `1 - 0.999` is 0.00099999 there, and Keras's
    step size has that rounding in it."""
    import jax.numpy as jnp

    return jnp.power(jnp.float32(base), jnp.asarray(step, jnp.float32))
