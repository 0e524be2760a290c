"""What `call` and `build` take, and what a call was given: by name, and the tensors among it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from lanthorn.axes import Axes
from lanthorn.engine.structure import is_symbolic, is_tensor, leaves, map_leaves


class CallSignature(NamedTuple):
    """What a class's `call` takes."""

    names: tuple[str, ...]
    training_default: bool | None
    takes_training: bool

    @property
    def tensors(self) -> tuple[str, ...]:
        """The arguments that may be tensors."""
        return tuple(
            name for name in self.names if name != "training" and not name.endswith("mask")
        )


@cache
def call_signature(cls: type) -> CallSignature:
    parameters = list(inspect.signature(cls.call).parameters.values())[1:]  # type: ignore[attr-defined]
    by_name = {parameter.name: parameter for parameter in parameters}
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
    default = by_name["training"].default if "training" in by_name else None
    return CallSignature(
        names=tuple(p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)),
        training_default=default if isinstance(default, bool) else None,
        takes_training="training" in by_name or takes_any,
    )


def named_arguments(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Everything a call was given by the name `call` knows it by, in the signature's order."""
    names = call_signature(type(layer)).names
    named = {**dict(zip(names, args, strict=False)), **kwargs}
    return {name: named[name] for name in (*names, *named) if name in named}


def given_tensors(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call's tensors but masks, as the layer's `wiring` takes them: one, or a list of them."""
    named = named_arguments(layer, args, kwargs)
    values = [value for name, value in named.items() if not name.endswith("mask")]
    if layer.several_arguments:
        return [value for value in values if is_tensor(value)]
    found = [leaf for leaf in leaves(values) if is_symbolic(leaf)]
    return found[0] if len(found) == 1 and any(value is found[0] for value in values) else found


def tensor_axes(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The axes of every tensor argument by name, in the signature's order; of masks only those
    that `build` asks for."""
    return {
        name: map_leaves(_axes_of, value)
        for name, value in named_arguments(layer, args, kwargs).items()
        if (not name.endswith("mask") or f"{name}_shape" in build_parameters(type(layer)))
        and any(is_tensor(leaf) for leaf in leaves(value))
    }


def _axes_of(leaf: Any) -> Any:
    return Axes.of(leaf.shape) if is_tensor(leaf) else leaf


def argument_axes(layer: Any, x: Any) -> dict[str, Any]:
    """The axes that go into a layer (a list where it takes several) by argument name."""
    names = call_signature(type(layer)).tensors
    if layer.several_arguments and not isinstance(x, Axes):
        return dict(zip(names, x, strict=False))
    return {names[0] if names else "inputs": x}


def accepted(function: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Of a call's arguments, those that a function takes by name alone."""
    keywords, positional, takes_any = by_name(function)
    return {
        name: value
        for name, value in arguments.items()
        if name in keywords or (takes_any and name not in positional)
    }


@cache
def by_name(function: Any) -> tuple[set[str], set[str], bool]:
    """The names that go by name alone, those that go by place too, and whether any name goes."""
    parameters = inspect.signature(function).parameters.values()
    keywords = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}
    positional = {p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD}
    return keywords, positional, any(p.kind is p.VAR_KEYWORD for p in parameters)


@cache
def build_parameters(cls: type) -> tuple[str, ...]:
    parameters = list(inspect.signature(cls.build).parameters.values())[1:]  # type: ignore[attr-defined]
    return tuple(p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD)


def check_positions(layer: Any, args: tuple[Any, ...]) -> None:
    """Raises: ValueError for a plain value (`layer(x, True)`) where a second tensor would be."""
    names = call_signature(type(layer)).names
    for place, value in enumerate(args[1:], start=1):
        if isinstance(value, bool | int | float | str):
            named = f": write {names[place]}={value!r}" if place < len(names) else ""
            raise ValueError(
                f"{layer.name} ({type(layer).__name__}): Only input tensors may be passed as "
                f"positional arguments, and {value!r} is none{named}."
            )


def check_input(layer: Any, args: tuple[Any, ...]) -> None:
    """Hold the first argument against an `input_spec` that the layer's author has set."""
    if layer.input_spec and args:
        from lanthorn.layers import specification

        specification.check(layer, args[0])
