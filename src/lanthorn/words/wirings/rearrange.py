"""Rearrange: the same numbers in other places, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.said import Said, Told

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
    "rearrange.crop": Said(
        "Cuts off the edges: of {in:sizes} numbers the middle {out:sizes} stay. Nothing is "
        "computed.",
        "가장자리를 잘라 냅니다: {in:sizes}개의 수 가운데 한가운데의 {out:sizes}개가 남습니다. "
        "계산은 없습니다.",
    ),
}


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
    return f"rearrange.{wiring.variant}", facts
