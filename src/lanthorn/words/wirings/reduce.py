"""Reduce: one statistic of whole axes, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Found, Said, Told

SENTENCES = {
    "reduce.mean": Said(
        "Each {kept:one} becomes one number, the mean of {over:its}.",
        "{kept:one}마다 수 하나가 됩니다. {over:its}의 평균입니다.",
    ),
    "reduce.largest": Said(
        "Each {kept:one} becomes one number, the largest of {over:its}.",
        "{kept:one}마다 수 하나가 됩니다. {over:its}에서 가장 큰 수입니다.",
    ),
}

REMARKS = {
    "masked": Said(
        "With a mask, only the {over:plural} that count are taken in.",
        "마스크가 있으면 가려지지 않은 {over:plural}만 셉니다.",
    ),
    "keepdims": Said(
        "{over:Names} stay, with size {one}.", "{over:Names} 축은 크기 {one}{(으)로} 남습니다."
    ),
}

ONE = 1
"""The size of an axis that is kept empty, or read again and again."""


def told(wiring: Any) -> Told:
    sample = wiring.x.sample
    over = {axis % len(sample) for axis in wiring.over}
    kept = tuple(axis for i, axis in enumerate(sample) if i not in over)
    facts = {
        "over": tuple(sample[axis] for axis in sorted(over)),
        "kept": kept or wiring.x.axes[:1],
    }
    return f"reduce.{wiring.variant}", facts


def remarks(wiring: Any) -> Found:
    if wiring.heeds_mask:
        yield "masked", {"over": wiring.x.sample[0]}
    if wiring.keepdims:
        over = tuple(wiring.x.sample[axis] for axis in wiring.over)
        yield "keepdims", {"over": over, "one": ONE}
