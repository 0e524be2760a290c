"""An expression with its values: which numbers went in, and what each contributed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from lanthorn.axes import Axes
from lanthorn.explanation.reasons import Step, Term
from lanthorn.wiring.arithmetic import (
    Apply,
    At,
    Average,
    Dot,
    Expr,
    Inner,
    Largest,
    Number,
    Param,
    Read,
    Row,
    Share,
    Variance,
)
from lanthorn.wiring.base import Wiring
from lanthorn.wiring.evaluation import Evaluation
from lanthorn.wiring.functions import FUNCTIONS
from lanthorn.words.shapes import place_text
from lanthorn.words.telling import part_word


class Values(Evaluation):
    """The numbers of one sample that went into a layer, and what they are called.

    names: the layer each input comes from. owner: the layer's own name, for its intermediates.
    """

    def __init__(
        self,
        wiring: Wiring,
        *,
        inputs: Sequence[Any],
        names: Sequence[str],
        owner: str,
        weights: dict[str, Any],
        known: dict[str, Any],
        language: str,
    ) -> None:
        def weigh(name: str, at: At) -> float:
            if any(place < 0 for place in at):
                raise IndexError(at)
            return float(weights[name][at])

        super().__init__(wiring, lambda source, at: float(inputs[source][at]), weigh, known)
        self.names = names
        self.owner = owner
        self.language = language

    def weighted(self, expression: Expr, weight: Expr) -> Term:
        """A number and what it is multiplied with, named where that can be asked for too."""
        term = self.term(expression, self.of(weight))
        around = "{}"
        if isinstance(weight, Apply) and weight.function == "subtract":  # 1 - z
            first, weight = weight.of
            around = f"({self.of(first):g} - {{}})"
        if not isinstance(weight, Read | Inner):
            return term
        source = weight.name if isinstance(weight, Inner) else self.names[weight.source]
        by = around.format(f"{source}[{', '.join(map(str, weight.at))}]")
        both = [self.word(each) for each in (expression, weight)]
        words = f"{both[0]} × {around.format(both[1])}" if all(both) else ""
        return term._replace(by=by, words=words)

    def word(self, expression: Expr) -> str:
        """What a number inside the layer is called, where there is a word for it."""
        inside = expression.of[0] if isinstance(expression, Apply) else expression
        if not isinstance(inside, Inner):
            return ""
        return part_word(self.wiring, inside.name, self.language)

    def term(self, expression: Expr, weight: float | None = None) -> Term:
        """A read or an intermediate as a term; anything else is a number past the edge."""
        value = self.of(expression)
        product = value if weight is None else value * weight
        if isinstance(expression, Read):
            axes, name = self.wiring.inputs[expression.source], self.names[expression.source]
        elif isinstance(expression, Inner):
            axes = self.wiring.intermediates[expression.name]
            name = f"{self.owner}.{expression.name}"
        elif isinstance(expression, Apply) and isinstance(expression.of[0], Read | Inner):
            inside = self.term(expression.of[0])
            return inside._replace(
                value=value, weight=weight, product=product, function=expression.function
            )
        else:
            return Term("", (), "", value, weight, product)
        place = place_text(axes.sample, expression.at, self.language)
        return Term(name, expression.at, place, value, weight, product)


def unfolded(element: Expr, values: Values, output: Axes, at: At, part: str = "") -> dict[str, Any]:
    """The parts of a `Why` that the expression decides.

    part: the intermediate that is asked for.
    """
    if isinstance(element, Inner):
        is_same = values.wiring.kind == "recur" and part in ("", element.name)
        return {"how": "kept" if is_same else "part", "terms": [values.term(element)]}
    try:
        return _unfolded(element, values, output, at)
    except (OverflowError, ValueError, ZeroDivisionError, IndexError):
        return {"how": "opaque"}  # numbers left their range; the value itself says so too


def _unfolded(element: Expr, values: Values, output: Axes, at: At) -> dict[str, Any]:
    match element:
        case Dot():
            return summed(element, values)
        case Apply("cosine", (Dot() as dot, xs, ys)):
            inner = summed(dot, values, tells_sum=True)
            inner["steps"] += [Step("Σ x²", values.of(xs)), Step("Σ y²", values.of(ys))]
            return inner | {"formula": f"cosine: {FUNCTIONS['cosine'].formula}"}
        case Apply(function, (Dot() as dot, *others), settings):
            inner = summed(dot, values, tells_sum=True)
            inner["steps"] += [Step(argument_name(other), values.of(other)) for other in others]
            inner["steps"] += [Step(name, value) for name, value in settings]
            return inner | {"formula": f"{function}: {FUNCTIONS[function].formula}"}
        case Share(_, among, rule) if rule != "softmax":
            return {"how": "function", "terms": by_value(among, values), "formula": SHARES[rule]}
        case Share(Dot() as dot, among):
            inner = summed(dot, values, tells_sum=True)
            return inner | {"formula": "softmax", "among": shares(among, values, output, at)}
        case Share(_, among):
            return {"how": "share", "terms": read_shares(among, values)}
        case Largest(of):
            return {"how": "largest", "terms": by_value(of, values)}
        case Average(of):
            terms = [values.term(part, 1 / len(of)) for part in of]
            return {"how": "mean", "terms": by_size(terms)}
        case Row(name, row, column):
            term = values.term(row)
            return {"how": "row", "terms": [term], "row": (name, int(term.value), column[0])}
        case Apply():
            return applied(element, values)
        case Number():
            return {"how": "always"}
        case _:
            return {"how": "copy", "terms": [values.term(element)]}


def by_size(terms: Sequence[Term]) -> list[Term]:
    """The largest contribution first, whatever its sign; what lies past the edge last."""
    return sorted(terms, key=lambda term: (term.source == "", -abs(term.product)))


def by_value(of: Sequence[Expr], values: Values) -> list[Term]:
    return sorted((values.term(part) for part in of), key=lambda term: -term.value)


def summed(dot: Dot, values: Values, tells_sum: bool = False) -> dict[str, Any]:
    """Σ read × weight + bias."""
    terms = [values.weighted(read, weight) for read, weight in dot.terms]
    steps = []
    if dot.bias is not None:
        steps.append(Step("bias", values.of(dot.bias)))
    if tells_sum:
        steps.append(Step("sum", values.of(dot)))
    return {"how": "sum", "terms": by_size(terms), "steps": steps}


def _softmax(numbers: Sequence[float]) -> list[float]:
    largest = max(numbers)
    parts = [math.exp(number - largest) for number in numbers]
    total = math.fsum(parts)
    return [part / total for part in parts]


def shares(among: Sequence[Expr], values: Values, output: Axes, at: At) -> list[Term]:
    """Each place's sum and its share of the softmax over the last axis."""
    numbers = [values.of(part) for part in among]
    found = []
    for index, (number, share) in enumerate(zip(numbers, _softmax(numbers), strict=True)):
        place = (*at[:-1], index)
        text = place_text(output.sample, place, values.language)
        found.append(Term("", place, text, number, None, share))
    return sorted(found, key=lambda term: -term.product)


