"""The settings every optimizer has: read, checked and explained in one place."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping
from functools import cache
from numbers import Real
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.words.nearest import did_you_mean

SHARED = (
    "learning_rate", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema",
    "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps",
    "name",
)  # fmt: skip


def shared(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What an optimizer's `__init__` hands to its base: the shared settings among its `locals()`,
    and the keywords that it does not know."""
    return {name: arguments[name] for name in SHARED} | arguments["kwargs"]


@cache
def own_settings(cls: type) -> tuple[str, ...]:
    """The arguments of an optimizer's `__init__` that not every optimizer has."""
    found: dict[str, None] = {}
    for base in reversed(cls.__mro__):
        if "__init__" in vars(base) and base is not object:
            for name, parameter in inspect.signature(base.__init__).parameters.items():  # type: ignore[misc]
                if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and name != "self":
                    found[name] = None
    return tuple(name for name in found if name not in SHARED)


def refuse_unknown(cls: type, unknown: Mapping[str, Any]) -> None:
    """Raise for keywords no optimizer knows, and warn of `decay`, which old code still gives."""
    for name, value in unknown.items():
        if name == "lr":
            raise LanthornError(
                f"{cls.__name__} has no argument 'lr': it is called learning_rate. "
                f"Write {cls.__name__}(learning_rate={str(value)[:40]})."
            )
        if name != "decay":
            accepted = [*own_settings(cls), *SHARED]
            raise LanthornError(
                f"{cls.__name__} has no argument {name!r}{did_you_mean(name, accepted)}"
            )
        if value is not None:
            warnings.warn(
                f"{cls.__name__}(decay={value}) does nothing: the argument is gone. A rate that "
                "falls is learning_rate=keras.optimizers.schedules.InverseTimeDecay"
                f"(initial_learning_rate, decay_steps=1, decay_rate={value}).",
                stacklevel=_outside(),
            )


def check_shared(optimizer: Any) -> None:
    """Raise for shared settings that contradict each other or cannot be."""
    given = {
        name: getattr(optimizer, name)
        for name in ("clipnorm", "clipvalue", "global_clipnorm")
        if getattr(optimizer, name) is not None
    }
    if len(given) > 1:
        raise LanthornError(
            "Gradients can be clipped in one way only, but "
            + " and ".join(f"{name}={value}" for name, value in given.items())
            + " were given."
        )
    steps = optimizer.gradient_accumulation_steps
    if steps and not (is_whole(steps) and steps >= 2):
        raise LanthornError(f"gradient_accumulation_steps is a whole number from 2, not {steps!r}.")
    if optimizer.use_ema and not 0 <= optimizer.ema_momentum <= 1:
        raise LanthornError(f"ema_momentum lies between 0 and 1; it was {optimizer.ema_momentum}.")
    every = optimizer.ema_overwrite_frequency
    if optimizer.use_ema and every and not (is_whole(every) and every >= 1):
        raise LanthornError(f"ema_overwrite_frequency is a whole number from 1, not {every!r}.")


def as_rate(value: Any) -> float:
    """A learning rate as a float: from any number, or an array that holds one.

    Raises: LanthornError for anything else.
    """
    is_scalar = getattr(value, "shape", None) == () and hasattr(value, "dtype")
    if is_scalar or (isinstance(value, Real) and not isinstance(value, bool)):
        return float(value)
    raise LanthornError(
        "learning_rate is a number, a schedule or a function of the step, "
        f"not {str(value)[:80]!r} ({type(value).__name__})."
    )


def is_whole(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def _outside() -> int:
    """How many frames up the caller outside this package is, for a warning that points there."""
    import sys

    frame, level = sys._getframe(1), 1
    while frame is not None and frame.f_globals.get("__name__", "").startswith(
        "lanthorn.optimizers"
    ):
        frame, level = frame.f_back, level + 1
    return level
