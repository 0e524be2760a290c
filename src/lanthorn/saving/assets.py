"""What layers keep as files of their own inside a `.keras` archive: vocabularies.

A layer that has some gives them by `assets()`, as bytes by file name, and takes them back by
`set_assets`. They are read from the archive into memory; nothing is put on the disk.
Source: keras 3.15.1 `saving/saving_lib.py`, `DiskIOStore`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lanthorn.engine.refusals import inside, quoted
from lanthorn.saving.archive import Member, contents
from lanthorn.saving.limits import Limits
from lanthorn.saving.parts import Part, parts_of

ASSETS = "assets"


def assets_of(model: Any) -> Iterator[tuple[str, bytes]]:
    """The name of each file within the archive, and what is in it."""
    for part in parts_of(model):
        if hasattr(part.owner, "set_assets"):
            for name, data in part.owner.assets().items():
                yield _folder(part) + name, data


def load_assets(model: Any, members: Mapping[str, Member], limits: Limits) -> None:
    """Give each layer its files.

    Raises: ModelLimitError and DamagedModelError.
    """
    for part in parts_of(model):
        if hasattr(part.owner, "set_assets"):
            folder = _folder(part)
            found = {
                name.removeprefix(folder): contents(member, limits)
                for name, member in members.items()
                if name.startswith(folder) and "/" not in name.removeprefix(folder)
            }
            with inside(f"{ASSETS}: {quoted(part.path)}"):
                part.owner.set_assets(found)


def _folder(part: Part) -> str:
    return f"{ASSETS}/{part.path}/" if part.path else f"{ASSETS}/"
