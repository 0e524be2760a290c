"""Object headers: what a group or dataset says of itself, as a list of messages."""

from __future__ import annotations

from typing import NamedTuple

from lanthorn.engine.refusals import DamagedModelError, UnsafeModelError
from lanthorn.saving.hdf5.cursor import Cursor
from lanthorn.saving.source import Source

DATASPACE, LINK_INFO, DATATYPE, LINK, EXTERNAL, LAYOUT = 0x01, 0x02, 0x03, 0x06, 0x07, 0x08
FILTERS, CONTINUATION, SYMBOL_TABLE = 0x0B, 0x10, 0x11

SHARED = 0x02
"""Flag of a message whose content is somewhere else."""

MOST_BLOCKS = 64
MOST_MESSAGES = 4096


class Message(NamedTuple):
    kind: int
    flags: int
    data: bytes


def read_header(source: Source, address: int) -> list[Message]:
    """All messages of the object whose header is at `address`.

    Raises: DamagedModelError; UnsafeModelError for data in other files.
    """
    start = source.at(address, 16) if address + 16 <= source.size else source.at(address, 4)
    messages = (
        _version_2(source, address, start)
        if start[:4] == b"OHDR"
        else _version_1(source, address, start)
    )
    for message in messages:
        if message.kind == EXTERNAL:
            raise UnsafeModelError(
                "keeps its data in another file; data must be in the file itself."
            )
        if message.flags & SHARED and message.kind in (DATASPACE, DATATYPE, LAYOUT, FILTERS):
            raise DamagedModelError("uses shared HDF5 messages, which model files never do.")
    return messages


def only(messages: list[Message], kind: int) -> bytes | None:
    """The data of the one message of this kind, None when there is none."""
    found = [message.data for message in messages if message.kind == kind]
    if len(found) > 1:
        raise DamagedModelError("is damaged: an HDF5 header says one thing twice.")
    return found[0] if found else None


def _version_1(source: Source, address: int, start: bytes) -> list[Message]:
    if len(start) < 16 or start[0] != 1:
        raise DamagedModelError("is damaged: no HDF5 object header where one should be.")
    size = int.from_bytes(start[8:12], "little")
    messages: list[Message] = []
    blocks = [(address + 16, size)]
    for offset, length in blocks:
        cursor = Cursor(source.at(offset, length))
        while cursor.left >= 8:
            kind, size, flags = cursor.short(), cursor.short(), cursor.byte()
            cursor.skip(3)
            _add(messages, blocks, Message(kind, flags, cursor.take(size)))
    return messages


def _version_2(source: Source, address: int, start: bytes) -> list[Message]:
    if start[4] != 2:
        raise DamagedModelError(f"has HDF5 object headers of version {start[4]}, unknown here.")
    flags = start[5]
    offset = address + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    size = int.from_bytes(source.at(offset, width), "little")
    ordered = bool(flags & 0x04)
    messages: list[Message] = []
    blocks: list[tuple[int, int]] = []
    _take_version_2(Cursor(source.at(offset + width, size)), ordered, messages, blocks)
    for offset, length in blocks:
        block = source.at(offset, length)
        if block[:4] != b"OCHK" or length < 8:
            raise DamagedModelError("is damaged: an HDF5 header goes on nowhere.")
        _take_version_2(Cursor(block[4:-4]), ordered, messages, blocks)
    return messages


def _take_version_2(
    cursor: Cursor, ordered: bool, messages: list[Message], blocks: list[tuple[int, int]]
) -> None:
    while cursor.left >= (6 if ordered else 4):
        kind, size, flags = cursor.byte(), cursor.short(), cursor.byte()
        if ordered:
            cursor.skip(2)
        _add(messages, blocks, Message(kind, flags, cursor.take(size)))


def _add(messages: list[Message], blocks: list[tuple[int, int]], message: Message) -> None:
    """Keep a message; one that says where the header goes on adds a block to read."""
    if message.kind == CONTINUATION:
        cursor = Cursor(message.data)
        block = (cursor.long(), cursor.long())
        if block in blocks or len(blocks) >= MOST_BLOCKS:
            raise DamagedModelError("is damaged: an HDF5 header goes in circles.")
        blocks.append(block)
    messages.append(message)
    if len(messages) > MOST_MESSAGES:
        raise DamagedModelError("is damaged: an HDF5 header has too many messages.")
