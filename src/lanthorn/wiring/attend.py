"""Attend: weighted means of values; the weights are shares of scores, queries against keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product as places
from typing import Any, ClassVar, NamedTuple, Self

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
    Share,
    Weight,
)
from lanthorn.wiring.base import NotDescribedError, Wiring, sizes


class Projection(NamedTuple):
    """Weighted sums over the last axis or axes of one tensor."""

    kernel: Weight
    bias: Weight | None = None

    @property
    def weights(self) -> tuple[Weight, ...]:
        return (self.kernel, self.bias) if self.bias else (self.kernel,)


@dataclass(frozen=True, kw_only=True)
class Attending(Wiring):
    """What all attention shares: a softmax of scores over the places that are seen.

    causal: a place sees itself and earlier ones. window: it sees places less than that far off.
    visible: which places are seen besides: nested yes and no in the shape of the scores, where an
        axis of size 1 stands for all its places; () for no mask.
    awaits_mask: the call was given a mask, and without it no number can be told.
    blind: what a place that sees nothing has: "even" shares of everything, or "nothing".
    """

    causal: bool = False
    window: int | None = None
    visible: tuple[Any, ...] = ()
    awaits_mask: bool = False
    blind: str = "even"

    def under(self, mask: Any) -> Self:
        """The same for one sample's masks, in the form of `visible`."""
        if mask is None:
            return self
        return replace(self, visible=mask, awaits_mask=False)

    # -- what is seen ------------------------------------------------------------------------------

    def seen(self, row: At, query: At) -> list[At]:
        """The keys that one row of scores may look at.

        row: where the row lies among the scores. query: its places along what is attended over.
        """
        if self.awaits_mask:
            raise NotDescribedError("which places are seen is said by a mask")
        return [
            key for key in self.keys() if self._reaches(query, key) and self._is_on((*row, *key))
        ]

    def keys(self) -> Iterator[At]:
        """The places that are attended over."""
        raise NotImplementedError

    def _reaches(self, query: At, key: At) -> bool:
        if self.causal and key[0] > query[0]:
            return False
        return self.window is None or abs(key[0] - query[0]) < self.window

    def _is_on(self, at: At) -> bool:
        found: Any = self.visible
        if found == ():
            return True
        for place in at:
            found = found[0 if len(found) == 1 else place]
        return bool(found)

    def share(self, row: At, query: At, key: At) -> Expr:
        """The share of one key in a row of scores."""
        seen = self.seen(row, query)
        if not seen and self.blind == "even":
            return Number(1 / sum(1 for _ in self.keys()))
        if key not in seen:
            return Number(0.0)
        if len(seen) == 1:
            return Number(1.0)
        among = tuple(Inner("scores", (*row, *other)) for other in seen)
        return Share(Inner("scores", (*row, *key)), among)

    def counted(self, row: At, query: At) -> Sequence[At]:
        """The keys whose values count in a mean."""
        seen = self.seen(row, query)
        return list(self.keys()) if not seen and self.blind == "even" else seen


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


@dataclass(frozen=True)
class AttendDirectly(Attending):
    """One attention over the inputs as they are: no heads, no projections.

    `dot`: `score[t, s] = Σ_f query[t, f] · key[s, f] · scale`;
    `concat`: `Σ_f tanh(scale · (query[t, f] + key[s, f])) · weight`;
    `additive`: `Σ_f tanh(query[t, f] + key[s, f]) · scale[f]`.
    `y[t, f] = Σ_s share[t, s] · value[s, f]`.
    answers: yes and no for each place that asks; where no, the output is 0. () for no such mask.
    """

    kind: ClassVar[str] = "attend_directly"
    score: str
    scale: Weight | None = None
    weight: Weight | None = None
    answers: tuple[Any, ...] = ()

    @property
    def key_input(self) -> int:
        return 2 if len(self.inputs) > 2 else 1

    def keys(self) -> Iterator[At]:
        return places(range(sizes(self.inputs[1])[-2]))

    def under(self, mask: Any) -> Self:
        if mask is None:
            return self
        visible, answers = mask
        return replace(self, visible=visible, answers=answers, awaits_mask=False)

    @property
    def intermediates(self) -> dict[str, Axes]:
        *asking, features = self.x.sample
        told = self.inputs[self.key_input].sample[-2]
        scores = self.x.with_sample([*asking, told._replace(name=key_name(told, 1))])
        found = {"scores": scores, "shares": scores}
        if self.score != "dot":
            found = {"compared": self.x.with_sample([*scores.sample, features])} | found
        return found

    def element(self, at: At) -> Expr:
        *row, feature = at
        *before, query = row
        if self._is_silent(tuple(row)):
            return Number(0.0)
        terms = tuple(
            (Read((*before, *key, feature), 1), Inner("shares", (*row, *key)))
            for key in self.counted(tuple(row), (query,))
        )
        return Dot(terms) if terms else Number(0.0)

    def _is_silent(self, row: At) -> bool:
        found: Any = self.answers
        if found == ():
            return False
        for place in row:
            found = found[0 if len(found) == 1 else place]
        return not found

    def part(self, name: str, at: At) -> Expr:
        if name == "shares":
            *row, key = at
            return self.share(tuple(row), (at[-2],), (key,))
        if name == "scores":
            return self._products(at) if self.score == "dot" else self._sum(at)
        if name == "compared" and self.score != "dot":
            return self._compared(at)
        raise NotDescribedError(f"attend_directly has no intermediate {name!r}")

    def _pair(self, at: At, feature: int) -> tuple[Read, Read]:
        *before, query, key = at
        return Read((*before, query, feature)), Read((*before, key, feature), self.key_input)

    def _products(self, at: At) -> Expr:
        dot = Dot(tuple(self._pair(at, f) for f in range(sizes(self.x)[-1])))
        return Apply("scaled", (dot, Param(self.scale.name, ()))) if self.scale else dot

    def _sum(self, at: At) -> Expr:
        terms = tuple(
            (Inner("compared", (*at, f)), self._weight_of(f)) for f in range(sizes(self.x)[-1])
        )
        return Dot(terms)

    def _weight_of(self, feature: int) -> Expr:
        if self.weight:
            return Param(self.weight.name, ())
        return Param(self.scale.name, (feature,)) if self.scale else Number(1.0)

    def _compared(self, at: At) -> Expr:
        pair: tuple[Expr, ...] = self._pair(at[:-1], at[-1])
        if self.score == "concat" and self.scale:
            pair = (*pair, Param(self.scale.name, ()))
        return Apply("tanh_of_sum", pair)

    @property
    def weights(self) -> tuple[Weight, ...]:
        return tuple(weight for weight in (self.scale, self.weight) if weight)

    @property
    def variant(self) -> str:
        return self.score


def score_axes(query: Axes, value: Axes, heads: Axis, over: tuple[int, ...]) -> Axes:
    """The axes of scores: those kept apart, heads, what asks, what is looked at."""
    asking, told = query.sample[:-1], value.sample
    apart = [axis for i, axis in enumerate(asking) if i not in over]
    looked = [told[i]._replace(name=key_name(told[i], len(over))) for i in over]
    return query.with_sample([*apart, heads, *(asking[i] for i in over), *looked])


def key_name(axis: Axis, count: int) -> str:
    """What the places that are looked at are called beside those that look."""
    return "keys" if count == 1 else f"key {axis.name}"
