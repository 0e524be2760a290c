"""Pictures and confusion tables line up in a terminal and show what the numbers are."""

import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lanthorn.datasets import digits
from lanthorn.engine.errors import DataError
from lanthorn.explanation.pictures import (
    BLOCKS,
    PLAIN,
    confusion_table,
    glyphs_for,
    picture_lines,
    picture_row,
)
from lanthorn.words.columns import shown_width


def test_an_eight_by_eight_digit_takes_eight_columns_and_four_lines():
    x, _ = digits.load_all()
    assert picture_lines(x[0], 0, digits.FULL_INK) == [
        "  ▒▓▒▄░ ",
        " ░▓  ▒▒ ",
        " ░▒  ▓▒ ",
        "  ▒▒▒▀  ",
    ]


@pytest.mark.parametrize(
    ("upper", "lower", "block", "plain"),
    [
        (0, 0, " ", " "),
        (4, 4, "░", ":"),
        (8, 8, "▒", "+"),
        (12, 12, "▓", "%"),
        (16, 16, "█", "@"),
        (16, 0, "▀", '"'),
        (0, 16, "▄", "_"),
    ],
)
def test_each_pair_of_pixels_gets_the_character_nearest_to_it(upper, lower, block, plain):
    assert picture_lines([[upper], [lower]], 0, 16) == [block]
    assert picture_lines([[upper], [lower]], 0, 16, PLAIN) == [plain]


def test_limits_are_the_pictures_own_unless_given():
    assert picture_lines([[0.0, 0.5], [0.0, 0.5]]) == [" █"]
    assert picture_lines([[0.0, 0.5], [0.0, 0.5]], 0, 1) == [" ▒"]
    assert picture_lines([[-9, 99], [-9, 99]], 0, 16) == [" █"]


def test_a_picture_of_one_value_is_empty():
    assert picture_lines([[3, 3], [3, 3]]) == ["  "]


def test_numbers_that_are_none_are_drawn_empty():
    assert picture_lines([[math.nan, math.inf, 1], [math.nan, math.inf, 0]]) == [" █▀"]
    assert picture_lines([[math.nan]]) == [" "]


def test_an_odd_last_row_has_nothing_below_it():
    assert picture_lines([[1], [1], [1]], 0, 1) == ["█", "▀"]


def test_one_channel_and_nested_tuples_are_pictures_too():
    picture = [[0, 16], [16, 0]]
    expected = picture_lines(picture)
    assert picture_lines(np.array(picture, "uint8")) == expected
    assert picture_lines(np.array(picture, "float32")[..., None]) == expected
    assert picture_lines(((0, 16), (16, 0))) == expected


@pytest.mark.parametrize(
    ("image", "named"),
    [
        (np.zeros((2, 8, 8)), r"shape \(2, 8, 8\)"),
        (np.zeros((8, 8, 3)), r"shape \(8, 8, 3\)"),
        (np.zeros(8), r"shape \(8,\)"),
        (np.zeros((0, 8)), r"shape \(0, 8\)"),
        ([[1, 2], [3]], "a list"),
        ([], "a list"),
        ("digit", "a str"),
        (7, "a int"),
    ],
)
def test_what_is_no_grey_picture_is_refused_with_its_shape(image: object, named: str):
    with pytest.raises(DataError, match=named):
        picture_lines(image)


@given(
    arrays.arrays(
        np.float32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.floats(width=32)
    )
)
def test_every_picture_has_half_as_many_lines_as_rows(image: np.ndarray):
    for glyphs in (BLOCKS, PLAIN):
        lines = picture_lines(image, glyphs=glyphs)
        assert len(lines) == (image.shape[0] + 1) // 2
        assert {len(line) for line in lines} == {image.shape[1]}


@pytest.mark.parametrize(
    ("encoding", "glyphs"),
    [("utf-8", BLOCKS), ("cp437", BLOCKS), ("cp949", PLAIN), ("ascii", PLAIN), ("latin-1", PLAIN)],
)
def test_characters_fit_the_streams_encoding(encoding: str, glyphs: object):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    assert glyphs_for(stream) is glyphs


