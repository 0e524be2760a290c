"""Masked: every number as it was, but for steps that hold nothing but the sign of emptiness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.wiring.arithmetic import Apply, At, Expr, Read
from lanthorn.wiring.base import Wiring, sizes


@dataclass(frozen=True)
class Masked(Wiring):
    """`y[…, i] = 0 where all of x[…, :] are empty, else x[…, i]`."""

    kind: ClassVar[str] = "masked"
    empty: float

    def element(self, at: At) -> Expr:
        if self.empty == 0:
            return Read(at)  # an empty step is 0 as it is
        step = tuple(Read((*at[:-1], i)) for i in range(sizes(self.x)[-1]))
        return Apply("masked", (Read(at), *step), (("empty", float(self.empty)),))

    def facts(self) -> dict[str, Any]:
        return {"empty": self.empty}
