"""Reading the zip archive that a `.keras` file is; nothing is ever unpacked to disk.

Source: PKWARE APPNOTE 6.3.10, the parts that Keras and Python's zipfile write.
"""

from __future__ import annotations

import io
import stat
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from lanthorn.engine.refusals import (
    DamagedModelError,
    ModelLimitError,
    UnsafeModelError,
    damage,
    quoted,
)
from lanthorn.saving.hdf5.cursor import Cursor
from lanthorn.saving.limits import SMALL, Limits
from lanthorn.saving.source import Source

STORED, DEFLATED = 0, 8
END, END_64, WHERE_END_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
ENTRY, LOCAL = b"PK\x01\x02", b"PK\x03\x04"
LONGEST_COMMENT = 2**16
PIECE = 2**20
FULL = 0xFFFFFFFF
ENCRYPTED, UTF8 = 0x01, 0x800


class Member(NamedTuple):
    """One file of the archive. data: its bytes as they are stored."""

    name: str
    method: int
    crc: int
    size: int
    data: Source


def read_members(source: Source, limits: Limits) -> dict[str, Member]:
    """The members by name.

    Raises: DamagedModelError; UnsafeModelError for names that lead elsewhere, links and two
        members of one name; ModelLimitError.
    """
    with damage("its list of members"):
        offset, length, count = _directory(source)
        if count > limits.members or length > limits.members * 1024:
            raise ModelLimitError(
                f"has {count} members (limit {limits.members}).",
                hint=f"If you trust it: limits=Limits(members={count}).",
            )
        cursor = Cursor(source.at(offset, length))
        members: dict[str, Member] = {}
        for _ in range(count):
            member = _member(source, cursor, offset)
            if member.name in members:
                raise UnsafeModelError(f"two members are called {quoted(member.name)}.")
            members[member.name] = member
        if cursor.left:
            raise DamagedModelError("its list of members does not end where it should.")
        _check_overlaps(members)
        return members


def _directory(source: Source) -> tuple[int, int, int]:
    """Where the list of members is, its length, and how many there are."""
    tail_at = max(0, source.size - LONGEST_COMMENT - 22)
    tail = source.at(tail_at, source.size - tail_at)
    place = tail.rfind(END)
    if place < 0 or len(tail) - place < 22:
        raise DamagedModelError("is cut short: the end of the zip archive is missing.")
    end = Cursor(tail, place + 4)
    disks = (end.short(), end.short())
    counts = (end.short(), end.short())
    length, offset = end.word(), end.word()
    before = tail_at + place
    if before >= 20 and source.at(before - 20, 4) == WHERE_END_64:
        before, counts, length, offset = _directory_64(source, before, (length, offset))
    if disks != (0, 0) or counts[0] != counts[1]:
        raise DamagedModelError("is a part of a zip archive on several disks.")
    if offset + length != before:
        raise DamagedModelError("its list of members is not where it should be.")
    return offset, length, counts[0]


def _directory_64(
    source: Source, end: int, told: tuple[int, int]
) -> tuple[int, tuple[int, int], int, int]:
    """The same for an archive too large for 32 bits; what was told in 32 bits must agree."""
    where = Cursor(source.at(end - 20, 20))
    where.skip(8)
    place = where.long()
    record = Cursor(source.at(place, 56))
    if record.take(4) != END_64 or place + 76 != end:
        raise DamagedModelError("the end of the zip archive is damaged.")
    record.skip(20)
    counts = (record.long(), record.long())
    found = (record.long(), record.long())
    if any(short not in (FULL, long) for short, long in zip(told, found, strict=True)):
        raise DamagedModelError("the end of the zip archive tells two different things.")
    return place, counts, *found


def _member(source: Source, cursor: Cursor, directory: int) -> Member:
    if cursor.take(4) != ENTRY:
        raise DamagedModelError("its list of members is damaged.")
    cursor.skip(4)
    flags, method = cursor.short(), cursor.short()
    cursor.skip(4)
    crc, stored, size = cursor.word(), cursor.word(), cursor.word()
    name_length, extra_length, comment_length = cursor.short(), cursor.short(), cursor.short()
    cursor.skip(4)
    attributes, local = cursor.word(), cursor.word()
    raw_name, extra = cursor.take(name_length), cursor.take(extra_length)
    cursor.skip(comment_length)
    size, stored, local = _wide(extra, size, stored, local)
    name = _checked_name(raw_name)
    if flags & ENCRYPTED:
        raise DamagedModelError(f"{quoted(name)} is encrypted.")
    if stat.S_ISLNK(attributes >> 16):
        raise UnsafeModelError(f"{quoted(name)} is a link; members must be files.")
    if method not in (STORED, DEFLATED) or (method == STORED and size != stored):
        raise DamagedModelError(f"{quoted(name)} is packed by method {method}, unknown here.")
    data = _local_data(source, local, raw_name, method, stored)
    if data.start + stored > directory + source.start:
        raise DamagedModelError(f"{quoted(name)} reaches into the list of members.")
    return Member(name, method, crc, size, data)


