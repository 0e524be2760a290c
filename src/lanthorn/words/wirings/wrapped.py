"""Wrapped: what a layer around another does besides, in words. The sentence is the inner one's."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Found, Said

SENTENCES: dict[str, Said] = {}

REMARKS = {
    "spectral": Said(
        "While training, the weights are first divided by the most they stretch any input, so "
        "that they stretch none to more than its length.",
        "훈련 중에는 먼저 가중치를, 입력을 가장 많이 늘이는 정도로 나눕니다. 그래서 어떤 입력도 제 "
        "길이보다 늘어나지 않습니다.",
    ),
    "renormalized": Said(
        "While training, the numbers of a batch are measured by the mean and spread of all batches "
        "so far, which three more rows of numbers keep.",
        "훈련 중에는 지금까지 본 모든 배치의 평균과 퍼진 정도로 배치의 수를 잽니다. 이를 위해 수를 "
        "세 줄 더 간직합니다.",
    ),
    "other way": Said(
        "Called with reverse=True, it goes the other way, from {features} to {rows}.",
        "reverse=True로 부르면 거꾸로 {features}에서 {rows}{(으)로} 갑니다.",
    ),
}


def remarks(wiring: Any) -> Found:
    if wiring.told == "other way":
        rows, features = wiring.inner.table.axes.axes
        yield "other way", {"rows": rows._replace(name="numbers"), "features": features}
    elif wiring.told:
        yield wiring.told, {}
