"""An explanation as plain text, in as many columns as there are."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence

from lanthorn.axes import Axes
from lanthorn.explanation.report import Entry, Explanation
from lanthorn.words.columns import padded, printable, shown_width, wrapped
from lanthorn.words.phrases import joined_words, say
from lanthorn.words.sentences import PAGE
from lanthorn.words.shapes import axis_text

WIDEST, NARROWEST = 100, 24
"""Longer lines are hard to read; shorter ones hold no shape."""

INDENT = 3
GAP = 3
HELD = "\N{NO-BREAK SPACE}"
PRODUCT = re.compile(r"(?<=[\d?)]) ([×+=-]) (?=[\d?(])")


def page_width(width: int | None = None) -> int:
    """The columns to write in: those asked for, or the terminal's (80 where there is none)."""
    if width is None:
        width = min(shutil.get_terminal_size().columns, WIDEST)
    return max(width, NARROWEST)


def explanation_text(explanation: Explanation, width: int | None = None) -> str:
    """The whole page: header, one block for each layer, notes."""
    width = page_width(width)
    parts = [entry_lines(explanation, width)]
    parts += [paragraph(note, width) for note in explanation.notes]
    if explanation.is_whole:
        parts.insert(0, header(explanation, width))
    return "\n\n".join("\n".join(map(str.rstrip, part)) for part in parts if part)


def header(explanation: Explanation, width: int) -> list[str]:
    """Name, what goes in and out, and the number of parameters at the right edge."""
    language = explanation.language
    name = printable(explanation.name)
    flow = flow_text(explanation.inputs, explanation.outputs, language)
    count = ""
    if explanation.parameters is not None:
        count = say(PAGE["parameters"], language, {"total": explanation.parameters})
    left = f"{name}{' ' * GAP}{flow}" if flow else name
    if shown_width(left) + GAP + shown_width(count) <= width:
        return [padded(left, width - shown_width(count)) + count]
    lines = paragraph(name, width)
    if flow:
        lines += flow_lines(explanation.inputs, explanation.outputs, language, width)
    return [*lines, *(paragraph(count, width, INDENT) if count else [])]


def entry_lines(explanation: Explanation, width: int) -> list[str]:
    """All layers: titles in columns when they fit, else each shape on a line of its own."""
    language = explanation.language
    entries = explanation.entries
    numbers = ["" if e.number is None else str(e.number) for e in entries]
    number_width = max(map(len, numbers), default=0)
    name_width = max((shown_width(printable(e.name)) for e in entries), default=0)
    titles = [title(entry, language) for entry in entries]
    title_width = max(map(shown_width, titles), default=0)
    flows = [entry_flow(entry, language) for entry in entries]
    heads = [
        (f"{padded(number, number_width)}  " if number_width else "")
        + padded(printable(entry.name), name_width + GAP)
        for number, entry in zip(numbers, entries, strict=True)
    ]
    rows = [
        head + padded(text, title_width + GAP) + flow
        for head, text, flow in zip(heads, titles, flows, strict=True)
    ]
    in_columns = all(shown_width(row.rstrip()) <= width for row in rows)
    lines: list[str] = []
    for row, head, text, flow, entry in zip(rows, heads, titles, flows, entries, strict=True):
        if in_columns:
            lines.append(row)
        elif "→" not in flow and shown_width(f"{head}{text}{' ' * GAP}{flow}") <= width:
            lines.append(f"{head}{text}{' ' * GAP}{flow}")
        else:
            lines += paragraph(head + text, width, hang=INDENT)
            lines += shape_lines(entry, language, width)
        lines += body(entry, width)
    return lines


def title(entry: Entry, language: str) -> str:
    """`Dense 16`, and where its inputs come from when that is not the layer before."""
    text = printable(entry.title)
    if entry.sources:
        names = joined_words([printable(name) for name in entry.sources], language)
        text += "  " + say(PAGE["from"], language, {"names": names})
    return text


def body(entry: Entry, width: int) -> list[str]:
    """What is said of a layer, indented under its title."""
    lines: list[str] = []
    for text in (entry.sentence, *entry.remarks, entry.arithmetic):
        if text:
            lines += paragraph(text, width, INDENT)
    beside = (" " * 10).join(entry.places)
    if entry.places and INDENT + shown_width(beside) <= width:
        return [*lines, " " * INDENT + beside]
    for text in entry.places:
        lines += paragraph(text, width, INDENT)
    return lines


def paragraph(text: str, width: int, indent: int = 0, hang: int | None = None) -> list[str]:
    """`text` in lines: arithmetic stays together where it can. hang: the later lines' indent."""
    room = width - max(indent, hang or 0)
    held = PRODUCT.sub(f"{HELD}\\1{HELD}", text)
    lines = wrapped(held if _fits(held, room) else text, room)
    indents = [indent] + [indent if hang is None else hang] * (len(lines) - 1)
    return [
        " " * spaces + line.replace(HELD, " ") for spaces, line in zip(indents, lines, strict=True)
    ]


def _fits(text: str, room: int) -> bool:
    return all(shown_width(word) <= room for word in text.split(" "))


# -- shapes ----------------------------------------------------------------------------------------


def shape_text(axes: Axes, language: str) -> str:
    """`(batch, steps 3, features 2)`: an open batch is just said, another open axis has a `?`."""
    texts = [
        axis_text(axis, language, "" if place == 0 else " ?")
        for place, axis in enumerate(axes.axes)
    ]
    return f"({', '.join(texts)})"


def shapes_text(several: Sequence[Axes], language: str) -> str:
    return joined_words([shape_text(axes, language) for axes in several], language)


def flow_text(inputs: Sequence[Axes], outputs: Sequence[Axes], language: str) -> str:
    """`(…) → (…)`; only what is known."""
    if not inputs or not outputs:
        known = inputs or outputs
        return shapes_text(known, language) if known else ""
    return f"{shapes_text(inputs, language)} → {shapes_text(outputs, language)}"


def entry_flow(entry: Entry, language: str) -> str:
    if not entry.inputs and not entry.outputs:
        return say(PAGE["unknown"], language, {})
    if entry.inputs and [a.axes for a in entry.inputs] == [a.axes for a in entry.outputs]:
        return say(PAGE["unchanged"], language, {})
    return flow_text(entry.inputs, entry.outputs, language)


def shape_lines(entry: Entry, language: str, width: int) -> list[str]:
    """The shapes on lines of their own, under the title."""
    flow = entry_flow(entry, language)
    if INDENT + shown_width(flow) <= width:
        return [" " * INDENT + flow]
    return flow_lines(entry.inputs, entry.outputs, language, width)


def flow_lines(
    inputs: Sequence[Axes], outputs: Sequence[Axes], language: str, width: int
) -> list[str]:
    """What goes in, and below it, behind an arrow, what comes out."""
    before, after = shapes_text(inputs, language), shapes_text(outputs, language)
    flow = f"{before} → {after}"
    if INDENT + shown_width(flow) <= width:
        return [" " * INDENT + flow]
    return [
        *paragraph(_held(before), width, INDENT, INDENT + 1),
        *paragraph(f"→{HELD}{_held(after)}", width, INDENT, INDENT + 3),
    ]


def _held(shape: str) -> str:
    """Lines break between axes, not between an axis and its size."""
    return re.sub(r"(?<![,)]) (?!→)", HELD, shape)