def read_shares(among: Sequence[Expr], values: Values) -> list[Term]:
    """Each number of the input and its share."""
    terms = [values.term(part) for part in among]
    parts = _softmax([term.value for term in terms])
    found = [term._replace(product=part) for term, part in zip(terms, parts, strict=True)]
    return sorted(found, key=lambda term: -term.product)


SHARES = {
    "log_softmax": "log_softmax: x - log(Σ exp(x))",
    "sparsemax": "sparsemax: max(x - τ, 0)",
}
"""How the shares are written that are not softmax's; τ makes them sum to 1."""

STANDARDIZED = ("mean", "variance", "gamma", "beta")
"""What the arguments of `standardize` are called in its formula, whatever the weights' names."""


def argument_name(part: Expr) -> str:
    """What stands beside the read in a function: a weight, a measure of several reads, a number."""
    if isinstance(part, Param):
        return part.name
    measures = {Average: "mean", Variance: "variance", Dot: "Σ x²", Largest: "largest"}
    if isinstance(part, Apply) and part.function == "minimum":
        return "smallest"
    return measures.get(type(part), "constant")


def applied(element: Apply, values: Values) -> dict[str, Any]:
    """A function of reads, weights and settings."""
    terms = [values.term(part) for part in element.of if isinstance(part, Read | Inner)]
    others = [part for part in element.of if not isinstance(part, Read | Inner)]
    if element.function == "standardize":
        names = list(STANDARDIZED)
    else:
        names = [argument_name(part) for part in others]
    steps = [Step(name, values.of(part)) for name, part in zip(names, others, strict=True)]
    steps += [Step(name, value) for name, value in element.settings]
    formula = f"{element.function}: {FUNCTIONS[element.function].formula}"
    return {"how": "function", "terms": terms, "steps": steps, "formula": formula}
