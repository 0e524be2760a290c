"""Elementwise: each number by itself, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Said, Told

SENTENCES = {
    "elementwise": Said("Each number by itself: {clause}.", "수마다 따로: {clause}."),
    "elementwise.linear": Said("Hands every number on unchanged.", "모든 수를 그대로 넘깁니다."),
    "elementwise.dropout": Said(
        "While training, {rate:percent} of the numbers are switched off, chosen anew each time, "
        "and those left are multiplied by {factor}. Otherwise every number is handed on unchanged.",
        "훈련 중에는 수의 {rate:percent}{을/를} 매번 새로 골라 끄고, 남은 수에는 {factor}{을/를} "
        "곱합니다. 그 밖에는 모든 수를 그대로 넘깁니다.",
    ),
    "elementwise.dropout.none": Said(
        "At a rate of {rate:percent} no number is ever switched off: all are handed on unchanged.",
        "비율이 {rate:percent}이므로 끄는 수가 없습니다. 모든 수를 그대로 넘깁니다.",
    ),
    "elementwise.dropout.all": Said(
        "While training, {rate:percent} of the numbers are switched off: nothing gets through.",
        "훈련 중에는 수의 {rate:percent}{을/를} 끕니다. 아무것도 지나가지 못합니다.",
    ),
    "elementwise.standardize": Said(
        "Measures each {along:one} against its own mean and spread: {formula}. While training "
        "these are the batch's own, and moving ones follow them slowly; otherwise the moving ones "
        "are used.",
        "{along:one}마다 제 평균과 퍼진 정도에 견주어 잽니다: {formula}. 훈련 중에는 배치의 "
        "평균과 분산을 쓰면서 이동 평균과 이동 분산에 조금씩 담아 두고, 그 밖에는 담아 둔 값을 "
        "씁니다.",
    ),
    "elementwise.normalize": Said(
        "Measures each {along:one} against the mean and spread of the data: {formula}.",
        "{along:one}마다 데이터의 평균과 퍼진 정도에 견주어 잽니다: {formula}.",
    ),
    "elementwise.normalize.alike": Said(
        "Measures every number against one mean and spread of the data: {formula}.",
        "모든 수를 데이터 전체의 평균과 퍼진 정도에 견주어 잽니다: {formula}.",
    ),
    "elementwise.denormalize": Said(
        "Gives each {along:one} the mean and spread of the data back: {formula}.",
        "{along:one}마다 데이터의 평균과 퍼진 정도를 되돌려 줍니다: {formula}.",
    ),
    "elementwise.denormalize.alike": Said(
        "Gives every number the mean and spread of the data back: {formula}.",
        "모든 수에 데이터 전체의 평균과 퍼진 정도를 되돌려 줍니다: {formula}.",
    ),
}

NORMALIZING = {"normalize": "(x - mean) / √variance", "denormalize": "x × √variance + mean"}


def told(wiring: Any) -> Told:
    variant, facts = wiring.variant, wiring.facts()
    if variant == "dropout":
        rate = facts["rate"]
        if rate in (0, 1):
            return f"elementwise.dropout.{'all' if rate else 'none'}", {"rate": rate}
        return "elementwise.dropout", {"rate": rate, "factor": 1 / (1 - rate)}
    if variant == "standardize":
        along = tuple(wiring.x.sample[axis] for axis in wiring.along)
        return "elementwise.standardize", {"along": along, "formula": standardizing(wiring)}
    if variant in NORMALIZING:
        along = tuple(wiring.x.sample[axis] for axis in wiring.along)
        key = f"elementwise.{variant}" if along else f"elementwise.{variant}.alike"
        return key, {"along": along, "formula": NORMALIZING[variant]}
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
