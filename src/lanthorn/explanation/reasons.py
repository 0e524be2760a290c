"""The reasons for one number, as data: what it was made of, largest contributions first."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from lanthorn.wiring.arithmetic import At


class Term(NamedTuple):
    """One number that went in.

    source: the layer (or input) it is an output of; "" past the edge of the input.
    at, place: where it lies there, as indices and in words.
    value, weight: what it was and what it was multiplied with (None where nothing was).
    product: what it contributed.
    by: what `weight` is, when it is no weight of the layer but a number of its own that can be
        asked for: `key[5, 0, 1]`.
    words: what both are called, where a cell has words for them: `memory × forget gate`.
    function: what was applied to the number at `at` before it went in; `value` is what came of it.
    """

    source: str
    at: At
    place: str
    value: float
    weight: float | None
    product: float
    by: str = ""
    words: str = ""
    function: str = ""


class Step(NamedTuple):
    """A number on the way from the terms to the result: the bias, the sum, a setting."""

    name: str
    value: float


@dataclass(frozen=True)
class Why:
    """The exact arithmetic of one output element. Print it, or read its fields.

    part: the intermediate it belongs to, "" for the layer's output.
    how: "sum", "largest", "mean", "copy", "part" and "kept" (an intermediate as it was, or as the
        step before left it), "row", "share", "function"; "measured", whose terms'
        products are slopes; or "always", "opaque" and "inside", which have no terms.
    terms: every number that went in, the largest contribution first.
    steps: what came on top, in order.
    formula: the function that was applied, "" when none.
    among: for a softmax, each place's number (`value`) and share (`product`), largest first.
    value: by this arithmetic, in double precision; None when it is not described.
    computed: what JAX computed (None for an intermediate that it does not keep). difference: how
        far apart they are.
    """

    layer: str
    part: str
    index: At
    place: str
    sample: int
    how: str
    terms: tuple[Term, ...]
    steps: tuple[Step, ...]
    formula: str
    among: tuple[Term, ...]
    value: float | None
    computed: float | None
    difference: float | None
    row: tuple[str, int, int] | None
    calls: int
    language: str

    def text(self, width: int | None = None) -> str:
        """Plain text in lines of at most `width` columns; None: as wide as the terminal."""
        from lanthorn.explanation.reasons_text import why_text

        return why_text(self, width)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        from html import escape

        return f'<pre lang="{escape(self.language)}">{escape(self.text(100))}</pre>'

    def to_dict(self) -> dict[str, Any]:
        """Plain data that JSON can hold."""
        return {
            **asdict(self),
            "index": list(self.index),
            "terms": [term._asdict() | {"at": list(term.at)} for term in self.terms],
            "steps": [step._asdict() for step in self.steps],
            "among": [term._asdict() | {"at": list(term.at)} for term in self.among],
        }
