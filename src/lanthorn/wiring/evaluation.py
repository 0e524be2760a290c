"""The numbers of one wiring on one sample, worked out from its arithmetic and nothing else.

Intermediates (gates, scores, the layers inside a layer) are each worked out once and remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lanthorn.wiring.arithmetic import At, Inner, Read, Reader, Weigher, evaluate, leaves
from lanthorn.wiring.base import Wiring


class Evaluation:
    """One sample's numbers, in double precision.

    read, weigh: an element of an input, of a weight.
    known: arrays of intermediates that need not be worked out again, by name.
    """

    def __init__(
        self,
        wiring: Wiring,
        read: Reader,
        weigh: Weigher,
        known: Mapping[str, Any] | None = None,
    ) -> None:
        self.wiring = wiring
        self.read = read
        self.weigh = weigh
        self.known = known or {}
        self._found: dict[tuple[str, At], float] = {}

    def element(self, at: At) -> float:
        """One element of the output."""
        return self.of(self.wiring.element(at))

    def of(self, expression: Any) -> float:
        return evaluate(expression, self.read, self.weigh, self.inner)

    def inner(self, name: str, at: At) -> float:
        """One element of an intermediate."""
        if name in self.known:
            return float(self.known[name][at])
        key = (name, at)
        if key not in self._found:
            for before in self.wiring.needs_first(name, at):
                if before[0] not in self.known and before not in self._found:
                    self._found[before] = self.of(self.wiring.part(*before))
            self._found[key] = self.of(self.wiring.part(name, at))
        return self._found[key]


def reads(wiring: Wiring, at: At) -> set[Read]:
    """Every input element that an output element depends on, through all intermediates."""
    found: set[Read] = set()
    seen: set[Inner] = set()
    waiting = [wiring.element(at)]
    while waiting:
        for leaf in leaves(waiting.pop()):
            if isinstance(leaf, Read):
                found.add(leaf)
            elif isinstance(leaf, Inner) and leaf not in seen:
                seen.add(leaf)
                waiting.append(wiring.part(leaf.name, leaf.at))
    return found
