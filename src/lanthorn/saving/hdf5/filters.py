"""Undoing what was done to chunks before they were written: gzip, shuffle, checksums."""

from __future__ import annotations

import zlib
from typing import Any

from lanthorn.engine.refusals import DamagedModelError, UnsafeModelError
from lanthorn.saving.hdf5.cursor import Cursor

GZIP, SHUFFLE, FLETCHER32 = 1, 2, 3
MOST_FILTERS = 8


def read_filters(data: bytes) -> list[int]:
    """The filters of a dataset, in the order they were applied.

    Raises: UnsafeModelError for one that would load a plug-in.
    """
    cursor = Cursor(data)
    version, count = cursor.byte(), cursor.byte()
    if version not in (1, 2) or count > MOST_FILTERS:
        raise DamagedModelError(f"has HDF5 filters of version {version}, unknown here.")
    if version == 1:
        cursor.skip(6)
    found = []
    for _ in range(count):
        kind = cursor.short()
        name_length = cursor.short() if version == 1 or kind >= 256 else 0
        cursor.skip(2)
        values = cursor.short()
        if version == 1:
            name_length = -(-name_length // 8) * 8
            values += values % 2
        cursor.skip(name_length + 4 * values)
        if kind not in (GZIP, SHUFFLE, FLETCHER32):
            raise UnsafeModelError(
                f"uses HDF5 filter {kind}, which would load a plug-in; "
                "allowed: gzip, shuffle, fletcher32."
            )
        found.append(kind)
    return found


def undone(data: bytes, filters: list[int], skipped: int, length: int, item: int) -> bytes:
    """The chunk's numbers, `length` bytes, whatever was done to them.

    skipped: a bit for each filter that this chunk went without. item: bytes of one number.
    """
    for place in reversed(range(len(filters))):
        if skipped >> place & 1:
            continue
        if filters[place] == GZIP:
            # A checksum that was added before compressing is inside and goes on top.
            data = inflated(data, length + 4 * (FLETCHER32 in filters[:place]))
        elif filters[place] == SHUFFLE:
            data = unshuffled(data, item)
        else:
            data = checked(data)
    if len(data) != length:
        raise DamagedModelError("is damaged: a chunk has the wrong length.")
    return data


def inflated(data: bytes, most: int) -> bytes:
    """Decompressed data, never more than `most` bytes of it."""
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(data, most + 1)
    except zlib.error as error:
        raise DamagedModelError("is damaged: compressed data does not unpack.") from error
    if len(found) > most or not unpacking.eof:
        raise DamagedModelError("is damaged: compressed data has the wrong length.")
    return found


def unshuffled(data: bytes, item: int) -> bytes:
    """Bytes in order again that were laid out as all first bytes, all second bytes, and so on."""
    import numpy as np

    whole = len(data) // item * item
    columns = np.frombuffer(data[:whole], "uint8").reshape(item, -1)
    return columns.T.tobytes() + data[whole:]


def checked(data: bytes) -> bytes:
    """Data without the checksum behind it, which must be right."""
    body, stored = data[:-4], int.from_bytes(data[-4:], "little")
    if len(data) < 4 or fletcher32(body) != stored:
        raise DamagedModelError("is damaged: a chunk's checksum is wrong.")
    return body


def fletcher32(data: bytes) -> int:
    """Two sums of 16-bit words modulo 65535, as HDF5 takes them (`H5_checksum_fletcher32`)."""
    import numpy as np

    padded = data + b"\0" * (len(data) % 2)
    words: Any = np.frombuffer(padded, ">u2").astype("uint64")
    first = second = 0
    for start in range(0, len(words), 2**16):
        part = words[start : start + 2**16]
        ahead = np.arange(len(part), 0, -1, dtype="uint64")
        second = int((second + len(part) * first + int((part * ahead).sum())) % 65535)
        first = int((first + int(part.sum())) % 65535)
    return second << 16 | first
