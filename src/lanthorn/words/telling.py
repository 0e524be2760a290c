"""What is said of a wiring: its sentence, the remarks that hold, the line about its parameters.

A wiring is asked only for data (`kind`, `variant`, `facts()`, its axes and settings); which
template tells it is decided here, and every number in the text is one of its facts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lanthorn.axes import Axis, product
from lanthorn.words.clauses import clause
from lanthorn.words.phrases import checked_language, say
from lanthorn.words.remarks import remarks
from lanthorn.words.sentences import AFTERWARDS, ONE_WEIGHT, PARAMETERS, SENTENCES, WEIGHTS
from lanthorn.words.shapes import sizes_text

__all__ = ["parameter_line", "remarks", "sentence", "told"]

WHOLE = 1
"""What the shares of a softmax sum to."""


def sentence(wiring: Any, language: str = "en") -> str:
    """What the layer does, in words with its own numbers.

    Raises: KeyError for a wiring there is no sentence for.
    """
    checked_language(language)
    key, facts = told(wiring)
    if "clause" in SENTENCES[key].en:
        facts = facts | {"clause": clause(wiring.function, dict(wiring.settings), language)}
    text = say(SENTENCES[key], language, facts)
    after = afterwards(wiring, facts, language)
    return f"{text} {after}" if after else text


def told(wiring: Any) -> tuple[str, dict[str, Any]]:
    """The key of the sentence that tells a wiring, and its facts."""
    return TELLERS[wiring.kind](wiring)


def afterwards(wiring: Any, facts: dict[str, Any], language: str) -> str:
    """The sentence about the activation at the end, or nothing."""
    activation = getattr(wiring, "activation", "linear")
    if activation == "linear":
        return ""
    facts = facts | {"whole": WHOLE, "activation": activation}
    if activation == "softmax":
        if facts["out.last"].size == 1:
            return say(SENTENCES["normalize.alone"], language, facts)
        return say(AFTERWARDS["then.softmax"], language, facts)
    facts["clause"] = clause(activation, {}, language)
    return say(AFTERWARDS["then"], language, facts)


# -- one for each kind -----------------------------------------------------------------------------

Told = tuple[str, dict[str, Any]]


def contract(wiring: Any) -> Told:
    last, shared = wiring.x.sample[-1], wiring.shared
    facts = {"in.last": last, "out.last": wiring.output.sample[-1]}
    if shared:
        is_once = product(axis.size for axis in shared) == 1
        return ("contract.once" if is_once else "contract.shared"), facts | {"shared": shared}
    if last.parts:
        return "contract.joined", facts | {"parts": leaf_axes(last)[:-1]}
    return "contract.whole", facts


def leaf_axes(axis: Axis) -> tuple[Axis, ...]:
    """The axes that a joined axis was laid out from, in order."""
    if not axis.parts:
        return (axis,)
    return tuple(leaf for part in axis.parts for leaf in leaf_axes(part))


def elementwise(wiring: Any) -> Told:
    variant, facts = wiring.variant, wiring.facts()
    if variant == "dropout":
        rate = facts["rate"]
        if rate in (0, 1):
            return f"elementwise.dropout.{'all' if rate else 'none'}", {"rate": rate}
        return "elementwise.dropout", {"rate": rate, "factor": 1 / (1 - rate)}
    if variant == "standardize":
        along = tuple(wiring.x.sample[axis] for axis in wiring.along)
        return "elementwise.standardize", {"along": along, "formula": standardizing(wiring)}
    if variant == "linear":
        return "elementwise.linear", {}
    return "elementwise", {}


def standardizing(wiring: Any) -> str:
    """The formula of a batch normalization, with what this one learns."""
    names = [weight.name for weight in wiring.weights]
    epsilon = dict(wiring.settings).get("epsilon", 0)
    text = f"(x - mean) / √(variance + {epsilon:g})"
    text += " × gamma" if "gamma" in names else ""
    return text + (" + beta" if "beta" in names else "")


def normalize(wiring: Any) -> Told:
    sample = wiring.x.sample
    over = {axis % len(sample) for axis in wiring.over}
    facts: dict[str, Any] = {"whole": WHOLE, "over": tuple(sample[axis] for axis in sorted(over))}
    if product(axis.size for axis in facts["over"]) == 1:
        return "normalize.alone", facts
    shared = tuple(axis for i, axis in enumerate(sample) if i not in over)
    key = f"normalize.{wiring.variant}"
    return (f"{key}.shared", facts | {"shared": shared}) if shared else (key, facts)


def window(wiring: Any) -> Told:
    moved, stops = wiring.x.sample[:-1], wiring.output.sample[:-1]
    extent = along(wiring, wiring.size)
    facts = {"window": extent, "over": moved, "stops": stops, "out.last": wiring.output.sample[-1]}
    if wiring.keep == "weighted":
        channels = wiring.kernel.axes.axes[-2]
        filters = Axis("filters", wiring.output[-1])
        return "window.weighted", facts | {"under": (*extent, channels), "filters": filters}
    open_ = ".open" if product(wiring.output[1:-1]) is None else ""
    return f"window.{wiring.variant}{open_}", facts | {"channel": wiring.x.sample[-1]}


def along(wiring: Any, counts: tuple[int, ...]) -> tuple[Axis, ...]:
    """One count for each axis the window moves along, under that axis's name."""
    return tuple(
        Axis(axis.name, count) for axis, count in zip(wiring.x.sample, counts, strict=False)
    )