def test_a_stream_that_tells_no_encoding_gets_ascii():
    assert glyphs_for(object()) is PLAIN
    assert all(glyph.character.isascii() for glyph in PLAIN)


INK = [[1, 1, 1], [1, 1, 1]]


def test_pictures_stand_side_by_side_with_captions_centred_below():
    assert picture_row([INK, INK], ["a", "b"], lo=0, hi=1) == ["███  ███", " a    b"]


def test_a_row_breaks_where_the_width_ends():
    assert picture_row([INK] * 3, ["a", "b", "c"], width=8, lo=0, hi=1) == [
        "███  ███",
        " a    b",
        "",
        "███",
        " c",
    ]


def test_korean_captions_are_as_wide_as_they_look():
    lines = picture_row([INK, INK], ["답 하나", "둘"], lo=0, hi=1)
    assert lines == ["  ███      ███", "답 하나    둘"]
    assert [shown_width(line) for line in lines] == [14, 13]


def test_a_caption_wider_than_the_terminal_is_cut():
    assert picture_row([INK], ["a long caption"], width=6, lo=0, hi=1)[-1] == "a lon…"


def test_pictures_of_different_heights_share_a_row():
    assert picture_row([INK, [[1, 1, 1]]], ["a", "b"], lo=0, hi=1) == ["███  ▀▀▀", " a    b"]
    assert picture_row([INK * 2, INK], ["a", "b"], lo=0, hi=1) == ["███  ███", "███", " a    b"]


def test_no_pictures_make_no_lines():
    assert picture_row([], []) == []


def test_captions_are_as_many_as_pictures():
    with pytest.raises(DataError, match="2 pictures want 2 captions, not 1"):
        picture_row([INK, INK], ["a"])


def test_a_confusion_table_counts_every_answer():
    table = confusion_table([0, 0, 2, 2, 2], [0, 2, 2, 2, 0])
    assert table == [
        "    answered",
        "is  0  2  right",
        "0   1  1    1/2",
        "2   1  2    2/3",
    ]


def test_a_confusion_table_speaks_korean_and_lines_up():
    true, answered = [0, 1, 1, 2], [0, 1, 2, 2]
    table = confusion_table(true, answered, ["고양이", "개", "ox"], language="ko")
    assert table == [
        "        모델의 답",
        "실제    고양이      개      ox  정답",
        "고양이       1       ·       ·   1/1",
        "개           ·       1       1   1/2",
        "ox           ·       ·       1   1/1",
    ]
    assert {shown_width(line) for line in table[1:]} == {shown_width(table[1])}


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1))
def test_a_confusion_table_is_rectangular_and_adds_up(pairs: list[tuple[int, int]]):
    true, answered = zip(*pairs, strict=True)
    for language in ("en", "ko"):
        table = confusion_table(np.array(true), np.array(answered), language=language)
        assert len({shown_width(line) for line in table[1:]}) == 1
        rights = [line.split()[-1].split("/") for line in table[2:]]
        assert sum(int(right) for right, _ in rights) == sum(a == b for a, b in pairs)
        assert sum(int(total) for _, total in rights) == len(pairs)


def test_classes_with_labels_have_rows_even_when_they_do_not_occur():
    assert len(confusion_table([0], [0], ["a", "b", "c"])) == 5


def test_a_plain_stream_gets_a_plain_dot():
    assert all(line.isascii() for line in confusion_table([0, 1], [0, 1], never="."))


@pytest.mark.parametrize(
    ("true", "answered", "labels", "message"),
    [
        ([0, 1], [0], None, "2 true classes were given and 1 answers"),
        ([], [], None, "0 true classes"),
        ([0], [[0.2, 0.8]], None, "argmax"),
        ([0], [-1], None, "class numbers"),
        ([0], ["cat"], None, "class numbers"),
        ([0, 3], [0, 0], ["a", "b"], "Class 3 has no label: 2 labels name the classes 0 to 1"),
    ],
)
def test_a_confusion_table_says_what_it_cannot_count(true, answered, labels, message):
    with pytest.raises(DataError, match=message):
        confusion_table(true, answered, labels)
