"""Adamax: Adam whose measure is the largest recent gradient."""

from __future__ import annotations

from typing import Any

from lanthorn.optimizers import rules
from lanthorn.optimizers.optimizer import Optimizer
from lanthorn.optimizers.settings import shared


class Adamax(Optimizer):
    """`m += (1 - beta_1) (g - m);  u = max(beta_2 * u, |g|);`
    `w -= learning_rate * m / ((1 - beta_1^t) (u + epsilon))`.

    Source: Kingma & Ba 2014, arXiv:1412.6980, section 7.1.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
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
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def transformation(self, learning_rate: Any, step: Any) -> Any:
        return rules.adamax(learning_rate, step, self.beta_1, self.beta_2, self.epsilon)

    def layout(self) -> list[dict[str, str]]:
        return [{"momentum": "mu", "norm": "nu"}]
