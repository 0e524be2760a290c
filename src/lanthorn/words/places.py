"""Where one number of a rearranged input went: an example, and the formula for all of them."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis, product
from lanthorn.words.phrases import say
from lanthorn.words.sentences import PAGE
from lanthorn.words.shapes import place_text, place_word

FIRST = 0
"""Places are counted from it."""


def place_lines(wiring: Any, language: str = "en") -> list[str]:
    """`place 17 is step 1, unit 1` and `place = step × 16 + unit`; none where sizes are open."""
    wiring = wiring.told_by
    if wiring.kind != "rearrange" or wiring.variant not in ("flatten", "reshape"):
        return []
    if None in (product(wiring.x[1:]), product(wiring.output[1:])) or not wiring.output.elements():
        return []
    if wiring.variant == "reshape":
        return [_reshaped(wiring, language)]
    all_leaves = [leaf for axis in wiring.x.sample for leaf in axis.leaves]
    leaves = [leaf for leaf in all_leaves if leaf.size != 1] or all_leaves  # size 1 moves nothing
    at = [min(1, (leaf.size or 1) - 1) for leaf in leaves]
    place = 0
    for leaf, index in zip(leaves, at, strict=True):
        place = place * (leaf.size or 1) + index
    coordinates = place_text(leaves, at, language)
    facts = {"place": str(place), "coordinates": coordinates, "nothing": FIRST}
    formula = {"formula": place_formula(leaves, language)}
    return [say(PAGE["place"], language, facts), say(PAGE["formula"], language, formula)]


def place_formula(axes: list[Axis], language: str) -> str:
    """`step × 16 + unit`, `(row × 4 + column) × 8 + channel`."""
    first, *rest = axes
    text = place_word(first.name, language)
    for count, axis in enumerate(rest):
        before = f"({text})" if count else text
        text = f"{before} × {axis.size} + {place_word(axis.name, language)}"
    return text


def _reshaped(wiring: Any, language: str) -> str:
    at = tuple(min(1, (size or 1) - 1) for size in wiring.output[1:])
    there = place_text(wiring.output.sample, at, language)
    here = place_text(wiring.x.sample, wiring.element(at).at, language)
    return say(PAGE["was"], language, {"there": there, "here": here})
