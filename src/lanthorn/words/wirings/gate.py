"""Gate: one half of an axis opens the way for the other, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Said, Told

SENTENCES = {
    "gate": Said(
        "Halves {in.last:the}: sigmoid squeezes the second half between {low} and {high}, and "
        "these say how much of the first half gets through.",
        "{in.last:the}{을/를} 반으로 나눕니다. 뒤쪽 반을 sigmoid로 {low}{과/와} {high} 사이로 "
        "눌러 담아, 앞쪽 반이 얼마나 지나갈지 정합니다.",
    ),
}


def told(wiring: Any) -> Told:
    return "gate", {"in.last": wiring.x.sample[-1], "low": 0, "high": 1}
