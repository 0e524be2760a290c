"""What is said of a wiring: its sentence, the remarks that hold, the line about its parameters.

A wiring is asked only for data (`kind`, `variant`, `facts()`, its axes and settings); which
template tells it is decided here, and every number in the text is one of its facts.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lanthorn.axes import product
from lanthorn.words.clauses import clause
from lanthorn.words.phrases import checked_language, say
from lanthorn.words.said import Told
from lanthorn.words.sentences import AFTERWARDS, ONE_WEIGHT, PARAMETERS, WEIGHTS
from lanthorn.words.shapes import sizes_text

__all__ = ["parameter_line", "remarks", "sentence", "told"]

WHOLE = 1
"""What the shares of a softmax sum to."""


def sentence(wiring: Any, language: str = "en") -> str:
    """What the layer does, in words with its own numbers.

    Raises: KeyError for a wiring there is no sentence for.
    """
    checked_language(language)
    wiring = wiring.told_by
    key, facts = told(wiring)
    said = words_of(wiring.kind).SENTENCES[key]
    if "clause" in said.en:
        facts = facts | {"clause": clause(wiring.function, dict(wiring.settings), language)}
    text = say(said, language, spoken(facts, language))
    after = afterwards(wiring, facts, language)
    return f"{text} {after}" if after else text


def told(wiring: Any) -> Told:
    """The key of the sentence that tells a wiring, and its facts."""
    wiring = wiring.told_by
    return words_of(wiring.kind).told(wiring)


def remarks(wiring: Any, language: str = "en") -> list[str]:
    """What is worth saying behind the sentence: edges, steps, rows that nobody sees."""
    said = []
    for one in (wiring.told_by, *([wiring] if wiring.kind == "wrapped" else [])):
        words = words_of(one.kind)
        found = words.remarks(one) if hasattr(words, "remarks") else ()
        said += [say(words.REMARKS[key], language, spoken(facts, language)) for key, facts in found]
    return said


def spoken(facts: dict[str, Any], language: str) -> dict[str, Any]:
    """Facts with the sentence of a wiring in place of the wiring."""
    return {
        name: sentence(fact, language) if hasattr(fact, "told_by") else fact
        for name, fact in facts.items()
    }


def words_of(kind: str) -> Any:
    """The file with the words of one kind of wiring."""
    return import_module(f"lanthorn.words.wirings.{kind}")


def afterwards(wiring: Any, facts: dict[str, Any], language: str) -> str:
    """The sentence about the activation at the end, or nothing."""
    activation = getattr(wiring, "activation", "linear")
    if activation == "linear":
        return ""
    facts = facts | {"whole": WHOLE, "activation": activation}
    if activation == "softmax" and facts["out.last"].size == 1:
        return say(words_of("normalize").SENTENCES["normalize.alone"], language, facts)
    if f"then.{activation}" in AFTERWARDS:
        return say(AFTERWARDS[f"then.{activation}"], language, facts)
    facts["clause"] = clause(activation, {}, language)
    return say(AFTERWARDS["then"], language, facts)


def part_word(wiring: Any, part: str, language: str = "en") -> str:
    """What an intermediate is called, where it has a word: `memory` for an LSTM's c."""
    if wiring.kind == "per_step":
        return part_word(wiring.inner, part, language)
    if wiring.kind == "compose":
        for piece in wiring.pieces:
            if part.startswith(f"{piece.name}/"):
                return part_word(piece.wiring, part.removeprefix(f"{piece.name}/"), language)
    if wiring.kind == "recur" and part:
        return getattr(words_of("recur").PARTS[wiring.cell][part], language)
    return ""


# -- parameters ------------------------------------------------------------------------------------


def parameter_line(wiring: Any, language: str = "en") -> str:
    """`2 × 16 weights + 16 biases = 48`, who shares them, and what they are not; "" without any."""
    if not wiring.weights:
        return ""
    words = words_of(wiring.told_by.kind)
    if hasattr(words, "parameters"):
        return words.parameters(wiring.told_by, language)
    terms = [term(weight, language) for weight in wiring.weights]
    facts: dict[str, Any] = {"sum": " + ".join(terms), "total": wiring.parameters()}
    wiring = wiring.told_by
    key = "plain"
    if wiring.kind == "opaque":
        key = "own"
    elif len(terms) == 1 and len(wiring.weights[0].axes) < 2:
        key = "single"
    elif wiring.kind == "contract" and (product(a.size for a in wiring.shared) or 0) > 1:
        key = "shared"
        shared = [axis.size for axis in wiring.shared]
        facts |= {"shared": wiring.shared, "wrong": sizes_text([*shared, *wiring.kernel.axes])}
    elif wiring.kind in SLIDING and (product(stops(wiring)[1:-1]) or 0) > 1:
        key = "window"
        facts["shared"] = stops(wiring).sample[:-1]
    return say(PARAMETERS[key], language, facts)


SLIDING = ("separable", "spread", "window")
"""Kinds that use the same weights at every stop."""


def stops(wiring: Any) -> Any:
    """The axes along which a window's weights are used again."""
    return wiring.x if wiring.kind == "spread" else wiring.output


def term(weight: Any, language: str) -> str:
    """`(3 × 3 × 1) × 32 weights`, `16 biases`, `가중치 2 × 16`."""
    sizes = [f"{size:,}" for size in weight.axes] or ["1"]
    text = " × ".join(sizes)
    if len(sizes) > 2:
        text = f"({' × '.join(sizes[:-1])}) × {sizes[-1]}"
    name = weight.name.rpartition("/")[2]
    known = WEIGHTS.get(name)
    if known is None:
        return f"{text} ({weight.name})"
    if language == "ko":
        return f"{known.ko} {text}"
    is_one = text == "1" and name in ONE_WEIGHT
    return f"{text} {ONE_WEIGHT[name] if is_one else known.en}"
