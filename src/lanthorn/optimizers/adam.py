"""Adam and AdamW: a mean of gradients, divided by the root of a mean of their squares."""

from __future__ import annotations

from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.optimizers import rules
from lanthorn.optimizers.optimizer import Optimizer
from lanthorn.optimizers.settings import shared


class Adam(Optimizer):
    """`m += (1 - beta_1) (g - m);  v += (1 - beta_2) (g² - v);`
    `w -= learning_rate * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon)`.

    amsgrad: divide by the largest `v` so far.
    Source: Kingma & Ba 2014, arXiv:1412.6980; Reddi et al. 2018 for amsgrad; epsilon stands outside
        the bias correction, as in keras 3.15 `optimizers/adam.py`.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
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
        self.amsgrad = amsgrad

    def transformation(self, learning_rate: Any, step: Any) -> Any:
        return rules.adam(learning_rate, step, self.beta_1, self.beta_2, self.epsilon, self.amsgrad)

    def layout(self) -> list[dict[str, str]]:
        runs = [{"momentum": "mu", "velocity": "nu"}]
        return [*runs, {"velocity_hat": "nu_max"}] if self.amsgrad else runs


class AdamW(Adam):
    """Adam after `w -= w * weight_decay * learning_rate`: the decay does not pass through Adam.

    Source: Loshchilov & Hutter 2019, arXiv:1711.05101.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
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
        super().__init__(
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            amsgrad=amsgrad,
            **shared(locals()),
        )
        if weight_decay is None:
            raise LanthornError("AdamW is Adam with weight_decay: give a number, or use Adam.")
