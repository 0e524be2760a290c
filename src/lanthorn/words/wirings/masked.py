"""Masked: steps that count as empty, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Said, Told

SENTENCES = {
    "masked": Said(
        "Places whose {in.last:plural} are all {empty} count as empty: they become {nothing}, and "
        "later layers leave them out. Everything else is handed on unchanged.",
        "{in.last:plural}{이/가} 모두 {empty}인 자리는 비었다고 칩니다. {nothing}{이/가} 되고, "
        "뒤의 층들이 건너뜁니다. 나머지는 그대로 넘깁니다.",
    ),
}


def told(wiring: Any) -> Told:
    return "masked", {"in.last": wiring.x.sample[-1], "empty": wiring.empty, "nothing": 0}
