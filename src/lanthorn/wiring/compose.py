"""Compose: wirings in a row or a graph: a nested model, a layer made of layers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

from lanthorn.axes import Axes
from lanthorn.wiring.arithmetic import At, Expr, Inner, Read, Weight, relocated
from lanthorn.wiring.base import NotDescribedError, Wiring, renamed


class Part(NamedTuple):
    """A named wiring inside a whole, and where its inputs come from.

    sources: for each of its inputs the name of the part that makes it, or the number of the
        whole's own input.
    """

    name: str
    wiring: Wiring
    sources: tuple[str | int, ...] = (0,)


def owned(layer_name: str, wiring: Wiring) -> Wiring:
    """The wiring of a layer inside another, its weights named as the outer one knows them."""
    return renamed(wiring, lambda name: f"{layer_name}/{name}")


@dataclass(frozen=True)
class Compose(Wiring):
    """A whole of named parts, each with a wiring that answers for its elements.

    result: the part that makes the output; "" means the last.
    The intermediates of a part `a` are called `a/…`, its own elements `a`.
    """

    kind: ClassVar[str] = "compose"
    pieces: tuple[Part, ...]
    result: str = ""
    told: str = ""

    def element(self, at: At) -> Expr:
        if not self.pieces:
            raise NotDescribedError("nothing inside")
        return self.part(self.result or self.pieces[-1].name, at)

    def part(self, name: str, at: At) -> Expr:
        piece, inside = self._piece(name)
        wiring = piece.wiring
        expression = wiring.part(inside, at) if inside else wiring.element(at)

        def known_outside(leaf: Any) -> Any:
            if isinstance(leaf, Inner):
                return leaf._replace(name=f"{piece.name}/{leaf.name}")
            if isinstance(leaf, Read):
                source = piece.sources[leaf.source]
                return Read(leaf.at, source) if isinstance(source, int) else Inner(source, leaf.at)
            return leaf

        return relocated(expression, known_outside)

    def needs_first(self, name: str, at: At) -> Iterable[tuple[str, At]]:
        piece, inside = self._piece(name)
        for found, place in piece.wiring.needs_first(inside, at) if inside else ():
            yield f"{piece.name}/{found}", place

    def under(self, mask: Any) -> Any:
        """With the mask beside its first input, for the parts that see that input themselves.

        All cells in a row leave out the same steps.
        """
        everywhere = self.told == "stacked"
        pieces = tuple(
            piece._replace(wiring=piece.wiring.under(mask))
            if everywhere or piece.sources[:1] == (0,)
            else piece
            for piece in self.pieces
        )
        return replace(self, pieces=pieces)

    def _piece(self, name: str) -> tuple[Part, str]:
        for piece in self.pieces:
            if name == piece.name:
                return piece, ""
            if name.startswith(f"{piece.name}/"):
                return piece, name.removeprefix(f"{piece.name}/")
        raise NotDescribedError(f"there is no part {name!r}")

    @property
    def intermediates(self) -> dict[str, Axes]:
        found = {}
        for piece in self.pieces:
            for inside, axes in piece.wiring.intermediates.items():
                found[f"{piece.name}/{inside}"] = axes
            found[piece.name] = piece.wiring.output
        return found

    @property
    def weights(self) -> tuple[Weight, ...]:
        found = {weight: None for piece in self.pieces for weight in piece.wiring.weights}
        return tuple(found)

    @property
    def variant(self) -> str:
        return self.told

    def facts(self) -> dict[str, Any]:
        return {"count": len(self.pieces)}
