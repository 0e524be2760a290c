"""Separable: a window over each channel by itself, then a mixture of the channels at each place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.wiring.compose import Compose


@dataclass(frozen=True)
class Separable(Compose):
    """Two windows in a row: the part "depthwise", then one of size 1 over all its channels."""

    kind: ClassVar[str] = "separable"

    @property
    def depthwise(self) -> Any:
        return self.pieces[0].wiring

    @property
    def pointwise(self) -> Any:
        return self.pieces[1].wiring

    @property
    def activation(self) -> str:
        return self.pointwise.activation

    @property
    def shares(self) -> int:
        return self.pointwise.shares
