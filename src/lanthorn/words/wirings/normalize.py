"""Normalize: numbers measured against their own axis, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis, product
from lanthorn.words.said import Said, Told

SENTENCES = {
    "normalize.softmax": Said(
        "Turns {over:the} into shares that sum to {whole}: exp(x), divided by the sum of them all.",
        "{over:the}{을/를} 합이 {whole}인 몫으로 바꿉니다: exp(x)를 그 모두의 합으로 나눕니다.",
    ),
    "normalize.softmax.shared": Said(
        "At {shared:each}, turns {over:the} into shares that sum to {whole}: exp(x), divided by "
        "the sum of them all.",
        "{shared:each} {over:the}{을/를} 합이 {whole}인 몫으로 바꿉니다: exp(x)를 그 모두의 "
        "합으로 나눕니다.",
    ),
    "normalize.log_softmax": Said(
        "Turns {over:the} into logarithms of shares that sum to {whole}: x - log(Σ exp(x)).",
        "{over:the}{을/를} 합이 {whole}인 몫의 로그로 바꿉니다: x - log(Σ exp(x)).",
    ),
    "normalize.log_softmax.shared": Said(
        "At {shared:each}, turns {over:the} into logarithms of shares that sum to {whole}: "
        "x - log(Σ exp(x)).",
        "{shared:each} {over:the}{을/를} 합이 {whole}인 몫의 로그로 바꿉니다: x - log(Σ exp(x)).",
    ),
    "normalize.sparsemax": Said(
        "Turns {over:the} into the nearest shares that sum to {whole}; small numbers get "
        "{nothing}.",
        "{over:the}{을/를} 합이 {whole}인 가장 가까운 몫으로 바꿉니다. 작은 수의 몫은 "
        "{nothing}입니다.",
    ),
    "normalize.sparsemax.shared": Said(
        "At {shared:each}, turns {over:the} into the nearest shares that sum to {whole}; small "
        "numbers get {nothing}.",
        "{shared:each} {over:the}{을/를} 합이 {whole}인 가장 가까운 몫으로 바꿉니다. 작은 수의 "
        "몫은 {nothing}입니다.",
    ),
    "normalize.alone": Said(
        "Softmax of one number alone is always {whole}: for yes or no, sigmoid is what is meant.",
        "수가 하나뿐인 softmax는 언제나 {whole}입니다. 예·아니요를 가리려면 sigmoid를 쓰세요.",
    ),
    "normalize.standardize": Said(
        "Measures {over:the} against their own mean and spread: {formula}.",
        "{over:the}{을/를} 제 평균과 퍼진 정도에 견주어 잽니다: {formula}.",
    ),
    "normalize.standardize.shared": Said(
        "At {shared:each}, measures {over:the} against their own mean and spread: {formula}.",
        "{shared:each} {over:the}{을/를} 제 평균과 퍼진 정도에 견주어 잽니다: {formula}.",
    ),
    "normalize.standardize.groups": Said(
        "Shares {along:the} out to {groups} and measures every number against the mean and spread "
        "of its own group: {formula}.",
        "{along:the}{을/를} {groups}{(으)로} 나누고, 수마다 제 묶음의 평균과 퍼진 정도에 견주어 "
        "잽니다: {formula}.",
    ),
    "normalize.standardize.alone": Said(
        "Measures every number against itself alone, so that nothing of it is left: what comes "
        "out is always {left}.",
        "수마다 저 하나하고만 견주므로 남는 것이 없습니다. 나오는 값은 언제나 {left}입니다.",
    ),
    "normalize.spread": Said(
        "Divides {over:the} by their own spread: {formula}.",
        "{over:the}{을/를} 제 퍼진 정도로 나눕니다: {formula}.",
    ),
    "normalize.spread.shared": Said(
        "At {shared:each}, divides {over:the} by their own spread: {formula}.",
        "{shared:each} {over:the}{을/를} 제 퍼진 정도로 나눕니다: {formula}.",
    ),
    "normalize.root_mean_square": Said(
        "Divides {over:the} by the root of their mean square: {formula}.",
        "{over:the}{을/를} 제곱 평균의 제곱근으로 나눕니다: {formula}.",
    ),
    "normalize.root_mean_square.shared": Said(
        "At {shared:each}, divides {over:the} by the root of their mean square: {formula}.",
        "{shared:each} {over:the}{을/를} 제곱 평균의 제곱근으로 나눕니다: {formula}.",
    ),
    "normalize.stretch": Said(
        "Stretches the brightness of each picture, in every channel by itself: the darkest number "
        "becomes {low}, the brightest {high}.",
        "그림마다, 채널마다 따로 밝기를 넓게 폅니다. 가장 어두운 수는 {low}, 가장 밝은 수는 "
        "{high}{이/가} 됩니다.",
    ),
    "normalize.unit": Said(
        "Brings {over:the} together to length {whole}: {formula}.",
        "{over:the}{을/를} 모아 길이를 {whole}{(으)로} 맞춥니다: {formula}.",
    ),
    "normalize.unit.shared": Said(
        "At {shared:each}, brings {over:the} together to length {whole}: {formula}.",
        "{shared:each} {over:the}{을/를} 모아 길이를 {whole}{(으)로} 맞춥니다: {formula}.",
    ),
}

WHOLE = 1
"""What the shares of a softmax sum to, and how long a unit is."""

NOTHING = 0
"""The share that sparsemax gives to small numbers, and what is left of x - x."""


def told(wiring: Any) -> Told:
    sample = wiring.x.sample
    over = {axis % len(sample) for axis in wiring.over}
    measured = tuple(sample[axis] for axis in sorted(over))
    facts: dict[str, Any] = {
        "whole": WHOLE, "nothing": NOTHING, "over": measured, "formula": formula(wiring)
    }  # fmt: skip
    key = f"normalize.{wiring.variant}"
    if wiring.variant == "stretch":
        low, high = wiring.arguments
        return key, facts | {"low": low, "high": high}
    count = product(axis.size for axis in measured)
    if count is not None and count == wiring.groups:
        if wiring.variant == "softmax":
            return "normalize.alone", facts
        if wiring.variant == "standardize":
            names = [weight.name for weight in wiring.weights]
            return f"{key}.alone", facts | {"left": "beta" if "beta" in names else NOTHING}
    if wiring.groups > 1:
        along = tuple(sample[axis] for axis in wiring.along)
        return f"{key}.groups", facts | {"along": along, "groups": Axis("groups", wiring.groups)}
    shared = tuple(axis for i, axis in enumerate(sample) if i not in over)
    return (f"{key}.shared", facts | {"shared": shared}) if shared else (key, facts)


def formula(wiring: Any) -> str:
    """What is done to one number, with what this layer learns."""
    names = [weight.name for weight in wiring.weights]
    epsilon = f" + {wiring.epsilon:g}" if wiring.epsilon else ""
    start = {
        "standardize": f"(x - mean) / √(variance{epsilon})",
        "spread": f"x / √(variance{epsilon})",
        "root_mean_square": f"x / √(mean(x²){epsilon})",
    }.get(wiring.variant, "x / √(Σ x²)")
    factors = "".join(f" × {name}" for name in ("gamma", "scale") if name in names)
    return start + factors + (" + beta" if "beta" in names else "")
