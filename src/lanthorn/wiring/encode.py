"""Encode: whole numbers, bins or tokens become places: a number of one, or zeros and ones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.wiring.arithmetic import Apply, At, Dot, Expr, Largest, Number, Read
from lanthorn.wiring.base import NotDescribedError, Wiring, sizes


@dataclass(frozen=True)
class Encode(Wiring):
    """`y[…] = place of x[…]`, or `y[…, k]` = whether, or how often, `x` belongs to place k.

    by: what decides the place: `"number"` (the number itself), `"bins"` or `"vocabulary"`. Others
        are told but have no arithmetic: `"lookup"`, `"back"`, `"texts"`, `"hash"`, `"crossing"`.
    mode: `"int"` the place itself; `"one_hot"` of each number; `"multi_hot"` and `"count"` of all
        numbers along the last axis together.
    values: bins: the boundaries between them; vocabulary: the token of each place, None for the
        place of tokens that are not in it. ignored: tokens that have no place.
    factors: what a count of each place is multiplied by.
    """

    kind: ClassVar[str] = "encode"
    by: str
    mode: str
    values: tuple[float | None, ...] = ()
    ignored: tuple[float, ...] = ()
    factors: tuple[float, ...] = ()

    def element(self, at: At) -> Expr:
        if self.by not in ("number", "bins", "vocabulary"):
            raise NotDescribedError(f"a place found by {self.by}")
        if self.mode == "int":
            return self._place(Read(at))
        *place, k = at
        if self.mode == "one_hot":
            is_kept = len(sizes(self.x)) == len(place)
            return self._belongs(Read(tuple(place) if is_kept else (*place, 0)), k)
        along = sizes(self.x)[-1]
        tests = tuple(self._belongs(Read((*place, i)), k) for i in range(along))
        if self.mode == "multi_hot":
            return Largest(tests)
        factor = Number(self.factors[k] if self.factors else 1.0)
        return Dot(tuple((test, factor) for test in tests))

    def _belongs(self, read: Read, k: int) -> Expr:
        """1 if the number belongs to place k, else 0."""
        if self.by == "number":
            return _equals(read, k)
        if self.by == "bins":
            ends = (-math.inf, *(value for value in self.values if value is not None), math.inf)
            return Apply("in_bin", (read,), (("low", ends[k]), ("high", ends[k + 1])))
        if self.values[k] is not None:
            return _equals(read, self.values[k])
        known = [value for value in self.values if value is not None]
        return Dot(
            tuple((_equals(read, token), Number(-1.0)) for token in (*known, *self.ignored)),
            Number(1.0),
        )

    def _place(self, read: Read) -> Expr:
        if self.by == "bins":
            tests = [Apply("reaches", (read,), (("boundary", value),)) for value in self.values]  # type: ignore[arg-type]
            return Dot(tuple((test, Number(1.0)) for test in tests), Number(0.0))
        rest = self.values.index(None) if None in self.values else 0
        steps = tuple(
            (_equals(read, token), Number(float(place - rest)))
            for place, token in enumerate(self.values)
            if token is not None
        )
        return Dot(steps, Number(float(rest)))

    @property
    def variant(self) -> str:
        return f"{self.by}.{self.mode}"

    def facts(self) -> dict[str, Any]:
        return {"by": self.by, "mode": self.mode, "places": len(self.values)}


def _equals(read: Read, number: Any) -> Apply:
    return Apply("equals", (read,), (("number", number),))
