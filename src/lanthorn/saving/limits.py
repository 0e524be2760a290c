"""How much a model file may ask for: every limit, each of which the caller can raise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a file may ask for before it is refused with a ModelLimitError.

    expand: how many times larger than the file what is unpacked from it may be.
    json_bytes, json_depth, json_values: size, nesting and number of brackets of config.json.
    layers: layers of a model, those of models inside it counted too.
    members: entries of a zip archive, and links in an HDF5 file.
    Units: bytes where the name says so, else counts.
    Example:
        >>> Limits(expand=2000).expand
        2000
    """

    expand: float = 100
    json_bytes: int = 64 * 2**20
    json_depth: int = 200
    json_values: int = 4_000_000
    layers: int = 100_000
    members: int = 10_000


SMALL = 2**20
"""Bytes that anything may unpack to, whatever the file's own size."""
