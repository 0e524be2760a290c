"""Adagrad: weights that moved much move less."""

from __future__ import annotations

from typing import Any

from lanthorn.optimizers.optimizer import Optimizer
from lanthorn.optimizers.settings import shared


class Adagrad(Optimizer):
    """`a += g²;  w -= learning_rate * g / sqrt(a + epsilon)`, with `a` from
    `initial_accumulator_value`.

    Source: Duchi et al. 2011, JMLR 12.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
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
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon

    def transformation(self, learning_rate: Any, step: Any) -> Any:
        import optax

        return optax.chain(
            optax.scale_by_rss(self.initial_accumulator_value, self.epsilon),
            optax.scale(-learning_rate),
        )

    def layout(self) -> list[dict[str, str]]:
        return [{"accumulator": "sum_of_squares"}]

    def initial_slot(self) -> float:
        return self.initial_accumulator_value
