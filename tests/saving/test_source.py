"""What is read from is a stretch of bytes, and nothing outside it."""

from __future__ import annotations

import io

import pytest

from lanthorn.saving import DamagedModelError
from lanthorn.saving.source import Source

FILE = io.BytesIO(b"secret|inside|secret")


@pytest.mark.parametrize(
    ("offset", "length"), [(0, 7), (6, 1), (7, 0), (-1, 1), (0, -1), (2**64, 1), (1, 2**64)]
)
def test_nothing_outside_can_be_reached(offset: int, length: int):
    source = Source(FILE, 7, 6)
    for read in (source.at, source.part):
        with pytest.raises(DamagedModelError):
            read(offset, length)
    if 0 <= length < 100:
        with pytest.raises(DamagedModelError):
            source.into(offset, memoryview(bytearray(length)))


def test_all_that_is_inside_can_be_reached():
    source = Source(FILE, 7, 6)
    assert source.at(0, 6) == b"inside"
    assert source.at(6, 0) == b""
    assert source.part(2, 4).at(1, 3) == b"ide"
    buffer = bytearray(3)
    source.into(3, memoryview(buffer))
    assert buffer == b"ide"


def test_a_file_that_grows_shorter_while_it_is_read_is_damaged():
    source = Source(io.BytesIO(b"ab"), 0, 6)
    with pytest.raises(DamagedModelError, match="ends while it is read"):
        source.at(0, 6)
    with pytest.raises(DamagedModelError, match="ends while it is read"):
        source.into(0, memoryview(bytearray(6)))
