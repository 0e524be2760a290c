"""An explanation for a notebook: plain HTML, everything from outside escaped."""

from __future__ import annotations

from html import escape

from lanthorn.explanation.report import Entry, Explanation
from lanthorn.explanation.text import entry_flow, flow_text, title
from lanthorn.words.columns import printable
from lanthorn.words.phrases import say
from lanthorn.words.sentences import PAGE


def explanation_html(explanation: Explanation) -> str:
    """A heading, a list of layers, the notes. No scripts, no links, no styles but line spacing."""
    parts = [f'<div lang="{escape(explanation.language)}" style="line-height: 1.5">']
    if explanation.is_whole:
        flow = flow_text(explanation.inputs, explanation.outputs, explanation.language)
        parts.append(f"<p><b>{_safe(explanation.name)}</b> <code>{escape(flow)}</code>")
        if explanation.parameters is not None:
            total = {"total": explanation.parameters}
            parts.append(escape(say(PAGE["parameters"], explanation.language, total)))
        parts.append("</p>")
    parts.append("<ol>" if explanation.is_whole else '<ol style="list-style: none">')
    parts += [entry_html(entry, explanation.language) for entry in explanation.entries]
    parts.append("</ol>")
    parts += [f"<p>{escape(note)}</p>" for note in explanation.notes]
    return "\n".join([*parts, "</div>"])


def entry_html(entry: Entry, language: str) -> str:
    number = "" if entry.number is None else f' value="{entry.number}"'
    head = (
        f"<b>{_safe(entry.name)}</b> {escape(title(entry, language))} "
        f"<code>{escape(entry_flow(entry, language))}</code>"
    )
    said = [entry.sentence, *entry.remarks, entry.arithmetic, *entry.places]
    lines = [head, *(escape(text) for text in said if text)]
    return f"<li{number}>" + "<br>\n".join(lines) + "</li>"


def _safe(name: str) -> str:
    return escape(printable(name))
