"""Any Optax transformation, used as it is."""

from __future__ import annotations

from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.optimizers.optimizer import Optimizer


class OptaxOptimizer(Optimizer):
    """`weights += transformation(gradients)`, with Optax's own state.

    The learning rate is inside the transformation. To read it and set it, as callbacks do, have
    Optax put it into the state: `optax.inject_hyperparams(optax.adam)(learning_rate=1e-3)`.
    Example:
        >>> import optax
        >>> OptaxOptimizer(optax.adabelief(1e-3), name="belief")
        <OptaxOptimizer name=belief>
    """

    def __init__(self, transformation: Any, name: str | None = None, **kwargs: Any) -> None:
        if kwargs.get("weight_decay") is not None:
            raise LanthornError(
                "weight_decay is multiplied by the learning rate, which is inside the Optax "
                "transformation. Put optax.add_decayed_weights into the transformation."
            )
        super().__init__(learning_rate=_inside, name=name, **kwargs)
        self.optax = transformation

    def transformation(self, learning_rate: Any, step: Any) -> Any:
        return self.optax

    def layout(self) -> None:
        return None

    def initial_rule(self, params: dict[str, Any]) -> Any:
        import jax

        return jax.jit(self.optax.init)(params)

    def current_learning_rate(self, iterations: Any) -> Any:
        """Not used: the transformation has its rate inside."""
        return 1.0

    @property
    def learning_rate(self) -> Any:
        return self._injected()["learning_rate"]

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        import numpy as np

        old = self._injected()
        rate = np.asarray(value, old["learning_rate"].dtype)
        state = self._known_state()
        hyperparams = {**old, "learning_rate": rate}
        self.state = {**state, "rule": state["rule"]._replace(hyperparams=hyperparams)}

    def _injected(self) -> dict[str, Any]:
        """The hyperparameters in the state. Raises: AttributeError when Optax put none there."""
        rule = self.state["rule"] if self.state is not None else None
        found = getattr(rule, "hyperparams", {})
        if "learning_rate" not in found:
            raise AttributeError(
                f"{self.name} keeps its learning rate inside an Optax transformation. Make it with "
                "optax.inject_hyperparams(optax.adam)(learning_rate=0.001) to read and set it"
                + ("." if rule is not None else ", once it is built.")
            )
        return found

    def recipe(self) -> str:
        return f"{super().recipe()} {id(self.optax)}"

    def get_config(self) -> dict[str, Any]:
        raise NotImplementedError(
            "An Optax transformation is made of functions, which a file cannot keep. After loading "
            "the model, compile it with the transformation again."
        )


def _inside() -> float:
    return 1.0
