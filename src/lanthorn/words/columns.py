"""Text in columns of a terminal: how wide it shows, where it may break, how it is padded."""

from __future__ import annotations

import unicodedata


def shown_width(text: str) -> int:
    """How many terminal cells a text takes: Korean syllables take two, accents none.

    Example:
        >>> shown_width("층 1"), shown_width("layer")
        (4, 5)
    """
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    is_inner_jamo = "\u1160" <= character <= "\u11ff"  # of a syllable written in parts
    if is_inner_jamo or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, width: int) -> str:
    """`text`, or as much of it as fits `width` with an ellipsis behind."""
    if shown_width(text) <= width:
        return text
    kept, room = "", width - 1
    for character in text:
        room -= _cells(character)
        if room < 0:
            break
        kept += character
    return kept + "…" if width > 0 else ""


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width`, broken between words; a word that is wider is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and shown_width(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    return [cut(line, width) for line in lines]


def padded(text: str, width: int, side: str = "left") -> str:
    """`text` with spaces to `width`: at its right ("left"-justified), left, or both sides."""
    gap = max(width - shown_width(text), 0)
    if side == "right":
        return " " * gap + text
    if side == "center":
        return " " * (gap // 2) + text + " " * (gap - gap // 2)
    return text + " " * gap


def printable(text: str, most: int = 200) -> str:
    """A name from outside as one line that cannot move the cursor: control characters spelt out."""
    text = text if len(text) <= most else text[: most - 1] + "…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
