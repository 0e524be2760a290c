"""Lookup: each whole number picks a row of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.wiring.arithmetic import At, Expr, Read, Row, Weight
from lanthorn.wiring.base import Wiring


@dataclass(frozen=True)
class Lookup(Wiring):
    """`y[…, k] = table[x[…], k]`."""

    kind: ClassVar[str] = "lookup"
    table: Weight

    def element(self, at: At) -> Expr:
        *place, column = at
        return Row(self.table.name, Read(tuple(place)), (column,))

    @property
    def weights(self) -> tuple[Weight, ...]:
        return (self.table,)

    def facts(self) -> dict[str, Any]:
        return {"rows": self.table.axes[0], "columns": self.table.axes[1]}
