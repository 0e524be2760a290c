"""Rearrange: the same numbers in other places, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis, product
from lanthorn.words.said import Found, Said, Told

SENTENCES = {
    "rearrange.flatten": Said(
        "Lays {in:sizes} numbers in one row, {first:one} after {first:one}. Nothing is computed; "
        "the batch stays as it is.",
        "{in:sizes}개의 수를 {first:one} 순서대로 한 줄로 늘어놓습니다. 계산은 없고, 배치는 "
        "그대로입니다.",
    ),
    "rearrange.reshape": Said(
        "The same {in:numbers} in the same order, now seen as {out:sizes}. Nothing is computed.",
        "같은 {in:numbers}{을/를} 같은 순서 그대로 {out:sizes} 모양으로 봅니다. 계산은 없습니다.",
    ),
    "rearrange.unchanged": Said(
        "Nothing changes: the numbers already have this shape.",
        "바뀌는 것이 없습니다. 이미 이 모양입니다.",
    ),
    "rearrange.permute": Said(
        "Puts the axes in another order: {in:order} become {out:order}. "
        "The numbers stay what they are.",
        "축의 순서를 바꿉니다: {in:order}{이/가} {out:order}{이/가} 됩니다. 수는 그대로입니다.",
    ),
    "rearrange.concatenate": Said(
        "Lays {inputs} one behind the other along {axis:names}: {parts} = {total}. "
        "Nothing is computed.",
        "{inputs}{을/를} {axis:names} 방향으로 이어 놓습니다: {parts} = {total}. 계산은 없습니다.",
    ),
    "rearrange.pad": Said(
        "Lays {nothing} at every new place past the edges. The numbers inside stay what they are.",
        "가장자리 밖에 새로 생기는 자리마다 {nothing}{을/를} 놓습니다. 안의 수는 그대로입니다.",
    ),
    "rearrange.crop": Said(
        "Cuts off the edges. What is left stays as it is.",
        "가장자리를 잘라 냅니다. 남은 수는 그대로입니다.",
    ),
    "rearrange.repeat": Said(
        "{steps:Each} gets the same {in:numbers}. Nothing is computed.",
        "{steps:each} 같은 {in:numbers}{을/를} 그대로 놓습니다. 계산은 없습니다.",
    ),
    "rearrange.upsample": Said(
        "Each number is copied over {block:count}: {in:count} become {out:sizes}, in every "
        "{channel:one}. Nothing is computed.",
        "수마다 {block:sites}에 그대로 옮겨 적습니다. {channel:one}마다 {in:sites}{이/가} "
        "{out:sizes}개가 됩니다. 계산은 없습니다.",
    ),
    "rearrange.upsample.open": Said(
        "Each number is copied over {block:count}. Nothing is computed.",
        "수마다 {block:sites}에 그대로 옮겨 적습니다. 계산은 없습니다.",
    ),
}

REMARKS = {
    "ends": Said("At each end: {rows:list}.", "앞뒤에 각각: {rows:list}."),
    "begin": Said("At the beginning: {rows:list}.", "앞쪽에: {rows:list}."),
    "end": Said("At the end: {rows:list}.", "뒤쪽에: {rows:list}."),
}

NOTHING = 0
"""What is laid past the edges."""


def told(wiring: Any) -> Told:
    before, after = wiring.x.sample, wiring.output.sample
    facts: dict[str, Any] = {"in": before, "out": after}
    if wiring.variant == "flatten":
        facts["first"] = next((axis for axis in before if axis.size != 1), before[0])
    if wiring.variant == "concatenate":
        known = wiring.facts()
        facts |= {
            "inputs": Axis("inputs", len(wiring.inputs)),
            "axis": after[wiring.axis],
            "parts": known["parts"].replace("None", "?"),
            "total": "?" if known["total"] is None else known["total"],
        }
    if wiring.variant == "pad":
        facts["nothing"] = NOTHING
    if wiring.variant == "repeat":
        facts["steps"] = after[0]
    if wiring.variant == "upsample":
        facts |= {"block": rows(wiring, wiring.factors), "channel": before[-1]}
        facts |= {"in": before[:-1], "out": after[:-1]}
        if product(axis.size for axis in before[:-1]) is None:
            return "rearrange.upsample.open", facts
    return f"rearrange.{wiring.variant}", facts


def rows(wiring: Any, counts: Any) -> tuple[Axis, ...]:
    """One count for each axis but the channels, under that axis's name."""
    return tuple(
        Axis(axis.name, count) for axis, count in zip(wiring.x.sample[:-1], counts, strict=False)
    )


def remarks(wiring: Any) -> Found:
    """How many rows are laid on, or cut off, at which ends."""
    begin, end = ([pair[side] for pair in wiring.edges] for side in (0, 1))
    if begin == end:
        ends = {"ends": begin}
    else:
        ends = {"begin": begin, "end": end}
    for key, counts in ends.items():
        found = tuple(axis for axis in rows(wiring, counts) if axis.size)
        if found:
            yield key, {"rows": found}
