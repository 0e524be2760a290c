"""Optimizer: how gradients change weights. The mathematics is Optax's, the arithmetic Keras's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.engine.naming import default_name
from lanthorn.engine.variable import Variable
from lanthorn.optimizers import applying, custom, slots, steps
from lanthorn.optimizers.schedules.schedule import LearningRateSchedule, rate_at
from lanthorn.optimizers.settings import as_rate, check_shared, own_settings, refuse_unknown

Arrays = dict[str, Any]
State = dict[str, Any]


class Optimizer:
    """`weights -= direction(gradients, learning_rate)`: what all optimizers share.

    A training loop uses the pure half: `state = init(params)`, then inside a compiled step
    `params, state = update(grads, state, params, learning_rate)`, with dicts of arrays by path.
    A loop written by hand uses `apply(grads, variables)`.

    weight_decay: first, `weights -= weights * weight_decay * learning_rate`.
    clipnorm, global_clipnorm, clipvalue: gradients are made no longer than this, each alone or all
        together, or no element larger. One of the three.
    use_ema: keep `average = ema_momentum * average + (1 - ema_momentum) * weights`; the weights
        become it every `ema_overwrite_frequency` steps and when fit ends.
    loss_scale_factor: the loss is multiplied by it and the gradients divided, so that small
        gradients survive short floats.
    gradient_accumulation_steps: update once per so many steps, with the mean of their gradients.

    To write your own, give `transformation`, an Optax transformation, and `layout`; or, as in
    Keras, `build` and `update_step`.
    Source: keras 3.15 `optimizers/base_optimizer.py`, whose order of operations is kept.
    """

    def __init__(
        self,
        learning_rate: Any,
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
        refuse_unknown(type(self), kwargs)
        self.name = name or default_name(type(self))
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.use_ema = use_ema
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.loss_scale_factor = loss_scale_factor
        self.gradient_accumulation_steps = gradient_accumulation_steps
        check_shared(self)
        self.built = False
        self.excluded = steps.Excluded()
        self.constraints: dict[str, Callable[[Any], Any]] = {}
        self._trainable_variables: list[Variable] = []
        self._keys: dict[int, str] = {}
        self._own: list[slots.StateVariable] = []
        self._slot_variables: list[slots.StateVariable] | None = None
        self._state: State | None = None
        self._is_stale = False
        self._iteration = slots.StateVariable(self, "iteration", 0, (), "int32")
        self._learning_rate: Any = learning_rate
        if not callable(learning_rate):
            self._learning_rate = self._rate_variable(as_rate(learning_rate))

    # -- what an optimizer says of itself; an optimizer file overrides these -----------------------

    def transformation(self, learning_rate: Any, step: Any) -> Any:
        """The Optax transformation that turns gradients into what is added to the weights.

        learning_rate: a number that JAX may trace. step: the number of this update, from 1.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define transformation(learning_rate, step), "
            "or build(variables) and update_step(gradient, variable, learning_rate)."
        )

    def layout(self) -> list[dict[str, str]] | None:
        """Keras's name of each slot → the field of Optax's state that is this slot.

        Each dict is one run in files, with its slots in turn for each variable. None: whatever
        arrays Optax's state holds, in JAX's order.
        """
        return []

    def initial_slot(self) -> float:
        """What every slot holds before the first step."""
        return 0.0

    def initial_rule(self, params: Arrays) -> Any:
        """The transformation's state before the first step."""
        return steps.initial_rule(self, params)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Keras's way to write an optimizer: assign to `variable` and to variables of your own."""
        raise NotImplementedError

    # -- the pure half ---------------------------------------------------------------------------

    def init(self, params: Arrays) -> State:
        """The state before the first step: the iteration, then arrays by slot and path."""
        return steps.init(self, params)

    def update(
        self, grads: Arrays, state: State, params: Arrays, learning_rate: Any = None
    ) -> tuple[Arrays, State]:
        """New params and new state. Pure: JAX may trace it, scan it and differentiate it.

        grads: by path; a path that is left out keeps its weights.
        learning_rate: `learning_rate_argument()`, passed into the compiled step, so that changing
            the rate compiles nothing. None means the current rate: a schedule's at this iteration.
        """
        return steps.update(self, grads, state, params, learning_rate)

    def finalize(self, state: State, params: Arrays) -> Arrays:
        """The params to keep when training ends: their moving average where one was asked for."""
        return {**params, **state["average"]} if self.use_ema else params

    def current_learning_rate(self, iterations: Any) -> Any:
        """The rate of the step that follows `iterations` steps; pure for a schedule."""
        if isinstance(self._learning_rate, Variable):
            return self._learning_rate.value
        return rate_at(self._learning_rate, iterations)

    def learning_rate_argument(self) -> Any:
        """What to pass a compiled step as `learning_rate`: the number; None with a schedule."""
        return self._learning_rate.value if isinstance(self._learning_rate, Variable) else None

    def recipe(self) -> str:
        """What a compiled step was compiled for. Another recipe needs another compilation."""
        settings = {name: getattr(self, name, None) for name in own_settings(type(self))}
        settings |= {name: getattr(self, name) for name in steps.COMPILED_SETTINGS}
        rate = None if isinstance(self._learning_rate, Variable) else id(self._learning_rate)
        constraints = {path: id(constraint) for path, constraint in self.constraints.items()}
        return repr((type(self), settings, rate, self.excluded, constraints))

    # -- state -----------------------------------------------------------------------------------

    def build(self, variables: Iterable[Any], paths: Sequence[str] | None = None) -> None:
        """Learn which variables are trained, and make the state for them when it is asked for.

        paths: the key of each variable in dicts of arrays, when it is not its own path.
        Building again for the same variables changes nothing; slots of variables that stay are
        kept, and an optimizer built for a wholly different set starts anew.
        """
        slots.build(self, list(variables), paths)

    @property
    def state(self) -> State | None:
        """Everything the optimizer remembers, as `update` takes and gives it; None until built."""
        if self.built and (self._state is None or self._is_stale):
            slots.make_state(self)
        return self._state

    @state.setter
    def state(self, state: State | None) -> None:
        self._state = state

    def slots(self, state: State | None = None) -> list[tuple[str, Arrays]]:
        """Each slot's name and its arrays by path, in the order of files."""
        return slots.slots(self, self._known_state() if state is None else state)

    @property
    def variables(self) -> list[Variable]:
        """What files keep, in their order: iteration, learning_rate (unless scheduled), slots.

        Assigning to one of them changes `state`.
        """
        rate = [self._learning_rate] if isinstance(self._learning_rate, Variable) else []
        return [self._iteration, *rate, *slots.slot_variables(self)]

    def load_slots(self, values: Sequence[Any]) -> None:
        """Set all `variables` at once, from arrays in their order.

        Raises: LanthornError when number or shapes differ; nothing is changed then.
        """
        slots.load(self, list(values))

    def set_weights(self, weights: Sequence[Any]) -> None:
        self.load_slots(weights)

    def save_own_variables(self, store: Any) -> None:
        for index, variable in enumerate(self.variables):
            store[str(index)] = variable.numpy()

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        slots.load_from_store(self, store)

    def add_variable(
        self,
        shape: Sequence[int],
        initializer: Any = "zeros",
        dtype: Any = None,
        aggregation: str = "none",
        layout: Any = None,
        name: str | None = None,
    ) -> Variable:
        """A variable of an optimizer written with `update_step`."""
        return custom.add_variable(self, shape, initializer, dtype, name)

    def add_variable_from_reference(
        self, reference_variable: Any, name: str | None = None, initializer: Any = "zeros"
    ) -> Variable:
        """A variable with the shape and type of another, named after it."""
        return custom.add_variable(
            self,
            reference_variable.shape,
            initializer,
            reference_variable.dtype,
            slots.slot_name(reference_variable.path, name or "var"),
        )

    def add_optimizer_variables(
        self, trainable_variables: Sequence[Any], name: Any, initializer: Any = "zeros"
    ) -> Any:
        """One variable per trained variable, or one list for each of several names."""
        return custom.add_optimizer_variables(self, trainable_variables, name, initializer)

    @property
    def iterations(self) -> Any:
        """How many updates were made: fewer than the steps when gradients are accumulated."""
        if self.gradient_accumulation_steps:
            return self._iteration.value // self.gradient_accumulation_steps
        return self._iteration

    # -- learning rate -----------------------------------------------------------------------------

    @property
    def learning_rate(self) -> Any:
        """A variable that can be read as a float and assigned; or a schedule's current value."""
        if isinstance(self._learning_rate, Variable):
            return self._learning_rate
        return self.current_learning_rate(self._iteration.value)

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if isinstance(value, Variable):
            value = value.value
        if callable(value):
            self._learning_rate = value
        elif isinstance(self._learning_rate, Variable):
            self._learning_rate.assign(as_rate(value))
        else:
            raise TypeError(
                f"The learning rate of {self.name} follows {_named(self._learning_rate)} and cannot"
                " be set to a number. Give the optimizer a number first, or another schedule."
            )

    @property
    def lr(self) -> Any:
        raise AttributeError(f"{type(self).__name__} has no 'lr': it is called learning_rate.")

    @lr.setter
    def lr(self, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} has no 'lr': it is called learning_rate.")

    def _rate_variable(self, rate: float) -> Variable:
        return Variable(
            lambda shape, dtype: rate,
            (),
            trainable=False,
            name="learning_rate",
            path=f"{self.name}/learning_rate",
        )

    # -- eager -------------------------------------------------------------------------------------

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Any]]) -> Any:
        """Update variables, given pairs of gradient and variable."""
        pairs = list(grads_and_vars)
        self.apply([gradient for gradient, _ in pairs], [variable for _, variable in pairs])
        return self._iteration

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None) -> None:
        """Update variables, given their gradients; None leaves a variable as it is.

        Without `trainable_variables`, those the optimizer was built with.
        """
        applying.apply(self, list(grads), trainable_variables)

    def stateless_apply(
        self,
        optimizer_variables: Sequence[Any],
        grads: Sequence[Any],
        trainable_variables: Sequence[Any],
    ) -> tuple[list[Any], list[Any]]:
        """New trainable and optimizer arrays, in the order of those given; nothing is assigned."""
        return applying.stateless_apply(self, optimizer_variables, grads, trainable_variables)

    def scale_loss(self, loss: Any) -> Any:
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    def finalize_variable_values(self, var_list: Sequence[Any]) -> None:
        """Set trained variables to their moving average, where one was asked for."""
        if self.use_ema:
            averages = self._known_state()["average"]
            for variable in var_list:
                variable.assign(averages[applying.key_of(self, variable)])

    def exclude_from_weight_decay(
        self, var_list: Sequence[Any] | None = None, var_names: Sequence[str] | None = None
    ) -> None:
        """Leave variables out of weight decay: these, and those in whose name a pattern occurs.

        Example:
            >>> optimizer = Optimizer(0.1, weight_decay=0.01)
            >>> optimizer.exclude_from_weight_decay(var_names=["bias"])
        """
        self.excluded = steps.Excluded(
            paths=frozenset(self._keys.get(id(v)) or v.path for v in var_list or ()),
            patterns=tuple(var_names or ()),
        )

    # -- Keras's helpers for `update_step` ---------------------------------------------------------

    def assign(self, variable: Any, value: Any) -> None:
        variable.assign(value)

    def assign_add(self, variable: Any, value: Any) -> None:
        variable.assign_add(value)

    def assign_sub(self, variable: Any, value: Any) -> None:
        variable.assign_sub(value)

    def _get_variable_index(self, variable: Any) -> int:
        return list(self._keys).index(id(variable))

    def _known_state(self) -> State:
        if self.state is None:
            raise LanthornError(
                f"{self.name} ({type(self).__name__}) is not built: it does not know yet which "
                "variables it trains. Call build(variables)."
            )
        return self.state

    # -- config ------------------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """The settings, as files keep them."""
        from lanthorn.optimizers import schedules

        rate = self._learning_rate
        if isinstance(rate, Variable):
            rate = float(rate.numpy())  # what float32 makes of it, as in Keras's files
        else:
            rate = schedules.serialize(rate)
        shared = {name: getattr(self, name) for name in steps.SHARED_CONFIG}
        own = {
            name: getattr(self, name) for name in own_settings(type(self)) if hasattr(self, name)
        }
        return {"name": self.name, "learning_rate": rate, **shared, **own}

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
    ) -> Any:
        """An equal optimizer, without its state."""
        if isinstance(config.get("learning_rate"), dict):
            from lanthorn.optimizers import schedules

            rate = schedules.deserialize(config["learning_rate"], custom_objects)
            config = {**config, "learning_rate": rate}
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def _named(rate: Any) -> str:
    if isinstance(rate, LearningRateSchedule):
        return type(rate).__name__
    return getattr(rate, "__name__", type(rate).__name__)
