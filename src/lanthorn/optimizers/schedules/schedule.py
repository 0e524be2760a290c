"""What a schedule is: a function of the step whose settings a file can keep."""

from __future__ import annotations

import inspect
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.engine.variable import Variable


class LearningRateSchedule:
    """The learning rate as a function of the number of steps made.

    Define `__call__(self, step)` with operations that JAX can trace (`keras.ops`, arithmetic, no
    `if` on the step), and `get_config`.
    Example:
        >>> class Halved(LearningRateSchedule):
        ...     def __init__(self, start): self.start = start
        ...     def __call__(self, step): return self.start * 0.5 ** step
        ...     def get_config(self): return {"start": self.start}
        >>> Halved(0.1)(2)
        0.025
    """

    def __call__(self, step: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} must define __call__(self, step).")

    def get_config(self) -> dict[str, Any]:
        raise NotImplementedError(
            f"{type(self).__name__} must define get_config() to be kept in a file."
        )

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def rate_at(rate: Any, step: Any) -> Any:
    """What a schedule, a function of the step, or a function of nothing gives at `step`."""
    if isinstance(rate, LearningRateSchedule) or _takes_a_step(rate):
        return rate(step)
    return rate()


def numbers(step: Any, *settings: Any) -> list[Any]:
    """The step and the settings as float32, in which Keras computes schedules."""
    import jax.numpy as jnp

    step = step.value if isinstance(step, Variable) else step
    return [jnp.asarray(value, jnp.float32) for value in (step, *settings)]


def check_steps(schedule: Any, name: str) -> None:
    steps = getattr(schedule, name)
    if not steps > 0:
        raise LanthornError(f"{type(schedule).__name__}'s {name} is above 0; it was {steps}.")


def _takes_a_step(function: Any) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # some built-in functions do not tell
        return True
    wanted = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return any(parameter.kind in wanted for parameter in parameters)
