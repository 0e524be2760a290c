"""RMSprop: each weight's step is measured by the recent size of its gradient."""

from __future__ import annotations

from typing import Any

from lanthorn.optimizers.optimizer import Optimizer
from lanthorn.optimizers.settings import shared


class RMSprop(Optimizer):
    """`v = rho * v + (1 - rho) * g²;  w -= learning_rate * g / sqrt(v + epsilon)`.

    momentum: `m = momentum * m + step;  w -= m`.
    centered: subtract the square of the mean gradient from `v`, so that it is a variance.
    Source: Hinton's Coursera lecture 6e; Graves 2013, arXiv:1308.0850, for the centered form.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**shared(locals()))
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def transformation(self, learning_rate: Any, step: Any) -> Any:
        import optax

        measured = optax.scale_by_stddev if self.centered else optax.scale_by_rms
        return optax.chain(
            measured(self.rho, self.epsilon, eps_in_sqrt=True),
            optax.scale(learning_rate),
            optax.trace(self.momentum) if self.momentum > 0 else optax.identity(),
            optax.scale(-1.0),
        )

    def layout(self) -> list[dict[str, str]]:
        runs = [{"velocity": "nu"}]
        if self.momentum > 0:
            runs.append({"momentum": "trace"})
        if self.centered:
            runs.append({"average_gradient": "mu"})
        return runs
