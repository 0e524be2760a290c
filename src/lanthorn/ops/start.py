"""JAX begins here: its compile cache is set up before anything is compiled.

A compiled step is kept in the user's cache folder, so the second run of a script compiles nothing.
What the user configured wins, `LANTHORN_CACHE=off` switches it off, and a folder that cannot be
written means no cache and no complaint.
"""

from __future__ import annotations

import os
import sys
import warnings
from contextlib import suppress
from pathlib import Path

import numpy as np

_drawn = np.random.get_state()
import jax  # noqa: E402  draws from NumPy's global generator while it loads

np.random.set_state(_drawn)  # so that a seed set before means the same as one set after

MOST_BYTES = 2**30
"""Older entries are removed when the folder outgrows this, at the start of a process."""

OFF = ("off", "0", "no", "false")


def user_cache_folder() -> Path:
    """Where this system keeps what programs can make again."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification: a relative path is invalid and counts as unset.
    return Path(chosen) if os.path.isabs(chosen) else Path.home() / ".cache"


def machine_fingerprint() -> str:
    """Names the compiler and the processor: code compiled for one need not run on another."""
    import hashlib
    import platform

    import jaxlib.version

    parts = [jax.__version__, jaxlib.version.__version__, platform.machine(), platform.processor()]
    parts.append(os.environ.get("XLA_FLAGS", ""))
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith(("flags", "Features", "model name")):
                parts.append(line)
            if not line:  # the first core's paragraph says it all
                break
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def keep_compiled_code() -> Path | None:
    """Set up the persistent compile cache; return its folder, or None when there is none."""
    if os.environ.get("LANTHORN_CACHE", "").lower() in OFF:
        return None
    if (
        jax.config.values["jax_compilation_cache_dir"] is not None
    ):  # by the user: variable or setting
        return None
    with suppress(OSError, RuntimeError):  # RuntimeError: there is no home folder
        folder = user_cache_folder() / "lanthorn" / f"xla-{machine_fingerprint()}"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(folder, os.W_OK | os.X_OK):
            return None
        trim(folder, MOST_BYTES)
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
        # The disk may fill up or an entry be cut short later: JAX then compiles, and warns each
        # time. Nothing is lost but time, so nothing is said.
        warnings.filterwarnings("ignore", message="Error (reading|writing) persistent compilation")
        return folder
    return None


def trim(folder: Path, most_bytes: int) -> None:
    """Remove the oldest files until `folder` holds no more than `most_bytes`.

    JAX's own limit (`jax_compilation_cache_max_size`) needs the package filelock and reads every
    entry's age at each write.
    """
    entries = []
    with os.scandir(folder) as found:
        for entry in found:
            with suppress(OSError):  # another process may be trimming too
                status = entry.stat()
                entries.append((max(status.st_atime, status.st_mtime), status.st_size, entry.path))
    held = sum(size for _, size, _ in entries)
    for _, size, path in sorted(entries):
        if held <= most_bytes:
            return
        with suppress(OSError):
            os.unlink(path)
            held -= size


folder = keep_compiled_code()
