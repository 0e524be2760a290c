"""Small grey pictures, and tables of right and wrong answers, as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from lanthorn.engine.errors import DataError
from lanthorn.words.columns import cut, padded, shown_width


class Glyph(NamedTuple):
    """A character, and how dark it makes the upper and the lower half of its cell (0 to 1)."""

    character: str
    upper: float
    lower: float


BLOCKS = (
    Glyph(" ", 0, 0),
    Glyph("░", 0.25, 0.25),
    Glyph("▒", 0.5, 0.5),
    Glyph("▓", 0.75, 0.75),
    Glyph("█", 1, 1),
    Glyph("▀", 1, 0),
    Glyph("▄", 0, 1),
)
"""Blocks and shades: what nearly every terminal has, one column wide."""

PLAIN = (
    Glyph(" ", 0, 0),
    Glyph(":", 0.25, 0.25),
    Glyph("+", 0.5, 0.5),
    Glyph("%", 0.75, 0.75),
    Glyph("@", 1, 1),
    Glyph("'", 0.4, 0),
    Glyph('"', 0.8, 0),
    Glyph(".", 0, 0.4),
    Glyph("_", 0, 0.8),
)
"""The same in ASCII, for terminals and files that have nothing else."""


def glyphs_for(stream: Any) -> tuple[Glyph, ...]:
    """BLOCKS when they can be written to `stream`, PLAIN when its encoding lacks them."""
    blocks = "".join(glyph.character for glyph in BLOCKS)
    try:
        blocks.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return PLAIN
    return BLOCKS


def picture_lines(
    image: Any,
    lo: float | None = None,
    hi: float | None = None,
    glyphs: Sequence[Glyph] = BLOCKS,
) -> list[str]:
    """One picture as lines: one character for two pixels, one above the other.

    A cell of a terminal is about twice as high as wide, so a square picture looks square. Each
    cell gets the character that comes nearest to its two pixels' darkness.
    lo, hi: the values drawn empty and full; when left out, the smallest and the largest of the
    picture's own. What lies beyond is drawn as if on the limit, NaN as empty.
    Axes: (height, width) or (height, width, channels 1)
    Raises: DataError for anything else.
    Example:
        >>> picture_lines([[0, 16], [16, 16], [4, 8], [4, 8]], 0, 16)
        ['▄█', '░▒']
    """
    rows = grey_rows(image)
    finite = [value for row in rows for value in row if value - value == 0]
    lo = min(finite, default=0.0) if lo is None else lo
    hi = max(finite, default=0.0) if hi is None else hi
    dark = [[darkness(value, lo, hi) for value in row] for row in rows]
    if len(dark) % 2:
        dark.append([0.0] * len(dark[0]))
    return [
        "".join(nearest_glyph(*pair, glyphs) for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(dark[::2], dark[1::2], strict=True)
    ]


def grey_rows(image: Any) -> list[list[float]]:
    """Rows of numbers from an array or nested sequences.

    Raises: DataError when it is not one grey picture.
    """
    rows = image.tolist() if hasattr(image, "tolist") else image
    try:
        numbers = [[float(_only(value)) for value in row] for row in rows]
    except (TypeError, ValueError):
        numbers = []
    if not numbers or not numbers[0] or len({len(row) for row in numbers}) > 1:
        shape = getattr(image, "shape", None)
        came = f"shape {tuple(shape)}" if shape is not None else f"a {type(image).__name__}"
        raise DataError(
            f"A picture is (height, width) or (height, width, channels 1) of numbers, but {came} "
            "was given. Of a batch of pictures give one: x[0]."
        )
    return numbers


def _only(value: Any) -> Any:
    """The number itself, or the one number of a one-channel pixel."""
    if isinstance(value, list | tuple):
        (value,) = value
    return value


def darkness(value: float, lo: float, hi: float) -> float:
    """Where `value` lies between `lo` (0) and `hi` (1)."""
    if not value > lo:  # NaN too
        return 0.0
    return 1.0 if value >= hi else (value - lo) / (hi - lo)


def nearest_glyph(upper: float, lower: float, glyphs: Sequence[Glyph]) -> str:
    return min(
        glyphs, key=lambda glyph: (glyph.upper - upper) ** 2 + (glyph.lower - lower) ** 2
    ).character


def picture_row(
    images: Sequence[Any],
    captions: Sequence[str],
    width: int = 80,
    lo: float | None = None,
    hi: float | None = None,
    glyphs: Sequence[Glyph] = BLOCKS,
) -> list[str]:
    """Pictures side by side with a caption under each, in as many rows as `width` columns ask for.

    Raises: DataError when there are not as many captions as pictures.
    """
    if len(images) != len(captions):
        raise DataError(f"{len(images)} pictures want {len(images)} captions, not {len(captions)}.")
    drawn = [picture_lines(image, lo, hi, glyphs) for image in images]
    cells = [(lines, cut(caption, width)) for lines, caption in zip(drawn, captions, strict=True)]
    if not cells:
        return []
    gap = 2
    cell_width = max(max(len(lines[0]), shown_width(caption)) for lines, caption in cells)
    across = max((width + gap) // (cell_width + gap), 1)
    result: list[str] = []
    for start in range(0, len(cells), across):
        if start:
            result.append("")
        result.extend(_side_by_side(cells[start : start + across], cell_width, gap))
    return result


def _side_by_side(
    cells: Sequence[tuple[Sequence[str], str]], cell_width: int, gap: int
) -> list[str]:
    height = max(len(lines) for lines, _ in cells)
    stacks = [[*lines, *[""] * (height - len(lines)), caption] for lines, caption in cells]
    return [
        (" " * gap).join(padded(line, cell_width, "center") for line in level).rstrip()
        for level in zip(*stacks, strict=True)
    ]


CONFUSION_WORDS = {
    "en": ("is", "answered", "right"),
    "ko": ("실제", "모델의 답", "정답"),
}


def confusion_table(
    y_true: Any,
    y_pred: Any,
    labels: Sequence[str] | None = None,
    language: str = "en",
    never: str = "·",
) -> list[str]:
    """How often each class got which answer: a row for what it is, a column for what was answered.

    The last column tells how many of the row were answered right.
    labels: the classes' names, by number; when left out, the numbers that occur.
    never: what stands where nothing was counted ("." where a stream has only ASCII).
    Units: y_true and y_pred are class numbers, not probabilities.
    Raises: DataError when they differ in length, or hold a class that has no label.
    Example:
        >>> print("\\n".join(confusion_table([0, 0, 1], [0, 1, 1])))
            answered
        is  0  1  right
        0   1  1    1/2
        1   ·  1    1/1
    """
    counts, names = _counted(_classes(y_true), _classes(y_pred), labels)
    is_word, answered, right = CONFUSION_WORDS["ko" if language == "ko" else "en"]
    number = max(len(str(count)) for row in counts for count in row)
    cell = max(number, *map(shown_width, names)) + 2
    head = max(shown_width(is_word), *map(shown_width, names))
    scores = [f"{row[i]}/{sum(row)}" for i, row in enumerate(counts)]
    last = max(shown_width(right), *map(len, scores)) + 2

    title = padded(is_word, head) + "".join(padded(name, cell, "right") for name in names)
    lines = [" " * (head + 2) + answered, title + padded(right, last, "right")]
    for name, row, score in zip(names, counts, scores, strict=True):
        cells = "".join(padded(str(count or never), cell, "right") for count in row)
        lines.append(padded(name, head) + cells + padded(score, last, "right"))
    return lines


def _classes(values: Any) -> list[int]:
    flat = values.tolist() if hasattr(values, "tolist") else list(values)
    try:
        classes = [int(_only(value)) for value in flat]
    except (TypeError, ValueError):
        classes = None
    if classes is None or any(value < 0 for value in classes):
        raise DataError(
            "A confusion table counts class numbers (0, 1, …), one for each sample. "
            "Of probabilities give the largest's place: y.argmax(axis=-1)."
        )
    return classes


def _counted(
    true: list[int], answered: list[int], labels: Sequence[str] | None
) -> tuple[list[list[int]], list[str]]:
    """The counts, row by what it is and column by what was answered, and the classes' names."""
    if len(true) != len(answered) or not true:
        raise DataError(f"{len(true)} true classes were given and {len(answered)} answers.")
    present = sorted({*true, *answered})
    if labels is None:
        names = {number: str(number) for number in present}
    else:
        names = dict(enumerate(labels))
        if present[-1] not in names:
            raise DataError(
                f"Class {present[-1]} has no label: {len(labels)} labels name the classes 0 to "
                f"{len(labels) - 1}."
            )
    place = {number: index for index, number in enumerate(names)}
    counts = [[0] * len(names) for _ in names]
    for is_class, said in zip(true, answered, strict=True):
        counts[place[is_class]][place[said]] += 1
    return counts, list(names.values())
