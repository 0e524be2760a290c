"""Bytes to read from: a stretch of a file, or of memory. Nothing outside it can be reached."""

from __future__ import annotations

import os
import stat
from typing import Any, BinaryIO

from lanthorn.engine.refusals import DamagedModelError, UnsafeModelError


class Source:
    """`size` bytes of `file` from `start` on."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self.file = file
        self.start = start
        self.size = size

    def check(self, offset: int, length: int) -> None:
        """Raises: DamagedModelError unless these bytes are there."""
        if offset < 0 or length < 0 or offset + length > self.size:
            raise DamagedModelError(
                f"is cut short or damaged: {length} bytes at {offset} are wanted, "
                f"there are {self.size}."
            )

    def at(self, offset: int, length: int) -> bytes:
        self.check(offset, length)
        self.file.seek(self.start + offset)
        found = self.file.read(length)
        if len(found) != length:
            raise DamagedModelError("is cut short: it ends while it is read.")
        return found

    def into(self, offset: int, buffer: memoryview) -> None:
        """Fill `buffer` with the bytes at `offset`."""
        self.check(offset, len(buffer))
        self.file.seek(self.start + offset)
        filled = 0
        while filled < len(buffer):
            count = self.file.readinto(buffer[filled:])  # type: ignore[attr-defined]
            if not count:
                raise DamagedModelError("is cut short: it ends while it is read.")
            filled += count

    def part(self, offset: int, length: int) -> Source:
        self.check(offset, length)
        return Source(self.file, self.start + offset, length)


def opened(path: Any) -> BinaryIO:
    """Open a file to read: a regular one, never a device, a pipe or a folder.

    Raises: FileNotFoundError and PermissionError as they are; DamagedModelError or
        UnsafeModelError for what is no file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    except (FileNotFoundError, PermissionError):
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DamagedModelError(f"cannot be opened: {reason}.", path=path) from error
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise DamagedModelError("is a folder, not a model file.", path=path)
        if not stat.S_ISREG(mode):
            raise UnsafeModelError(
                "is a device, a pipe or a socket; a model is read from a file only.", path=path
            )
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise
