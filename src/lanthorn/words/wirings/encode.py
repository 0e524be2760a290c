"""Encode: numbers become places, in words: how each finds its place, and what comes out."""

from __future__ import annotations

from typing import Any

from lanthorn.words.phrases import plain
from lanthorn.words.said import Found, Said, Told

FINDING = {
    "number": Said(
        "The place of each whole number is the number itself.",
        "정수마다 그 수가 곧 제 자리의 번호입니다.",
    ),
    "bins": Said(
        "Finds the bin of each number, between the boundaries {values}; a number at a boundary "
        "belongs to the bin above it.",
        "수마다 경계 {values} 사이의 어느 구간에 드는지 찾습니다. 경계와 같은 수는 위쪽 구간에 "
        "듭니다.",
    ),
    "vocabulary": Said(
        "Finds the place of each whole number in a list: {values}. All others share one place.",
        "정수마다 목록에서 자리를 찾습니다: {values}. 목록에 없는 수는 모두 한 자리를 함께 씁니다.",
    ),
    "closed": Said(
        "Finds the place of each whole number in a list: {values}.",
        "정수마다 목록에서 자리를 찾습니다: {values}.",
    ),
}

GIVING = {
    "int": Said("Its number comes out, counted from zero.", "그 번호가 나오며, 영부터 셉니다."),
    "one_hot": Said(
        "Each gives {out.last}: one at its own place, zero elsewhere.",
        "수 하나에서 {out.last}{이/가} 나옵니다. 제 자리만 일이고 나머지는 영입니다.",
    ),
    "multi_hot": Said(
        "{in.last:The} together give {out.last}: one at each place that occurs, zero elsewhere.",
        "{in.last}{이/가} 함께 {out.last}{을/를} 냅니다. 나온 자리는 일이고 나머지는 영입니다.",
    ),
    "count": Said(
        "{in.last:The} together give {out.last}: how often each place occurs.",
        "{in.last}{이/가} 함께 {out.last}{을/를} 냅니다. 자리마다 몇 번 나왔는지 셉니다.",
    ),
    "weighed": Said(
        "{in.last:The} together give {out.last}: how often each place occurs, times a factor of "
        "its own.",
        "{in.last}{이/가} 함께 {out.last}{을/를} 냅니다. 자리마다 몇 번 나왔는지 세어 제 계수를 "
        "곱합니다.",
    ),
}

SENTENCES = {
    f"encode.{by}.{mode}": Said(f"{first.en} {then.en}", f"{first.ko} {then.ko}")
    for by, first in FINDING.items()
    for mode, then in GIVING.items()
}

SENTENCES |= {
    "encode.lookup": Said(
        "Finds the place of each word or number in a vocabulary.",
        "낱말이나 수마다 어휘에서 그 자리를 찾습니다.",
    ),
    "encode.back": Said(
        "Finds the word or number that stands at each place of a vocabulary.",
        "자리마다 어휘에서 그 자리에 있는 낱말이나 수를 찾습니다.",
    ),
    "encode.texts": Said(
        "Splits each text into words and finds the place of each word in a vocabulary.",
        "글을 낱말로 나누고, 낱말마다 어휘에서 그 자리를 찾습니다.",
    ),
    "encode.hash": Said(
        "Gives each word or number a bin by a hash: the same always falls into the same bin, and "
        "different ones may share one.",
        "해시로 낱말이나 수마다 구간을 정합니다. 같은 것은 언제나 같은 구간에 들고, 다른 것끼리 "
        "한 구간을 함께 쓸 수도 있습니다.",
    ),
    "encode.crossing": Said(
        "Gives each combination of the inputs a bin by a hash: the same always falls into the same "
        "bin, and different ones may share one.",
        "해시로 입력의 조합마다 구간을 정합니다. 같은 조합은 언제나 같은 구간에 들고, 다른 "
        "조합끼리 한 구간을 함께 쓸 수도 있습니다.",
    ),
}

REMARKS = {
    "encode.ignored": Said("{token} has no place.", "{token}{은/는} 자리가 없습니다."),
}

MOST = 5
"""How many values a sentence names before it says that there are more."""


def told(wiring: Any) -> Told:
    if f"encode.{wiring.by}" in SENTENCES:
        return f"encode.{wiring.by}", {}
    values = [value for value in wiring.values if value is not None]
    named = ", ".join(plain(float(value)) for value in values[:MOST])
    facts: dict[str, Any] = {"values": named + (" …" if len(values) > MOST else "")}
    by, mode = wiring.by, wiring.mode
    if by == "vocabulary" and None not in wiring.values:
        by = "closed"
    if mode != "int":
        facts |= {"out.last": wiring.output.axes[-1], "in.last": wiring.x.axes[-1]}
    return f"encode.{by}.{'weighed' if wiring.factors else mode}", facts


def remarks(wiring: Any) -> Found:
    for token in wiring.ignored:
        yield "encode.ignored", {"token": float(token)}
