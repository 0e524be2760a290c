"""PerStep: the same layer at each step by itself, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Said, Told

SENTENCES = {
    "per_step": Said(
        "At {steps:each} the same layer works by itself, with the same weights; {steps:plural} do "
        "not see each other.",
        "{steps:each} 똑같은 층이 같은 가중치로 따로 일합니다. {steps:plural}끼리는 서로 보지 "
        "않습니다.",
    ),
}


def told(wiring: Any) -> Told:
    return "per_step", {"steps": wiring.x.axes[1]}
