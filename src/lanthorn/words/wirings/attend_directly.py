"""AttendDirectly: who looks at whom, and how two places are compared, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Found, Said, Told
from lanthorn.words.wirings import attend

SENTENCES = {
    key.replace("attend.", "attend_directly."): said
    for key, said in attend.SENTENCES.items()
    if not key.endswith("window")
}

REMARKS = {
    "dot": Said(
        "How well two match: the sum of the products of their {features}.",
        "얼마나 잘 맞는지는 둘의 {features}{을/를} 서로 곱해 더한 값입니다.",
    ),
    "dot.scaled": Said(
        "How well two match: the sum of the products of their {features}, times one learnt number.",
        "얼마나 잘 맞는지는 둘의 {features}{을/를} 서로 곱해 더하고, 학습되는 수 하나를 곱한 "
        "값입니다.",
    ),
    "concat": Said(
        "How well two match: tanh of the sum of both, added up over their {features}, times one "
        "learnt number.",
        "얼마나 잘 맞는지는 둘을 더한 수의 tanh를 {features}에 걸쳐 더하고, 학습되는 수 하나를 "
        "곱한 값입니다.",
    ),
    "concat.scaled": Said(
        "How well two match: tanh of the sum of both, itself times a learnt number, added up over "
        "their {features}, times another.",
        "얼마나 잘 맞는지는 둘을 더해 학습되는 수를 곱한 것의 tanh를 {features}에 걸쳐 더하고, 또 "
        "하나의 학습되는 수를 곱한 값입니다.",
    ),
    "additive": Said(
        "How well two match: tanh of the sum of both, added up over their {features}.",
        "얼마나 잘 맞는지는 둘을 더한 수의 tanh를 {features}에 걸쳐 더한 값입니다.",
    ),
    "additive.scaled": Said(
        "How well two match: tanh of the sum of both, added up over their {features}, each with a "
        "learnt weight.",
        "얼마나 잘 맞는지는 둘을 더한 수의 tanh에 특성마다 학습되는 가중치를 곱해 {features}에 "
        "걸쳐 더한 값입니다.",
    ),
    "shares": Said(
        "These scores become shares that sum to {whole}.",
        "이 점수를 합이 {whole}인 몫으로 바꿉니다.",
    ),
    "mask": attend.REMARKS["mask"],
}


def told(wiring: Any) -> Told:
    asking, looked = (axes.sample[-2:-1] for axes in wiring.inputs[:2])
    seen = attend.seeing(wiring, asking, looked)
    return f"attend_directly.{seen}", {"asking": asking, "looked": looked}


def remarks(wiring: Any) -> Found:
    scaled = ".scaled" if wiring.scale else ""
    yield f"{wiring.score}{scaled}", {"features": wiring.x.sample[-1]}
    yield "shares", {"whole": attend.WHOLE}
    if wiring.awaits_mask:
        yield "mask", {}
