"""The file as a whole: all its arrays by path."""

from __future__ import annotations

from lanthorn.engine.refusals import (
    DamagedModelError,
    ModelLimitError,
    UnsafeModelError,
    damage,
    inside,
    quoted,
)
from lanthorn.saving.hdf5.cursor import Cursor
from lanthorn.saving.hdf5.dataset import Dataset, describe
from lanthorn.saving.hdf5.header import read_header
from lanthorn.saving.hdf5.links import is_group, read_links
from lanthorn.saving.limits import Limits
from lanthorn.saving.source import Source

SIGNATURE = b"\x89HDF\r\n\x1a\n"
DEEPEST = 64
MANY = 100
"""Links in an HDF5 file per member that an archive may have."""


def read_datasets(source: Source, limits: Limits | None = None) -> dict[str, Dataset]:
    """Every array of an HDF5 file by its path (`layers/dense/vars/0`), none of them read yet.

    Raises: DamagedModelError, UnsafeModelError (links, other files, plug-ins), ModelLimitError.
    """
    limits = limits or Limits()
    with damage("its structure"):
        return _walk(source, _root(source), limits)


def _root(source: Source) -> int:
    """The address of the root group's header."""
    if source.size < 48 or source.at(0, 8) != SIGNATURE:
        raise DamagedModelError("is not an HDF5 file.")
    cursor = Cursor(source.at(8, min(source.size - 8, 112)))
    version = cursor.byte()
    if version in (0, 1):
        cursor.skip(4)
        sizes = (cursor.byte(), cursor.byte())
        cursor.skip(9 if version == 0 else 13)
        base, _, end, _ = (cursor.long() for _ in range(4))
        cursor.skip(8)
    elif version in (2, 3):
        sizes = (cursor.byte(), cursor.byte())
        cursor.skip(1)
        base, _, end = (cursor.long() for _ in range(3))
    else:
        raise DamagedModelError(f"is HDF5 with a superblock of version {version}, unknown here.")
    if sizes != (8, 8) or base != 0:
        raise DamagedModelError("is HDF5 with other sizes of addresses than Keras's files have.")
    if end > source.size:
        raise DamagedModelError(f"is cut short: {source.size} of {end} bytes are there.")
    return cursor.long()


def _walk(source: Source, root: int, limits: Limits) -> dict[str, Dataset]:
    found: dict[str, Dataset] = {}
    names: dict[int, str] = {root: ""}
    open_groups = [("", root, 0)]
    while open_groups:
        path, address, depth = open_groups.pop()
        with inside(quoted(f"/{path}")):
            messages = read_header(source, address)
            if path and not is_group(messages):
                found[path] = describe(source, messages)
                continue
            links = read_links(source, messages)
        if depth >= DEEPEST:
            raise ModelLimitError(f"{quoted(path)} lies more than {DEEPEST} groups deep.")
        for name, target in links.items():
            if target in names:
                raise UnsafeModelError(
                    f"{quoted(f'/{path}/{name}')} and {quoted('/' + names[target])} are links to "
                    "one thing; each must have its own."
                )
            inner = f"{path}/{name}" if path else name
            names[target] = inner
            open_groups.append((inner, target, depth + 1))
        if len(names) > MANY * limits.members:
            raise ModelLimitError(
                f"names more than {MANY * limits.members} things.",
                hint=f"If you trust it: limits=Limits(members={10 * limits.members}).",
            )
    return found
