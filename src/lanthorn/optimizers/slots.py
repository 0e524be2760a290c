"""Slots: the arrays an optimizer keeps, one per trained variable, as files and users see them.

The state itself is what compiled steps take and give. Variables on it are windows, so there is one
truth and nothing to keep in step.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.engine.scope import current_scope
from lanthorn.engine.variable import Variable


class StateVariable(Variable):
    """A window on one array of an optimizer's state; before there is a state, its first value."""

    def __init__(
        self, optimizer: Any, name: str, first: Any, shape: Sequence[int], dtype: Any
    ) -> None:
        initializer = first if callable(first) else lambda shape, dtype: first
        path = f"{optimizer.name}/{name}"
        super().__init__(
            initializer, tuple(shape), dtype=dtype, trainable=False, name=name, path=path
        )
        self.optimizer = optimizer
        self.index: int | None = None  # of the leaf, in JAX's order of the state

    @property
    def stored(self) -> Any:
        if self.index is None or self.optimizer._state is None:
            return super().stored
        return leaves_of(self.optimizer)[self.index]

    def store(self, value: Any) -> None:
        if self.index is None or self.optimizer._state is None:
            super().store(value)
            return
        import jax

        leaves, structure = jax.tree.flatten(self.optimizer._state)
        leaves[self.index] = value
        self.optimizer._state = structure.unflatten(leaves)
        self._value = None  # an array of its own would only take memory

    def assign(self, value: Any) -> Any:
        value = super().assign(value)
        scope = current_scope()
        if scope is None or not scope.pure:
            self.store(value)
        return value


def leaves_of(optimizer: Any) -> list[Any]:
    """The state's leaves in JAX's order, kept until the state is replaced."""
    import jax

    kept = getattr(optimizer, "_leaves", None)
    if kept is None or kept[0] is not optimizer._state:
        kept = optimizer._leaves = (optimizer._state, jax.tree.leaves(optimizer._state))
    return kept[1]


# -- building --------------------------------------------------------------------------------------


def build(optimizer: Any, variables: list[Any], paths: Sequence[str] | None) -> None:
    if optimizer.built and list(map(id, variables)) == list(optimizer._keys):
        return
    names = list(paths) if paths is not None else [variable.path for variable in variables]
    keys = dict(zip(map(id, variables), unique(names), strict=True))
    if not keys.keys() & optimizer._keys.keys():
        optimizer._state = None  # another model's: its slots would mislead this one
        optimizer._own = []
        if optimizer.built:
            optimizer._iteration.index = None
            optimizer._iteration.store(_zero())
    optimizer._is_stale = optimizer._state is not None
    optimizer._keys = keys
    optimizer._trainable_variables = variables
    optimizer._slot_variables = None
    optimizer.excluded = optimizer.excluded.renamed(
        {variable.path: keys[id(variable)] for variable in variables}
    )
    optimizer.constraints = {
        keys[id(variable)]: variable.constraint
        for variable in variables
        if getattr(variable, "constraint", None) is not None
    }
    optimizer.built = True


def unique(paths: Sequence[str]) -> list[str]:
    """The paths, with a number in front of those that were there before. The leaf name stays."""
    seen: dict[str, int] = {}
    found = []
    for path in paths:
        seen[path] = seen.get(path, 0) + 1
        found.append(path if seen[path] == 1 else f"{seen[path]}/{path}")
    return found


def make_state(optimizer: Any) -> None:
    """The state for the variables now known, taking over what an earlier one had of them."""
    before, iteration = optimizer._state, optimizer._iteration.stored
    params = {optimizer._keys[id(v)]: v.stored for v in optimizer._trainable_variables}
    state = {**optimizer.init(params), "iteration": iteration}
    optimizer._state = state if before is None else carried_over(before, state)
    optimizer._is_stale = False
    _slot_windows(optimizer)


def carried_over(before: Any, after: Any) -> Any:
    """`after`, with every array that `before` has at the same place and in the same shape."""
    import jax

    old = dict(jax.tree_util.tree_flatten_with_path(before)[0])

    def choose(place: Any, new: Any) -> Any:
        kept = old.get(place)
        return kept if kept is not None and kept.shape == new.shape else new

    return jax.tree_util.tree_map_with_path(choose, after)


def _zero() -> Any:
    import numpy as np

    return np.zeros((), "int32")


# -- slots -----------------------------------------------------------------------------------------


