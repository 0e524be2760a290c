"""Reading numbers from a few bytes, one after the other."""

from __future__ import annotations

from lanthorn.engine.refusals import DamagedModelError

UNDEFINED = 2**64 - 1
"""HDF5's address of what is nowhere."""


class Cursor:
    """Little-endian numbers from `data`, in order."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.place = at

    @property
    def left(self) -> int:
        return len(self.data) - self.place

    def take(self, length: int) -> bytes:
        if length > self.left:
            raise DamagedModelError("is damaged: an HDF5 message ends too early.")
        self.place += length
        return self.data[self.place - length : self.place]

    def skip(self, length: int) -> None:
        self.take(length)

    def number(self, length: int) -> int:
        return int.from_bytes(self.take(length), "little")

    def byte(self) -> int:
        return self.number(1)

    def short(self) -> int:
        return self.number(2)

    def word(self) -> int:
        return self.number(4)

    def long(self) -> int:
        return self.number(8)
