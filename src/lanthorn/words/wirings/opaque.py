"""Opaque: a computation that does not say how it works, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Said, Told

SENTENCES = {
    "opaque": Said("Its own computation, not described.", "자체 계산이며, 설명되어 있지 않습니다."),
}


def told(wiring: Any) -> Told:
    return "opaque", {}
