"""Rearrange: each output element is one input element, found by an index map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.wiring.arithmetic import At, Expr, Number, Read
from lanthorn.wiring.base import NotDescribedError, Wiring, sizes


@dataclass(frozen=True)
class Rearrange(Wiring):
    """`y[o] = x[map(o)]`; nothing is computed.

    rule: "reshape" (the same row of numbers under another shape; Flatten is one),
        "permute" (output axis k is input axis order[k]),
        "concatenate" (inputs one behind the other along `axis`),
        "pad" and "crop" (`edges` rows more or less before and behind each axis; past them is 0),
        "repeat" (the whole sample at every place of a new first axis),
        "upsample" (each number `factors` times along each axis).
    """

    kind: ClassVar[str] = "rearrange"
    rule: str
    order: tuple[int, ...] = ()
    axis: int = -1
    edges: tuple[tuple[int, int], ...] = ()
    factors: tuple[int, ...] = ()

    def element(self, at: At) -> Expr:
        return getattr(self, f"_{self.rule}")(at)

    def _reshape(self, at: At) -> Read:
        return Read(unravel(ravel(at, sizes(self.output)), sizes(self.x)))

    def _permute(self, at: At) -> Read:
        place = [0] * len(at)
        for position, axis in zip(at, self.order, strict=True):
            place[axis] = position
        return Read(tuple(place))

    def _concatenate(self, at: At) -> Read:
        axis = self.axis % len(at)
        rest = at[axis]
        for source, axes in enumerate(self.inputs):
            size = sizes(axes)[axis]
            if rest < size:
                return Read((*at[:axis], rest, *at[axis + 1 :]), source)
            rest -= size
        raise IndexError(at)

    def _pad(self, at: At) -> Expr:
        place = tuple(i - before for i, (before, _) in zip(at, self.edges, strict=True))
        inside = all(0 <= i < size for i, size in zip(place, sizes(self.x), strict=True))
        return Read(place) if inside else Number(0.0)

    def _crop(self, at: At) -> Read:
        if not self.edges:
            raise NotDescribedError("how much is cut off depends on a size that is not known yet")
        return Read(tuple(i + before for i, (before, _) in zip(at, self.edges, strict=True)))

    def _repeat(self, at: At) -> Read:
        return Read(at[1:])

    def _upsample(self, at: At) -> Read:
        return Read(tuple(i // factor for i, factor in zip(at, self.factors, strict=True)))

    @property
    def variant(self) -> str:
        if self.rule in ("pad", "crop"):
            return self.rule if not self.edges or any(map(any, self.edges)) else "unchanged"
        if self.rule == "upsample":
            return self.rule if any(factor > 1 for factor in self.factors) else "unchanged"
        if self.rule != "reshape":
            return self.rule
        if len(self.output.sample) == 1 and len(self.x.sample) > 1:
            return "flatten"
        return "unchanged" if tuple(self.x) == tuple(self.output) else "reshape"

    def facts(self) -> dict[str, Any]:
        count = self.output.elements()
        facts: dict[str, Any] = {"count": count}
        if self.rule == "concatenate":
            axis = self.output.sample[self.axis]
            parts = [str(axes.sample[self.axis].size) for axes in self.inputs]
            facts |= {"axis": axis.name, "parts": " + ".join(parts), "total": axis.size}
        return facts


def ravel(at: At, shape: tuple[int, ...]) -> int:
    """The place in the row of all numbers, the last axis running fastest."""
    place = 0
    for index, size in zip(at, shape, strict=True):
        place = place * size + index
    return place


def unravel(place: int, shape: tuple[int, ...]) -> At:
    """The position with that place; the inverse of `ravel`."""
    found = []
    for size in reversed(shape):
        place, index = divmod(place, size)
        found.append(index)
    return tuple(reversed(found))
