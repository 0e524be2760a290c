"""The embedded digits: real, whole, and split the same way everywhere."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from lanthorn.datasets import digits
from lanthorn.datasets.checksum import DamagedDatasetError
from lanthorn.engine.errors import DataError


def test_pictures_are_uint8_with_ink_from_0_to_16():
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    assert (x_train.shape, y_train.shape) == ((1442, 8, 8), (1442,))
    assert (x_test.shape, y_test.shape) == ((355, 8, 8), (355,))
    for array in (x_train, y_train, x_test, y_test):
        assert array.dtype == np.uint8
    assert (x_train.min(), x_train.max()) == (0, digits.FULL_INK)


def test_every_picture_is_in_exactly_one_half():
    x, y = digits.load_all()
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    halves = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
    assert counted(*halves) == counted(x, y)
    assert len(counted(x, y)) == 1797  # no two pictures are the same, so none is in both


def counted(x: np.ndarray, y: np.ndarray) -> set[bytes]:
    return {picture.tobytes() + bytes([digit]) for picture, digit in zip(x, y, strict=True)}


def test_each_digit_has_the_same_share_in_both_halves():
    (_, y_train), (_, y_test) = digits.load_data()
    assert np.bincount(y_test).tolist() == [35, 36, 35, 36, 36, 36, 36, 35, 34, 36]
    assert np.bincount(y_train).tolist() == [143, 146, 142, 147, 145, 146, 145, 144, 140, 144]


def test_the_test_set_is_every_fifth_picture_of_each_digit():
    x, y = digits.load_all()
    (_, _), (x_test, y_test) = digits.load_data()
    for digit in range(10):
        assert np.array_equal(x_test[y_test == digit], x[y == digit][4::5])


def test_both_halves_keep_the_order_of_the_data_set():
    x, _ = digits.load_all()
    place = {picture.tobytes(): index for index, picture in enumerate(x)}
    for pictures, _ in digits.load_data():
        places = [place[picture.tobytes()] for picture in pictures]
        assert places == sorted(places)


def test_the_first_picture_is_the_known_zero():
    x, y = digits.load_all()
    assert y[:10].tolist() == list(range(10))
    assert x[0].tolist() == [
        [0, 0, 5, 13, 9, 1, 0, 0],
        [0, 0, 13, 15, 10, 15, 5, 0],
        [0, 3, 15, 2, 0, 11, 8, 0],
        [0, 4, 12, 0, 0, 8, 8, 0],
        [0, 5, 8, 0, 0, 9, 8, 0],
        [0, 4, 11, 0, 1, 12, 7, 0],
        [0, 2, 14, 5, 10, 12, 0, 0],
        [0, 0, 6, 13, 10, 0, 0, 0],
    ]


def test_what_is_returned_belongs_to_the_caller():
    (x_train, y_train), _ = digits.load_data()
    x_train[:] = 0
    y_train[:] = 0
    (again, _), _ = digits.load_data()
    assert again.any()
    for array in digits.load_all():
        array[:] = 0


def test_the_licence_and_the_checksum_lie_beside_the_data():
    text = (digits.FILE.parent / "README.md").read_text(encoding="utf-8")
    assert sha256(digits.FILE.read_bytes()).hexdigest() == digits.SHA256
    for fact in (digits.SHA256, "CC BY 4.0", "10.24432/C50P49", "Alpaydin", "Kaynak"):
        assert fact in text


@pytest.mark.parametrize("damage", ["one bit", "cut short", "empty"])
def test_damaged_data_is_refused_with_a_remedy(damage: str, tmp_path: Path, monkeypatch):
    data = digits.FILE.read_bytes()
    damaged = {
        "one bit": data[:1000] + bytes([data[1000] ^ 1]) + data[1001:],
        "cut short": data[:-1],
        "empty": b"",
    }[damage]
    file = tmp_path / "digits.gz"
    file.write_bytes(damaged)
    monkeypatch.setattr(digits, "FILE", file)
    with pytest.raises(
        DamagedDatasetError, match=r"digits\.gz.*is damaged.*Install lanthorn again"
    ):
        digits.load_data()
    assert issubclass(DamagedDatasetError, DataError)


def test_a_file_that_is_missing_stays_a_missing_file(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(digits, "FILE", tmp_path / "digits.gz")
    with pytest.raises(FileNotFoundError):
        digits.load_data()
