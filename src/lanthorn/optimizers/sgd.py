"""SGD: plain gradient descent, with momentum or without."""

from __future__ import annotations

from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.optimizers.optimizer import Optimizer
from lanthorn.optimizers.settings import shared


class SGD(Optimizer):
    """`v = momentum * v - learning_rate * g;  w += v`, and `w -= learning_rate * g` without.

    nesterov: step from where momentum will have carried the weights:
        `w += momentum * v - learning_rate * g`.
    Source: Sutskever et al. 2013, as keras 3.15 `optimizers/sgd.py`: the velocity contains the
        learning rate, so a new rate takes effect gradually.
    Example:
        >>> SGD(learning_rate=0.1, momentum=0.9, name="descent")
        <SGD name=descent>
    """

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
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
        if isinstance(momentum, str) or not 0 <= momentum <= 1:
            raise LanthornError(f"SGD's momentum lies between 0 and 1; it was {momentum!r}.")
        self.momentum = momentum
        self.nesterov = nesterov

    def transformation(self, learning_rate: Any, step: Any) -> Any:
        import optax

        downhill = optax.scale(-learning_rate)
        if not self.momentum:
            return downhill
        return optax.chain(downhill, optax.trace(self.momentum, self.nesterov))

    def layout(self) -> list[dict[str, str]]:
        return [{"momentum": "trace"}] if self.momentum else []
