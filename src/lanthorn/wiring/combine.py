"""Combine: each output element is a function of the same place of several inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.wiring.arithmetic import Apply, At, Expr, Read
from lanthorn.wiring.base import Wiring, sizes


@dataclass(frozen=True)
class Combine(Wiring):
    """`y[o] = function(x1[o], x2[o], …)`; an axis of size 1 is read again and again."""

    kind: ClassVar[str] = "combine"
    function: str

    def element(self, at: At) -> Expr:
        return Apply(
            self.function,
            tuple(self._read(at, source) for source in range(len(self.inputs))),
        )

    def _read(self, at: At, source: int) -> Read:
        shape = sizes(self.inputs[source])
        aligned = at[len(at) - len(shape) :]
        return Read(
            tuple(0 if size == 1 else i for i, size in zip(aligned, shape, strict=True)), source
        )

    @property
    def variant(self) -> str:
        return self.function

    def facts(self) -> dict[str, Any]:
        return {"count": len(self.inputs)}
