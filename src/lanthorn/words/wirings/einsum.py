"""Einsum: weighted sums by the letters of the axes, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Found, Said, Told

SENTENCES = {
    "einsum.sum": Said(
        "{own:Each} is a weighted sum of {over:the}.",
        "{own:Each} {over:the}의 가중합이 됩니다.",
    ),
    "einsum.sum.shared": Said(
        "At {shared:each}, {own:each} is a weighted sum of {over:the}, with the same weights "
        "everywhere.",
        "{shared:each} {own:Each} {over:the}의 가중합이 됩니다. 가중치는 어디서나 같습니다.",
    ),
    "einsum.one": Said("One weighted sum of {over:the}.", "{over:the}의 가중합 하나를 냅니다."),
    "einsum.one.shared": Said(
        "At {shared:each}, one weighted sum of {over:the}, with the same weights everywhere.",
        "{shared:each} {over:the}의 가중합 하나를 냅니다. 가중치는 어디서나 같습니다.",
    ),
    "einsum.product": Said("Every number is multiplied by a weight.", "수마다 가중치를 곱합니다."),
    "einsum.product.own": Said(
        "Every number is multiplied by a weight for {own:each}.",
        "수마다 {own:each} 다른 가중치를 곱합니다.",
    ),
}

REMARKS = {
    "separate": Said(
        "Every {separate:one} has weights of its own.", "{separate:one}마다 가중치가 따로 있습니다."
    ),
}


def told(wiring: Any) -> Told:
    groups = {name: axes for name, axes in wiring.groups().items() if axes}
    facts: dict[str, Any] = {**groups}
    if wiring.output.sample:
        facts["out.last"] = wiring.output.sample[-1]
    if "over" not in groups:
        return ("einsum.product.own" if "own" in groups else "einsum.product"), facts
    key = "einsum.sum" if "own" in groups else "einsum.one"
    return (f"{key}.shared" if "shared" in groups else key), facts


def remarks(wiring: Any) -> Found:
    separate = wiring.groups()["separate"]
    if separate:
        yield "separate", {"separate": separate}
