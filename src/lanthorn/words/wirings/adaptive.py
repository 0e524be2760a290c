"""Adaptive: each place's share of the input, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import product
from lanthorn.words.said import Found, Said, Told

SENTENCES = {
    "adaptive.mean": Said(
        "{stops:Each} is the mean of its share of {over:names}, in every {channel:one} by itself: "
        "{over:count} become {stops:sizes}.",
        "{stops:each} {over:names}{을/를} 고르게 나눈 제 몫의 평균을 냅니다. {channel:one}마다 "
        "따로 합니다: {over:sites}{이/가} {stops:sizes}개가 됩니다.",
    ),
    "adaptive.mean.open": Said(
        "{stops:Each} is the mean of its share of {over:names}, in every {channel:one} by itself.",
        "{stops:each} {over:names}{을/를} 고르게 나눈 제 몫의 평균을 냅니다. {channel:one}마다 "
        "따로 합니다.",
    ),
    "adaptive.largest": Said(
        "{stops:Each} is the largest number of its share of {over:names}, in every {channel:one} "
        "by itself: {over:count} become {stops:sizes}.",
        "{stops:each} {over:names}{을/를} 고르게 나눈 제 몫에서 가장 큰 수를 남깁니다. "
        "{channel:one}마다 따로 합니다: {over:sites}{이/가} {stops:sizes}개가 됩니다.",
    ),
    "adaptive.largest.open": Said(
        "{stops:Each} is the largest number of its share of {over:names}, in every {channel:one} "
        "by itself.",
        "{stops:each} {over:names}{을/를} 고르게 나눈 제 몫에서 가장 큰 수를 남깁니다. "
        "{channel:one}마다 따로 합니다.",
    ),
}

REMARKS = {
    "overlap": Said(
        "{axis:Name} {size} does not divide evenly by {parts}, so neighbouring shares overlap.",
        "{axis:Name} {size}{은/는} {parts}{(으)로} 나누어떨어지지 않아 이웃한 몫끼리 겹칩니다.",
    ),
}


def told(wiring: Any) -> Told:
    over, stops = wiring.x.sample[:-1], wiring.output.sample[:-1]
    open_ = ".open" if product(axis.size for axis in over) is None else ""
    facts = {"over": over, "stops": stops, "channel": wiring.x.sample[-1]}
    return f"adaptive.{wiring.variant}{open_}", facts


def remarks(wiring: Any) -> Found:
    for axis, into in zip(wiring.x.sample[:-1], wiring.output[1:-1], strict=True):
        if axis.size is not None and axis.size % into and into > 1:
            yield "overlap", {"axis": axis, "size": axis.size, "parts": into}
