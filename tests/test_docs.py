"""What the documents show is what comes out: their programs run, their links lead somewhere."""

import contextlib
import importlib.util
import io
import random
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lanthorn.engine import naming

ROOT = Path(__file__).parents[1]
PAIRS = {"README.md": "README.ko.md", "docs/guide.md": "docs/guide.ko.md"}
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.svg"))

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
IN_KOREAN = re.compile(r'(, )?language="ko"')
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMPUTED = re.compile(r"^  JAX.*$", re.MULTILINE)
"""What JAX computed, and how far rounding took it: another machine rounds another way."""
DECIMAL = re.compile(r"-?\d+\.\d+")
CLOSE = 0.02
"""How far apart decimals may be: sums in another order, epoch after epoch, end a bit elsewhere."""


class Program(NamedTuple):
    """A Python block, and the output shown behind it (None when none is)."""

    code: str
    shown: str | None


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def programs(text: str) -> list[Program]:
    """The Python blocks in order; a text block belongs to a program when nothing is between."""
    blocks = list(BLOCK.finditer(text))
    found = []
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if block[1] == "python":
            joined = after and after[1] == "text" and not text[block.end() : after.start()].strip()
            found.append(Program(block[2], after[2] if joined else None))
    return found


def printed(code: str, names: dict[str, Any]) -> str:
    """Run a program and return what it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "<document>", "exec"), names)
    return out.getvalue()


def comparable(text: str) -> list[str]:
    """Lines without what may differ from machine to machine, and no spaces behind them."""
    without = DECIMAL.sub("#.#", COMPUTED.sub("  JAX", text))
    return [line.rstrip() for line in without.rstrip().splitlines()]


def assert_shown(shown: str, came: str) -> None:
    """The same text; decimals may differ a little, and `…` alone on a line stands for any lines."""
    pattern = "\n".join("(?s:.*)" if line == "…" else re.escape(line) for line in comparable(shown))
    assert re.fullmatch(pattern, "\n".join(comparable(came))), f"shown:\n{shown}\ncame:\n{came}"
    if "\n…\n" not in f"\n{shown}\n":
        here, there = (DECIMAL.findall(COMPUTED.sub("", text)) for text in (shown, came))
        assert [float(x) for x in there] == pytest.approx([float(x) for x in here], abs=CLOSE)


def begin_again(drawn: Any, counts: dict[str, int]) -> None:
    """Seeds and default names as they were: the same program in Korean draws and names the same."""
    random.setstate(drawn)
    naming.clear_session()
    naming._counts.update(counts)


# -- the programs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAIRS)
def test_every_program_prints_what_is_shown_in_both_languages(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    naming.clear_session()
    names: dict[str, Any] = {"__name__": "document"}
    pairs = zip(programs(read(name)), programs(read(PAIRS[name])), strict=True)
    for english, korean in pairs:
        start = random.getstate(), dict(naming._counts)
        came = printed(english.code, names)
        if english.shown is not None:
            assert_shown(english.shown, came)
        if korean.shown is not None and korean.code != english.code:
            begin_again(*start)
            assert_shown(korean.shown, printed(korean.code, names))


@pytest.mark.parametrize("name", PAIRS)
def test_the_korean_page_has_the_same_programs(name):
    english, korean = programs(read(name)), programs(read(PAIRS[name]))
    for ours, theirs in zip(english, korean, strict=True):
        assert IN_KOREAN.sub("", ours.code) == IN_KOREAN.sub("", theirs.code)
        if ours.code == theirs.code:
            assert ours.shown == theirs.shown
        else:
            assert theirs.shown is None or re.search("[가-힣]", theirs.shown)
            assert (theirs.shown is None) == (ours.shown is None)


@pytest.mark.parametrize("name", PAIRS)
def test_the_korean_page_has_the_same_headings_and_pictures(name):
    english, korean = (BLOCK.sub("", read(page)) for page in (name, PAIRS[name]))
    for mark in (r"^(#+) ", r"!\[[^]]*\]\(([\w/]+)"):
        assert re.findall(mark, english, re.MULTILINE) == re.findall(mark, korean, re.MULTILINE)


def test_a_wrong_output_is_noticed():
    assert_shown("a 1.50\n  JAX computed 1.5.\n", "a 1.51  \n  JAX computed 1.51; and more\n")
    assert_shown("a\n…\nz\n", "a\nb\nz\n")
    for shown in ("a 1.50\n", "b 1.51\n", "a 1.51\nmore\n"):
        with pytest.raises(AssertionError):
            assert_shown(shown, "a 1.54\n")


# -- links and pictures ----------------------------------------------------------------------------


@pytest.mark.parametrize("page", sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("*.md")))
def test_links_of_pages_in_front_lead_somewhere(page):
    assert_links(ROOT / page)


@pytest.mark.parametrize("page", sorted(p.name for p in (ROOT / "docs").glob("*.md")))
def test_links_of_pages_in_docs_lead_somewhere(page):
    assert_links(ROOT / "docs" / page)


def assert_links(page: Path) -> None:
    for link in LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8"))):
        if not link.startswith(("http://", "https://", "#")):
            assert (page.parent / link.partition("#")[0]).exists(), link


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_reaches_for_nothing_and_names_no_place(picture):
    text = picture.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|url\(|href|<script|/home/|/tmp/|/root|\bUsers\b", text)


@pytest.mark.parametrize(("name", "language"), [("layers.md", "en"), ("layers.ko.md", "ko")])
def test_the_page_of_layers_says_what_the_layers_say(name, language):
    spec = importlib.util.spec_from_file_location("layers_page", ROOT / "scripts/layers_page.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    shown = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert shown == made.page(language), "write it anew: python scripts/layers_page.py"
