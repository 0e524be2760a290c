"""Spread: windows laid out side by side, and what falls on one place, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.said import Found, Said, Told

SENTENCES = {
    "spread": Said(
        "A sliding window the other way round: {in:each} of the input is laid out as a window of "
        "{window:extent} on the output, {strides:list} apart. A number of the output, for "
        "{filters:each}, adds up the {channels:plural} of every input place whose window covers "
        "it, each times its weight. The weights are the same for every window.",
        "옮겨 다니는 창을 거꾸로 한 것입니다. 입력의 {in:each} {window:extent} 창을 출력 위에 "
        "{strides:list}씩 옮겨 가며 펼칩니다. 출력의 수는 {filters:each}, 그 자리를 덮는 창들의 "
        "입력 {channels:plural}에 저마다 가중치를 곱해 모두 더한 값입니다. 가중치는 어느 창에서나 "
        "같습니다.",
    ),
}

REMARKS = {
    "cut": Said(
        'What sticks out past the edges is cut off: {cut:list} (padding="{padding}").',
        '가장자리 밖으로 나온 {cut:list}{은/는} 잘라 냅니다(padding="{padding}").',
    ),
    "dilation": Said(
        "The places of a window lie {dilation:list} apart, so it reaches over {reach:extent}.",
        "창의 자리가 {dilation:list}씩 떨어져 있어 {reach:extent}에 걸칩니다.",
    ),
    "uncovered": Said(
        "No window covers {uncovered:list}: there the sum is {nothing}.",
        "{uncovered:list}{은/는} 어느 창에도 덮이지 않아 합이 {nothing}입니다.",
    ),
    "checkerboard": Said(
        "A window of {size:list} is no multiple of the stride {strides:list}: places side by side "
        "add up different numbers of inputs, which can show as a checkerboard.",
        "창의 {size:list}{은/는} 보폭 {strides:list}의 배수가 아닙니다. 나란한 자리끼리 더하는 "
        "입력의 수가 달라 바둑판무늬가 보일 수 있습니다.",
    ),
}

NOTHING = 0
"""The sum of no terms."""


def told(wiring: Any) -> Told:
    facts = {
        "in": wiring.x.sample[:-1],
        "window": along(wiring, wiring.size),
        "strides": along(wiring, wiring.strides),
        "filters": Axis("filters", wiring.output[-1]),
        "channels": wiring.x.sample[-1],
        "out.last": wiring.output.sample[wiring.shares],
    }
    return "spread", facts


def along(wiring: Any, counts: Any) -> tuple[Axis, ...]:
    """One count for each axis that is spread out, under that axis's name."""
    moved = wiring.x.sample[:-1]
    return tuple(Axis(axis.name, count) for axis, count in zip(moved, counts, strict=True))


def remarks(wiring: Any) -> Found:
    """Source for the checkerboard: Odena et al. 2016, doi:10.23915/distill.00003."""
    reach = tuple((w - 1) * d + 1 for w, d in zip(wiring.size, wiring.dilation, strict=True))
    if max(wiring.dilation) > 1:
        facts = {"dilation": along(wiring, wiring.dilation), "reach": along(wiring, reach)}
        yield "dilation", facts
    uneven = [w > s > 1 and w % s != 0 for w, s in zip(wiring.size, wiring.strides, strict=True)]
    if any(uneven):
        yield (
            "checkerboard",
            {
                "size": chosen(along(wiring, wiring.size), uneven),
                "strides": chosen(along(wiring, wiring.strides), uneven),
            },
        )
    sizes = list(zip(wiring.x[1:-1], wiring.output[1:-1], strict=True))
    if any(size is None for size, _ in sizes):
        return
    spread = [(n - 1) * s + r for (n, _), s, r in zip(sizes, wiring.strides, reach, strict=True)]
    cut = [max(whole - out, 0) for whole, (_, out) in zip(spread, sizes, strict=True)]
    if any(cut):
        found = chosen(along(wiring, cut), cut)
        yield "cut", {"cut": found, "padding": wiring.padding}
    bare = [
        sum(not any(wiring.meeting(axis, place, n)) for place in range(out))
        for axis, (n, out) in enumerate(sizes)
    ]
    if any(bare):
        yield "uncovered", {"uncovered": chosen(along(wiring, bare), bare), "nothing": NOTHING}


def chosen(axes: tuple[Axis, ...], which: Any) -> tuple[Axis, ...]:
    return tuple(axis for axis, is_one in zip(axes, which, strict=True) if is_one)
