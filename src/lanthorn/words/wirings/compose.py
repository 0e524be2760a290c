"""Compose: wirings inside a wiring, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.said import Said, Told

SENTENCES = {
    "compose": Said("A model within the model, of {parts}.", "모델 속의 모델: {parts}."),
}


def told(wiring: Any) -> Told:
    return "compose", {"parts": Axis("layers", len(wiring.pieces))}
