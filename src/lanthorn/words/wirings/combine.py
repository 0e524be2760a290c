"""Combine: several inputs, number by number, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.said import Found, Said, Told

SENTENCES = {
    "combine.add": Said(
        "Adds {inputs}, number by number.", "{inputs}{을/를} 같은 자리끼리 더합니다."
    ),
    "combine.subtract": Said(
        "Takes the second of {inputs} from the first, number by number.",
        "{inputs} 가운데 첫째에서 둘째를 같은 자리끼리 뺍니다.",
    ),
    "combine.multiply": Said(
        "Multiplies {inputs}, number by number.", "{inputs}{을/를} 같은 자리끼리 곱합니다."
    ),
    "combine.average": Said(
        "Takes the mean of {inputs}, number by number.",
        "{inputs}의 평균을 같은 자리끼리 냅니다.",
    ),
    "combine.maximum": Said(
        "Keeps the largest of {inputs}, number by number.",
        "{inputs} 가운데 가장 큰 수를 같은 자리끼리 남깁니다.",
    ),
    "combine.minimum": Said(
        "Keeps the smallest of {inputs}, number by number.",
        "{inputs} 가운데 가장 작은 수를 같은 자리끼리 남깁니다.",
    ),
}

REMARKS = {
    "repeated": Said(
        "Where an input has size {one}, its number serves every place.",
        "입력의 크기가 {one}인 축에서는 그 수가 모든 자리에 쓰입니다.",
    ),
}

ONE = 1
"""The size of an axis that is kept empty, or read again and again."""


def told(wiring: Any) -> Told:
    return f"combine.{wiring.variant}", {"inputs": Axis("inputs", len(wiring.inputs))}


def remarks(wiring: Any) -> Found:
    for axes in wiring.inputs:
        sizes, whole = axes[1:], wiring.output[1:]
        aligned = whole[len(whole) - len(sizes) :]
        if any(size == ONE != full for size, full in zip(sizes, aligned, strict=True)):
            yield "repeated", {"one": ONE}
            return
