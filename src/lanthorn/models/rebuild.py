"""Models from configs. The file picks rows of closed tables; nothing is imported or run for it.

A graph is rebuilt by calling its layers on symbolic tensors in an order in which every call's
inputs exist; nothing but layers and the operations of a closed table is called.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lanthorn import layers
from lanthorn.axes import Axes, product
from lanthorn.engine.errors import LanthornError
from lanthorn.engine.graph import KerasTensor
from lanthorn.engine.plain import is_ours
from lanthorn.engine.refusals import (
    DamagedModelError,
    ModelFileError,
    ModelLimitError,
    UnknownObjectError,
    cut,
    inside,
    quoted,
)
from lanthorn.engine.registry import UnknownNameError, checked_config, is_keras_module
from lanthorn.engine.structure import any_symbolic, leaves
from lanthorn.engine.variable import MOST_ELEMENTS
from lanthorn.layers.base import Layer
from lanthorn.layers.input import InputLayer
from lanthorn.layers.signatures import call_signature
from lanthorn.models import operations
from lanthorn.models.arguments import references, revived
from lanthorn.models.sharing import sharing

MODELS = ("Functional", "Sequential", "Model")
LONGEST_NAME = 200


def object_from_config(config: Any) -> Any:
    """The layer or model that a config describes.

    Raises: UnknownObjectError, UnsafeModelError, DamagedModelError, ModelLimitError.
    """
    with inside(_label(config)):
        name, settings = checked_config(config)
        if name == "function":
            raise UnknownObjectError(f"the function {quoted(settings)} is not a layer.")
        with sharing() as shared:
            made = shared.get(config)
            if made is None:
                with refusing():
                    made = _made(config, name, settings)
                shared.add(config, made)
            return made


def _label(config: Any) -> str:
    """How messages name a layer or model of a file, whatever the file says."""
    settings = config.get("config") if isinstance(config, dict) else None
    name = settings.get("name") if isinstance(settings, dict) else None
    kind = config.get("class_name") if isinstance(config, dict) else None
    word = name if isinstance(name, str) else kind
    return f"{'model' if kind in MODELS else 'layer'} {quoted(word)}"


def _made(config: dict[str, Any], name: str, settings: dict[str, Any]) -> Any:
    _check_name(settings.get("name", ""))
    if name in MODELS and is_keras_module(config.get("module", "keras")):
        return _keras_model(name, settings)
    cls = layers.table.named_by(config)
    if not isinstance(cls, type) or not issubclass(cls, Layer):
        raise UnknownObjectError(f"{quoted(name)} is not a layer.")
    if is_ours(cls):
        return cls.from_config(dict(settings))
    made = cls.from_config(dict(settings))
    if not isinstance(made, Layer):
        raise UnknownObjectError(f"from_config of {quoted(name)} gives no layer.")
    _build_own(made, config.get("build_config"))
    return made


def _keras_model(name: str, settings: dict[str, Any]) -> Any:
    if name == "Sequential":
        from lanthorn.models.sequential import Sequential

        return sequential_from_config(Sequential, settings)
    return functional_from_config(settings)


def _build_own(layer: Any, build_config: Any) -> None:
    """Build a layer of the user's own for the shapes it was saved with, as Keras does."""
    if layer.built or not isinstance(build_config, dict):
        return
    if type(layer).build_from_config is not Layer.build_from_config:
        layer.build_from_config(build_config)
        return
    if is_default_build(layer) and not isinstance_of_model(layer):
        return
    shape, several = build_config.get("input_shape"), build_config.get("shapes_dict")
    if shape is not None:
        _check_shape(shape)
        layer.ensure_built(_as_axes(shape))
    elif isinstance(several, dict):
        _check_shape(several)
        layer.build(**{name: _as_axes(one) for name, one in several.items()})


def is_default_build(layer: Any) -> bool:
    return type(layer).build is Layer.build


def isinstance_of_model(layer: Any) -> bool:
    from lanthorn.models.model import Model

    return isinstance(layer, Model)


def is_graph_model(layer: Any) -> bool:
    """Whether a layer is a model that is a graph, and not layers in a row."""
    return getattr(layer, "_graph", None) is not None and not hasattr(layer, "_row")


def _as_axes(shape: Any) -> Any:
    if isinstance(shape, list | tuple) and shape and isinstance(shape[0], list | tuple):
        return [_as_axes(item) for item in shape]
    if isinstance(shape, dict):
        return {key: _as_axes(item) for key, item in shape.items()}
    return Axes.of(tuple(shape))


