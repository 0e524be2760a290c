"""The arithmetic of sliding windows, once for every layer that has one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lanthorn.axes import Axes, Axis
from lanthorn.words.shapes import sizes_text

SPATIAL = {1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""The axes a window moves along, by how many there are."""


def reach(window: int, dilation: int = 1) -> int:
    """How many places a window covers from its first to its last."""
    return (window - 1) * dilation + 1


def output_size(size: int | None, window: int, stride: int, padding: str, dilation: int = 1
                ) -> int | None:  # fmt: skip
    """How many places the window stops at along one axis.

    "valid": `⌊(size - reach) / stride⌋ + 1`; "same" and "causal": `⌈size / stride⌉`.
    Example:
        >>> output_size(28, 3, 1, "valid"), output_size(25, 2, 2, "valid")
        (26, 12)
    """
    if size is None:
        return None
    if padding == "valid":
        return (size - reach(window, dilation)) // stride + 1
    return -(-size // stride)


def rows_before(size: int | None, window: int, stride: int, padding: str, dilation: int = 1) -> int:
    """How many rows the padding puts in front of one axis."""
    covered = reach(window, dilation)
    if padding == "causal":
        return covered - 1
    if padding == "valid" or size is None:
        return 0
    stops = -(-size // stride)
    return max((stops - 1) * stride + covered - size, 0) // 2


def wanted(layer: Any, rank: int, channels: int | None = None) -> str:
    """`(batch, height, width, channels 3)`: what a layer over `rank` axes takes, in its order."""
    last = "channels" if channels is None else f"channels {channels}"
    is_first = getattr(layer, "data_format", "channels_last") == "channels_first"
    sample = (last, *SPATIAL[rank]) if is_first else (*SPATIAL[rank], last)
    return f"({', '.join(('batch', *sample))})"


def resized(layer: Any, x: Axes, window: tuple[int, ...], channels: int | None = None,
            dilation: tuple[int, ...] | None = None) -> Axes:  # fmt: skip
    """The axes after a window has moved over all but the batch and the channels.

    channels: how many come out, when not as many as went in.
    Raises: ShapeError for another number of axes, or an input smaller than the window.
    """
    rank = len(window)
    dilation = dilation or (1,) * rank
    layer.require(len(x) == rank + 2, x, wanted(layer, rank))
    sizes = tuple(
        output_size(size, w, s, layer.padding, d)
        for size, w, s, d in zip(x[1:-1], window, layer.strides, dilation, strict=True)
    )
    covered = tuple(reach(w, d) for w, d in zip(window, dilation, strict=True))
    layer.require(
        all(size is None or size > 0 for size in sizes),
        x,
        f"an input at least as large as its window, {sizes_text(covered)}",
        f"The input is {sizes_text(x[1:-1])} and the window {sizes_text(covered)}.",
    )
    return moved(x, sizes, channels)


def moved(x: Axes, sizes: Iterable[int | None], channels: int | None = None) -> Axes:
    """The axes with other sizes for all but the batch and the channels."""
    named = [Axis(axis.name, size) for axis, size in zip(x.sample[:-1], sizes, strict=True)]
    last = x.axes[-1] if channels is None else Axis("channels", channels)
    return x.with_sample([*named, last])


def all_before(layer: Any, x: Axes, window: tuple[int, ...],
               dilation: tuple[int, ...] | None = None) -> tuple[int, ...]:  # fmt: skip
    """The rows of padding in front of each axis the window moves along."""
    dilation = dilation or (1,) * len(window)
    return tuple(
        rows_before(size, w, s, layer.padding, d)
        for size, w, s, d in zip(x[1:-1], window, layer.strides, dilation, strict=True)
    )
