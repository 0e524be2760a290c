"""Separable: first every channel by itself, then the channels mixed, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.said import Found, Said, Told
from lanthorn.words.wirings import window

SENTENCES = {
    "separable": Said(
        "Two steps. First a window of {window:extent} slides over {over:names} and stops at "
        "{stops:count}: there every {channel:one} by itself makes {made:count} of the "
        "{under:sizes} under the window, with weights of its own. Then, at each stop by itself, "
        "{filters:each} makes one number of {mixed:all}. All weights are the same at every stop.",
        "두 단계입니다. 먼저 {window:extent} 창이 {over:names} 위를 옮겨 다니며 "
        "{stops:sites}에서 멈춥니다. 멈출 때마다 {channel:one}마다 따로, 제 가중치로 창 아래의 수 "
        "{under:sizes}개에서 {made:count}{을/를} 만듭니다. 그다음 멈춘 자리마다 {filters:Each} "
        "{mixed:the}{으로/로} 수 하나를 만듭니다. 가중치는 멈추는 곳 어디서나 같습니다.",
    ),
}

REMARKS = window.REMARKS


def told(wiring: Any) -> Told:
    first = wiring.depthwise
    under = window.along(first, first.size)
    facts = {
        "window": under,
        "under": under,
        "over": first.x.sample[:-1],
        "stops": first.output.sample[:-1],
        "channel": first.x.sample[-1],
        "made": Axis("numbers", first.kernel.axes[-1]),
        "mixed": Axis("numbers", first.output[-1]),
        "filters": Axis("filters", wiring.output[-1]),
        "out.last": wiring.output.sample[wiring.shares],
    }
    return "separable", facts


def remarks(wiring: Any) -> Found:
    return window.remarks(wiring.depthwise)
