"""Adadelta: steps in the weights' own unit."""

from __future__ import annotations

from typing import Any

from lanthorn.optimizers.optimizer import Optimizer
from lanthorn.optimizers.settings import shared


class Adadelta(Optimizer):
    """`d = g * sqrt(e_x + epsilon) / sqrt(e_g + epsilon);  w -= learning_rate * d`, where `e_g` and
    `e_x` are running means of `g²` and `d²`.

    Source: Zeiler 2012, arXiv:1212.5701.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.95,
        epsilon: float = 1e-7,
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
        self.epsilon = epsilon

    def transformation(self, learning_rate: Any, step: Any) -> Any:
        import optax

        return optax.chain(
            optax.scale_by_adadelta(self.rho, self.epsilon), optax.scale(-learning_rate)
        )

    def layout(self) -> list[dict[str, str]]:
        return [{"accumulated_grad": "e_g", "accumulated_delta_var": "e_x"}]
