"""Data as the loop wants it: arrays whose rows are samples, or a stream of batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from lanthorn.engine.errors import DataError
from lanthorn.engine.structure import leaves, map_leaves
from lanthorn.training import checks

Batch = tuple[Any, Any, Any]


class ArrayData(NamedTuple):
    """x, y and weights as structures of NumPy or JAX arrays with `length` rows each."""

    x: Any
    y: Any
    weights: Any
    length: int

    def rows(self, chosen: Any) -> ArrayData:
        """Some of the rows; `chosen` is a slice or an array of row numbers."""
        x, y, weights = (
            map_leaves(lambda a: a[chosen], part) for part in (self.x, self.y, self.weights)
        )
        return ArrayData(x, y, weights, len(next(leaves(x))))

    def batches(self, size: int) -> Iterator[Batch]:
        for start in range(0, self.length, size):
            part = self.rows(slice(start, start + size))
            yield part.x, part.y, part.weights


class Stream:
    """Batches from a generator, a dataset or any iterable; `len` is None when it does not say."""

    def __init__(self, source: Any, on_host: bool = False) -> None:
        self.source = source
        self.on_host = on_host
        self.is_indexed = hasattr(source, "__getitem__") and hasattr(source, "__len__")
        self.length: int | None = _length(source)
        self.first: list[Any] = []
        self.prepared: Callable[[Any], Any] | None = None
        """Makes the model's numbers of each x."""
        self._iterator: Any = None

    def __iter__(self) -> Iterator[Batch]:
        """The batches from the beginning, or from where a generator stands."""
        if self.is_indexed and not hasattr(self.source, "__iter__"):
            items: Iterable[Any] = (self.source[i] for i in range(self.length or 0))
        else:
            items = iter(self.source)
        for item in _chained(self.first, items):
            yield self._batch(item)
        if hasattr(self.source, "on_epoch_end"):
            self.source.on_epoch_end()

    def peek(self) -> Batch:
        """The first batch, which will come again."""
        if self.is_indexed and not hasattr(self.source, "__iter__"):
            return self._batch(self.source[0])
        if self.first:
            return self._batch(self.first[0])
        iterator = iter(self.source)
        try:
            item = next(iterator)
        except StopIteration:
            raise DataError("The data gave no batch at all.") from None
        if iterator is self.source:  # a generator cannot begin again
            self.first = [item]
        return self._batch(item)

    def _batch(self, item: Any) -> Batch:
        x, y, weights = as_batch(item, self.on_host)
        return (x if self.prepared is None else self.prepared(x)), y, weights


def _length(source: Any) -> int | None:
    try:
        return len(source)
    except TypeError:
        return None


def _chained(first: list[Any], rest: Iterable[Any]) -> Iterator[Any]:
    while first:
        yield first.pop()
    yield from rest


def as_batch(item: Any, on_host: bool = False) -> Batch:
    """(x, y, weights) of what a stream yields: x alone, (x,), (x, y) or (x, y, weights)."""
    if not isinstance(item, tuple):
        item = (item,)
    if not 1 <= len(item) <= 3:
        raise DataError(
            f"A batch is x, (x, y) or (x, y, sample_weight), but the data gave {len(item)} parts."
        )
    parts = [map_leaves(lambda a: checks.as_array("the batch", a, on_host), part) for part in item]
    x, y, weights = (*parts, *[None] * (3 - len(parts)))
    return x, y, weights


def is_stream(x: Any) -> bool:
    """Whether `x` yields batches rather than being an array or a structure of arrays."""
    if isinstance(x, list | tuple | dict | str | bytes) or hasattr(x, "__array__"):
        return False
    return hasattr(x, "__iter__") or hasattr(x, "__next__") or hasattr(x, "__getitem__")


def as_data(x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None,
            who: str = "fit", on_host: bool = False) -> ArrayData | Stream:  # fmt: skip
    """Checked arrays, or a stream.

    on_host: x may be text.
    Raises: DataError, before anything is touched, for data that no model could use.
    """
    if x is None:
        raise DataError(f"{who} needs data: x is None.")
    if is_stream(x):
        for name, value in (("y", y), ("sample_weight", sample_weight)):
            if value is not None:
                raise DataError(
                    f"x yields whole batches, so {name} comes with them and cannot be given "
                    f"beside it: let x yield (x, y) pairs."
                )
        return Stream(x, on_host)
    arrays = checks.as_arrays("x", x, on_host)
    targets = checks.as_arrays("y", y)
    weights = checks.as_arrays("sample_weight", sample_weight)
    if class_weight is not None:
        weights = class_weights(targets, class_weight, weights)
    count = checks.same_length(x=arrays, y=targets, sample_weight=weights)
    checks.warn_of_bad_numbers("x", arrays)
    checks.warn_of_bad_numbers("y", targets)
    return ArrayData(arrays, targets, weights, count)


def class_weights(y: Any, weights: dict[int, float], sample_weight: Any) -> Any:
    """One weight per sample, by its class; classes that are not listed weigh 1."""
    import numpy as np

    if sample_weight is not None:
        raise DataError("class_weight and sample_weight cannot both be given.")
    if not hasattr(y, "shape"):
        raise DataError("class_weight needs one array of targets.")
    if y.ndim > 1 and y.shape[-1] > 1:
        labels = np.argmax(y, axis=-1)
    else:
        labels = np.round(np.asarray(y).reshape(y.shape[0], -1)[:, 0]).astype("int64")
    top = max(int(labels.max(initial=0)), *map(int, weights)) + 1
    table = np.ones(top, "float32")
    for label, weight in weights.items():
        table[int(label)] = weight
    return table[labels]


def split(data: ArrayData, fraction: float) -> tuple[ArrayData, ArrayData]:
    """The rows to train on, and the last `fraction` of the rows, held out."""
    if not 0 < fraction < 1:
        raise DataError(f"validation_split is a fraction between 0 and 1, not {fraction!r}.")
    at = int(data.length * (1.0 - fraction))
    if at == 0 or at == data.length:
        raise DataError(
            f"validation_split={fraction} of {data.length} rows leaves {at} to train on and "
            f"{data.length - at} to validate; both need at least one."
        )
    return data.rows(slice(None, at)), data.rows(slice(at, None))


def unpack(data: Any) -> Sequence[Any]:
    """x, y, weights of a `validation_data` tuple."""
    if not isinstance(data, tuple | list) or not 1 <= len(data) <= 3:
        return data, None, None
    x, y, weights = (*data, *[None] * (3 - len(data)))
    return x, y, weights
