"""Window: each output element is made of the input elements under a sliding window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product as places
from typing import Any, ClassVar

from lanthorn.wiring.activation import activated
from lanthorn.wiring.arithmetic import At, Average, Dot, Expr, Largest, Number, Param, Read, Weight
from lanthorn.wiring.base import Wiring, sizes


@dataclass(frozen=True)
class Window(Wiring):
    """Over window places `u` (one index per moved axis) and, when weighted, input channels `c`:

    weighted: `y[i, k] = activation(Σ_{u, c} x[i·s + u·d - p, c] · kernel[u, c, k] + bias[k])`
    depthwise: `y[i, c·m + k] = activation(Σ_u x[i·s + u·d - p, c] · kernel[u, c, k] + bias[…])`
    largest, mean: `y[i, c] = largest (mean) over u of x[i·s + u·d - p, c]`

    before: rows added in front of each moved axis (`p`), by "same" or "causal" padding; they hold
        0 for a weighted sum and are left out of the largest and of the mean.
    shares: the axis over which an activation "softmax" takes its shares.
    """

    kind: ClassVar[str] = "window"
    size: tuple[int, ...]
    strides: tuple[int, ...]
    before: tuple[int, ...]
    padding: str = "valid"
    keep: str = "weighted"
    dilation: tuple[int, ...] = ()
    groups: int = 1
    kernel: Weight | None = None
    bias: Weight | None = None
    activation: str = "linear"
    shares: int = -1

    def element(self, at: At) -> Expr:
        if self.kernel is not None:
            before = self._weighted if self.keep == "weighted" else self._depthwise
            length = sizes(self.output)[self.shares]
            return activated(self.activation, at, length, before, self.shares)
        *place, channel = at
        among = tuple(Read((*row, channel)) for _, row in self._under(tuple(place)) if row)
        return Largest(among) if self.keep == "largest" else Average(among)

    def _weighted(self, at: At) -> Expr:
        assert self.kernel is not None
        *place, filter_ = at
        channels = sizes(self.x)[-1] // self.groups
        first = filter_ // (sizes(self.output)[-1] // self.groups) * channels
        terms = tuple(
            (
                Read((*row, first + channel)) if row else Number(0.0),
                Param(self.kernel.name, (*inside, channel, filter_)),
            )
            for inside, row in self._under(tuple(place))
            for channel in range(channels)
        )
        return Dot(terms, Param(self.bias.name, (filter_,)) if self.bias else None)

    def _depthwise(self, at: At) -> Expr:
        assert self.kernel is not None
        *place, filter_ = at
        channel, number = divmod(filter_, self.kernel.axes[-1] or 1)
        terms = tuple(
            (
                Read((*row, channel)) if row else Number(0.0),
                Param(self.kernel.name, (*inside, channel, number)),
            )
            for inside, row in self._under(tuple(place))
        )
        return Dot(terms, Param(self.bias.name, (filter_,)) if self.bias else None)

    def _under(self, place: At) -> Iterator[tuple[At, At]]:
        """Each place in the window with the input row it lies on, () where that is padding."""
        shape = sizes(self.x)[:-1]
        dilation = self.dilation or (1,) * len(self.size)
        for inside in places(*map(range, self.size)):
            row = tuple(
                i * stride + u * gap - pad
                for i, stride, u, gap, pad in zip(
                    place, self.strides, inside, dilation, self.before, strict=True
                )
            )
            within = all(0 <= i < size for i, size in zip(row, shape, strict=True))
            yield inside, row if within else ()

    @property
    def weights(self) -> tuple[Weight, ...]:
        return tuple(weight for weight in (self.kernel, self.bias) if weight is not None)

    @property
    def variant(self) -> str:
        return self.keep

    def facts(self) -> dict[str, Any]:
        return {
            "window": self.size,
            "strides": self.strides,
            "padding": self.padding,
            "activation": self.activation,
        }
