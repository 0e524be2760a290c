"""Attend: several heads compare queries with keys, and mix the values by their shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product as places
from typing import ClassVar, NamedTuple

from lanthorn.axes import Axes, Axis
from lanthorn.wiring.arithmetic import (
    Apply,
    At,
    Dot,
    Expr,
    Inner,
    Number,
    Param,
    Read,
    Weight,
)
from lanthorn.wiring.attending import Attending, key_name
from lanthorn.wiring.base import NotDescribedError, sizes


class Projection(NamedTuple):
    """Weighted sums over the last axis or axes of one tensor."""

    kernel: Weight
    bias: Weight | None = None

    @property
    def weights(self) -> tuple[Weight, ...]:
        return (self.kernel, self.bias) if self.bias else (self.kernel,)


@dataclass(frozen=True)
class Attend(Attending):
    """Several heads at once, each with queries, keys and values of its own.

    For head n, a place t that asks and the places s that it sees:
    `score[n, t, s] = Σ_f query[t, n, f] · key[s, n, f] · scale`, `share = softmax over s`,
    `mixed[t, n, f] = Σ_s share[n, t, s] · value[s, n, f]`,
    `y[t, …] = Σ_n,f mixed[t, n, f] · kernel[n, f, …] + bias[…]`.
    query, key, value: from the features of each input to (heads, features).
    gate: another projection of the query; its sigmoid is multiplied with `mixed`.
    repeats: how many heads share one key and value.
    over: the sample axes that are attended over; places along the others keep to themselves.
    """

    kind: ClassVar[str] = "attend"
    query: Projection
    key: Projection
    value: Projection
    result: Projection
    gate: Projection | None = None
    repeats: int = 1
    over: tuple[int, ...] = (0,)
    scale: float = 1.0

    # -- axes --------------------------------------------------------------------------------------

    @property
    def heads(self) -> Axis:
        return self.query.kernel.axes.axes[1]

    @property
    def key_input(self) -> int:
        """The number of the input that keys are made of; without one, the values' own."""
        return 2 if len(self.inputs) > 2 else 1

    @property
    def apart(self) -> tuple[int, ...]:
        """The sample axes that are not attended over."""
        return tuple(i for i in range(len(self.x.sample) - 1) if i not in self.over)

    def keys(self) -> Iterator[At]:
        known = sizes(self.inputs[1])
        return places(*(range(known[axis]) for axis in self.over))

    @property
    def intermediates(self) -> dict[str, Axes]:
        scores = score_axes(self.x, self.inputs[1], self.heads, self.over)
        found = {
            "query": self._made(self.query, 0),
            "key": self._made(self.key, self.key_input),
            "value": self._made(self.value, 1),
            "scores": scores,
            "shares": scores,
            "mixed": self._mixed,
        }
        return found | ({"gate": self._mixed, "gated": self._mixed} if self.gate else {})

    def _made(self, projection: Projection, source: int) -> Axes:
        axes = self.inputs[source]
        return axes.with_sample([*axes.sample[:-1], *projection.kernel.axes.axes[1:]])

    @property
    def _mixed(self) -> Axes:
        features = self.value.kernel.axes.axes[-1]
        return self.x.with_sample([*self.x.sample[:-1], self.heads, features])

    # -- arithmetic --------------------------------------------------------------------------------

    def element(self, at: At) -> Expr:
        depth = len(self.x.sample) - 1
        place, made = at[:depth], at[depth:]
        if self.awaits_mask:
            raise NotDescribedError("which places are seen is said by a mask")
        name = "gated" if self.gate else "mixed"
        kernel, bias = self.result
        heads, features = sizes(self._mixed)[-2:]
        terms = tuple(
            (Inner(name, (*place, head, f)), Param(kernel.name, (head, f, *made)))
            for head in range(heads)
            for f in range(features)
        )
        return Dot(terms, Param(bias.name, made) if bias else None)

    def part(self, name: str, at: At) -> Expr:
        match name:
            case "query":
                return self._projected(self.query, 0, at)
            case "key":
                return self._projected(self.key, self.key_input, at)
            case "value":
                return self._projected(self.value, 1, at)
            case "gate" if self.gate:
                return Apply("sigmoid", (self._projected(self.gate, 0, at),))
            case "gated":
                return Apply("multiply", (Inner("mixed", at), Inner("gate", at)))
            case "scores":
                return self._score(at)
            case "shares":
                row, query, key = self._split(at)
                return self.share(row, query, key)
            case "mixed":
                return self._mean(at)
        raise NotDescribedError(f"attend has no intermediate {name!r}")

    def _projected(self, projection: Projection, source: int, at: At) -> Expr:
        *place, head, feature = at
        length = sizes(self.inputs[source])[-1]
        kernel, bias = projection
        terms = tuple(
            (Read((*place, i), source), Param(kernel.name, (i, head, feature)))
            for i in range(length)
        )
        return Dot(terms, Param(bias.name, (head, feature)) if bias else None)

    def _split(self, at: At) -> tuple[At, At, At]:
        """A place among the scores: its row, the query's places, the key's."""
        count = len(self.over)
        return at[:-count], at[-2 * count : -count], at[-count:]

    def _whole(self, row: At, along: At) -> At:
        """The place on all axes of an input: along those attended over, and along the others."""
        found = dict(zip(self.apart, row, strict=False)) | dict(zip(self.over, along, strict=True))
        return tuple(found[axis] for axis in sorted(found))

    def _score(self, at: At) -> Expr:
        row, query, key = self._split(at)
        head = row[len(self.apart)]
        asking, told = self._whole(row, query), self._whole(row, key)
        terms = tuple(
            (Inner("query", (*asking, head, f)), Inner("key", (*told, head // self.repeats, f)))
            for f in range(self.query.kernel.axes[-1] or 0)
        )
        return Apply("scaled", (Dot(terms),), (("scale", self.scale),))

    def _mean(self, at: At) -> Expr:
        *place, head, feature = at
        query = tuple(place[axis] for axis in self.over)
        row = (*(place[axis] for axis in self.apart), head, *query)
        terms = tuple(
            (
                Inner("value", (*self._whole(row, key), head // self.repeats, feature)),
                Inner("shares", (*row, *key)),
            )
            for key in self.counted(row, query)
        )
        return Dot(terms) if terms else Number(0.0)

    # -- for words ---------------------------------------------------------------------------------

    @property
    def projections(self) -> dict[str, Projection]:
        found = {"query": self.query, "key": self.key, "gate": self.gate, "value": self.value}
        return {name: one for name, one in (*found.items(), ("output", self.result)) if one}

    @property
    def weights(self) -> tuple[Weight, ...]:
        return tuple(weight for one in self.projections.values() for weight in one.weights)


def score_axes(query: Axes, value: Axes, heads: Axis, over: tuple[int, ...]) -> Axes:
    """The axes of scores: those kept apart, heads, what asks, what is looked at."""
    asking, told = query.sample[:-1], value.sample
    apart = [axis for i, axis in enumerate(asking) if i not in over]
    looked = [told[i]._replace(name=key_name(told[i], len(over))) for i in over]
    return query.with_sample([*apart, heads, *(asking[i] for i in over), *looked])
