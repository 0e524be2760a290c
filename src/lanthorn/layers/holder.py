"""Holder: what keeps weights, itself and in the layers inside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.engine.dtypes import DTypePolicy
from lanthorn.engine.naming import scoped_path
from lanthorn.engine.scope import current_scope
from lanthorn.engine.tracking import tracked
from lanthorn.engine.variable import Variable


class Holder:
    """Weights: made, found, counted, read and replaced. `Layer` is one."""

    name: str
    built: bool
    _own_weights: list[Variable]
    _trainable: bool
    _policy: DTypePolicy
    _is_building: bool
    _built_axes: tuple[Any, ...]

    def add_weight(
        self,
        *args: Any,
        shape: Sequence[int | None] | int | None = None,
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        aggregation: str = "none",
        overwrite_with_gradient: bool = False,
        name: str | None = None,
        axes: Sequence[str] | None = None,
    ) -> Variable:
        """Make a weight of this layer.

        args: shape and initializer may be given by place.
        axes: what its axes mean, for explanations, such as `("features", "units")`.
        """
        from lanthorn import constraints, initializers, regularizers

        if args:
            shape, initializer = _by_place(args, shape, initializer)
        if self._built_axes and not self._is_building and current_scope() is not None:
            raise ValueError(
                f"{self.name} ({type(self).__name__}) is built, and cannot add new elements of "
                f"state while it is called: make the weight {name or shape!r} in build or __init__."
            )
        given = (shape,) if isinstance(shape, int) else tuple(shape or ())
        sizes = tuple(size for size in given if size is not None)
        if len(sizes) < len(given):
            raise ValueError(
                f"{self.name} ({type(self).__name__}) cannot make a weight of shape {given}: "
                "every size must be known when the layer is built."
            )
        if initializer is None:
            initializer = "glorot_uniform" if trainable else "zeros"
        name = name or "variable"
        variable = Variable(
            initializers.get(initializer),
            sizes,
            dtype=dtype or self.variable_dtype,
            trainable=trainable,
            autocast=autocast,
            name=name,
            axes=axes,
            regularizer=regularizers.get(regularizer),
            constraint=constraints.get(constraint),
            path=scoped_path(name, self.name),
        )
        self._own_weights.append(variable)
        return variable

    def add_variable(self, *args: Any, **kwargs: Any) -> Variable:
        """`add_weight` under its other name."""
        return self.add_weight(*args, **kwargs)

    def compute(self, variable: Variable) -> Any:
        """A weight's value in the type the layer computes in."""
        value = variable.value
        return value if variable.dtype == self.compute_dtype else value.astype(self.compute_dtype)

    def _own_variables(self) -> list[Variable]:
        """This layer's own weights, trainable first, then those that are not, then seeds."""
        own = list({id(v): v for v in [*self._own_weights, *tracked(self, "variable")]}.values())
        return sorted(own, key=lambda variable: not variable.trainable)

    def sublayers(self) -> list[Any]:
        """The layers kept in attributes, in the order they were set."""
        return tracked(self, "layer")

    def _flatten_layers(self, include_self: bool = True, recursive: bool = True) -> list[Any]:
        """This layer, those in it and those in them, once each."""
        found: dict[int, Any] = {id(self): self}
        for layer in self.sublayers():
            if id(layer) not in found:
                inside = layer._flatten_layers() if recursive else [layer]
                found |= {id(inner): inner for inner in inside}
        return list(found.values())[0 if include_self else 1 :]

    @property
    def metrics(self) -> list[Any]:
        """The metrics kept in attributes, here and in the layers inside."""
        kept = [metric for layer in self._flatten_layers() for metric in tracked(layer, "metric")]
        return list({id(metric): metric for metric in kept}.values())

    @property
    def metrics_variables(self) -> list[Variable]:
        return [variable for metric in self.metrics for variable in metric.variables]

    @property
    def variables(self) -> list[Variable]:
        """Every variable, the states of random generators included."""
        found: dict[int, Variable] = {}
        for layer in self._flatten_layers():
            seeds = [generator.state for generator in tracked(layer, "seed")]
            for variable in [*layer._own_variables(), *seeds]:
                found.setdefault(id(variable), variable)
        return list(found.values())

    @property
    def weights(self) -> list[Variable]:
        """What is learnt and what is kept in files; not the states of random generators."""
        found: dict[int, Variable] = {}
        for layer in self._flatten_layers():
            for variable in layer._own_variables():
                found.setdefault(id(variable), variable)
        return list(found.values())

    @property
    def trainable_variables(self) -> list[Variable]:
        found: dict[int, Variable] = {}
        for layer in self._flatten_layers():
            if layer.trainable:
                for variable in layer._own_variables():
                    if variable.trainable:
                        found.setdefault(id(variable), variable)
        return list(found.values())

    @property
    def non_trainable_variables(self) -> list[Variable]:
        trained = {id(variable) for variable in self.trainable_variables}
        return [variable for variable in self.variables if id(variable) not in trained]

    @property
    def trainable_weights(self) -> list[Variable]:
        return self.trainable_variables

    @property
    def non_trainable_weights(self) -> list[Variable]:
        trained = {id(variable) for variable in self.trainable_variables}
        return [variable for variable in self.weights if id(variable) not in trained]

    @property
    def trainable(self) -> bool:
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for layer in self.sublayers():
            layer.trainable = value

    def get_weights(self) -> list[Any]:
        """The weights as NumPy arrays, copies."""
        import numpy as np

        return [np.array(variable.value) for variable in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace all weights; on a mismatch nothing is changed.

        Raises: ValueError that names the first weight that does not fit.
        """
        import numpy as np

        mine = self.weights
        if len(mine) != len(weights):
            raise ValueError(
                f"{self.name} ({type(self).__name__}) has {len(mine)} weights, "
                f"but {len(weights)} were given."
            )
        arrays = [np.asarray(value) for value in weights]
        for variable, array in zip(mine, arrays, strict=True):
            if tuple(variable.shape) != array.shape:
                raise ValueError(
                    f"{variable.path!r} has shape {tuple(variable.shape)}, but was given "
                    f"{array.shape}. No weight was changed."
                )
        for variable, array in zip(mine, arrays, strict=True):
            variable.assign(array)

    def count_params(self) -> int:
        """How many numbers the layer keeps. Raises: ValueError when it is not built yet."""
        if not self.built:
            raise ValueError(
                f"{self.name} ({type(self).__name__}) has no weights yet, because it does not know "
                "its input's shape. Call it on data, or build(input_shape)."
            )
        return sum(variable.size for variable in self.weights)

    def named_weights(self) -> dict[str, Variable]:
        """Every weight by the name a wiring knows it by: `kernel`, `lstm_cell/kernel`."""
        found = {variable.name: variable for variable in self._own_variables()}
        for layer in self.sublayers():
            for name, variable in layer.named_weights().items():
                found.setdefault(f"{layer.name}/{name}", variable)
        return found

    # -- files ----------------------------------------------------------------------------------

    def save_own_variables(self, store: Any) -> None:
        """Put this layer's own weights (not those of layers inside it) into a dict, by number."""
        for number, variable in enumerate(self._own_variables()):
            store[str(number)] = variable.numpy()

    def load_own_variables(self, store: Any) -> None:
        """Take this layer's own weights out of a dict, by number.

        Raises: ValueError when there are more or fewer than the layer has.
        """
        own = self._own_variables()
        if len(own) != len(store):
            raise ValueError(
                f"{self.name} ({type(self).__name__}) has {len(own)} weights of its own, but the "
                f"file has {len(store)} for it."
            )
        for number, variable in enumerate(own):
            variable.assign(store[str(number)])

    # -- types ----------------------------------------------------------------------------------

    @property
    def dtype_policy(self) -> DTypePolicy:
        return self._policy

    @dtype_policy.setter
    def dtype_policy(self, policy: Any) -> None:
        self._policy = DTypePolicy.of(policy)

    @property
    def compute_dtype(self) -> str:
        return self._policy.compute_dtype

    @property
    def input_dtype(self) -> str:
        """What real numbers that come in are turned into."""
        return self.compute_dtype

    @property
    def variable_dtype(self) -> str:
        return self._policy.variable_dtype

    @property
    def dtype(self) -> str:
        return self._policy.variable_dtype


def _by_place(args: tuple[Any, ...], shape: Any, initializer: Any) -> tuple[Any, Any]:
    """Shape and initializer, given by place or by name.

    Raises: ValueError for a name in the shape's place, as Keras 2 had it.
    """
    first, *rest = args
    if isinstance(first, str):
        raise ValueError(
            "add_weight takes the shape first; the name is a keyword argument: write "
            f"add_weight(name={first!r}, shape=…)."
        )
    if len(rest) > 1 or shape is not None or (rest and initializer is not None):
        raise TypeError("add_weight takes shape and initializer by place, each of them once.")
    return first, rest[0] if rest else initializer
