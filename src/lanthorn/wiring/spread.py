"""Spread: each input element is laid out as a window; an output element adds up what covers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product as places
from typing import Any, ClassVar

from lanthorn.wiring.activation import activated
from lanthorn.wiring.arithmetic import At, Dot, Expr, Number, Param, Read, Weight
from lanthorn.wiring.base import Wiring, sizes


@dataclass(frozen=True)
class Spread(Wiring):
    """`y[o, k] = activation(Σ x[i, c] · kernel[u, k, c] + bias[k])` where `i·s + u·d - p = o`.

    The sum is over input channels c and over all input places i and window places u that meet at o:
    the transpose of a sliding window. Where none meet, the sum is 0.
    before: rows in front that are cut off each axis (`p`).
    shares: the axis over which an activation "softmax" takes its shares.
    """

    kind: ClassVar[str] = "spread"
    size: tuple[int, ...]
    strides: tuple[int, ...]
    before: tuple[int, ...]
    dilation: tuple[int, ...]
    kernel: Weight
    bias: Weight | None = None
    padding: str = "valid"
    activation: str = "linear"
    shares: int = -1

    def element(self, at: At) -> Expr:
        length = sizes(self.output)[self.shares]
        return activated(self.activation, at, length, self._sum, self.shares)

    def _sum(self, at: At) -> Expr:
        *place, filter_ = at
        *shape, channels = sizes(self.x)
        meeting = [
            list(self.meeting(axis, o, n))
            for axis, (o, n) in enumerate(zip(place, shape, strict=True))
        ]
        terms = tuple(
            (
                Read((*(i for i, _ in pairs), channel)),
                Param(self.kernel.name, (*(u for _, u in pairs), filter_, channel)),
            )
            for pairs in places(*meeting)
            for channel in range(channels)
        )
        if not terms and self.bias is None:
            return Number(0.0)
        return Dot(terms, Param(self.bias.name, (filter_,)) if self.bias else None)

    def meeting(self, axis: int, place: int, length: int) -> Iterator[tuple[int, int]]:
        """Along one axis the input rows, and the rows of their windows, that lie on a place."""
        for inside in range(self.size[axis]):
            row, between = divmod(
                place + self.before[axis] - inside * self.dilation[axis], self.strides[axis]
            )
            if not between and 0 <= row < length:
                yield row, inside

    @property
    def weights(self) -> tuple[Weight, ...]:
        return (self.kernel, self.bias) if self.bias else (self.kernel,)

    def facts(self) -> dict[str, Any]:
        return {"window": self.size, "strides": self.strides, "activation": self.activation}


def cut_off(
    reach: int, stride: int, padding: str, output_padding: int | None = None
) -> tuple[int, int]:
    """Rows that are cut off one axis, before and behind, after everything was spread out.

    Spread out, n rows cover (n - 1) · stride + reach. A negative number is rows that are added.
    Source: keras 3.15 `backend/common/backend_utils.py`, whose sizes are matched: "valid"
    (n - 1) · stride + max(reach, stride), "same" n · stride, or with `output_padding`
    (n - 1) · stride + reach + output_padding and (n - 1) · stride + reach % 2 + output_padding.
    """
    if padding == "valid":
        return 0, -(max(stride - reach, 0) if output_padding is None else output_padding)
    if output_padding is None:
        kept = stride + reach - 2
    else:
        kept = reach + reach % 2 - 2 + output_padding
    kept_before = min((kept + 1) // 2, reach - 1)
    return reach - 1 - kept_before, reach - 1 - (kept - kept_before)
