"""Draw the documents' pictures: run `lanthorn demo` and set what it prints as SVG.

    python scripts/pictures.py

writes docs/pictures/demo.svg and digits.svg, and the same in Korean (demo.ko.svg, digits.ko.svg).
The text in them is what the command printed, cut and not changed. The drawings need no font but
the reader's own monospace one, and name no file and no address.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from lanthorn.words.columns import shown_width

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
COLUMNS = 80

CELL, LINE = 8.0, 16.0  # px: one column, one line; half a cell is a square, a pixel of a digit
SIZE = 13.2  # px, of the letters: most monospace fonts are 0.6 of it wide
BASE = 12.0  # px: from a line's top to the letters' foot
EDGE = 20.0  # px: around the text
GROUND, INK, FAINT, FLAME = "#1b1a17", "#e8e2d4", "#9b9484", "#f2b84b"
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

CUT = "⋮"
PROMPT = "$ "
FULL_BAR = "█" * 24
WORD = re.compile(r"\S+")
PIECE = re.compile(r"\S+(?: \S+)*")
"""Words with single spaces between them. Each piece is placed by its column, so that letters of
another width than expected cannot push a table out of line."""

BLOCKS = {
    # character: (top, height, darkness), parts of a cell; fonts leave gaps between these
    "█": (0.0, 1.0, 1.0),
    "▓": (0.0, 1.0, 0.75),
    "▒": (0.0, 1.0, 0.5),
    "░": (0.0, 1.0, 0.25),
    "▀": (0.0, 0.5, 1.0),
    "▄": (0.5, 0.5, 1.0),
}
BLOCK_RUN = re.compile("|".join(f"{block}+" for block in BLOCKS))


def main() -> None:
    """Run the demo in both languages and write two pictures of each."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for language, ending in (("en", ".svg"), ("ko", ".ko.svg")):
        command = "lanthorn demo" + ("" if language == "en" else f" --lang {language}")
        blocks = printed_blocks(language)
        for name, shown in (("demo", overview(blocks)), ("digits", answers(blocks))):
            path = PICTURES / f"{name}{ending}"
            lines = "\n\n".join([PROMPT + command, *shown]).splitlines()
            path.write_text(svg(lines, command), encoding="utf-8")
            print(path.relative_to(ROOT))


def printed_blocks(language: str) -> list[str]:
    """What the command prints in a terminal of a fixed width, parted at empty lines."""
    environment = {
        **os.environ,
        "COLUMNS": str(COLUMNS),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": str(ROOT / "src"),
    }
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            [sys.executable, "-m", "lanthorn.cli", "demo", "--lang", language, "--out", folder],
            env=environment,
            capture_output=True,
            encoding="utf-8",
        )
    if ran.returncode or ran.stderr:
        sys.exit(f"the demo did not end well:\n{ran.stderr}")
    return [block.strip("\n") for block in re.split(r"\n{2,}", ran.stdout)]


# -- what is shown ---------------------------------------------------------------------------------


def overview(blocks: list[str]) -> list[str]:
    """The question, the explained model, the learning, ten digits with their answers."""
    told, number = place_of("model.explain()", blocks), place_of("model.why(", blocks)
    learning, saved = place_of(FULL_BAR, blocks), place_of("digits.keras", blocks)
    second_heading = blocks[number + 2]
    explained = [*blocks[:2], CUT, *blocks[told:number]]
    learnt = [second_heading, CUT, *blocks[learning : learning + 4]]
    return [*explained, *learnt, CUT, blocks[saved - 2]]


def answers(blocks: list[str]) -> list[str]:
    """Ten digits with their answers, the mistakes, and how often each answer was given."""
    learning, saved = place_of(FULL_BAR, blocks), place_of("digits.keras", blocks)
    return [CUT, *blocks[learning + 1 : saved - 1]]


def place_of(text: str, blocks: list[str]) -> int:
    """Which block is the first that holds the text."""
    for place, block in enumerate(blocks):
        if text in block:
            return place
    sys.exit(f"the demo no longer prints {text!r}")


# -- drawing ---------------------------------------------------------------------------------------


def svg(lines: list[str], title: str) -> str:
    """A terminal's window with these lines in it."""
    width = COLUMNS * CELL + 2 * EDGE
    height = len(lines) * LINE + 2 * EDGE
    drawn = [element for row, line in enumerate(lines) for element in line_drawn(line, row)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{GROUND}"/>',
        f'<g font-family="{FONTS}" font-size="{SIZE:g}" fill="{INK}">',
        *drawn,
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def line_drawn(line: str, row: int) -> list[str]:
    """Blocks as rectangles, and the text between them in pieces, each at its column."""
    top = EDGE + row * LINE
    runs = [rectangle(run, line, top) for run in BLOCK_RUN.finditer(line)]
    piece_of = WORD if runs else PIECE  # lines of progress stand in columns
    words = BLOCK_RUN.sub(lambda run: " " * len(run[0]), line)
    colour = FLAME if line.startswith(PROMPT) else FAINT if line == CUT else INK
    return [*runs, *(text(piece, words, top, colour) for piece in piece_of.finditer(words))]


def rectangle(run: re.Match[str], line: str, top: float) -> str:
    begin, share, ink = BLOCKS[run[0][0]]
    x, width = left(line, run.start()), len(run[0]) * CELL
    shade = f' opacity="{ink:g}"' if ink < 1 else ""
    return (
        f'<rect x="{x:g}" y="{top + begin * LINE:g}" width="{width:g}" height="{share * LINE:g}"'
        f'{shade} shape-rendering="crispEdges"/>'
    )


def text(piece: re.Match[str], line: str, top: float, colour: str) -> str:
    """Letters, spread over exactly the columns that they take in a terminal.

    Korean ones are left as they fall: they are narrower than two columns, and would stand apart.
    """
    words = piece[0]
    is_narrow = shown_width(words) == len(words)
    spread = f' textLength="{len(words) * CELL:g}"' if is_narrow else ""
    paint = f' fill="{colour}"' if colour != INK else ""
    x, y = left(line, piece.start()), top + BASE
    return f'<text x="{x:g}" y="{y:g}"{spread}{paint}>{escape(words)}</text>'


def left(line: str, place: int) -> float:
    """Where a character of a line begins, in px; Korean letters take two columns."""
    return EDGE + shown_width(line[:place]) * CELL


if __name__ == "__main__":
    main()
