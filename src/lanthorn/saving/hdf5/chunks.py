"""Chunks: pieces of an array, found by a B-tree, each filtered by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lanthorn.axes import product
from lanthorn.engine.refusals import DamagedModelError, ModelLimitError
from lanthorn.saving.hdf5.cursor import UNDEFINED, Cursor
from lanthorn.saving.hdf5.filters import undone
from lanthorn.saving.source import Source

LARGEST_CHUNK = 2**31


class Chunks(NamedTuple):
    """tree: where the B-tree is. shape: of one chunk."""

    tree: int
    shape: tuple[int, ...]

    @classmethod
    def of(cls, cursor: Cursor, whole: tuple[int, ...], item: int) -> Chunks:
        """The chunks that a layout message describes, for an array of this shape."""
        rank = cursor.byte() - 1
        tree = cursor.long()
        shape = tuple(cursor.word() for _ in range(max(rank, 0)))
        if rank != len(whole) or cursor.word() != item or 0 in shape:
            raise DamagedModelError("is damaged: its chunks do not fit its shape.")
        if tree == UNDEFINED:
            raise DamagedModelError("was declared but never written.")
        if (product(shape) or 0) * item > LARGEST_CHUNK:
            raise ModelLimitError("has chunks of more than 2 GB.")
        return cls(tree, shape)


class Chunk(NamedTuple):
    """Where one piece goes in the array, and where its bytes are."""

    start: tuple[int, ...]
    address: int
    length: int
    skipped: int


def fill_from_chunks(source: Source, array: Any, chunks: Chunks, filters: list[int]) -> None:
    """Put every chunk in its place. Each place is filled once, and all are."""
    import numpy as np

    counts = [-(-size // step) for size, step in zip(array.shape, chunks.shape, strict=True)]
    wanted = product(counts) or 0
    if wanted * 8 > source.size:
        raise DamagedModelError(f"is damaged: it has not the {wanted} chunks that it declares.")
    length = (product(chunks.shape) or 0) * array.itemsize
    seen = set()
    for chunk in _chunks(source, chunks.tree, array.ndim):
        misplaced = any(
            start % step or start >= size
            for start, step, size in zip(chunk.start, chunks.shape, array.shape, strict=True)
        )
        if misplaced or chunk.start in seen:
            raise DamagedModelError("is damaged: a chunk is where none should be.")
        seen.add(chunk.start)
        raw = source.at(chunk.address, chunk.length)
        data = undone(raw, filters, chunk.skipped, length, array.itemsize)
        piece = np.frombuffer(data, array.dtype).reshape(chunks.shape)
        there = tuple(
            slice(start, min(start + step, size))
            for start, step, size in zip(chunk.start, chunks.shape, array.shape, strict=True)
        )
        array[there] = piece[tuple(slice(0, s.stop - s.start) for s in there)]
    if len(seen) != wanted:
        raise DamagedModelError(f"was not written whole: {len(seen)} of {wanted} chunks are there.")


def _chunks(source: Source, root: int, rank: int) -> Iterator[Chunk]:
    """All chunks. A node is visited once and levels only go down."""
    key_length = 8 + 8 * (rank + 1)
    stack: list[tuple[int, int | None]] = [(root, None)]
    seen: set[int] = set()
    while stack:
        address, wanted_level = stack.pop()
        node = Cursor(source.at(address, 24))
        if address in seen or node.take(4) != b"TREE" or node.byte() != 1:
            raise DamagedModelError("is damaged: the tree of its chunks is broken.")
        seen.add(address)
        level, count = node.byte(), node.short()
        if wanted_level is not None and level != wanted_level:
            raise DamagedModelError("is damaged: the tree of its chunks has wrong levels.")
        entries = Cursor(source.at(address + 24, (key_length + 8) * count))
        below = []
        for _ in range(count):
            length, skipped = entries.word(), entries.word()
            start = tuple(entries.long() for _ in range(rank))
            entries.skip(8)
            child = entries.long()
            if level == 0:
                yield Chunk(start, child, length, skipped)
            else:
                below.append((child, level - 1))
        stack.extend(reversed(below))