def _wide(extra: bytes, size: int, stored: int, local: int) -> tuple[int, int, int]:
    """Sizes and place of a member too large for 32 bits, which an extra field tells."""
    if FULL not in (size, stored, local):
        return size, stored, local
    cursor = Cursor(extra)
    while cursor.left >= 4:
        kind, length = cursor.short(), cursor.short()
        field = Cursor(cursor.take(length))
        if kind == 1:
            return (
                field.long() if size == FULL else size,
                field.long() if stored == FULL else stored,
                field.long() if local == FULL else local,
            )
    raise DamagedModelError("its list of members is damaged: a size is missing.")


def _local_data(source: Source, local: int, name: bytes, method: int, stored: int) -> Source:
    """Where a member's bytes are; what stands before them must agree with the list."""
    header = Cursor(source.at(local, 30))
    signature = header.take(4)
    header.skip(2)
    flags, local_method = header.short(), header.short()
    header.skip(16)
    name_length, extra_length = header.short(), header.short()
    agrees = (
        signature == LOCAL
        and local_method == method
        and not flags & ENCRYPTED
        and source.at(local + 30, name_length) == name
    )
    if not agrees:
        raise DamagedModelError(
            f"the list of members and the member {quoted(repr(name)[2:-1])} disagree."
        )
    return source.part(local + 30 + name_length + extra_length, stored)


def _checked_name(raw: bytes) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = raw.decode("latin-1")
    parts = name.replace("\\", "/").split("/")
    is_drive = len(name) > 1 and name[1] == ":"
    if not name or "\0" in name or "\\" in name or name[0] == "/" or is_drive or ".." in parts:
        raise UnsafeModelError(f"has a member called {quoted(name)}, which leads elsewhere.")
    return name


def _check_overlaps(members: dict[str, Member]) -> None:
    reached = 0
    for member in sorted(members.values(), key=lambda member: member.data.start):
        if member.data.start < reached:
            raise DamagedModelError(f"{quoted(member.name)} lies within another member.")
        reached = member.data.start + member.data.size


# -- contents --------------------------------------------------------------------------------------


def contents(member: Member, limits: Limits) -> bytes:
    """All of a member, which must be what its checksum says.

    Raises: ModelLimitError when it would grow too much; DamagedModelError.
    """
    found = b"".join(_pieces(member, limits))
    _check_crc(member, zlib.crc32(found))
    return found


def to_read_from(member: Member, limits: Limits) -> Source:
    """A member to read in parts, its checksum checked: in place, or unpacked into memory."""
    if member.method == DEFLATED:
        found = contents(member, limits)
        return Source(io.BytesIO(found), 0, len(found))
    crc = 0
    for piece in _pieces(member, limits):
        crc = zlib.crc32(piece, crc)
    _check_crc(member, crc)
    return member.data


def _check_crc(member: Member, crc: int) -> None:
    if crc != member.crc:
        raise DamagedModelError(
            f"{quoted(member.name)} has changed since it was saved (CRC).",
            hint="Copy or download the file again.",
        )


def _pieces(member: Member, limits: Limits) -> Iterator[bytes]:
    """A member's bytes, piece by piece, never more than it declares."""
    check_growth(member.name, member.data.size, member.size, limits)
    if member.method == STORED:
        for offset in range(0, member.size, PIECE):
            yield member.data.at(offset, min(PIECE, member.size - offset))
        return
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    left, offset = member.size, 0
    try:
        while not unpacking.eof:
            raw = unpacking.unconsumed_tail
            if not raw:
                raw = member.data.at(offset, min(PIECE, member.data.size - offset))
                offset += len(raw)
            piece = unpacking.decompress(raw, PIECE)
            left -= len(piece)
            if left < 0 or (not raw and not piece):
                raise DamagedModelError(f"{quoted(member.name)} does not unpack to its size.")
            yield piece
    except zlib.error as error:
        raise DamagedModelError(f"{quoted(member.name)} does not unpack.") from error
    if left:
        raise DamagedModelError(f"{quoted(member.name)} does not unpack to its size.")


def check_growth(name: str, stored: int, size: int, limits: Limits) -> None:
    """Raises: ModelLimitError when `size` is far more than the `stored` bytes it comes from."""
    if size > max(SMALL, limits.expand * stored):
        needed = -(-size // max(stored, 1))
        raise ModelLimitError(
            f"{quoted(name)} would grow from {stored:,} to {size:,} bytes "
            f"(limit {limits.expand:g} ×).",
            hint=f"If you trust it: limits=Limits(expand={needed}).",
        )
