"""Layer: settings, shape rule, weights, numbers, wiring. Everything else is derived from these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.dtypes import DTypePolicy
from lanthorn.engine.errors import ShapeError
from lanthorn.engine.graph import KerasTensor, Node
from lanthorn.engine.naming import default_name, name_scope, scoped_path
from lanthorn.engine.scope import Scope, current_scope, in_scope
from lanthorn.engine.structure import any_symbolic, map_shapes
from lanthorn.layers import building, calling, orders, signatures, symbols
from lanthorn.layers.holder import Holder
from lanthorn.layers.settings import base_options, offered, settings_of
from lanthorn.wiring import Opaque, Wiring


class Layer(Holder):
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
    activity_regularizer: Any
    _given: tuple[tuple[Any, ...], dict[str, Any]]
    _own_losses: list[Callable[[], Any]]
    _call_losses: list[Any]
    _last_call = 0
    _built_axes: tuple[Any, ...] = ()
    _is_building = False
    path: str | None = None
    """Its name behind those of the layers around it once it is built: `both/forward_lstm`."""
    builds_once = True
    """Whether `build` does nothing when it is called again; a model's own says for itself."""
    input_spec: Any = None
    """What a layer of yours says of its inputs: an `InputSpec`, or one for each of them."""
    supports_masking = False
    sees_channels_last = False
    """With data_format="channels_first", whether the axes are moved so that the layer's own methods
    see the channels last all the same."""
    wants_batch_size = False
    """Whether it must be built knowing how many samples a batch has."""
    several_arguments = False
    """Whether `call` takes its tensors one by one (query, value, key), not as one list. The shape
    rule, `build` and `wiring` then take them one by one too."""
    keeps_activity_regularizer = False
    """Whether Keras's config names the activity regularizer even when there is none."""
    on_host = False
    """Whether it computes with NumPy, on text for example, and so cannot be compiled."""
    reads_sequences = False
    """Whether the first axis of a sample is steps, whatever its other axes are."""
    not_kept: tuple[str, ...] = ()
    """Arguments of `__init__` that are no settings: they are spent when the layer is built."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "build" in vars(cls) and cls.builds_once:
            cls.build = building.once(cls.build)  # type: ignore[method-assign]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        self = super().__new__(cls)
        self._given = (args, kwargs)
        self._own_weights = []
        self._own_losses = []
        self._call_losses = []
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
        if not isinstance(trainable, bool):
            raise ValueError(
                f"{type(self).__name__}: trainable has to be a boolean, not {trainable!r}."
            )
        self.name = name or default_name(type(self))
        self.autocast = autocast
        self._trainable = trainable
        self._policy = DTypePolicy.of(dtype)
        if activity_regularizer is not None:
            from lanthorn import regularizers

            self.activity_regularizer = regularizers.get(activity_regularizer)

    # -- what a layer says of itself; a layer file overrides these ---------------------------------

    def output_axes(self, x: Axes) -> Axes:
        """The axes that come out for axes that go in, without running anything."""
        raise NotImplementedError  # found by tracing `call` when a layer does not say

    @building.once
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

    def intermediates(self, *inputs: Any) -> dict[str, Any]:
        """Numbers of the intermediates that its wiring names, as far as the layer hands them out.

        They spare `why` working them out one by one: a sequence is long. The contract test holds
        them against the wiring's own arithmetic. Further arguments of the call (a mask) are handed
        over by name where this method has them.
        """
        return {}

    def mask_told(self, mask: Any, inputs: Sequence[Any], arguments: Mapping[str, Any]) -> Any:
        """What `Wiring.under` is told of the masks of a call, for the first sample.

        mask: the one beside the call's first tensor. arguments: what else the call was given.
        """
        return None if mask is None else [bool(place) for place in mask[0]]

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The mask of the output, given the input's."""
        return previous_mask if self.supports_masking else None

    def wired(self, x: Axes | Sequence[Axes]) -> Wiring:
        """The wiring, knowing the axes it lies between. The layer must be built for `x`."""
        return self.wired_between(x, symbols.inferred_axes(self, x))

    def wired_between(
        self, x: Any, output: Any, arguments: Mapping[str, Any] | None = None
    ) -> Wiring:
        """The wiring between these axes. Of several outputs, the first one's.

        arguments: what else a call was given; `wiring` gets those that it names.
        """
        while not isinstance(output, Axes):
            output = output[0]
        if self.reads_sequences:
            x = x.as_sequence() if isinstance(x, Axes) else [x[0].as_sequence(), *x[1:]]
        if orders.moves(self):
            return orders.wired(self, x, output)
        named = signatures.accepted(type(self).wiring, arguments or {})
        wiring = self.wiring(*x, **named) if self.several_arguments else self.wiring(x, **named)
        return wiring.between((x,) if isinstance(x, Axes) else tuple(x), output)

    # -- calling --------------------------------------------------------------------------------

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if any_symbolic((args, kwargs)):
            return symbols.call_on_symbols(self, args, kwargs)
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
        self._is_building = True
        try:
            with name_scope(self.name):
                self.path = scoped_path()
                self.build(*(map(orders.inward_axes, axes) if orders.moves(self) else axes))
        except BaseException:
            self.__dict__.clear()
            self.__dict__.update(before)
            self._own_weights, self._own_losses = kept
            raise
        self._is_building = False
        self._built_axes = axes
        self.built = True

    def require(self, holds: bool, x: Axes | Sequence[Axes], wanted: str, hint: str = "") -> None:
        """Raise a ShapeError with this layer's name and named axes unless `holds`.

        Example:
            `self.require(len(x) == 4, x, "(batch, height, width, channels)")`
        """
        if not holds:
            given = (x,) if isinstance(x, Axes) else x
            if orders.moves(self):
                given = tuple(map(orders.outward_axes, given))
            raise ShapeError(self, given, wanted, hint)

    # -- losses ---------------------------------------------------------------------------------

    def add_loss(self, loss: Any) -> None:
        """Add a term to the loss: a number computed in `call`, or a function without arguments."""
        for term in loss if isinstance(loss, list | tuple) else [loss]:
            if callable(term) and not hasattr(term, "dtype"):
                self._own_losses.append(term)
            else:
                self._note_loss(term)

    def _note_loss(self, term: Any) -> None:
        """Keep a term of the call under way: in its scope, and here when the call is not pure."""
        scope = current_scope()
        if scope is not None:
            scope.losses.append(term)
        if scope is None or not scope.pure:
            self._call_losses.append(term)

    def _begin_call(self, scope: Scope) -> None:
        """Forget the terms of calls before the outermost one under way."""
        if scope.number != self._last_call:
            self._last_call = scope.number
            self._call_losses.clear()

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
        """The terms of the call under way, or of the last one, and the penalties of weights."""
        scope = current_scope()
        if scope is not None:
            return [*scope.losses, *self.weight_losses()]
        last = [term for layer in self._flatten_layers() for term in layer._call_losses]
        return [*last, *self.weight_losses()]

    # -- config and graph -------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """The settings, in the form that files keep: `from_config` makes an equal layer."""
        return settings_of(self)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**offered(cls, config))

    def get_build_config(self) -> dict[str, Any] | None:
        axes = self._built_axes
        if len(axes) > 1:
            named = zip(signatures.build_parameters(type(self)), axes, strict=False)
            return {"shapes_dict": {n: _plain_shape(one) for n, one in named if one is not None}}
        return {"input_shape": _plain_shape(axes[0])} if axes else None

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Build for the shapes that `get_build_config` has told."""
        if config.get("input_shape") is not None:
            self.build(config["input_shape"])
        elif "shapes_dict" in config:
            self.build(**config["shapes_dict"])

    def compute_output_shape(self, *args: Any, **kwargs: Any) -> Any:
        """The output's shape for an input's shape, without running anything."""
        return symbols.output_shape(self, args, kwargs)

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """The symbolic outputs, as `compute_output_spec` gives them."""
        return self.compute_output_spec(*args, **kwargs)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """The symbolic outputs of a call on symbolic tensors; no call is recorded."""
        axes = signatures.tensor_axes(self, args, kwargs)
        return symbols.symbolic_outputs(self, axes, args, kwargs)

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
    return map_shapes(lambda shape: None if shape is None else tuple(shape), axes)
