"""Rates that fall by a power, a hyperbola, a polynomial, or in stairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.optimizers.schedules.schedule import LearningRateSchedule, check_steps, numbers


class ExponentialDecay(LearningRateSchedule):
    """`initial_learning_rate * decay_rate ^ (step / decay_steps)`.

    staircase: round `step / decay_steps` down.
    Example:
        >>> round(float(ExponentialDecay(0.1, decay_steps=10, decay_rate=0.5)(20)), 6)
        0.025
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name
        check_steps(self, "decay_steps")

    def __call__(self, step: Any) -> Any:
        step, rate, every, factor = numbers(
            step, self.initial_learning_rate, self.decay_steps, self.decay_rate
        )
        return rate * factor ** _stairs(step / every, self.staircase)

    def get_config(self) -> dict[str, Any]:
        return _settings(
            self, "initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name"
        )


class InverseTimeDecay(LearningRateSchedule):
    """`initial_learning_rate / (1 + decay_rate * step / decay_steps)`.

    staircase: round `step / decay_steps` down.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name
        check_steps(self, "decay_steps")

    def __call__(self, step: Any) -> Any:
        step, rate, every, factor = numbers(
            step, self.initial_learning_rate, self.decay_steps, self.decay_rate
        )
        return rate / (1 + factor * _stairs(step / every, self.staircase))

    def get_config(self) -> dict[str, Any]:
        return _settings(
            self, "initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name"
        )


class PolynomialDecay(LearningRateSchedule):
    """`end + (initial - end) * (1 - step / decay_steps) ^ power`, and `end` after `decay_steps`.

    cycle: do not stay at the end, but stretch `decay_steps` to its next multiple.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name
        check_steps(self, "decay_steps")

    def __call__(self, step: Any) -> Any:
        import jax.numpy as jnp

        step, rate, end, power, length = numbers(
            step, self.initial_learning_rate, self.end_learning_rate, self.power, self.decay_steps
        )
        if self.cycle:
            length = length * jnp.where(step == 0, 1.0, jnp.ceil(step / length))
        else:
            step = jnp.minimum(step, length)
        return (rate - end) * (1 - step / length) ** power + end

    def get_config(self) -> dict[str, Any]:
        return _settings(
            self, "initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle",
            "name",
        )  # fmt: skip


class PiecewiseConstantDecay(LearningRateSchedule):
    """`values[0]` up to and with step `boundaries[0]`, then `values[1]`, and so on.

    Raises: LanthornError unless there is one value more than boundaries.
    """

    def __init__(
        self, boundaries: Sequence[float], values: Sequence[float], name: str = "PiecewiseConstant"
    ) -> None:
        if len(boundaries) != len(values) - 1:
            raise LanthornError(
                f"PiecewiseConstantDecay wants one value more than boundaries, but was given "
                f"{len(values)} values and {len(boundaries)} boundaries."
            )
        self.boundaries = boundaries
        self.values = values
        self.name = name

    def __call__(self, step: Any) -> Any:
        import jax.numpy as jnp

        step, *boundaries = numbers(step, *self.boundaries)
        _, *values = numbers(0, *self.values)
        rate = values[-1]
        for boundary, value in zip(reversed(boundaries), reversed(values[:-1]), strict=True):
            rate = jnp.where(step <= boundary, value, rate)
        return rate

    def get_config(self) -> dict[str, Any]:
        return _settings(self, "boundaries", "values", "name")


def _stairs(fraction: Any, staircase: bool) -> Any:
    import jax.numpy as jnp

    return jnp.floor(fraction) if staircase else fraction


def _settings(schedule: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(schedule, name) for name in names}
