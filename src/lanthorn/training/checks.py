"""What is checked of data on the host, before the first step, while nothing has been touched."""

from __future__ import annotations

import warnings
from typing import Any

from lanthorn.engine.errors import DataError, DataWarning
from lanthorn.engine.structure import leaves, map_leaves


def as_arrays(name: str, data: Any, on_host: bool = False) -> Any:
    """A structure of arrays; a nested list of numbers counts as one array.

    on_host: for layers that work with NumPy: text, and numbers of any width, are welcome.
    Raises: DataError for text, objects and ragged lists, saying where they are.
    """
    if data is None:
        return None
    if isinstance(data, list | tuple) and not any(hasattr(leaf, "shape") for leaf in leaves(data)):
        return as_array(name, data, on_host)
    return map_leaves(lambda leaf: as_array(name, leaf, on_host), data)


def as_array(name: str, data: Any, on_host: bool = False) -> Any:
    """One array of numbers in a type that the device has (float64 → float32, int64 → int32)."""
    import numpy as np

    if hasattr(data, "aval"):
        return data
    try:
        array = np.asarray(data)
    except (ValueError, TypeError):
        raise DataError(
            f"{name} is not one array of numbers: its rows have different lengths. Pad them to one "
            "length, or train on batches that each have one."
        ) from None
    kind = array.dtype.kind
    if on_host:
        return array
    if kind in "US" or isinstance(_first(array) if kind == "O" else None, str | bytes):
        raise DataError(
            f"{name} holds text ({str(_first(array))!r}), and a model computes with numbers. Turn "
            "words into whole numbers first: TextVectorization, called on the data, does."
        )
    if kind == "O":
        raise DataError(
            f"{name} is an array of Python objects (the first is {type(_first(array)).__name__}), "
            "not of numbers. If its rows are arrays of one shape, np.stack(rows) makes one array; "
            "if their lengths differ, pad them."
        )
    if kind not in "fiub" and array.dtype.name != "bfloat16":
        raise DataError(f"{name} is of type {array.dtype}, which a model cannot compute with.")
    narrower = {"float64": "float32", "int64": "int32", "uint64": "uint32"}.get(array.dtype.name)
    return array.astype(narrower) if narrower else array


def _first(array: Any) -> Any:
    return array.flat[0] if array.size else None


def same_length(**parts: Any) -> int:
    """The number of rows all arrays share.

    Raises: DataError when there are none, or when they differ.
    """
    lengths: dict[str, list[int]] = {}
    for name, part in parts.items():
        for array in leaves(part):
            if array.ndim == 0:
                raise DataError(f"{name} is a single number, not an array with one row per sample.")
            lengths.setdefault(name, []).append(int(array.shape[0]))
    found = {length for each in lengths.values() for length in each}
    if len(found) != 1:
        told = "; ".join(
            f"{name} has {' and '.join(map(str, each))}" for name, each in lengths.items()
        )
        raise DataError(f"All data need the same number of rows, one per sample, but {told}.")
    (count,) = found
    if count == 0:
        raise DataError("The data has no rows: there is nothing to learn from.")
    return count


def warn_of_bad_numbers(name: str, data: Any) -> None:
    """Warn of NaN and infinity, which every sum they enter takes over, with the first's place."""
    import numpy as np

    for array in leaves(data):
        if getattr(array.dtype, "kind", "") != "f" or hasattr(array, "aval"):
            continue
        with np.errstate(all="ignore"):
            if np.isfinite(np.sum(array, dtype="float64")):
                continue
        bad = ~np.isfinite(array)
        if not bad.any():
            continue
        place = tuple(int(i) for i in np.unravel_index(int(bad.argmax()), array.shape))
        warnings.warn(
            f"{name} holds {int(bad.sum())} numbers that are not finite; the first, "
            f"{float(array[place])}, is at {name}{list(place)}. The loss will become NaN. "
            f"Replace or drop them: np.nan_to_num({name}).\n"
            '  silence: warnings.filterwarnings("ignore", category=lanthorn.DataWarning)',
            DataWarning,
            stacklevel=_outside(),
        )


def _outside() -> int:
    """How far up the stack the caller of the library is."""
    import sys

    frame, level = sys._getframe(2), 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("lanthorn"):
        frame, level = frame.f_back, level + 1
    return level


def targets_match(compiled: Any, y: Any, y_pred: Any) -> None:
    """Refuse targets that are missing, or labels outside the classes of a sparse loss.

    Raises: DataError with the range of the labels and of the classes.
    """
    from lanthorn.training.compiled import in_order

    predicted = list(leaves(y_pred))
    targets = in_order(y, compiled.names, predicted, "targets")
    for plan, target, prediction in zip(compiled.outputs, targets, predicted, strict=True):
        if plan.loss is None:
            continue
        if target is None:
            raise DataError(
                f"{plan.name!r} is to be compared with targets, but y is missing: "
                "fit(x, y) needs both."
            )
        if _is_sparse(plan.loss):
            _labels_in_range(plan.name, target, prediction.shape[-1])


def _is_sparse(loss: Any) -> bool:
    function = getattr(loss, "fn", None)
    return getattr(function, "__name__", "") == "sparse_categorical_crossentropy"


def _labels_in_range(name: str, labels: Any, classes: int) -> None:
    import numpy as np

    if hasattr(labels, "aval") or labels.size == 0:
        return
    low, high = np.nanmin(labels), np.nanmax(labels)
    if 0 <= low and high < classes:
        return
    hint = ""
    if low == 1 and high == classes:
        hint = " If labels start at 1, use y - 1."
    elif low >= 0:
        hint = f" Give the layer at least {int(high) + 1} units."
    raise DataError(
        f"Labels run from {_number(low)} to {_number(high)}, but {name!r} answers for classes 0 "
        f"to {classes - 1}.{hint}"
    )


def _number(value: Any) -> str:
    return str(int(value)) if float(value).is_integer() else f"{float(value):g}"
