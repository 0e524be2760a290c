"""Compose: wirings in a row or a graph: a nested model, a layer made of layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.wiring.arithmetic import Weight
from lanthorn.wiring.base import Wiring


@dataclass(frozen=True)
class Compose(Wiring):
    """A whole of named parts, each with a wiring of its own that answers for its elements."""

    kind: ClassVar[str] = "compose"
    parts: tuple[tuple[str, Wiring], ...]

    @property
    def weights(self) -> tuple[Weight, ...]:
        return tuple(weight for _, part in self.parts for weight in part.weights)

    def facts(self) -> dict[str, Any]:
        return {"count": len(self.parts)}
