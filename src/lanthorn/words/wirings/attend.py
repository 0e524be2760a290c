"""Attend: who looks at whom, what the heads compare, what they keep, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.phrases import joined_words, say
from lanthorn.words.said import Found, Said, Told
from lanthorn.words.telling import term

SENTENCES = {
    "attend.all": Said(
        "{asking:Each} looks at {looked:all} and takes the mean of their values, weighted by how "
        "well they match.",
        "{asking:Each} {looked:all} 보고, 서로 얼마나 잘 맞는지에 따라 값의 가중 평균을 냅니다.",
    ),
    "attend.other": Said(
        "{asking:Each} of the query looks at {looked:all} of the value and takes the mean of "
        "what is there, weighted by how well they match.",
        "질의의 {asking:Each} 값의 {looked:all} 보고, 서로 얼마나 잘 맞는지에 따라 그 값의 가중 "
        "평균을 냅니다.",
    ),
    "attend.causal": Said(
        "{asking:Each} looks at itself and the {asking:plural} before it, never ahead, and takes "
        "the mean of their values, weighted by how well they match.",
        "{asking:Each} 자기와 앞선 {asking:plural}만 보고 뒤는 보지 않으며, 서로 얼마나 잘 "
        "맞는지에 따라 값의 가중 평균을 냅니다.",
    ),
    "attend.window": Said(
        "{asking:Each} looks at the {asking:plural} less than {window} away, itself among them, "
        "and takes the mean of their values, weighted by how well they match.",
        "{asking:Each} 자기를 포함해 거리가 {window}보다 작은 {asking:plural}만 보고, 서로 얼마나 "
        "잘 맞는지에 따라 값의 가중 평균을 냅니다.",
    ),
    "attend.causal.window": Said(
        "{asking:Each} looks at itself and the {asking:plural} before it that are less than "
        "{window} away, and takes the mean of their values, weighted by how well they match.",
        "{asking:Each} 자기와, 앞선 {asking:plural} 가운데 거리가 {window}보다 작은 것만 보고, "
        "서로 얼마나 잘 맞는지에 따라 값의 가중 평균을 냅니다.",
    ),
}

REMARKS = {
    "heads": Said(
        "{heads:Each} compares queries and keys of {features:numbers} and turns the scores into "
        "shares that sum to {whole}. Together the heads give {mixed:sizes} numbers, which become "
        "{out:list}.",
        "{heads:Each} {features:numbers}로 된 질의와 키를 견주고, 그 점수를 합이 {whole}인 몫으로 "
        "바꿉니다. 모든 헤드가 낸 수 {mixed:sizes}개는 {out:list}{이/가} 됩니다.",
    ),
    "head": Said(
        "One head compares queries and keys of {features:numbers} and turns the scores into "
        "shares that sum to {whole}. What it gives, {given:numbers}, becomes {out:list}.",
        "헤드 하나가 {features:numbers}로 된 질의와 키를 견주고, 그 점수를 합이 {whole}인 몫으로 "
        "바꿉니다. 헤드가 낸 {given:numbers}는 {out:list}{이/가} 됩니다.",
    ),
    "score": Said(
        "A score is the sum of the products of query and key, divided by √{length}.",
        "점수는 질의와 키를 곱해 더한 값을 √{length}{(으)로} 나눈 것입니다.",
    ),
    "repeats": Said(
        "{repeats:count} at a time share the same keys and values.",
        "{repeats:count}씩 같은 키와 값을 함께 씁니다.",
    ),
    "gate": Said(
        "What a head gives is multiplied by the sigmoid of one more weighted sum of the query.",
        "헤드가 낸 수에, 질의로 한 번 더 낸 가중합의 sigmoid를 곱합니다.",
    ),
    "apart": Said(
        "{apart:places} do not see each other.", "{apart:places}끼리는 서로 보지 않습니다."
    ),
    "mask": Said(
        "The call is given a mask, which hides more.", "호출할 때 준 마스크가 더 가립니다."
    ),
}

PARTS = {
    "query": Said("query", "질의"),
    "key": Said("key", "키"),
    "value": Said("value", "값"),
    "gate": Said("gate", "게이트"),
    "output": Said("output", "출력"),
}
"""What the projections are called."""

LINE = {
    "one": Said("{names} {sum}", "{names} {sum}"),
    "each": Said("{names} each {sum}", "{names}마다 {sum}"),
    "total": Said("{parts}: {total:parameters}", "{parts}: {total:parameters}"),
}
"""The line that works out the parameters."""

WHOLE = 1
"""What the shares of a softmax sum to."""


def told(wiring: Any) -> Told:
    asking, looked = axes_of(wiring)
    return f"attend.{seeing(wiring, asking, looked)}", {
        "asking": asking,
        "looked": looked,
        "window": wiring.window,
    }


def axes_of(wiring: Any) -> tuple[tuple[Axis, ...], tuple[Axis, ...]]:
    """The axes of what looks, and of what is looked at."""
    query, value = wiring.x.sample, wiring.inputs[1].sample
    return tuple(query[i] for i in wiring.over), tuple(value[i] for i in wiring.over)


def seeing(wiring: Any, asking: tuple[Axis, ...], looked: tuple[Axis, ...]) -> str:
    """Which sentence says what is seen."""
    if wiring.causal:
        return "causal" if wiring.window is None else "causal.window"
    if wiring.window is not None:
        return "window"
    return "all" if asking == looked else "other"


def remarks(wiring: Any) -> Found:
    heads, features = wiring.query.kernel.axes.axes[1:]
    given = wiring.value.kernel.axes.axes[-1]
    out = wiring.output.sample[len(wiring.x.sample) - 1 :]
    facts = {"heads": heads, "features": features, "whole": WHOLE, "out": out, "given": given}
    yield ("head" if heads.size == 1 else "heads"), facts | {"mixed": (heads, given)}
    if wiring.repeats > 1:
        yield "repeats", {"repeats": heads._replace(size=wiring.repeats)}
    yield "score", {"length": features.size}
    if wiring.gate:
        yield "gate", {}
    if wiring.apart:
        yield "apart", {"apart": tuple(wiring.x.sample[i] for i in wiring.apart)}
    if wiring.awaits_mask:
        yield "mask", {}


def parameters(wiring: Any, language: str) -> str:
    """`query, key and value each 8 × 2 × 4 weights + 2 × 4 biases; output …: 288 parameters`."""
    names: dict[str, list[str]] = {}
    for name, projection in wiring.projections.items():
        weights = [w._replace(name=w.name.rpartition("/")[2]) for w in projection.weights]
        text = " + ".join(term(weight, language) for weight in weights)
        text = text.replace("(", "").replace(")", "")
        names.setdefault(text, []).append(getattr(PARTS[name], language))
    parts = [
        say(
            LINE["each" if len(who) > 1 else "one"],
            language,
            {"names": joined_words(who, language), "sum": text},
        )
        for text, who in names.items()
    ]
    facts = {"parts": "; ".join(parts), "total": wiring.parameters()}
    return say(LINE["total"], language, facts)
