"""Layer: settings, shape rule, weights, numbers, wiring. Everything else is derived from these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.dtypes import DTypePolicy
from lanthorn.engine.errors import ShapeError
from lanthorn.engine.graph import KerasTensor, Node
from lanthorn.engine.naming import default_name, name_scope, scoped_path
from lanthorn.engine.scope import Scope, current_scope, in_scope
from lanthorn.engine.structure import any_symbolic
from lanthorn.engine.tracking import tracked
from lanthorn.engine.variable import Variable
from lanthorn.layers import calling
from lanthorn.layers.settings import base_options, offered, settings_of
from lanthorn.wiring import Opaque, Wiring


class Layer:
    """The base of every layer, ours and yours.

    Give `call` (what it computes); `build` when it learns something; `output_axes` (or
    `compute_output_shape`) to have shapes known without running anything; `wiring` to have it
    explained and drawn.
    Example:
        >>> class Scaled(Layer):
        ...     def build(self, input_shape):
        ...         self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones")
        ...     def call(self, inputs):
        ...         return inputs * self.scale
        >>> Scaled()([[1.0, 2.0]]).shape
        (1, 2)
    """

    tracked_kind = "layer"
    inbound_nodes: list[Node]
    built: bool
    activity_regularizer: Any
    _given: tuple[tuple[Any, ...], dict[str, Any]]
    _own_weights: list[Variable]
    _own_losses: list[Callable[[], Any]]
    _trainable: bool
    _policy: DTypePolicy
    supports_masking = False
    keeps_activity_regularizer = False
    """Whether Keras's config names the activity regularizer even when there is none."""
    on_host = False
    """Whether it computes with NumPy, on text for example, and so cannot be compiled."""
    not_kept: tuple[str, ...] = ()
    """Arguments of `__init__` that are no settings: they are spent when the layer is built."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        self = super().__new__(cls)
        self._given = (args, kwargs)
        self._own_weights = []
        self._own_losses = []
        self.inbound_nodes = []
        self.built = False
        self._trainable = True
        self.activity_regularizer = None
        self._policy = DTypePolicy()
        return self

    def __init__(
        self,
        *,
        activity_regularizer: Any = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.input_axes_hint = base_options(self, kwargs)
        if name is not None and (not isinstance(name, str) or "/" in name):
            raise ValueError(f"A layer's name is text without '/', not {name!r}.")
        self.name = name or default_name(type(self))
        self.autocast = autocast
        self._trainable = bool(trainable)
        self._policy = DTypePolicy.of(dtype)
        if activity_regularizer is not None:
            from lanthorn import regularizers

            self.activity_regularizer = regularizers.get(activity_regularizer)

    # -- what a layer says of itself; a layer file overrides these ---------------------------------

    def output_axes(self, x: Axes) -> Axes:
        """The axes that come out for axes that go in, without running anything."""
        raise NotImplementedError  # found by tracing `call` when a layer does not say

    def build(self, input_shape: Any) -> None:
        """Make the weights. Called once, with the axes of the first input."""
        self.built = True

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output."""
        raise NotImplementedError(
            f"{type(self).__name__} has no `call` method: define call(self, inputs)."
        )

    def wiring(self, x: Axes) -> Wiring:
        """What one output element is made of."""
        return Opaque(weights=tuple(variable.spec for variable in self.weights))

    def compute_mask(self, inputs: Any, previous_mask: Any) -> Any:
        """The mask of the output, given the input's."""
        return previous_mask if self.supports_masking else None

    def wired(self, x: Axes | Sequence[Axes]) -> Wiring:
        """The wiring, knowing the axes it lies between. The layer must be built for `x`."""
        inputs = (x,) if isinstance(x, Axes) else tuple(x)
        return self.wiring(x).between(inputs, calling.inferred_axes(self, x))  # type: ignore[arg-type]

    # -- calling --------------------------------------------------------------------------------

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if any_symbolic((args, kwargs)):
            return calling.call_on_symbols(self, args, kwargs)
        scope = current_scope()
        if scope is not None:
            return calling.call_on_numbers(self, scope, args, kwargs)
        with in_scope(Scope()) as own:
            return calling.call_on_numbers(self, own, args, kwargs)

    def _as_input(self, value: Any) -> Any:
        """The first argument of a call as `call` gets it: numbers on the device."""
        return calling.converted(self, value)

    def stateless_call(
        self,
        trainable_variables: Sequence[Any],
        non_trainable_variables: Sequence[Any],
        *args: Any,
        return_losses: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Call the layer as a pure function of its variables' values."""
        return calling.stateless_call(
            self, trainable_variables, non_trainable_variables, args, kwargs, return_losses
        )

    def ensure_built(self, *axes: Any) -> None:
        """Build for these axes unless built; a failed build leaves the layer unbuilt and empty."""
        if self.built:
            return
        before = dict(self.__dict__)
        kept = (list(self._own_weights), list(self._own_losses))
        try:
            with name_scope(self.name):
                self.build(*axes)
        except BaseException:
            self.__dict__.clear()
            self.__dict__.update(before)
            self._own_weights, self._own_losses = kept
            raise
        self._built_axes = axes
        self.built = True

    def require(self, holds: bool, x: Axes | Sequence[Axes], wanted: str, hint: str = "") -> None:
        """Raise a ShapeError with this layer's name and named axes unless `holds`.

        Example:
            `self.require(len(x) == 4, x, "(batch, height, width, channels)")`
        """
        if not holds:
            raise ShapeError(self, (x,) if isinstance(x, Axes) else x, wanted, hint)

    # -- weights --------------------------------------------------------------------------------

    def add_weight(
        self,
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
        *,
        axes: Sequence[str] | None = None,
    ) -> Variable:
        """Make a weight of this layer.

        axes: what its axes mean, for explanations, such as `("features", "units")`.
        """
        from lanthorn import constraints, initializers, regularizers

        if isinstance(shape, str):
            raise ValueError(
                f"add_weight's first argument is the shape, not the name: write "
                f"add_weight(name={shape!r}, shape=...)."
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

    def compute(self, variable: Variable) -> Any:
        """A weight's value in the type the layer computes in."""
        value = variable.value
        return value if variable.dtype == self.compute_dtype else value.astype(self.compute_dtype)

    def _own_variables(self) -> list[Variable]:
        """This layer's own weights, trainable first, then those that are not, then seeds."""
        own = list({id(v): v for v in [*self._own_weights, *tracked(self, "variable")]}.values())
        return sorted(own, key=lambda variable: not variable.trainable)

    def sublayers(self) -> list[Layer]:
        """The layers kept in attributes, in the order they were set."""
        return tracked(self, "layer")

    def _flatten_layers(self) -> list[Layer]:
        found: dict[int, Layer] = {id(self): self}
        for layer in self.sublayers():
            if id(layer) not in found:
                found |= {id(inner): inner for inner in layer._flatten_layers()}
        return list(found.values())

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

    # -- losses ---------------------------------------------------------------------------------

    def add_loss(self, loss: Any) -> None:
        """Add a term to the loss: a number computed in `call`, or a function without arguments."""
        scope = current_scope()
        for term in loss if isinstance(loss, list | tuple) else [loss]:
            if callable(term) and not hasattr(term, "dtype"):
                self._own_losses.append(term)
            elif scope is not None:
                scope.losses.append(term)

    def weight_losses(self) -> list[Any]:
        """The penalties of regularizers and of `add_loss` functions, as the scope sees weights."""
        terms = [
            variable.regularizer(variable.value)
            for variable in self.trainable_variables
            if variable.regularizer is not None
        ]
        return terms + [term() for layer in self._flatten_layers() for term in layer._own_losses]

    @property
    def losses(self) -> list[Any]:
        scope = current_scope()
        return [*(scope.losses if scope is not None else []), *self.weight_losses()]

    # -- types ----------------------------------------------------------------------------------

    @property
    def dtype_policy(self) -> DTypePolicy:
        return self._policy

    @property
    def compute_dtype(self) -> str:
        return self._policy.compute_dtype

    @property
    def variable_dtype(self) -> str:
        return self._policy.variable_dtype

    @property
    def dtype(self) -> str:
        return self._policy.variable_dtype

    # -- config and graph -------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """The settings, in the form that files keep: `from_config` makes an equal layer."""
        return settings_of(self)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**offered(cls, config))

    def get_build_config(self) -> dict[str, Any] | None:
        axes = getattr(self, "_built_axes", None)
        return {"input_shape": _plain_shape(axes[0])} if axes and len(axes) == 1 else None

    def compute_output_shape(self, *args: Any, **kwargs: Any) -> Any:
        """The output's shape for an input's shape, without running anything."""
        return calling.output_shape(self, args, kwargs)

    @property
    def input(self) -> Any:
        """The symbolic input of the layer's first call."""
        return self._first_node().args[0]

    @property
    def output(self) -> Any:
        """The symbolic output of the layer's first call."""
        outputs: list[KerasTensor] = self._first_node().outputs
        return outputs[0] if len(outputs) == 1 else outputs

    def _first_node(self) -> Node:
        if not self.inbound_nodes:
            raise AttributeError(
                f"{self.name} ({type(self).__name__}) has never been called on a symbolic tensor, "
                "so it has no input and output yet."
            )
        return self.inbound_nodes[0]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _plain_shape(axes: Any) -> Any:
    return calling.map_shapes(lambda shape: None if shape is None else tuple(shape), axes)
