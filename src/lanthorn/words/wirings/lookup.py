"""Lookup: rows of a table, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Said, Told

SENTENCES = {
    "lookup": Said(
        "Each whole number from {low} to {high} picks its own row of a table: {out.last}, learnt "
        "like other weights.",
        "{low}부터 {high}까지의 정수마다 표에서 제 행을 고릅니다. 한 행은 {out.last}이고, 다른 "
        "가중치처럼 학습됩니다.",
    ),
}


def told(wiring: Any) -> Told:
    rows = wiring.facts()["rows"]
    return "lookup", {"low": 0, "high": rows - 1, "out.last": wiring.output.sample[-1]}
