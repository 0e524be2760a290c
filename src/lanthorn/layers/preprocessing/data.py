"""What preprocessing layers are given: batches to learn from, and text as bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Shape = tuple[int, ...]


def batches(layer: Any, data: Any, steps: int | None = None) -> Iterator[Any]:
    """What `adapt(data)` learns from, batch by batch.

    An array, or lists of numbers or text, is one batch. A list of arrays, a generator, a dataset or
    anything else that yields, yields batches; of a batch `(x, y)`, x counts.
    steps: how many batches at most.
    Raises: ValueError when there is none.
    """
    count = 0
    for batch in _each(layer, data):
        if steps is not None and count == steps:
            break
        count += 1
        yield batch[0] if isinstance(batch, tuple) else batch
    if count == 0:
        raise ValueError(f"{who(layer)}: adapt(data) was given no data.")


def _each(layer: Any, data: Any) -> Iterator[Any]:
    if is_one_batch(data):
        yield data
    elif hasattr(data, "__iter__"):
        yield from data
    elif hasattr(data, "__getitem__") and hasattr(data, "__len__"):
        yield from (data[index] for index in range(len(data)))
    else:
        raise ValueError(
            f"{who(layer)}: adapt(data) wants an array, a list or batches, "
            f"not {type(data).__name__}."
        )


def is_one_batch(data: Any) -> bool:
    """Whether `data` is an array, a text, or lists of numbers or text; not batches."""
    if isinstance(data, list | tuple):
        first = (item[0] if isinstance(item, tuple) and item else item for item in data)
        return not any(getattr(item, "shape", ()) for item in first)
    return isinstance(data, str | bytes) or hasattr(data, "__array__")


def who(layer: Any) -> str:
    """A layer by name and class, as messages begin."""
    return f"{layer.name} ({type(layer).__name__})"


def as_numpy(layer: Any, value: Any) -> Any:
    """`value` as a NumPy array.

    Raises: ValueError within a compiled model, where there are no values yet, and for lists whose
        rows differ in length.
    """
    import numpy as np

    if is_traced(value):
        raise ValueError(
            f"{who(layer)} works on the host and cannot be part of the compiled model. Apply it to "
            f"the data first: x = {layer.name}(x)."
        )
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{who(layer)} was given lists of different lengths. Pad them to one length."
        ) from None


def is_traced(value: Any) -> bool:
    """Whether JAX is compiling and the value has no numbers yet."""
    if not hasattr(value, "aval"):
        return False
    import numpy as np

    try:
        np.asarray(value)
    except TypeError:  # JAX's TracerArrayConversionError is one
        return True
    return False


def whole_numbers(layer: Any, value: Any) -> Any:
    """`value` as an `int64` array.

    Raises: ValueError for text and other things that are no numbers.
    """
    array = as_numpy(layer, value)
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"{who(layer)} takes whole numbers, but was given {_kind(array)}. StringLookup takes "
            "text."
        )
    return array.astype("int64")


# -- text ------------------------------------------------------------------------------------------


def as_bytes(layer: Any, value: Any, encoding: str = "utf-8") -> Any:
    """Text as an array of Python `bytes` in UTF-8: what is compared, split and hashed.

    value: a text, (nested) lists of them, or an array of text or bytes. encoding: of bytes.
    Raises: ValueError for what is no text, and for lists whose rows differ in length.
    """
    import numpy as np

    flat, shape = _flattened(layer, value)
    found = np.empty(len(flat), dtype=object)
    kinds = set(map(type, flat))
    if kinds == {str}:
        found[:] = [text.encode("utf-8", "surrogateescape") for text in flat]
    elif kinds == {bytes} and encoding == "utf-8":
        found[:] = flat
    else:
        found[:] = [_encoded(layer, text, encoding) for text in flat]
    return found.reshape(shape)


def _flattened(layer: Any, value: Any) -> tuple[list[Any], Shape]:
    """All items of an array or of nested lists, in a row, and the shape they had.

    Lists are not made into an array of text: NumPy would give each the room of the longest.
    """
    if isinstance(value, str | bytes):
        return [value], ()
    if not isinstance(value, list | tuple):
        array = as_numpy(layer, value)
        return array.ravel().tolist(), array.shape
    level, shape = list(value), (len(value),)
    while level and not isinstance(level[0], str | bytes) and hasattr(level[0], "__len__"):
        lengths = {len(row) if hasattr(row, "__len__") else -1 for row in level}
        if len(lengths) > 1:
            raise ValueError(
                f"{who(layer)} was given lists of different lengths. Pad them to one length."
            )
        shape = (*shape, lengths.pop())
        level = [item for row in level for item in row]
    return level, shape


def _encoded(layer: Any, text: Any, encoding: str) -> bytes:
    if isinstance(text, bytes):
        return text if encoding == "utf-8" else text.decode(encoding).encode()
    if isinstance(text, str):
        return text.encode("utf-8", "surrogateescape")
    hint = " IntegerLookup takes numbers." if isinstance(text, int) else ""
    raise ValueError(
        f"{who(layer)} takes text, but was given {text!r} ({type(text).__name__}).{hint}"
    )


def as_text(data: bytes) -> str:
    """Bytes as text; what is no UTF-8 is kept so that it can go back."""
    return data.decode("utf-8", "surrogateescape")


def _kind(array: Any) -> str:
    first = array.flat[0] if array.size else None
    return f"{first!r}" if array.dtype.kind in "OUS" else f"{array.dtype}"
