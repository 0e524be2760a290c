"""Gate: the second half of the last axis says how much of the first half gets through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lanthorn.wiring.arithmetic import Apply, At, Expr, Read
from lanthorn.wiring.base import Wiring, sizes


@dataclass(frozen=True)
class Gate(Wiring):
    """`y[…, i] = x[…, i] · sigmoid(x[…, n + i])`, n being half the size of the last axis.

    Source: Dauphin et al. 2016, arXiv:1612.08083.
    """

    kind: ClassVar[str] = "gate"

    def element(self, at: At) -> Expr:
        *place, i = at
        half = sizes(self.output)[-1]
        return Apply("gate", (Read(at), Read((*place, half + i))))
