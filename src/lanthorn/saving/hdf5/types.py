"""What a dataset's numbers are and how many: HDF5's datatypes and dataspaces."""

from __future__ import annotations

from lanthorn.engine.refusals import DamagedModelError, ModelLimitError
from lanthorn.saving.hdf5.cursor import Cursor

FIXED, FLOAT, STRING, OPAQUE, ENUM = 0, 1, 3, 5, 8
NAMES = {
    2: "a time", 3: "text", 4: "bits", 5: "opaque bytes", 6: "a record", 7: "a reference",
    8: "an enumeration", 9: "text of any length", 10: "arrays", 11: "complex numbers",
}  # fmt: skip
MOST_AXES = 32

# (bytes, sign at, exponent at, exponent bits, mantissa at, mantissa bits, exponent's bias) → name
FLOATS = {
    (2, 15, 10, 5, 0, 10, 15): "float16",
    (2, 15, 7, 8, 0, 7, 127): "bfloat16",
    (4, 31, 23, 8, 0, 23, 127): "float32",
    (8, 63, 52, 11, 0, 52, 1023): "float64",
}


def read_type(data: bytes) -> tuple[str, str]:
    """The name of the number type and its byte order, "<" or ">".

    Raises: DamagedModelError for anything but numbers.
    """
    cursor = Cursor(data)
    head = cursor.byte()
    kind, version = head & 15, head >> 4
    bits, size = cursor.number(3), cursor.word()
    if not 1 <= version <= 5:
        raise DamagedModelError(f"has an HDF5 datatype of version {version}, unknown here.")
    order = ">" if bits & 1 else "<"
    if kind == FIXED:
        return _whole(cursor, bits, size), order
    if kind == FLOAT:
        return _float(cursor, bits, size), order
    if kind == ENUM and size == 1:
        return _truth(cursor), order
    if kind == OPAQUE and size == 2:
        return "bfloat16", "<"  # as h5py writes a type that NumPy does not know
    raise DamagedModelError(
        f"holds {NAMES.get(kind, 'values')} where numbers should be (HDF5 datatype {kind})."
    )


def _whole(cursor: Cursor, bits: int, size: int) -> str:
    offset, precision = cursor.short(), cursor.short()
    if size not in (1, 2, 4, 8) or offset or precision != 8 * size:
        raise DamagedModelError(f"holds whole numbers of {precision} bits, unknown here.")
    return f"{'' if bits & 8 else 'u'}int{8 * size}"


def _float(cursor: Cursor, bits: int, size: int) -> str:
    offset, precision = cursor.short(), cursor.short()
    exponent_at, exponent, mantissa_at, mantissa = (cursor.byte() for _ in range(4))
    layout = (size, bits >> 8 & 255, exponent_at, exponent, mantissa_at, mantissa, cursor.word())
    is_implied = bits >> 4 & 3 == 2
    if layout not in FLOATS or offset or precision != 8 * size or not is_implied or bits & 64:
        raise DamagedModelError("holds floating numbers of an unknown layout.")
    return FLOATS[layout]


def _truth(cursor: Cursor) -> str:
    """h5py writes truth values as an enumeration of two names over int8."""
    base = cursor.byte()
    cursor.skip(3)
    if base & 15 != FIXED or cursor.word() != 1:
        raise DamagedModelError("holds an enumeration where numbers should be.")
    return "bool"


def read_shape(data: bytes) -> tuple[int, ...]:
    """The sizes of a dataset's axes."""
    cursor = Cursor(data)
    version, rank, flags = cursor.byte(), cursor.byte(), cursor.byte()
    if version not in (1, 2) or flags > 3:
        raise DamagedModelError(f"has an HDF5 dataspace of version {version}, unknown here.")
    if rank > MOST_AXES:
        raise ModelLimitError(f"has {rank} axes (limit {MOST_AXES}).")
    kind = cursor.byte()
    if version == 1:
        cursor.skip(4)
    elif kind > 1 or (kind == 0) != (rank == 0):
        raise DamagedModelError("is an HDF5 dataset without a shape.")
    return tuple(cursor.long() for _ in range(rank))
