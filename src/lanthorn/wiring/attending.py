"""Attending: who sees whom, and the share of each: what all attention has in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from lanthorn.axes import Axis
from lanthorn.wiring.arithmetic import (
    At,
    Expr,
    Inner,
    Number,
    Share,
)
from lanthorn.wiring.base import NotDescribedError, Wiring


@dataclass(frozen=True, kw_only=True)
class Attending(Wiring):
    """What all attention shares: a softmax of scores over the places that are seen.

    causal: a place sees itself and earlier ones. window: it sees places less than that far off.
    visible: which places are seen besides: nested yes and no in the shape of the scores, where an
        axis of size 1 stands for all its places; () for no mask.
    awaits_mask: the call was given a mask, and without it no number can be told.
    blind: what a place that sees nothing has: "even" shares of everything, or "nothing".
    """

    causal: bool = False
    window: int | None = None
    visible: tuple[Any, ...] = ()
    awaits_mask: bool = False
    blind: str = "even"

    def under(self, mask: Any) -> Self:
        """The same for one sample's masks, in the form of `visible`."""
        if mask is None:
            return self
        return replace(self, visible=mask, awaits_mask=False)

    # -- what is seen ------------------------------------------------------------------------------

    def seen(self, row: At, query: At) -> list[At]:
        """The keys that one row of scores may look at.

        row: where the row lies among the scores. query: its places along what is attended over.
        """
        if self.awaits_mask:
            raise NotDescribedError("which places are seen is said by a mask")
        return [
            key for key in self.keys() if self._reaches(query, key) and self._is_on((*row, *key))
        ]

    def keys(self) -> Iterator[At]:
        """The places that are attended over."""
        raise NotImplementedError

    def _reaches(self, query: At, key: At) -> bool:
        if self.causal and key[0] > query[0]:
            return False
        return self.window is None or abs(key[0] - query[0]) < self.window

    def _is_on(self, at: At) -> bool:
        found: Any = self.visible
        if found == ():
            return True
        for place in at:
            found = found[0 if len(found) == 1 else place]
        return bool(found)

    def share(self, row: At, query: At, key: At) -> Expr:
        """The share of one key in a row of scores."""
        seen = self.seen(row, query)
        if not seen and self.blind == "even":
            return Number(1 / sum(1 for _ in self.keys()))
        if key not in seen:
            return Number(0.0)
        if len(seen) == 1:
            return Number(1.0)
        among = tuple(Inner("scores", (*row, *other)) for other in seen)
        return Share(Inner("scores", (*row, *key)), among)

    def counted(self, row: At, query: At) -> Sequence[At]:
        """The keys whose values count in a mean."""
        seen = self.seen(row, query)
        return list(self.keys()) if not seen and self.blind == "even" else seen


def key_name(axis: Axis, count: int) -> str:
    """What the places that are looked at are called beside those that look."""
    return "keys" if count == 1 else f"key {axis.name}"
