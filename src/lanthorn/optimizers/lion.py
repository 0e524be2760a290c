"""Lion: only the sign of momentum counts."""

from __future__ import annotations

from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.optimizers.optimizer import Optimizer
from lanthorn.optimizers.settings import shared


class Lion(Optimizer):
    """`w -= learning_rate * sign(beta_1 * m + (1 - beta_1) * g);`
    `m = beta_2 * m + (1 - beta_2) * g`.

    Every weight moves by the learning rate exactly, so use a tenth of Adam's.
    Source: Chen et al. 2023, arXiv:2302.06675.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
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
        if not 0 < beta_1 <= 1:
            raise LanthornError(f"Lion's beta_1 lies above 0 and up to 1; it was {beta_1}.")
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def transformation(self, learning_rate: Any, step: Any) -> Any:
        import numpy as np
        import optax

        # float32, because Keras's 1 - 0.99 is 0.00999999 there
        betas = np.float32(self.beta_1), np.float32(self.beta_2)
        return optax.chain(optax.scale_by_lion(*betas), optax.scale(-learning_rate))

    def layout(self) -> list[dict[str, str]]:
        return [{"momentum": "mu"}]
