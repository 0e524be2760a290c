"""What a template is: the same thing in both languages, and what fills it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Said(NamedTuple):
    """The same thing in both languages, with the same facts."""

    en: str
    ko: str


Told = tuple[str, dict[str, Any]]
"""The key of a template, and the facts that fill it."""

Found = Iterator[Told]
"""Remarks that hold."""
