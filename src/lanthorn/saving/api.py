"""save_model, load_model, save_weights, load_weights."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lanthorn.engine.refusals import (
    DamagedModelError,
    ModelFileWarning,
    UnsafeModelError,
    inside,
    of_file,
)
from lanthorn.engine.registry import registered_name
from lanthorn.saving import keras_file, weights
from lanthorn.saving.atomic import replaced
from lanthorn.saving.files import kind_of
from lanthorn.saving.hdf5 import read_datasets
from lanthorn.saving.limits import Limits
from lanthorn.saving.source import Source, opened


def save_model(
    model: Any, filepath: Any, overwrite: bool = True, zipped: bool | None = None
) -> None:
    """Write architecture, weights, compile() settings and the optimizer's state to a `.keras` file.

    The file is whole or not there: it is written beside `filepath`, read back, and then takes its
    name; when anything goes wrong, a file that was there before is untouched.
    filepath: a path, or a binary file open for writing.
    Raises: ValueError for another ending; FileExistsError; OSError with the path.
    """
    _warn_of_functions(model)
    if hasattr(filepath, "write"):
        keras_file.write_model(filepath, model, None)
        return
    path = os.fspath(filepath)
    if zipped is False or not path.endswith(".keras"):
        raise ValueError(
            f"A model is saved to a file that ends in .keras, not {path!r}. "
            "Weights alone go to .weights.h5: model.save_weights(path)."
        )
    _may_write(path, overwrite)
    folder = os.path.dirname(os.path.realpath(path))
    replaced(path, lambda file: keras_file.write_model(file, model, folder), keras_file.check_model)


def load_model(
    filepath: Any,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
    *,
    limits: Limits | None = None,
) -> Any:
    """The model in a `.keras` file, of Lanthorn or of Keras, as it was saved.

    A file is data: nothing in it is run, imported or opened. What it may ask for is bounded by
    `limits`. Classes and functions of your own are given by `custom_objects`, by name.
    compile: also restore optimizer, loss and metrics, and the optimizer's state.
    filepath: a path, or a binary file open for reading.
    Raises: ModelFileError, a ValueError with `.path`, `.where` and `.hint`; FileNotFoundError and
        PermissionError.
    """
    if safe_mode is not True:
        raise UnsafeModelError(
            "safe_mode=False is not offered: Lanthorn never runs code from a file.",
            hint="Give classes and functions of your own by custom_objects={name: object}.",
        )
    limits = limits or Limits()
    with _source(filepath) as source:
        if kind_of(source) == "hdf5":
            raise DamagedModelError(
                "is an HDF5 file: weights alone, or a model in Keras's old format, not .keras.",
                hint="Weights: model.load_weights(path). An old model: load it in Keras and save "
                "it as .keras.",
            )
        return keras_file.read_model(source, custom_objects, compile, limits)


def save_weights(model: Any, filepath: Any, overwrite: bool = True) -> None:
    """Write the weights, and the optimizer's state, to a `.weights.h5` file: whole or not at all.

    Raises: ValueError for another ending or a model that is not built; FileExistsError; OSError.
    """
    path = os.fspath(filepath)
    if not path.endswith(".weights.h5"):
        raise ValueError(f"Weights are saved to a file that ends in .weights.h5, not {path!r}.")
    _check_built(model, "saving its weights")
    _may_write(path, overwrite)
    replaced(
        path,
        lambda file: _write_weights(file, model),
        lambda file: _check_weights(Source(file, 0, file.seek(0, os.SEEK_END))),
    )


def load_weights(
    model: Any, filepath: Any, skip_mismatch: bool = False, *, limits: Limits | None = None
) -> None:
    """Set the weights to those in a `.weights.h5` or `.keras` file; on any error none is changed.

    skip_mismatch: leave layers that do not fit as they are, with a warning.
    Raises: ModelMismatchError and other kinds of ModelFileError.
    """
    _check_built(model, "loading weights")
    limits = limits or Limits()
    with _source(filepath) as source:
        stored = source if kind_of(source) == "hdf5" else keras_file.weights_of(source, limits)
        with inside(keras_file.WEIGHTS) if stored is not source else inside("weights"):
            datasets = read_datasets(stored, limits)
            weights.load(model, datasets, source.size, limits, skip_mismatch)


def _write_weights(file: Any, model: Any) -> None:
    weights.write_weights(file, model)


def _check_weights(source: Source) -> None:
    read_datasets(source)


def _check_built(model: Any, purpose: str) -> None:
    if not model.built:
        raise ValueError(
            f"{model.name!r} has no weights yet, because it does not know its input's shape. "
            f"Call it on data, or build(input_shape), before {purpose}."
        )


def _warn_of_functions(model: Any) -> None:
    """Say now which functions the file will want to be given again, because it holds no code."""
    from lanthorn.layers.lambda_layer import Lambda

    for layer in model._flatten_layers():
        functions = layer.functions() if isinstance(layer, Lambda) else {}
        for name, function in functions.items():
            if registered_name(function) is not None:
                continue
            warnings.warn(
                f"{layer.name} (Lambda): a file keeps no code, only the name {name!r} of the "
                f"function. Open it with load_model(path, custom_objects={{{name!r}: function}}), "
                "or register the function with lanthorn.saving.register_keras_serializable().",
                ModelFileWarning,
                stacklevel=4,
            )


def _may_write(path: Any, overwrite: bool) -> None:
    if not overwrite and os.path.lexists(path):
        raise FileExistsError(
            f"{path!r} is there already and overwrite=False. Nothing was written."
        )


@contextmanager
def _source(filepath: Any) -> Iterator[Source]:
    """The bytes of a path or of an open file; refusals within name it."""
    if hasattr(filepath, "read"):
        with of_file(getattr(filepath, "name", None) or "the open file"):
            yield Source(filepath, 0, filepath.seek(0, os.SEEK_END))
        return
    with of_file(filepath), opened(filepath) as file:
        yield Source(file, 0, file.seek(0, os.SEEK_END))
