"""The parts of a model that keep variables, by the paths that files give them.

Source: keras 3.15.1 `saving/saving_lib.py`, `_walk_saveable` and `_save_container_state`: layers
of a row or a graph come under `layers`, by class and order; what a class of the user's own keeps in
its attributes comes under their names, in alphabetical order, private ones last; what was met once
is not met again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lanthorn.engine.naming import class_in_snake_case
from lanthorn.engine.variable import Variable
from lanthorn.layers.base import Layer
from lanthorn.models.model import Model
from lanthorn.optimizers import Optimizer

NOT_PARTS = frozenset(
    "_built_axes _compiled _given _graph _own_losses _own_weights _predictor _row _tensors history"
    " inbound_nodes".split()
)
"""Attributes that hold other things than the parts they seem to hold."""


class Part(NamedTuple):
    """path: its group in the file, without the last `vars`; empty for the model itself."""

    path: str
    owner: Any

    @property
    def group(self) -> str:
        return f"{self.path}/vars" if self.path else "vars"

    @property
    def variables(self) -> list[Variable]:
        """What it keeps itself, in the order of files."""
        owner = self.owner
        return owner._own_variables() if isinstance(owner, Layer) else list(owner.variables)

    @property
    def is_optimizer(self) -> bool:
        return isinstance(self.owner, Optimizer)

    @property
    def label(self) -> str:
        return f"{'optimizer' if self.is_optimizer else 'layer'} {self.owner.name!r}"


def parts_of(model: Any) -> list[Part]:
    """The model and everything in it that keeps variables, once each, in the order of files."""
    seen: dict[int, Any] = {}
    return list(_walk(model, "", seen))


def _walk(owner: Any, path: str, seen: dict[int, Any]) -> Iterator[Part]:
    if id(owner) in seen:
        return
    seen[id(owner)] = owner
    yield Part(path, owner)
    if isinstance(owner, Layer):
        for name, child in _children(owner):
            yield from _below(child, f"{path}/{name}" if path else name, seen)


def _below(child: Any, path: str, seen: dict[int, Any]) -> Iterator[Part]:
    if isinstance(child, Layer | Optimizer):
        yield from _walk(child, path, seen)
    elif isinstance(child, list | tuple | dict):
        counts: dict[str, int] = {}
        for item in child.values() if isinstance(child, dict) else child:
            if isinstance(item, Layer | Optimizer):
                name = _numbered(class_in_snake_case(type(item)), counts)
            elif isinstance(item, list | tuple | dict):
                name = _numbered("container", counts)
            else:
                continue
            yield from _below(item, f"{path}/{name}", seen)


def _children(owner: Layer) -> Iterator[tuple[str, Any]]:
    attributes = {name: value for name, value in vars(owner).items() if name not in NOT_PARTS}
    if isinstance(owner, Model):
        attributes["layers"] = owner.layers
        if getattr(owner, "_graph", None) is not None or hasattr(owner, "_row"):
            yield "layers", attributes["layers"]
    for name in sorted(attributes, key=lambda name: f"~{name}" if name[0] == "_" else name):
        if not name.startswith("__"):
            yield name, attributes[name]


def _numbered(name: str, counts: dict[str, int]) -> str:
    count = counts.get(name, 0)
    counts[name] = count + 1
    return f"{name}_{count}" if count else name
