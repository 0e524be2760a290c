"""Pair: lines of one input against lines of another, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.said import Said, Told

SENTENCES = {
    "pair.product": Said(
        "Multiplies {inputs} along {over:the} and adds up: Σ x × y.",
        "{inputs}{을/를} {over:the}에 걸쳐 서로 곱해 더합니다: Σ x × y.",
    ),
    "pair.product.each": Said(
        "For {left:each}, multiplies {inputs} along {over:the} and adds up: Σ x × y.",
        "{left:each} {inputs}{을/를} {over:the}에 걸쳐 서로 곱해 더합니다: Σ x × y.",
    ),
    "pair.cosine": Said(
        "Compares the directions of {inputs} along {over:the}: {same} is the same one, "
        "{nothing} a right angle, {opposite} the opposite.",
        "{inputs}의 방향을 {over:the}에 걸쳐 견줍니다: {same}{은/는} 같은 방향, "
        "{nothing}{은/는} 직각, {opposite}{은/는} 반대 방향입니다.",
    ),
    "pair.cosine.each": Said(
        "For {left:each}, compares the directions of {inputs} along {over:the}: {same} is the "
        "same one, {nothing} a right angle, {opposite} the opposite.",
        "{left:each} {inputs}의 방향을 {over:the}에 걸쳐 견줍니다: {same}{은/는} 같은 방향, "
        "{nothing}{은/는} 직각, {opposite}{은/는} 반대 방향입니다.",
    ),
}


def told(wiring: Any) -> Told:
    sample = wiring.output.sample
    left = sum(len(axes) - 2 for axes in wiring.inputs)
    facts: dict[str, Any] = {
        "inputs": Axis("inputs", len(wiring.inputs)),
        "over": wiring.x.sample[wiring.axes[0]],
        "same": 1,
        "nothing": 0,
        "opposite": -1,
    }
    key = f"pair.{wiring.variant}"
    return (f"{key}.each", facts | {"left": sample}) if left else (key, facts)
