"""Groups: which names they hold and where those are. Hard links only."""

from __future__ import annotations

from collections.abc import Iterator

from lanthorn.engine.refusals import DamagedModelError, ModelLimitError, UnsafeModelError, quoted
from lanthorn.saving.hdf5.cursor import UNDEFINED, Cursor
from lanthorn.saving.hdf5.header import LINK, LINK_INFO, SYMBOL_TABLE, Message, only
from lanthorn.saving.source import Source

HARD, SOFT, EXTERNAL = 0, 1, 64
MOST_IN_A_GROUP = 1_000_000
LONGEST_NAME = 1024


def read_links(source: Source, messages: list[Message]) -> dict[str, int]:
    """The names in a group and the addresses of what they name.

    Raises: UnsafeModelError for links to other files or by path.
    """
    table = only(messages, SYMBOL_TABLE)
    if table is not None:
        cursor = Cursor(table)
        found = _symbols(source, cursor.long(), cursor.long())
    else:
        found = _link_messages(messages)
    links: dict[str, int] = {}
    for name, address in found:
        if name in links:
            raise DamagedModelError(f"is damaged: two things are called {quoted(name)}.")
        links[name] = address
        if len(links) > MOST_IN_A_GROUP:
            raise ModelLimitError(f"has a group with more than {MOST_IN_A_GROUP} members.")
    return links


def is_group(messages: list[Message]) -> bool:
    return any(message.kind in (SYMBOL_TABLE, LINK_INFO, LINK) for message in messages)


# -- version 1: a B-tree of names, the names in a heap ---------------------------------------------


def _symbols(source: Source, tree: int, heap: int) -> Iterator[tuple[str, int]]:
    header = Cursor(source.at(heap, 32))
    if header.take(4) != b"HEAP":
        raise DamagedModelError("is damaged: an HDF5 group's names are not there.")
    header.skip(4)
    length, _, start = header.long(), header.long(), header.long()
    names = source.part(start, length)
    for node in _leaves(source, tree):
        entries = Cursor(source.at(node, 8))
        if entries.take(4) != b"SNOD":
            raise DamagedModelError("is damaged: an HDF5 group's entries are not there.")
        entries.skip(2)
        count = entries.short()
        entries = Cursor(source.at(node + 8, 40 * count))
        for _ in range(count):
            name, address, kind = _name(names, entries.long()), entries.long(), entries.word()
            entries.skip(20)
            if kind == 2:
                raise _refused_link(name, SOFT)
            yield name, address


def _leaves(source: Source, root: int) -> Iterator[int]:
    """The nodes that hold a group's entries. A node is visited once and levels only go down."""
    stack: list[tuple[int, int | None]] = [(root, None)]
    seen: set[int] = set()
    while stack:
        address, wanted_level = stack.pop()
        if address in seen:
            raise DamagedModelError("is damaged: an HDF5 group goes in circles.")
        seen.add(address)
        node = Cursor(source.at(address, 24))
        if node.take(4) != b"TREE" or node.byte() != 0:
            raise DamagedModelError("is damaged: an HDF5 group's tree is not there.")
        level, count = node.byte(), node.short()
        if wanted_level is not None and level != wanted_level:
            raise DamagedModelError("is damaged: an HDF5 group's tree has wrong levels.")
        entries = Cursor(source.at(address + 24, 16 * count))
        children = []
        for _ in range(count):
            entries.skip(8)
            children.append(entries.long())
        if level == 0:
            for child in children:
                if child in seen:
                    raise DamagedModelError("is damaged: an HDF5 group goes in circles.")
                seen.add(child)
                yield child
        else:
            stack.extend((child, level - 1) for child in reversed(children))


def _name(names: Source, offset: int) -> str:
    text = names.at(offset, min(LONGEST_NAME + 1, max(names.size - offset, 0)))
    end = text.find(b"\0")
    if end < 0:
        raise DamagedModelError("is damaged: a name in an HDF5 group does not end.")
    return _decoded(text[:end])


# -- version 2: one message per link ---------------------------------------------------------------


def _link_messages(messages: list[Message]) -> Iterator[tuple[str, int]]:
    info = only(messages, LINK_INFO)
    if info is not None:
        cursor = Cursor(info)
        cursor.skip(1)
        if cursor.byte() & 1:
            cursor.skip(8)
        if cursor.long() != UNDEFINED:
            raise DamagedModelError(
                "has a group in HDF5's dense form, which is not read here.",
                hint="Save it again without libver='latest'.",
            )
    for message in messages:
        if message.kind == LINK:
            yield _link(Cursor(message.data))


def _link(cursor: Cursor) -> tuple[str, int]:
    version, flags = cursor.byte(), cursor.byte()
    if version != 1:
        raise DamagedModelError(f"has HDF5 links of version {version}, unknown here.")
    kind = cursor.byte() if flags & 0x08 else HARD
    if flags & 0x04:
        cursor.skip(8)
    if flags & 0x10:
        cursor.skip(1)
    length = cursor.number(1 << (flags & 3))
    if length > LONGEST_NAME:
        raise ModelLimitError(f"has a name longer than {LONGEST_NAME} bytes.")
    name = _decoded(cursor.take(length))
    if kind != HARD:
        raise _refused_link(name, kind)
    return name, cursor.long()


def _decoded(name: bytes) -> str:
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text or "/" in text or "\0" in text or text in (".", ".."):
        raise DamagedModelError(f"is damaged: {quoted(repr(name))} is no name of a group's member.")
    return text


def _refused_link(name: str, kind: int) -> UnsafeModelError:
    what = {SOFT: "a soft link", EXTERNAL: "an external link"}.get(kind, "a link of a user's kind")
    return UnsafeModelError(f"{quoted(name)} is {what}; data must be in the file itself.")
