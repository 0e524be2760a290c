"""Rearrange: each output element is one input element, found by an index map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.wiring.arithmetic import At, Expr, Read
from lanthorn.wiring.base import NotDescribedError, Wiring, sizes


@dataclass(frozen=True)
class Rearrange(Wiring):
    """`y[o] = x[map(o)]`; nothing is computed.

    rule: "reshape" (the same row of numbers under another shape; Flatten is one),
        "permute" (output axis k is input axis order[k]),
        "concatenate" (inputs one behind the other along `axis`),
        "crop" (`before` places of each sample axis are cut off in front).
    """

    kind: ClassVar[str] = "rearrange"
    rule: str
    order: tuple[int, ...] = ()
    axis: int = -1
    before: tuple[int, ...] = ()

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

    def _crop(self, at: At) -> Read:
        if len(self.before) < len(at):
            raise NotDescribedError("an axis has no size yet")
        return Read(tuple(i + cut for i, cut in zip(at, self.before, strict=True)))

    @property
    def variant(self) -> str:
        if self.rule == "crop" and tuple(self.x) != tuple(self.output):
            return "crop"
        if self.rule not in ("crop", "reshape"):
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
