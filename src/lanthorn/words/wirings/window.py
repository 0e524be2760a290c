"""Window: what slides over the axes and what lies past the edge, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis, product
from lanthorn.words.said import Found, Said, Told

SENTENCES = {
    "window.weighted": Said(
        "A window of {window:extent} slides over {over:names} and stops at {stops:count}. "
        "There, {filters:each} makes one number of the {under:sizes} under the window, with the "
        "same weights at every stop.",
        "{window:extent} 창이 {over:names} 위를 옮겨 다니며 {stops:sites}에서 멈춥니다. 멈출 "
        "때마다 {filters:Each} 창 아래의 수 {under:sizes}개로 수 하나를 만듭니다. 가중치는 "
        "어디서나 같습니다.",
    ),
    "window.depthwise": Said(
        "A window of {window:extent} slides over {over:names} and stops at {stops:count}. There, "
        "every {channel:one} by itself makes {made:count} of the {under:sizes} under the window, "
        "with weights of its own that are the same at every stop. {channel:places} do not see "
        "each other.",
        "{window:extent} 창이 {over:names} 위를 옮겨 다니며 {stops:sites}에서 멈춥니다. 멈출 "
        "때마다 {channel:one}마다 따로 창 아래의 수 {under:sizes}개로 {made:count}{을/를} "
        "만듭니다. 가중치는 {channel:one}마다 다르고 어디서나 같습니다. {channel:one}끼리는 서로 "
        "보지 않습니다.",
    ),
    "window.largest": Said(
        "Of each window of {window:extent} only the largest number stays, in every {channel:one} "
        "by itself: {over:count} become {stops:sizes}.",
        "{window:extent} 창마다 가장 큰 수만 남깁니다. {channel:one}마다 따로 합니다: "
        "{over:sites}{이/가} {stops:sizes}개가 됩니다.",
    ),
    "window.largest.open": Said(
        "Of each window of {window:extent} only the largest number stays, in every {channel:one} "
        "by itself.",
        "{window:extent} 창마다 가장 큰 수만 남깁니다. {channel:one}마다 따로 합니다.",
    ),
    "window.mean.open": Said(
        "Each window of {window:extent} becomes the mean of its numbers, in every {channel:one} "
        "by itself.",
        "{window:extent} 창마다 수들의 평균을 남깁니다. {channel:one}마다 따로 합니다.",
    ),
    "window.mean": Said(
        "Each window of {window:extent} becomes the mean of its numbers, in every {channel:one} "
        "by itself: {over:count} become {stops:sizes}.",
        "{window:extent} 창마다 수들의 평균을 남깁니다. {channel:one}마다 따로 합니다: "
        "{over:sites}{이/가} {stops:sizes}개가 됩니다.",
    ),
}

REMARKS = {
    "strides": Said(
        "The window moves on {strides:list} at a time.",
        "창은 한 번에 {strides:list}씩 옮겨 갑니다.",
    ),
    "overlap": Said(
        "The window moves on {strides:list} at a time, so windows overlap.",
        "창은 한 번에 {strides:list}씩 옮겨 가므로 서로 겹칩니다.",
    ),
    "edge.weighted": Said(
        'Past the edge every number counts as {nothing} (padding="{padding}").',
        '가장자리 밖의 수는 모두 {nothing}{(으)로} 칩니다(padding="{padding}").',
    ),
    "edge.pooled": Said(
        'Past the edge there is nothing: only what lies inside counts (padding="{padding}").',
        '가장자리 밖에는 아무것도 없습니다. 안에 있는 수만 칩니다(padding="{padding}").',
    ),
    "causal": Said(
        "It never looks ahead; before the first {over:one} every number counts as {nothing} "
        '(padding="{padding}").',
        "앞을 내다보지 않습니다. 첫 {over:one}보다 앞의 수는 모두 {nothing}{(으)로} "
        '칩니다(padding="{padding}").',
    ),
    "dilation": Said(
        "What it looks at lies {dilation:list} apart, so it reaches over {reach:extent}.",
        "보는 자리가 {dilation:list}씩 떨어져 있어 {reach:extent}에 걸칩니다.",
    ),
    "groups": Said(
        "{in.last:The} are shared out to {groups}; each filter sees {own:the} of its own group.",
        "{in.last:The}{을/를} {groups}{(으)로} 나눕니다. 필터마다 제 묶음의 {own:the}만 봅니다.",
    ),
    "dropped": Said(
        "{axis:Name} {size} makes {stops}: {left:last} never seen.",
        "{axis:Name} {size}에서는 {stops}{이/가} 나옵니다. {left:last} 쓰이지 않습니다.",
    ),
    "skipped": Said(
        "Never seen between two stops: {skipped:list}.",
        "멈추는 곳 사이의 {skipped:list}{은/는} 쓰이지 않습니다.",
    ),
}

NOTHING = 0
"""What stands past the edge of an input."""


def told(wiring: Any) -> Told:
    moved, stops = wiring.x.sample[:-1], wiring.output.sample[:-1]
    extent = along(wiring, wiring.size)
    facts = {"window": extent, "over": moved, "stops": stops}
    facts["out.last"] = wiring.output.sample[wiring.shares]
    if wiring.keep == "weighted":
        channels = wiring.kernel.axes.axes[-2]
        filters = Axis("filters", wiring.output[-1])
        return "window.weighted", facts | {"under": (*extent, channels), "filters": filters}
    if wiring.keep == "depthwise":
        made = Axis("numbers", wiring.kernel.axes[-1])
        channel = wiring.x.sample[-1]
        return "window.depthwise", facts | {"under": extent, "made": made, "channel": channel}
    open_ = ".open" if product(wiring.output[1:-1]) is None else ""
    return f"window.{wiring.variant}{open_}", facts | {"channel": wiring.x.sample[-1]}


def along(wiring: Any, counts: tuple[int, ...]) -> tuple[Axis, ...]:
    """One count for each axis the window moves along, under that axis's name."""
    return tuple(
        Axis(axis.name, count) for axis, count in zip(wiring.x.sample, counts, strict=False)
    )


