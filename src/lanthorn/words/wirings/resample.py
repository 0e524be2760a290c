"""Resample: the same picture with more or fewer places, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import product
from lanthorn.words.said import Found, Said, Told

SENTENCES = {
    "resample.nearest": Said(
        "{out:Each} takes the number of the place nearest to it, in every {channel:one} by "
        "itself: {in:count} become {out:sizes}. Nothing is computed.",
        "{out:each} 가장 가까운 자리의 수를 가져옵니다. {channel:one}마다 따로 합니다: "
        "{in:sites}{이/가} {out:sizes}개가 됩니다. 계산은 없습니다.",
    ),
    "resample.nearest.open": Said(
        "{out:Each} takes the number of the place nearest to it, in every {channel:one} by itself. "
        "Nothing is computed.",
        "{out:each} 가장 가까운 자리의 수를 가져옵니다. {channel:one}마다 따로 합니다. 계산은 "
        "없습니다.",
    ),
    "resample.weighted": Said(
        "{out:Each} is a weighted mean of the places around it ({method}), in every {channel:one} "
        "by itself: {in:count} become {out:sizes}.",
        "{out:each} 그 둘레 자리들의 가중 평균을 냅니다({method}). {channel:one}마다 따로 합니다: "
        "{in:sites}{이/가} {out:sizes}개가 됩니다.",
    ),
    "resample.weighted.open": Said(
        "{out:Each} is a weighted mean of the places around it ({method}), in every {channel:one} "
        "by itself.",
        "{out:each} 그 둘레 자리들의 가중 평균을 냅니다({method}). {channel:one}마다 따로 합니다.",
    ),
    "resample.cropped": Said(
        "While training, a piece of {out:sizes} is cut out, at a place drawn anew each time. "
        "Otherwise the largest piece with these proportions is cut from the middle and brought to "
        "this size ({method}).",
        "훈련 중에는 매번 새로 고른 자리에서 {out:sizes} 크기로 잘라 냅니다. 그 밖에는 같은 비율의 "
        "가장 큰 조각을 한가운데에서 잘라 이 크기로 맞춥니다({method}).",
    ),
}

REMARKS = {
    "cut": Said(
        "First the edges are cut off, so that the proportions stay.",
        "먼저 가장자리를 잘라 내어 가로세로 비율을 지킵니다.",
    ),
    "framed": Said(
        "First the input is put in a frame, so that the proportions stay: past its edge every "
        "number counts as {fill}.",
        "먼저 입력에 테두리를 둘러 가로세로 비율을 지킵니다. 가장자리 밖의 수는 모두 "
        "{fill}{(으)로} 칩니다.",
    ),
    "smoothed": Said(
        "Where it shrinks, it looks further, so that no place is skipped (antialias).",
        "줄어드는 쪽으로는 더 멀리 보므로 건너뛰는 자리가 없습니다(antialias).",
    ),
    "unseen": Said("Never seen: {unseen:list}.", "쓰이지 않는 것: {unseen:list}."),
}


def told(wiring: Any) -> Told:
    before, after = wiring.x.sample, wiring.output.sample
    out = tuple(after[axis] for axis in wiring.along)
    if wiring.variant == "cropped":
        return "resample.cropped", {"out": out, "method": wiring.method}
    others = [axis for i, axis in enumerate(before) if i not in wiring.along]
    facts: dict[str, Any] = {"out": out, "channel": others[-1]}
    if wiring.variant == "weighted":
        facts["method"] = wiring.method
    old = tuple(before[axis] for axis in wiring.along)
    is_open = product(axis.size for axis in (*old, *out)) is None
    if is_open:
        return f"resample.{wiring.variant}.open", facts
    return f"resample.{wiring.variant}", facts | {"in": old}


def remarks(wiring: Any) -> Found:
    if wiring.variant == "cropped":
        return
    if wiring.framing:
        yield wiring.framing, {"fill": wiring.fill} if wiring.framing == "framed" else {}
    before, after = wiring.x.sample, wiring.output.sample
    changes = [(before[axis], after[axis]) for axis in wiring.along]
    if wiring.antialias and any((old.size or 0) > (new.size or 0) for old, new in changes):
        yield "smoothed", {}
    unseen = tuple(
        old._replace(size=missing)
        for (old, _), lines in zip(changes, wiring.lines, strict=True)
        if (missing := never_read(lines, old.size))
    )
    if unseen:
        yield "unseen", {"unseen": unseen}


def never_read(lines: Any, size: int | None) -> int:
    """How many input places along one axis no output place is made of."""
    if not lines or size is None:
        return 0
    return size - len({place for line in lines for place, _ in line if 0 <= place < size})
