"""PerStep: the same layer at each step by itself, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Said, Told

SENTENCES = {
    "per_step": Said(
        "At {steps:each} by itself, with the same weights: {inner}",
        "{steps:each} 따로, 같은 가중치로 합니다: {inner}",
    ),
}


def told(wiring: Any) -> Told:
    return "per_step", {"steps": wiring.x.axes[1], "inner": wiring.inner}


def parameters(wiring: Any, language: str) -> str:
    from lanthorn.words.telling import parameter_line

    return parameter_line(wiring.inner, language)
