"""Opaque: a computation that does not say how it works, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.said import Said, Told

SENTENCES = {
    "opaque": Said("Its own computation, not described.", "자체 계산이며, 설명되어 있지 않습니다."),
    "opaque.nothing": Said(
        "Its own computation, not described. Tried out: nothing that comes in changes what comes "
        "out.",
        "자체 계산이며, 설명되어 있지 않습니다. 시험해 보니 무엇이 들어와도 나오는 값은 바뀌지 "
        "않습니다.",
    ),
    "opaque.same place": Said(
        "Its own computation, not described. Tried out: each number depends on the one at its own "
        "place and on no other.",
        "자체 계산이며, 설명되어 있지 않습니다. 시험해 보니 수마다 같은 자리의 수에만 달려 "
        "있습니다.",
    ),
    "opaque.along": Said(
        "Its own computation, not described. Tried out: each number depends on all that lie with "
        "it along {over:names}, and on no others.",
        "자체 계산이며, 설명되어 있지 않습니다. 시험해 보니 수마다 {over:names} 방향으로 나란한 "
        "수 모두에 달려 있고, 다른 수에는 달려 있지 않습니다.",
    ),
    "opaque.everything": Said(
        "Its own computation, not described. Tried out: each number depends on {numbers:all}.",
        "자체 계산이며, 설명되어 있지 않습니다. 시험해 보니 수마다 들어온 {numbers:the}에 모두 "
        "달려 있습니다.",
    ),
    "opaque.some": Said(
        "Its own computation, not described. Tried out: each number depends on some of what comes "
        "in, not on all of it.",
        "자체 계산이며, 설명되어 있지 않습니다. 시험해 보니 수마다 들어온 수의 일부에만 달려 "
        "있습니다.",
    ),
    "opaque.samples": Said(
        "Looks across the batch: each number depends on those of the other samples too, so that "
        "one sample by itself does not tell what comes out.",
        "배치 전체를 봅니다. 수마다 다른 표본의 수에도 달려 있으므로, 표본 하나만으로는 무엇이 "
        "나올지 알 수 없습니다.",
    ),
    "opaque.regions": Said(
        "Spreads brightness evenly from {low} to {high}, in each of {tiles} regions by its own "
        "histogram, blending from one region to the next.",
        "{tiles}개 구역마다 제 히스토그램에 맞추어 밝기를 {low}부터 {high}까지 고르게 펴고, "
        "구역과 구역 사이는 부드럽게 잇습니다.",
    ),
    "opaque.mel": Said(
        "Cuts the signal into stretches of {stretch} samples, one every {stride}, and tells how "
        "strong each of {bins} bands of pitch is in it.",
        "신호를 {stride}개마다 {stretch}개 길이의 토막으로 잘라, 토막마다 음높이 대역 {bins}개가 "
        "각각 얼마나 센지 구합니다.",
    ),
}


def told(wiring: Any) -> Told:
    if wiring.told:
        return f"opaque.{wiring.told}", dict(wiring.settings)
    facts: dict[str, Any] = {}
    if wiring.seen == "along":
        facts["over"] = tuple(wiring.x.sample[axis] for axis in wiring.over)
    if wiring.seen == "everything":
        counts = [axes.elements() for axes in wiring.inputs]
        total = None if None in counts else sum(count or 0 for count in counts)
        facts["numbers"] = (Axis("numbers", total),)
    return (f"opaque.{wiring.seen}" if wiring.seen else "opaque"), facts
