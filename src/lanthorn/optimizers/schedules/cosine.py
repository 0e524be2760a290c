"""Rates that fall along a cosine, once or again and again."""

from __future__ import annotations

import math
from typing import Any

from lanthorn.optimizers.schedules.schedule import LearningRateSchedule, check_steps, numbers


class CosineDecay(LearningRateSchedule):
    """`from * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha)`.

    warmup_target: rise in a straight line from `initial_learning_rate` to it during `warmup_steps`
        first, and fall from there.
    alpha: the part that stays in the end.
    Source: Loshchilov & Hutter 2016, arXiv:1608.03983.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.alpha = alpha
        self.name = name
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps
        check_steps(self, "decay_steps")

    def __call__(self, step: Any) -> Any:
        import jax.numpy as jnp

        step, rate, length = numbers(step, self.initial_learning_rate, self.decay_steps)
        if self.warmup_target is None:
            return rate * self.left(jnp.minimum(step, length) / length)
        _, target, warmup = numbers(0, self.warmup_target, self.warmup_steps)
        step = jnp.minimum(step, length + warmup)
        # where there is no warm-up its branch is never taken, and must not divide by zero
        rising = (target - rate) * (step / jnp.maximum(warmup, 1)) + rate
        falling = target * self.left((step - warmup) / length)
        return jnp.where(step < warmup, rising, falling)

    def left(self, fraction: Any) -> Any:
        """How much of the rate is left after `fraction` of the decay."""
        import jax.numpy as jnp

        return (1 - self.alpha) * (0.5 * (1.0 + jnp.cos(math.pi * fraction))) + self.alpha

    def get_config(self) -> dict[str, Any]:
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "alpha": self.alpha,
            "name": self.name,
            "warmup_target": self.warmup_target,
            "warmup_steps": self.warmup_steps,
        }


class CosineDecayRestarts(LearningRateSchedule):
    """A cosine decay that begins anew, each time `t_mul` as long and `m_mul` as high.

    Source: Loshchilov & Hutter 2016, arXiv:1608.03983 (SGDR).
    """

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: int,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = first_decay_steps
        self.t_mul = t_mul
        self.m_mul = m_mul
        self.alpha = alpha
        self.name = name
        check_steps(self, "first_decay_steps")

    def __call__(self, step: Any) -> Any:
        import jax.numpy as jnp

        step, rate, length, height, alpha = numbers(
            step, self.initial_learning_rate, self.first_decay_steps, self.m_mul, self.alpha
        )
        restarts, fraction = self.place(step / length)
        cosine = 0.5 * height**restarts * (1.0 + jnp.cos(math.pi * fraction))
        return rate * ((1 - alpha) * cosine + alpha)

    def place(self, lengths: Any) -> tuple[Any, Any]:
        """How many restarts lie behind, and how far the decay is since the last one.

        lengths: the step, counted in first decays. Those before restart `i` are `t_mul`'s geometric
            sum `(1 - t_mul^i) / (1 - t_mul)`.
        """
        import jax.numpy as jnp

        if self.t_mul == 1.0:
            restarts = jnp.floor(lengths)
            return restarts, lengths - restarts
        t_mul = jnp.float32(self.t_mul)
        restarts = jnp.floor(jnp.log(1.0 - lengths * (1.0 - t_mul)) / jnp.log(t_mul))
        behind = (1.0 - t_mul**restarts) / (1.0 - t_mul)
        return restarts, (lengths - behind) / t_mul**restarts

    def get_config(self) -> dict[str, Any]:
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "first_decay_steps": self.first_decay_steps,
            "t_mul": self.t_mul,
            "m_mul": self.m_mul,
            "alpha": self.alpha,
            "name": self.name,
        }