def remarks(wiring: Any) -> Found:
    moved = wiring.x.sample[:-1]
    dilation = wiring.dilation or (1,) * len(moved)
    reach = tuple((w - 1) * d + 1 for w, d in zip(wiring.size, dilation, strict=True))
    named = _named(moved)
    yield from _steps(wiring, reach, named)
    if max(dilation) > 1:
        yield "dilation", {"dilation": named(dilation), "reach": named(reach)}
    if wiring.groups > 1:
        channels = wiring.x.sample[-1]
        own = channels._replace(size=(channels.size or 0) // wiring.groups)
        groups = Axis("groups", wiring.groups)
        yield "groups", {"in.last": channels, "groups": groups, "own": own}
    yield from _edges(wiring, reach, moved)


def _named(moved: tuple[Axis, ...]) -> Any:
    return lambda counts: tuple(
        Axis(axis.name, count) for axis, count in zip(moved, counts, strict=True)
    )


def _steps(wiring: Any, reach: tuple[int, ...], named: Any) -> Found:
    """How the window moves, when that is not the usual way of its kind."""
    is_weighted = wiring.kernel is not None
    usual = (1,) * len(reach) if is_weighted else wiring.size
    if wiring.strides == usual:
        return
    pairs = list(zip(wiring.strides, reach, strict=True))
    overlaps = not is_weighted and any(stride < covered for stride, covered in pairs)
    yield ("overlap" if overlaps else "strides"), {"strides": named(wiring.strides)}
    gaps = [max(stride - covered, 0) for stride, covered in pairs]
    skipped = tuple(axis for axis in named(gaps) if axis.size)
    if skipped:
        yield "skipped", {"skipped": skipped}


def _edges(wiring: Any, reach: tuple[int, ...], moved: tuple[Axis, ...]) -> Found:
    """What lies past the edge, and what is left over inside it."""
    if wiring.padding == "causal":
        yield "causal", {"over": moved, "nothing": NOTHING, "padding": wiring.padding}
        return
    stops = wiring.output[1:-1]
    lines = list(zip(moved, stops, wiring.strides, reach, strict=True))
    if wiring.padding == "same":
        known = [line for line in lines if None not in (line[0].size, line[1])]
        if any((count - 1) * s + r > axis.size for axis, count, s, r in known):
            kind = "pooled" if wiring.kernel is None else "weighted"
            yield f"edge.{kind}", {"padding": wiring.padding, "nothing": NOTHING}
        return
    for axis, count, stride, covered in lines:
        if axis.size is None or count is None:
            continue
        left = axis.size - ((count - 1) * stride + covered)
        if left:
            yield "dropped", {
                "axis": axis, "size": axis.size, "left": axis._replace(size=left),
                "stops": axis._replace(size=count),
            }  # fmt: skip
