"""The reasons for one number as plain text: a table where it fits, else two lines for a term."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from lanthorn.axes import Axis
from lanthorn.explanation.reasons import Term, Why
from lanthorn.explanation.text import page_width, paragraph
from lanthorn.wiring.arithmetic import At
from lanthorn.words.columns import padded, printable, shown_width
from lanthorn.words.phrases import say
from lanthorn.words.reasons import WHY

SHOWN = 8
"""Terms told one by one; the others are told by their sum."""

SIGNS = {"share": "→", "measured": "↑"}
"""What stands before a term's result: a share, a slope; otherwise it equals value times weight."""

STEPS = ("bias", "sum")
"""Steps there are words for; the others go by the name they have in the formula."""

INDENT = 4
NOTHING = 0


class Line(NamedTuple):
    """A row of the table: what, where, the number, its weight, what comes of it, a word behind."""

    label: str
    place: str = ""
    value: float | None = None
    weight: float | None = None
    result: float | None = None
    after: str = ""


def why_text(why: Why, width: int | None = None) -> str:
    """Title, table, and what JAX computed."""
    width = page_width(width)
    told = why.value if why.value is not None else why.computed
    assert told is not None
    name = f"{why.layer}.{why.part}" if why.part else why.layer
    facts = {"element": element_text(name, why.index), "place": why.place}
    title = say(WHY["title"], why.language, facts | {"sample": why.sample})
    lines = paragraph(f"{title}  =  {number_text(told)}", width)
    intro = introduction(why)
    if intro:
        lines += paragraph(intro, width, 2)
    lines += table(why_lines(why), width, SIGNS.get(why.how, "="))
    if why.among:
        numbers = Axis("numbers", len(why.among))
        intro = say(WHY["share"], why.language, {"numbers": numbers})
        lines += paragraph(f"softmax: {intro}", width, 2)
        lines += table(share_lines(why.among, why.index, why.language), width, "→")
    if why.calls > 1:
        lines += paragraph(say(WHY["call"], why.language, {"count": why.calls}), width, 2)
    if verdict(why):
        lines += paragraph(verdict(why), width, 2)
    return "\n".join(line.rstrip() for line in lines)


def element_text(layer: str, at: Sequence[int]) -> str:
    """`F[17]`, `conv[3, 4, 0]`."""
    return f"{printable(layer)}[{', '.join(map(str, at))}]"


def term_text(term: Term) -> str:
    """`F[17]`; with what it is multiplied with, where that has a name: `q[0, 1] × key[5, 1]`."""
    text = element_text(term.source, term.at)
    if term.function:
        text = f"{term.function}({text})"
    return f"{text} × {printable(term.by)}" if term.by else text


def introduction(why: Why) -> str:
    """How the terms make the number, when they are not simply added."""
    count = len(why.terms)
    facts: dict[str, Any] = {"numbers": Axis("numbers", count)}
    if why.how == "sum":
        return ""
    if why.how == "mean":
        facts["weight"] = f"1/{count}"
    if why.how == "function":
        facts["formula"] = why.formula
    if why.how == "inside":
        facts["call"] = f'get_layer("{why.layer}").why(…)'
    if why.how == "row" and why.row is not None:
        facts |= dict(zip(("name", "row", "column"), map(str, why.row), strict=True))
    if why.how == "opaque" and why.value is not None:
        return ""
    return say(WHY[why.how], why.language, facts)


def why_lines(why: Why) -> list[Line]:
    """The table under the title."""
    if why.how == "share":
        return share_lines(why.terms, why.index, why.language)
    shows_result = why.how in ("sum", "mean", "measured")
    inside = [term for term in why.terms if term.source]
    shown = chosen(inside)
    lines = [
        Line(
            term_text(term),
            term.words if term.by else term.place,  # its place is in its indices too
            term.value,
            term.weight,
            term.product if shows_result else None,
        )
        for term in shown
    ]
    if why.how == "largest" and len(inside) > 1:
        lines[0] = lines[0]._replace(after=say(WHY["winner"], why.language, {}))
    rest = [term for term in inside if term not in shown]
    sources = list(dict.fromkeys(term.source for term in inside))
    groups = [[term for term in rest if term.source == source] for source in sources]
    for group in filter(None, groups):
        adds_up = why.how in ("sum", "mean")
        total = math.fsum(term.product for term in group) if adds_up else None
        facts = {"count": len(group), "source": printable(group[0].source)}
        key = "rest of" if len(sources) > 1 else "rest"
        lines.append(Line("…", say(WHY[key], why.language, facts), result=total))
    past = len(why.terms) - len(inside)
    if past:
        text = say(WHY["past"], why.language, {"count": past})
        lines.append(Line("…", text, result=float(NOTHING)))
    lines += step_lines(why)
    return lines


def chosen(terms: Sequence[Term]) -> list[Term]:
    """The terms told one by one: the first ones, and one that would be left alone of its source."""
    if len(terms) <= SHOWN + 1:
        return list(terms)
    left = [term.source for term in terms[SHOWN:]]
    alone = [term for term in terms[SHOWN:] if left.count(term.source) == 1]
    return [*terms[:SHOWN], *alone]


