"""The arithmetic of one number, as data: it can print itself, evaluate itself, list its reads.

An expression is a small tree. Its leaves are `Read` (one element of an input), `Param` (one element
of a weight), `Inner` (one element of a named intermediate, which has an expression of its own),
`Row` (a row chosen by an input) and `Number`. Positions leave the batch out: no wiring mixes
samples. They are named tuples: as data they are plain, and they are made when the library starts,
where nine data classes would take ten milliseconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from lanthorn.axes import Axes, product
from lanthorn.wiring.functions import FUNCTIONS

At = tuple[int, ...]
Reader = Callable[[int, At], float]
Weigher = Callable[[str, At], float]
Inside = Callable[[str, At], float]


class Weight(NamedTuple):
    """A weight as a wiring knows it: a name and named axes, no numbers."""

    name: str
    axes: Axes

    @property
    def size(self) -> int:
        return product(self.axes) or 0


class Read(NamedTuple):
    """One element of input number `source`."""

    at: At
    source: int = 0


class Param(NamedTuple):
    """One element of the weight called `name`."""

    name: str
    at: At


class Inner(NamedTuple):
    """One element of the wiring's intermediate called `name`: a gate, a score, a layer inside."""

    name: str
    at: At


class Row(NamedTuple):
    """Element `column` of the weight's row that an input element names."""

    name: str
    row: Read
    column: At


class Number(NamedTuple):
    value: float


class Dot(NamedTuple):
    """Σ read × weight + bias."""

    terms: tuple[tuple[Expr, Expr], ...]
    bias: Expr | None = None


class Largest(NamedTuple):
    of: tuple[Expr, ...]


class Average(NamedTuple):
    of: tuple[Expr, ...]


class Variance(NamedTuple):
    """The mean of (x - mean)², divided by how many there are."""

    of: tuple[Expr, ...]


class Share(NamedTuple):
    """One number's share of its axis.

    rule: "softmax" is exp(of) / Σ exp(among), "log_softmax" its logarithm, "sparsemax"
        max(of - τ, 0), with τ such that the shares sum to 1.
    """

    of: Expr
    among: tuple[Expr, ...]
    rule: str = "softmax"


class Apply(NamedTuple):
    """A named function of a few numbers; `settings` are its constants."""

    function: str
    of: tuple[Expr, ...]
    settings: tuple[tuple[str, float], ...] = ()


Expr = Read | Param | Inner | Row | Number | Dot | Largest | Average | Variance | Share | Apply


def evaluate(expression: Expr, read: Reader, weigh: Weigher, inside: Inside | None = None) -> float:
    """The number, in double precision, from the given inputs, weights and intermediates."""

    def value(e: Expr) -> float:
        match e:
            case Read(at, source):
                return read(source, at)
            case Param(name, at):
                return weigh(name, at)
            case Inner(name, at):
                assert inside is not None
                return inside(name, at)
            case Row(name, row, column):
                return weigh(name, (int(value(row)), *column))
            case Number(number):
                return number
            case Dot(terms, bias):
                total = math.fsum(value(a) * value(b) for a, b in terms)
                return total + (value(bias) if bias is not None else 0.0)
            case Largest(of):
                return max(map(value, of))
            case Average(of):
                return math.fsum(map(value, of)) / len(of)
            case Variance(of):
                return variance([value(part) for part in of])
            case Share(of, among, rule):
                return share(rule, value(of), [value(part) for part in among])
            case Apply(function, of, settings):
                return FUNCTIONS[function].compute(*map(value, of), **dict(settings))

    return value(expression)


def variance(numbers: Sequence[float]) -> float:
    """The biased variance: the mean of the squared distances from the mean."""
    mean = math.fsum(numbers) / len(numbers)
    return math.fsum((number - mean) ** 2 for number in numbers) / len(numbers)


def share(rule: str, number: float, among: Sequence[float]) -> float:
    """What `number` gets of its axis by a `Share`'s rule."""
    if rule == "sparsemax":
        return max(number - sparsemax_threshold(among), 0.0)
    largest = max(among)
    total = math.fsum(math.exp(other - largest) for other in among)
    if rule == "log_softmax":
        return number - largest - math.log(total)
    return math.exp(number - largest) / total


def sparsemax_threshold(numbers: Sequence[float]) -> float:
    """τ with Σ max(x - τ, 0) = 1. Source: Martins & Astudillo 2016, algorithm 1."""
    found = 0.0
    total = 0.0
    for count, number in enumerate(sorted(numbers, reverse=True), start=1):
        total += number
        if number > (total - 1) / count:
            found = (total - 1) / count
    return found


def children(expression: Expr) -> Iterator[Expr]:
    """The expressions an expression is made of, in the order they are written."""
    match expression:
        case Dot(terms, bias):
            for a, b in terms:
                yield a
                yield b
            if bias is not None:
                yield bias
        case Largest(of) | Average(of) | Variance(of) | Apply(_, of):
            yield from of
        case Share(of, among, _):
            yield of
            yield from among
        case Row(_, row, _):
            yield row


def leaves(expression: Expr) -> Iterator[Expr]:
    """Every read, weight, intermediate and number an expression is made of."""
    inner = list(children(expression))
    if not inner:
        yield expression
    for child in inner:
        yield from leaves(child)


def relocated(expression: Any, change: Callable[[Any], Any]) -> Any:
    """The same expression with every `Read`, `Param` and `Inner` exchanged for `change(it)`."""
    if isinstance(expression, Read | Param | Inner):
        return change(expression)
    if isinstance(expression, tuple):
        parts = [relocated(part, change) for part in expression]
        return type(expression)(*parts) if hasattr(expression, "_fields") else tuple(parts)
    return expression