def rearrange(wiring: Any) -> Told:
    before, after = wiring.x.sample, wiring.output.sample
    facts: dict[str, Any] = {"in": before, "out": after}
    if wiring.variant == "flatten":
        facts["first"] = next((axis for axis in before if axis.size != 1), before[0])
    if wiring.variant == "concatenate":
        known = wiring.facts()
        facts |= {
            "inputs": Axis("inputs", len(wiring.inputs)),
            "axis": after[wiring.axis],
            "parts": known["parts"].replace("None", "?"),
            "total": "?" if known["total"] is None else known["total"],
        }
    return f"rearrange.{wiring.variant}", facts


def reduce(wiring: Any) -> Told:
    sample = wiring.x.sample
    over = {axis % len(sample) for axis in wiring.over}
    kept = tuple(axis for i, axis in enumerate(sample) if i not in over)
    facts = {
        "over": tuple(sample[axis] for axis in sorted(over)),
        "kept": kept or wiring.x.axes[:1],
    }
    return f"reduce.{wiring.variant}", facts


def lookup(wiring: Any) -> Told:
    rows = wiring.facts()["rows"]
    return "lookup", {"low": 0, "high": rows - 1, "out.last": wiring.output.sample[-1]}


def combine(wiring: Any) -> Told:
    return f"combine.{wiring.variant}", {"inputs": Axis("inputs", len(wiring.inputs))}


def compose(wiring: Any) -> Told:
    return "compose", {"parts": Axis("layers", len(wiring.parts))}


def opaque(wiring: Any) -> Told:
    return "opaque", {}


TELLERS: dict[str, Callable[[Any], Told]] = {
    teller.__name__: teller
    for teller in (
        contract, elementwise, normalize, window, rearrange, reduce, lookup, combine, compose,
        opaque,
    )
}  # fmt: skip


# -- parameters ------------------------------------------------------------------------------------


def parameter_line(wiring: Any, language: str = "en") -> str:
    """`2 × 16 weights + 16 biases = 48`, who shares them, and what they are not; "" without any."""
    if not wiring.weights:
        return ""
    terms = [term(weight, language) for weight in wiring.weights]
    facts: dict[str, Any] = {"sum": " + ".join(terms), "total": wiring.parameters()}
    key = "plain"
    if wiring.kind in ("compose", "opaque"):
        key = "inside" if wiring.kind == "compose" else "own"
    elif len(terms) == 1 and len(wiring.weights[0].axes) < 2:
        key = "single"
    elif wiring.kind == "contract" and (product(a.size for a in wiring.shared) or 0) > 1:
        key = "shared"
        shared = [axis.size for axis in wiring.shared]
        facts |= {"shared": wiring.shared, "wrong": sizes_text([*shared, *wiring.kernel.axes])}
    elif wiring.kind == "window" and (product(wiring.output[1:-1]) or 0) > 1:
        key = "window"
        facts["shared"] = wiring.output.sample[:-1]
    return say(PARAMETERS[key], language, facts)


def term(weight: Any, language: str) -> str:
    """`(3 × 3 × 1) × 32 weights`, `16 biases`, `가중치 2 × 16`."""
    sizes = [f"{size:,}" for size in weight.axes] or ["1"]
    text = " × ".join(sizes)
    if len(sizes) > 2:
        text = f"({' × '.join(sizes[:-1])}) × {sizes[-1]}"
    known = WEIGHTS.get(weight.name)
    if known is None:
        return f"{text} ({weight.name})"
    if language == "ko":
        return f"{known.ko} {text}"
    is_one = text == "1" and weight.name in ONE_WEIGHT
    return f"{text} {ONE_WEIGHT[weight.name] if is_one else known.en}"