def runs(optimizer: Any, state: Any) -> Iterator[dict[str, dict[str, Any]]]:
    """The slots by name, in the runs in which files keep them."""
    for name in ("average", "gradient_accumulator"):
        if name in state:
            yield {name: ordered(optimizer, state[name])}
    layout = optimizer.layout()
    if layout is None:
        yield from ({name: {"": leaf}} for name, leaf in named_leaves(state["rule"]))
        return
    for run in layout:
        yield {name: ordered(optimizer, field(state["rule"], place)) for name, place in run.items()}


def ordered(optimizer: Any, arrays: Any) -> dict[str, Any]:
    """Arrays by path in the order of the variables (JAX sorts dicts); a lone array under `""`."""
    if not isinstance(arrays, dict):
        return {"": arrays}
    return {path: arrays[path] for path in optimizer._keys.values() or arrays}


def named_leaves(rule: Any) -> Iterator[tuple[str, Any]]:
    """The arrays of an Optax state that is not ours, named by where they are."""
    import jax

    for place, leaf in jax.tree_util.tree_flatten_with_path(rule)[0]:
        yield jax.tree_util.keystr(place, simple=True, separator="_").replace("/", "_"), leaf


def slots(optimizer: Any, state: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(name, arrays) for run in runs(optimizer, state) for name, arrays in run.items()]


def in_file_order(optimizer: Any, state: Any) -> Iterator[tuple[str, Any]]:
    """Name and array of each slot variable, as files keep them."""
    for run in runs(optimizer, state):
        for path in next(iter(run.values())):
            for name, arrays in run.items():
                yield (slot_name(path, name) if path else name), arrays[path]


def slot_name(path: str, slot: str) -> str:
    """`dense/kernel`, `momentum` → `dense_kernel_momentum`."""
    return f"{path.replace('/', '_')}_{slot}"


def field(rule: Any, name: str) -> Any:
    """The field `name` of an Optax state or of a state in its chain."""
    if name in getattr(rule, "_fields", ()):
        return getattr(rule, name)
    if isinstance(rule, tuple):
        for part in rule:
            found = field(part, name)
            if found is not None:
                return found
    return None


# -- variables -------------------------------------------------------------------------------------


def slot_variables(optimizer: Any) -> list[StateVariable]:
    """The windows on the slots, in the order of files."""
    if optimizer.state is None:
        return []
    windows = optimizer._slot_variables
    return [*(_slot_windows(optimizer) if windows is None else windows), *optimizer._own]


def _slot_windows(optimizer: Any) -> list[StateVariable]:
    import jax

    leaves, structure = jax.tree.flatten(optimizer._state)
    numbered = structure.unflatten(range(len(leaves)))
    optimizer._iteration.index = numbered["iteration"]
    for own, index in zip(optimizer._own, numbered["rule"] if optimizer._own else (), strict=True):
        own.index = index
    optimizer._slot_variables = []
    for name, index in in_file_order(optimizer, numbered):
        leaf = leaves[index]
        window = StateVariable(optimizer, name, 0, leaf.shape, leaf.dtype.name)
        window.index = index
        optimizer._slot_variables.append(window)
    return optimizer._slot_variables


def load(optimizer: Any, values: list[Any]) -> None:
    optimizer._known_state()
    variables = optimizer.variables
    shapes = [tuple(getattr(value, "shape", ())) for value in values]
    if len(values) != len(variables):
        raise LanthornError(
            f"{optimizer.name} has {len(variables)} variables, but {len(values)} arrays were given."
        )
    for variable, shape in zip(variables, shapes, strict=True):
        if tuple(variable.shape) != shape:
            raise LanthornError(
                f"{variable.path!r} has shape {tuple(variable.shape)}, but was given {shape}. "
                "Nothing was changed."
            )
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def load_from_store(optimizer: Any, store: Mapping[str, Any]) -> None:
    """As Keras: a file with another number of variables is left out, with a warning."""
    if len(store) != len(optimizer.variables):
        warnings.warn(
            f"The state of the optimizer {optimizer.name!r} was not loaded: it has "
            f"{len(optimizer.variables)} variables and the file {len(store)}. "
            "It starts anew" + ("." if optimizer.built else "; call build(variables) first."),
            stacklevel=3,
        )
        return
    import numpy as np

    load(optimizer, [np.asarray(store[str(index)]) for index in range(len(store))])
