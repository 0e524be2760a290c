"""Datasets: arrays of numbers, in one piece or in chunks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from lanthorn.axes import product
from lanthorn.engine.dtypes import BYTES
from lanthorn.engine.refusals import DamagedModelError, ModelLimitError, UnsafeModelError
from lanthorn.saving.hdf5.chunks import Chunks, fill_from_chunks
from lanthorn.saving.hdf5.cursor import UNDEFINED, Cursor
from lanthorn.saving.hdf5.filters import read_filters
from lanthorn.saving.hdf5.header import DATASPACE, DATATYPE, FILTERS, LAYOUT, Message, only
from lanthorn.saving.hdf5.types import read_shape, read_type
from lanthorn.saving.source import Source

COMPACT, CONTIGUOUS, CHUNKED, VIRTUAL = range(4)
MOST_ELEMENTS = 2**40


class Dataset(NamedTuple):
    """An array in a file; nothing of its numbers is read before `read`."""

    source: Source
    shape: tuple[int, ...]
    dtype: str
    order: str
    layout: bytes
    filters: list[int]

    @property
    def nbytes(self) -> int:
        return (product(self.shape) or 0) * BYTES[self.dtype]

    def read(self) -> Any:
        """The array. Its type is the file's, in this machine's byte order.

        Raises: DamagedModelError, before memory is taken where the file tells its length.
        """
        import numpy as np

        fill = self._filler() if self.nbytes else None
        array = np.zeros(self.shape, self._stored_type())
        if fill is not None:
            fill(array)
        if self.dtype == "bfloat16":
            import ml_dtypes

            return array.astype("uint16").view(ml_dtypes.bfloat16)
        return array.astype(self.dtype, copy=False)

    def _stored_type(self) -> str:
        stored = {"bfloat16": "uint16", "bool": "int8"}.get(self.dtype, self.dtype)
        return f"{self.order}{stored[0]}{BYTES[self.dtype]}"

    def _filler(self) -> Callable[[Any], None]:
        """What puts the file's numbers into an array."""
        cursor = Cursor(self.layout)
        version, kind = cursor.byte(), cursor.byte()
        if version not in (3, 4, 5):
            raise DamagedModelError(f"has an HDF5 layout of version {version}, unknown here.")
        if kind == VIRTUAL:
            raise UnsafeModelError("is put together from other files; it must be in this one.")
        if kind == CHUNKED and version == 3:
            chunks = Chunks.of(cursor, self.shape, BYTES[self.dtype])
            return lambda array: fill_from_chunks(self.source, array, chunks, self.filters)
        if kind not in (COMPACT, CONTIGUOUS):
            raise DamagedModelError(
                "is laid out in a way that is not read here.",
                hint="Save it again without libver='latest'.",
            )
        if self.filters:
            raise DamagedModelError("is damaged: only chunks can have filters.")
        return self._compact(cursor) if kind == COMPACT else self._contiguous(cursor)

    def _compact(self, cursor: Cursor) -> Callable[[Any], None]:
        data = cursor.take(cursor.short())
        self._check_length(len(data))

        def fill(array: Any) -> None:
            _bytes_of(array)[:] = data

        return fill

    def _contiguous(self, cursor: Cursor) -> Callable[[Any], None]:
        address, size = cursor.long(), cursor.long()
        if address == UNDEFINED:
            raise DamagedModelError("was declared but never written.")
        self._check_length(size)
        self.source.check(address, size)
        return lambda array: self.source.into(address, _bytes_of(array))

    def _check_length(self, length: int) -> None:
        if length != self.nbytes:
            raise DamagedModelError("is damaged: its data has the wrong length.")


def _bytes_of(array: Any) -> memoryview:
    return memoryview(array.reshape(-1).view("uint8"))


def describe(source: Source, messages: list[Message]) -> Dataset:
    """The dataset with this header.

    Raises: DamagedModelError when it is none, or holds no numbers.
    """
    space, kind = only(messages, DATASPACE), only(messages, DATATYPE)
    layout, filters = only(messages, LAYOUT), only(messages, FILTERS)
    if space is None or kind is None or layout is None:
        raise DamagedModelError("is neither a group nor an array.")
    shape = read_shape(space)
    if (product(shape) or 0) > MOST_ELEMENTS or any(size > MOST_ELEMENTS for size in shape):
        raise ModelLimitError("declares more than 2^40 numbers.")
    dtype, order = read_type(kind)
    return Dataset(
        source, shape, dtype, order, layout, read_filters(filters) if filters is not None else []
    )
