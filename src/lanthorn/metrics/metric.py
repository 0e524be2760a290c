"""What every metric is: numbers kept over many batches, and one answer made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.engine.defaults import floatx
from lanthorn.engine.dtypes import DTypePolicy
from lanthorn.engine.errors import LanthornError
from lanthorn.engine.naming import default_name
from lanthorn.engine.scope import Scope, current_scope, in_scope
from lanthorn.engine.tracking import tracked
from lanthorn.engine.variable import Variable


def zeros(shape: Sequence[Any], dtype: Any = None) -> Any:
    """The first value of most counters, and what `reset_state` goes back to."""
    import numpy as np

    return np.zeros(tuple(shape), np.float32)


class Metric:
    """The base class of metrics: counters that batches add to, and a result made of them.

    Make the counters in `__init__` by `add_weight`, add to them in `update_state`, and return the
    answer from `result`. The training loop is compiled, so both must be made of array operations:
    no `if` on an array.

    Example:
        >>> class Largest(Metric):
        ...     def __init__(self, name="largest", **kwargs):
        ...         super().__init__(name=name, **kwargs)
        ...         self.top = self.add_weight(name="top", initializer="zeros")
        ...     def update_state(self, y_true, y_pred, sample_weight=None):
        ...         self.top.assign(ops.maximum(self.top, ops.max(y_pred)))
        ...     def result(self):
        ...         return self.top
    """

    tracked_kind = "metric"
    _direction: str | None = None
    """Which way is better, `"up"` or `"down"`; None when the metric cannot tell."""

    def __init__(self, dtype: Any = None, name: str | None = None) -> None:
        self.name = name or default_name(type(self))
        self._dtype = DTypePolicy.of(dtype or floatx()).compute_dtype
        self.added: list[Variable] = []

    @property
    def dtype(self) -> str:
        """The type in which the metric is computed."""
        return self._dtype

    @property
    def variables(self) -> list[Variable]:
        """The counters, those of metrics kept in attributes last."""
        inner = [v for metric in tracked(self, "metric") for v in metric.variables]
        return [*tracked(self, "variable"), *inner]

    def add_variable(
        self,
        shape: Sequence[int],
        initializer: Any = None,
        dtype: Any = None,
        aggregation: str | None = "sum",
        name: str | None = None,
    ) -> Variable:
        """A new counter, zero at first unless `initializer` says otherwise.

        aggregation: accepted for Keras's sake; one program sees all devices' batches here, so
        there is nothing to add up afterwards.
        """
        if "added" not in vars(self):
            raise LanthornError(
                f"{type(self).__name__}.__init__ must call super().__init__() before it adds "
                "variables."
            )
        variable = Variable(_first_value(initializer), shape, dtype, trainable=False, name=name)
        variable.path = f"{self.name.replace('/', '>')}/{variable.name}"
        self.added.append(variable)
        return variable

    def add_weight(
        self,
        shape: Sequence[int] = (),
        initializer: Any = None,
        dtype: Any = None,
        name: str | None = None,
    ) -> Variable:
        """The same as `add_variable`; a single number unless a shape is given."""
        return self.add_variable(shape=shape, initializer=initializer, dtype=dtype, name=name)

    def build_state(self, y_true_shape: Sequence[Any], y_pred_shape: Sequence[Any]) -> None:
        """Make the counters whose shape depends on the data; nothing for most metrics."""

    def update_state(self, *args: Any, **kwargs: Any) -> Any:
        """Add a batch to the counters."""
        raise NotImplementedError(f"{type(self).__name__} must define update_state.")

    def result(self) -> Any:
        """The answer for all batches since the last reset."""
        raise NotImplementedError(f"{type(self).__name__} must define result.")

    def reset_state(self) -> None:
        """Set every counter to zero."""
        for variable in self.variables:
            variable.assign(zeros(variable.shape))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Add a batch, and answer for it and all before it."""
        self.update_state(*args, **kwargs)
        return self.result()

    # -- the same, as pure functions of the counters' values -------------------------------------

    def stateless_update_state(
        self, metric_variables: Sequence[Any], *args: Any, **kwargs: Any
    ) -> list[Any]:
        """What the counters would be after `update_state`, had they been `metric_variables`."""
        scope = self._scope_of(metric_variables)
        with in_scope(scope):
            self.update_state(*args, **kwargs)
        return self._values_in(scope)

    def stateless_result(self, metric_variables: Sequence[Any]) -> Any:
        """What `result` would be, were the counters `metric_variables`."""
        with in_scope(self._scope_of(metric_variables)):
            return self.result()

    def stateless_reset_state(self) -> list[Any]:
        """What the counters would be after `reset_state`."""
        scope = self._scope_of([variable.value for variable in self.variables])
        with in_scope(scope):
            self.reset_state()
        return self._values_in(scope)

    def _scope_of(self, values: Sequence[Any]) -> Scope:
        variables = self.variables
        if len(values) != len(variables):
            raise LanthornError(
                f"{self.name} has {len(variables)} variables, but {len(values)} values were given."
            )
        outer = current_scope()
        own = {id(variable): value for variable, value in zip(variables, values, strict=True)}
        scope = Scope({**(outer.values if outer else {}), **own})
        if outer is not None:
            scope.masks, scope.training = outer.masks, outer.training
        return scope

    def _values_in(self, scope: Scope) -> list[Any]:
        return [scope.values.get(id(variable), variable.stored) for variable in self.variables]

    # -- what files keep -------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        return {"name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Metric:
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def _first_value(initializer: Any) -> Any:
    if initializer is None:
        return zeros
    if callable(initializer):
        return initializer
    from lanthorn import initializers

    return initializers.get(initializer)
