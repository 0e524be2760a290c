"""Nadam: Adam that looks one step ahead."""

from __future__ import annotations

from typing import Any

from lanthorn.optimizers import rules
from lanthorn.optimizers.optimizer import Optimizer
from lanthorn.optimizers.settings import shared


class Nadam(Optimizer):
    """Adam with Nesterov momentum: `m` is read as it will be after the next step.

    Source: Dozat 2015, "Incorporating Nesterov Momentum into Adam".
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
        import numpy as np

        # float32, because Keras's 1 - 0.999 is 0.00099999 here, unlike Adam's
        betas = np.float32(self.beta_1), np.float32(self.beta_2)
        return rules.nadam(learning_rate, step, *betas, self.epsilon)

    def layout(self) -> list[dict[str, str]]:
        return [{"momentum": "mu", "velocity": "nu"}, {"u_product": "u_product"}]

    def initial_rule(self, params: dict[str, Any]) -> Any:
        import numpy as np

        return super().initial_rule(params)._replace(u_product=np.ones((), "float32"))
