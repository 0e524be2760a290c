"""Replacing a file all at once: whenever the process dies, the old file is there or the new one."""

from __future__ import annotations

import errno
import os
import platform
import secrets
import stat
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

DAY = 86_400
REPLACE_TRIES = 10


def replaced(
    path: Any, write: Callable[[BinaryIO], None], check: Callable[[BinaryIO], None]
) -> None:
    """Write a file beside `path`, look at it again, and only then let it take that name.

    write: writes the content. check: reads it back and raises when it is not as it should be.
    Raises: OSError that names the path; the file that was there before is untouched.
    """
    path = os.path.realpath(os.fspath(path))  # of a link, what it leads to is replaced
    with _explained(path):
        _check_target(path)
        folder = os.path.dirname(path)
        _clean(folder, os.path.basename(path))
        handle, temporary = _made(path)
        try:
            with os.fdopen(handle, "w+b") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            with open(temporary, "rb") as file:
                check(file)
            _replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise
        _sync_folder(folder)


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Say which file was not written, and that the old one is untouched."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OSError(
            error.errno or 0,
            f"{reason}; nothing was saved, and a file that was there before is untouched",
            path,
        ) from error


def _check_target(path: str) -> None:
    """Refuse to replace a folder or a device: as root, even /dev/null could be lost."""
    with suppress(FileNotFoundError):
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            code = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
            raise OSError(code, f"{os.strerror(code)}: only a file can be replaced")


def _made(path: str) -> tuple[int, str]:
    """A new file beside `path`, with the permissions that `path` has."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    folder, name = os.path.split(path)
    mark = f"{_pattern(name)}{os.getpid()}.{secrets.token_hex(4)}.tmp"
    temporary = os.path.join(folder, mark)
    handle = os.open(temporary, flags | getattr(os, "O_CLOEXEC", 0), 0o666)
    with suppress(OSError):
        before = os.stat(path)
        if hasattr(os, "fchmod"):
            os.fchmod(handle, stat.S_IMODE(before.st_mode))
    return handle, temporary


def _pattern(name: str) -> str:
    """How the temporary files of this machine for this file begin."""
    machine = zlib.crc32(platform.node().encode())
    shown = name.encode()[:100].decode(errors="ignore")  # a name may have 255 bytes
    return f".{shown}.{machine:08x}."


def _clean(folder: str, name: str) -> None:
    """Remove what killed processes left: temporary files of this name that nobody writes."""
    start = _pattern(name)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(start) and entry.name.endswith(".tmp"):
                writer = entry.name.removeprefix(start).split(".")[0]
                with suppress(OSError):
                    old = time.time() - entry.stat(follow_symlinks=False).st_mtime > DAY
                    if old or (writer.isdigit() and not _is_alive(int(writer))):
                        os.unlink(entry.path)


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        return True  # there, os.kill would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _replace(temporary: str, path: str) -> None:
    """Windows refuses to replace a file that another program has open: try for a second."""
    for left in reversed(range(REPLACE_TRIES)):
        try:
            os.replace(temporary, path)
            return
        except PermissionError:
            if os.name != "nt" or not left:
                raise
            time.sleep(0.1)


def _sync_folder(folder: str) -> None:
    """Make the new name last through a power cut, where the system can."""
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
