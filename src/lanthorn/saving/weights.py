"""Weights in HDF5 files: written by h5py; read by a plan, and set when all of it was read."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

from lanthorn.engine.refusals import (
    ModelFileWarning,
    ModelMismatchError,
    cut,
    damage,
    inside,
    quoted,
)
from lanthorn.engine.variable import Variable
from lanthorn.layers.base import Layer
from lanthorn.saving.archive import check_growth
from lanthorn.saving.hdf5 import Dataset
from lanthorn.saving.limits import Limits
from lanthorn.saving.parts import Part, parts_of

Datasets = Mapping[str, Dataset]
KINDS = {"b": "truth values", "u": "whole numbers", "i": "whole numbers", "f": "floats"}


# -- writing ---------------------------------------------------------------------------------------


def write_weights(file: BinaryIO, model: Any) -> int:
    """Write every variable of the model as HDF5. Returns how many."""
    import h5py

    remembering = _Remembering(file)
    try:
        with h5py.File(remembering, "w") as target:
            return sum(_write_part(target, part) for part in parts_of(model))
    except Exception:
        if remembering.error is not None:
            raise remembering.error from None
        raise


def _write_part(target: Any, part: Part) -> int:
    group = target.create_group(part.group)
    group.attrs["name"] = part.owner.name
    count = 0
    for key, array in _stored(part):
        dataset = group.create_dataset(key, data=array)
        if array.dtype.name == "bfloat16":
            dataset.attrs["dtype"] = "bfloat16"
        count += 1
    return count


class _Remembering:
    """A file that keeps the first error of a write: HDF5 forgets what was wrong."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.error: OSError | None = None

    def write(self, data: Any) -> int:
        try:
            return self.file.write(data)
        except OSError as error:
            self.error = self.error or error
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def _stored(part: Part) -> Iterator[tuple[str, Any]]:
    """Key and array of each variable; a layer's own `save_own_variables` may choose them."""
    import numpy as np

    if _says_itself(part.owner, "save_own_variables"):
        store: dict[str, Any] = {}
        part.owner.save_own_variables(store)
        yield from ((str(key), np.asarray(value)) for key, value in store.items())
        return
    for index, variable in enumerate(part.variables):
        yield str(index), np.asarray(variable.numpy())


def _says_itself(owner: Any, method: str) -> bool:
    """Whether a layer's class has another way of its own to keep its weights in files."""
    return isinstance(owner, Layer) and getattr(type(owner), method) is not getattr(Layer, method)


# -- planning --------------------------------------------------------------------------------------


class Plan(NamedTuple):
    """What goes where. pairs: variables with their arrays in the file; own: layers that load
    themselves; optimizers: those of the model with the arrays that the file has for them.
    """

    pairs: list[tuple[Variable, Dataset, str]]
    own: list[tuple[Any, dict[str, Dataset]]]
    optimizers: list[tuple[Part, dict[str, Dataset]]]
    unused: list[str]
    left_out: list[str]


def plan(model: Any, datasets: Datasets, skip_mismatch: bool = False) -> Plan:
    """Find every variable's array. Nothing is read.

    skip_mismatch: leave out the layers that do not fit, instead of refusing.
    Raises: ModelMismatchError, with the layer and both shapes.
    """
    groups = _groups(datasets)
    found = Plan([], [], [], [], [])
    for part in parts_of(model):
        there = groups.pop(part.group, {})
        if part.is_optimizer:
            found.optimizers.append((part, there))
        elif _says_itself(part.owner, "load_own_variables"):
            found.own.append((part.owner, there))
        else:
            try:
                found.pairs.extend(_pairs(part, there))
            except ModelMismatchError as error:
                if not skip_mismatch:
                    raise
                found.left_out.append(str(error))
    found.unused.extend(
        f"{group}/{key}"
        for group, arrays in groups.items()
        for key in arrays
        if not group.endswith("optimizer/vars")  # of a model that is not compiled now
    )
    return found


def _groups(datasets: Datasets) -> dict[str, dict[str, Dataset]]:
    groups: dict[str, dict[str, Dataset]] = {}
    for path, dataset in datasets.items():
        group, _, key = path.rpartition("/")
        groups.setdefault(group, {})[key] = dataset
    return groups


def _pairs(part: Part, there: Mapping[str, Dataset]) -> Iterator[tuple[Variable, Dataset, str]]:
    """The variables of one layer with their arrays."""
    variables = part.variables
    keys = {str(index) for index in range(len(variables))}
    label = f"{part.label} ({type(part.owner).__name__})"
    if there.keys() != keys:
        built = getattr(part.owner, "built", True)
        why = "" if built else ", because it is not built: call it on data first"
        raise ModelMismatchError(
            f"{cut(label)} has {_count(len(variables), 'weight')}{why}; "
            f"the file has {len(there)} in {quoted(part.group)}."
        )
    for index, variable in enumerate(variables):
        dataset = there[str(index)]
        if dataset.shape != tuple(variable.shape):
            raise ModelMismatchError(
                f"{cut(label)} expects {variable.name} {tuple(variable.shape)}, "
                f"the file has {dataset.shape}."
            )
        if kind(dataset.dtype) != kind(variable.dtype):
            raise ModelMismatchError(
                f"{cut(label)} expects {variable.name} of {variable.dtype}, "
                f"the file has {dataset.dtype}."
            )
        yield variable, dataset, f"{part.group}/{index}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def kind(dtype: str) -> str:
    return "floats" if dtype == "bfloat16" else KINDS[dtype[0]]


# -- carrying out ----------------------------------------------------------------------------------


def load(model: Any, datasets: Datasets, size: int, limits: Limits, skip_mismatch: bool) -> None:
    """Read all weights, and then set them: when something is wrong with the file, none is set.

    size: bytes of the file that they come from.
    Raises: ModelMismatchError, DamagedModelError, ModelLimitError.
    """
    todo = plan(model, datasets, skip_mismatch)
    wanted = [dataset for _, dataset, _ in todo.pairs]
    wanted += [dataset for _, there in (*todo.own, *todo.optimizers) for dataset in there.values()]
    check_growth("weights", size, sum(dataset.nbytes for dataset in wanted), limits)
    arrays = [(variable, read(dataset, path)) for variable, dataset, path in todo.pairs]
    own = [(layer, read_all(there)) for layer, there in todo.own]
    optimizers = [(part, read_all(there)) for part, there in todo.optimizers if there]
    for variable, array in arrays:
        variable.assign(array)
    for layer, store in own:
        layer.load_own_variables(store)
    for part, store in optimizers:
        _load_optimizer(model, part, store)
    _warn(todo)


def read(dataset: Dataset, path: str) -> Any:
    with inside(quoted(path)), damage("it"):
        return dataset.read()


def read_all(there: Mapping[str, Dataset]) -> dict[str, Any]:
    return {key: read(dataset, key) for key, dataset in there.items()}


def _load_optimizer(model: Any, part: Part, store: Mapping[str, Any]) -> None:
    """Set an optimizer's state when the file's fits; otherwise it starts anew, with a warning."""
    from lanthorn.training.state import layout_of

    optimizer = part.owner
    if len(store) <= 2 and not store.get("0", 0):
        return  # saved before the first step: there is nothing to go on with
    if optimizer is model.optimizer and not optimizer.built:
        trained = layout_of(model).trainable
        optimizer.build(list(trained.values()), list(trained))
    variables = optimizer.variables if optimizer.built else []
    values: list[Any] = [store.get(str(index)) for index in range(len(variables))]
    shapes = [None if value is None else value.shape for value in values]
    fits = len(store) == len(variables) and shapes == [tuple(v.shape) for v in variables]
    if not fits:
        warnings.warn(
            f"The state of the optimizer {optimizer.name!r} was not loaded: it has "
            f"{len(variables)} variables and the file {len(store)}, or their shapes differ. "
            "It starts anew.",
            ModelFileWarning,
            stacklevel=4,
        )
        return
    cast: Sequence[Any] = [
        value.astype(variable.dtype, copy=False)
        for variable, value in zip(variables, values, strict=True)
    ]
    optimizer.load_slots(cast)


def _warn(todo: Plan) -> None:
    if todo.left_out:
        warnings.warn(
            f"{_count(len(todo.left_out), 'layer')} kept the weights they had: {todo.left_out[0]}",
            ModelFileWarning,
            stacklevel=4,
        )
    if todo.unused:
        warnings.warn(
            f"The file also has {_count(len(todo.unused), 'array')} that no layer of the model "
            f"takes, the first of them {quoted(min(todo.unused))}.",
            ModelFileWarning,
            stacklevel=4,
        )
