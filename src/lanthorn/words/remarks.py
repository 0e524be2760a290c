"""What is worth saying behind a layer's sentence: edges, steps, rows that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.phrases import say
from lanthorn.words.sentences import REMARKS

NOTHING = 0
"""What stands past the edge of an input."""

ONE = 1
"""The size of an axis that is kept empty, or read again and again."""


def remarks(wiring: Any, language: str = "en") -> list[str]:
    """The remarks that hold for this wiring between its axes."""
    found = REMARKERS.get(wiring.kind, lambda wiring: iter(()))(wiring)
    return [say(REMARKS[key], language, facts) for key, facts in found]


Found = Iterator[tuple[str, dict[str, Any]]]


def of_window(wiring: Any) -> Found:
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
    usual = (1,) * len(reach) if wiring.keep == "weighted" else wiring.size
    if wiring.strides == usual:
        return
    pairs = list(zip(wiring.strides, reach, strict=True))
    overlaps = wiring.keep != "weighted" and any(stride < covered for stride, covered in pairs)
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
            kind = "weighted" if wiring.keep == "weighted" else "pooled"
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


def of_reduce(wiring: Any) -> Found:
    if wiring.keepdims:
        over = tuple(wiring.x.sample[axis] for axis in wiring.over)
        yield "keepdims", {"over": over, "one": ONE}


def of_combine(wiring: Any) -> Found:
    for axes in wiring.inputs:
        sizes, whole = axes[1:], wiring.output[1:]
        aligned = whole[len(whole) - len(sizes) :]
        if any(size == ONE != full for size, full in zip(sizes, aligned, strict=True)):
            yield "repeated", {"one": ONE}
            return


REMARKERS = {
    "window": of_window,
    "reduce": of_reduce,
    "combine": of_combine,
}