def _check_shape(shape: Any) -> None:
    sizes = list(leaves(shape))
    if not all(isinstance(size, int) and size >= 0 for size in sizes):
        raise DamagedModelError(f"{cut(repr(shape))} is no shape.")
    if (product(sizes) or 0) > MOST_ELEMENTS:
        raise ModelLimitError("is built for more than 2^40 numbers.")


def _check_name(name: Any) -> str:
    if not isinstance(name, str):
        raise DamagedModelError(f"{cut(repr(name))} is not a name.")
    if len(name) > LONGEST_NAME:
        raise ModelLimitError(f"has a name of {len(name)} characters (limit {LONGEST_NAME}).")
    return name


@contextmanager
def refusing() -> Iterator[None]:
    """Say in terms of the file what building a layer from its settings refused."""
    try:
        yield
    except ModelFileError:
        raise
    except UnknownNameError as error:
        raise UnknownObjectError(f"{str(error).removesuffix('.')}.") from error
    except Exception as error:
        text = cut(" ".join(str(error).split()), 240).removesuffix(".") + "."
        if isinstance(error, ValueError) and "2^40" in text:
            raise ModelLimitError(text) from error
        kind = "" if isinstance(error, LanthornError) else f" ({type(error).__name__})"
        raise DamagedModelError(f"cannot be made of its settings{kind}: {text}") from error


# -- Sequential ------------------------------------------------------------------------------------


def sequential_from_config(cls: Any, config: Mapping[str, Any]) -> Any:
    """See `Sequential.from_config`."""
    with sharing():
        entries = config.get("layers")
        if not isinstance(entries, list | tuple):
            raise DamagedModelError("a Sequential without a list of layers.")
        model = cls(name=config.get("name"))
        for entry in entries:
            layer = object_from_config(entry)
            with inside(f"layer {quoted(layer.name)}"), refusing():
                model.add(layer)
                _check_outputs(model._tensors[-1:])
        shape = config.get("build_input_shape")
        if model._graph is None and shape:
            _check_shape(shape)
            with refusing():
                model.build(tuple(shape))
        return model


# -- Functional ------------------------------------------------------------------------------------


def functional_from_config(
    config: Mapping[str, Any],
    cls: Any = None,
    made: Mapping[str, Any] | None = None,
    given: Mapping[str, KerasTensor] | None = None,
) -> Any:
    """See `Functional.from_config`.

    made: layers to use instead of making them from the config, by name. given: likewise tensors
        to use instead of the outputs of input layers.
    """
    if cls is None:
        from lanthorn.models.functional import Functional as cls
    with sharing():
        entries = config.get("layers")
        if not isinstance(entries, list | tuple):
            raise DamagedModelError("a Functional without a list of layers.")
        graph = _Graph(entries, made or {}, given or {})
        graph.run()
        inputs = graph.ends(config.get("input_layers"))
        outputs = graph.ends(config.get("output_layers"))
        told = ("layers", "input_layers", "output_layers")
        rest = {key: value for key, value in config.items() if key not in told}
        with refusing():
            return cls(inputs=inputs, outputs=outputs, **rest)


