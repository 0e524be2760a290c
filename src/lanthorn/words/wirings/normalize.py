"""Normalize: numbers measured against their own axis, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import product
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
    "normalize.alone": Said(
        "Softmax of one number alone is always {whole}: for yes or no, sigmoid is what is meant.",
        "수가 하나뿐인 softmax는 언제나 {whole}입니다. 예·아니요를 가리려면 sigmoid를 쓰세요.",
    ),
}

WHOLE = 1
"""What the shares of a softmax sum to."""


def told(wiring: Any) -> Told:
    sample = wiring.x.sample
    over = {axis % len(sample) for axis in wiring.over}
    facts: dict[str, Any] = {"whole": WHOLE, "over": tuple(sample[axis] for axis in sorted(over))}
    if product(axis.size for axis in facts["over"]) == 1:
        return "normalize.alone", facts
    shared = tuple(axis for i, axis in enumerate(sample) if i not in over)
    key = f"normalize.{wiring.variant}"
    return (f"{key}.shared", facts | {"shared": shared}) if shared else (key, facts)