def step_lines(why: Why) -> list[Line]:
    """Bias, sum and activation; or the settings of a function."""
    lines = []
    for step in why.steps:
        label = say(WHY[step.name], why.language, {}) if step.name in STEPS else step.name
        if why.how == "function":
            lines.append(Line(label, value=step.value))
        else:
            lines.append(Line(label, result=step.value))
    if why.how == "sum" and why.formula and not why.among:
        lines.append(Line(why.formula, result=why.value))
    return lines


def share_lines(terms: Sequence[Term], own: At, language: str) -> list[Line]:
    """Each number and its share of the whole, the asked-for one marked and always among them."""
    count = len(terms) if len(terms) <= SHOWN + 1 else SHOWN
    told = [term for place, term in enumerate(terms) if place < count or term.at == own]
    mark = say(WHY["this"], language, {})
    lines = [
        Line(
            element_text(term.source, term.at) if term.source else "",
            term.place,
            term.value,
            result=term.product,
            after=mark if term.at == own else "",
        )
        for term in told
    ]
    rest = [term for term in terms if term not in told]
    if rest:
        total = math.fsum(term.product for term in rest)
        lines.append(Line("…", say(WHY["rest"], language, {"count": len(rest)}), result=total))
    return lines


def verdict(why: Why) -> str:
    """What JAX computed, and how far from it the arithmetic is."""
    if why.computed is None:
        return ""
    facts = {"computed": f"{why.computed:.9g}"}
    if why.value is None or why.difference is None:
        return say(WHY["only"], why.language, facts)
    if math.isnan(why.value):
        return say(WHY["overflow"], why.language, facts)
    if why.difference == 0:
        return say(WHY["exact"], why.language, facts)
    facts["difference"] = f"{abs(why.difference):.1g}".replace("e-0", "e-")
    return say(WHY["computed"], why.language, facts)


# -- the table -------------------------------------------------------------------------------------


def table(lines: Sequence[Line], width: int, sign: str = "=") -> list[str]:
    """Columns that line up; two lines for a row when they do not fit."""
    if not lines:
        return []
    values, weights, results = (
        column_texts([getattr(line, name) for line in lines])
        for name in ("value", "weight", "result")
    )
    has_labels = any(line.label for line in lines)
    label_width = max((shown_width(line.label) for line in lines if line.place), default=0)
    labels = [_beside(line, label_width, has_labels) for line in lines]
    left = max(map(shown_width, labels))
    columns = [max(map(len, texts), default=0) for texts in (values, weights, results)]
    rows = []
    for label, value, weight, result, line in zip(
        labels, values, weights, results, lines, strict=True
    ):
        times = ("× " if weight else "  ") + weight.rjust(columns[1]) if columns[1] else ""
        made = f"{sign} " if result else ""
        parts = [padded(label, left), value.rjust(columns[0]) if columns[0] else ""]
        text = "  ".join(part for part in parts if part or columns[0])
        text += f" {times}" if times else ""
        text += f"  {made}{result.rjust(columns[2])}" if made else ""
        rows.append(f"{' ' * INDENT}{text}  {line.after}".rstrip())
    if all(shown_width(row) <= width for row in rows):
        return rows
    return narrow(lines, labels, (values, weights, results), width, sign)


def _beside(line: Line, label_width: int, has_labels: bool) -> str:
    if not line.place:
        return line.label
    return f"{padded(line.label, label_width)}  {line.place}" if has_labels else line.place


def narrow(
    lines: Sequence[Line], labels: Sequence[str], columns: Any, width: int, sign: str
) -> list[str]:
    """Each row as its name, and its numbers below."""
    found: list[str] = []
    for line, value, weight, result in zip(lines, *columns, strict=True):
        name = f"{line.label}  {line.place}".strip()
        numbers = " × ".join(text for text in (value.strip(), weight.strip()) if text)
        numbers += f" {sign} {result.strip()}" if result else ""
        text = f"{name}  {numbers.strip()}  {line.after}".strip()
        if INDENT + shown_width(text) <= width:
            found.append(" " * INDENT + text)
            continue
        found += paragraph(name, width, INDENT)
        found += paragraph(f"{numbers.strip()}  {line.after}".strip(), width, INDENT + 2)
    return found


def column_texts(numbers: Sequence[float | None]) -> list[str]:
    """A column's numbers: whole where all are, else with four places behind the point."""
    known = [number for number in numbers if number is not None]
    is_whole = all(number == round(number) for number in known if math.isfinite(number))
    if is_whole and all(abs(number) < 1e6 for number in known):
        return ["" if number is None else f"{number:g}" for number in numbers]
    return ["" if number is None else number_text(number) for number in numbers]


def number_text(number: float) -> str:
    """`-0.4213`; very large and very small numbers with an exponent."""
    if number == 0:
        return f"{0:.4f}"
    if 1e-4 <= abs(number) < 1e6:
        return f"{number:.4f}"
    return f"{number:.3e}"