class _Called:
    """A layer or operation of a graph being rebuilt: its calls to make, and those made."""

    def __init__(self, name: str, config: dict[str, Any], layer: Any) -> None:
        self.name = name
        self.layer = layer
        self.entry = operations.entry_of(config) if layer is None else None
        self.settings = config.get("config") or {}
        calls = config.get("inbound_nodes")
        if not isinstance(calls, list | tuple):
            raise DamagedModelError(f"layer {quoted(name)} does not tell its calls.")
        self.calls = list(calls)
        self.outputs: list[list[KerasTensor]] = []

    def call(self, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Make one call. A call without a tensor would run something, so it is refused."""
        if not any_symbolic((args, kwargs)):
            raise DamagedModelError("is called with no tensor.")
        if self.entry is not None:
            outputs = operations.apply(self.entry, self.settings, args, kwargs)
            for tensor in leaves(outputs):
                tensor.history.operation.name = self.name
            return outputs
        return self.layer(*args, **_accepted(self.layer, kwargs))


def _accepted(layer: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Keyword arguments that the layer's `call` names; those that are None say nothing.

    Keras writes down `training` even when nobody gave it: the default of layers of augmentation.
    """
    signature = call_signature(type(layer))
    names = signature.names
    found = {}
    for name, value in kwargs.items():
        if name == "training" and value is not None and value == signature.training_default:
            continue
        if name in names:
            found[name] = value
        elif value is not None and not (
            name in ("mask", "training") and isinstance_of_model(layer)
        ):
            raise DamagedModelError(f"is called with {quoted(name)}, which it does not take.")
    return found


class _Graph:
    """Rebuilds a graph: each call is made as soon as the calls it needs were made."""

    def __init__(
        self,
        entries: list[Any] | tuple[Any, ...],
        made: Mapping[str, Any],
        given: Mapping[str, KerasTensor],
    ) -> None:
        self.by_name: dict[str, _Called] = {}
        for entry in entries:
            called = self._read(entry, made, given)
            if called.name in self.by_name:
                raise DamagedModelError(f"two layers are called {quoted(called.name)}.")
            self.by_name[called.name] = called
        self.waiting: dict[tuple[str, int], list[_Called]] = {}

    def _read(
        self, entry: Any, made: Mapping[str, Any], given: Mapping[str, KerasTensor]
    ) -> _Called:
        name = entry.get("name") if isinstance(entry, dict) else None
        if name is None and isinstance(entry, dict) and isinstance(entry.get("config"), dict):
            name = entry["config"].get("name")
        name = _check_name(name)
        with inside(f"layer {quoted(name)}"):
            is_operation = operations.entry_of(entry) is not None
        layer = None if is_operation else made.get(name) or object_from_config(entry)
        called = _Called(name, entry, layer)
        if name in given:
            called.outputs, called.calls = [[given[name]]], []
        elif isinstance(layer, InputLayer):
            called.outputs, called.calls = [[layer.output]], []
            with inside(f"layer {quoted(name)}"):
                _check_outputs([layer.output])
        return called

    def run(self) -> None:
        """Make all calls."""
        ready = deque(self.by_name.values())
        while ready:
            called = ready.popleft()
            while called.calls and len(called.outputs) < len(called.calls):
                missing = self._missing(called)
                if missing is not None:
                    self.waiting.setdefault(missing, []).append(called)
                    break
                self._make_call(called)
                ready.extend(self.waiting.pop((called.name, len(called.outputs) - 1), ()))
        stuck = [c for c in self.by_name.values() if len(c.outputs) < len(c.calls)]
        if stuck:
            raise DamagedModelError(
                f"layer {quoted(stuck[0].name)} needs a result that is never made: the graph is "
                "circular or incomplete."
            )

    def _missing(self, called: _Called) -> tuple[str, int] | None:
        """A call that has to be made before the next call of this layer."""
        with inside(f"layer {quoted(called.name)}"):
            for name, call, _ in references(called.calls[len(called.outputs)]):
                if name not in self.by_name:
                    raise DamagedModelError(
                        f"takes a result of {quoted(name)}, which is not there."
                    )
                if call >= len(self.by_name[name].outputs):
                    return name, call
        return None

    def _make_call(self, called: _Called) -> None:
        with inside(f"layer {quoted(called.name)}"), refusing():
            args, kwargs = revived(called.calls[len(called.outputs)], self.tensor)
            outputs = list(leaves(called.call(args, kwargs)))
            _check_outputs(outputs)
            called.outputs.append(outputs)

    def tensor(self, name: str, call: int, index: int) -> KerasTensor:
        """Result `index` of a layer's call number `call`."""
        called = self.by_name.get(name)
        if called is None or not 0 <= call < len(called.outputs):
            raise DamagedModelError(f"there is no call {call} of a layer {quoted(name)}.")
        if not 0 <= index < len(called.outputs[call]):
            raise DamagedModelError(f"{quoted(name)} gives no result number {index}.")
        return called.outputs[call][index]

    def ends(self, places: Any) -> Any:
        """The tensors at which the model begins or ends, in the structure that the config tells."""
        if isinstance(places, dict):
            return {key: self.ends(place) for key, place in places.items()}
        if not isinstance(places, list | tuple):
            raise DamagedModelError("does not tell where the model begins and ends.")
        if len(places) == 3 and isinstance(places[0], str):
            name, call, index = places
            if not isinstance(call, int) or not isinstance(index, int):
                raise DamagedModelError(f"{cut(repr(places))} is no place in the graph.")
            is_graph = name in self.by_name and is_graph_model(self.by_name[name].layer)
            return self.tensor(name, call - is_graph, index)
        return [self.ends(place) for place in places]


def _check_outputs(tensors: list[KerasTensor]) -> None:
    for tensor in tensors:
        if (product(size for size in tensor.shape if size is not None) or 0) > MOST_ELEMENTS:
            raise ModelLimitError("gives more than 2^40 numbers for each sample.")


layers.table.readers.update(dict.fromkeys(MODELS, object_from_config))
