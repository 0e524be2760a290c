"""Resample: each output element is a weighted sum of the input elements around its place."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product as pairs
from typing import Any, ClassVar

from lanthorn.wiring.arithmetic import At, Dot, Expr, Number, Read
from lanthorn.wiring.base import NotDescribedError, Wiring

Line = tuple[tuple[int, float], ...]
"""One output place along one axis: the input places it is made of, each with its weight."""

NEGLIGIBLE = 1e-9
"""A weight below this is rounding: `sin(π)` is not quite 0."""


@dataclass(frozen=True)
class Resample(Wiring):
    """`y[i, j, c] = Σ_{u, v} rows[i][u] · columns[j][v] · x[u, v, c]`: every axis by itself.

    method: "nearest", "bilinear", "bicubic", "lanczos3" or "lanczos5".
    along: the sample axes that get another size.
    lines: for each of them what every output place is made of; () while a size is open.
    framing: "cut" or "framed" when the input was fitted to the new proportions first.
    fill: the number that stands past the input's edge.
    told: which sentence tells it, when not the usual one.
    """

    kind: ClassVar[str] = "resample"
    method: str
    along: tuple[int, ...]
    lines: tuple[tuple[Line, ...], ...]
    antialias: bool = False
    framing: str = ""
    fill: float = 0.0
    told: str = ""

    def element(self, at: At) -> Expr:
        if not all(self.lines):
            raise NotDescribedError("an axis has no size yet")
        parts = (line[at[axis]] for axis, line in zip(self.along, self.lines, strict=True))
        terms = tuple(
            (
                self._input(at, tuple(place for place, _ in chosen)),
                Number(math.prod(weight for _, weight in chosen)),
            )
            for chosen in pairs(*parts)
        )
        return terms[0][0] if terms[0][1] == Number(1.0) else Dot(terms)

    def _input(self, at: At, places: At) -> Expr:
        """The element of the input that lies there, or the number past its edge."""
        found = list(at)
        for axis, place in zip(self.along, places, strict=True):
            if not 0 <= place < (self.x[1:][axis] or 0):
                return Number(self.fill)
            found[axis] = place
        return Read(tuple(found))

    @property
    def variant(self) -> str:
        return self.told or ("nearest" if self.method == "nearest" else "weighted")

    def facts(self) -> dict[str, Any]:
        return {"method": self.method, "antialias": self.antialias, "fill": self.fill}


def triangle(x: float) -> float:
    return max(0.0, 1 - x)


def keys_cubic(x: float) -> float:
    """Source: Keys 1981, IEEE Trans. ASSP 29(6), with a = -1/2."""
    if x < 1:
        return (1.5 * x - 2.5) * x * x + 1
    return ((-0.5 * x + 2.5) * x - 4) * x + 2 if x < 2 else 0.0


def lanczos(radius: int) -> Callable[[float], float]:
    """sinc(x) · sinc(x / radius)."""

    def weight(x: float) -> float:
        if x <= 1e-3:
            return 1.0
        if x > radius:
            return 0.0
        return radius * math.sin(math.pi * x) * math.sin(math.pi * x / radius) / (math.pi * x) ** 2

    return weight


KERNELS: dict[str, tuple[int, Callable[[float], float]]] = {
    "bilinear": (1, triangle),
    "bicubic": (2, keys_cubic),
    "lanczos3": (3, lanczos(3)),
    "lanczos5": (5, lanczos(5)),
}
"""How far each method looks, in places, and what a place at distance x weighs."""


def resampled(
    size: int | None, into: int | None, method: str, antialias: bool = False, first: int = 0
) -> tuple[Line, ...]:
    """What each of `into` output places is made of, of `size` input places from `first` on.

    antialias: when it shrinks, look as much further as it shrinks, so that no place is skipped.
    Example:
        >>> resampled(2, 4, "nearest")
        (((0, 1.0),), ((0, 1.0),), ((1, 1.0),), ((1, 1.0),))
        >>> resampled(2, 3, "bilinear")
        (((0, 1.0),), ((0, 0.5), (1, 0.5)), ((1, 1.0),))
    """
    if size is None or into is None:
        return ()
    if method == "nearest":
        return tuple(((first + (2 * i + 1) * size // (2 * into), 1.0),) for i in range(into))
    radius, kernel = KERNELS[method]
    wider = max(size / into, 1.0) if antialias else 1.0
    found = []
    for i in range(into):
        centre = (i + 0.5) * size / into - 0.5
        low = max(math.ceil(centre - radius * wider), 0)
        high = min(math.floor(centre + radius * wider), size - 1)
        weights = {place: kernel(abs(place - centre) / wider) for place in range(low, high + 1)}
        whole = math.fsum(weights.values())
        shares = [(first + place, weight / whole) for place, weight in weights.items()]
        found.append(tuple(share for share in shares if abs(share[1]) > NEGLIGIBLE))
    return tuple(found)
