"""1,797 real handwritten digits of 8 × 8 pixels, embedded: nothing is downloaded."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

from lanthorn.datasets.checksum import verified

if TYPE_CHECKING:
    import numpy as np

FILE = Path(__file__).parent / "data" / "digits.gz"
SHA256 = "d64ddccfe8e7f02b6067073443e8195f125aef554fb827ee64b600179fafce7f"
COUNT, HEIGHT, WIDTH = 1797, 8, 8
FULL_INK = 16
"""The darkest pixel: all 4 × 4 dots of the 32 × 32 scan that it counts were black."""

TEST_EVERY = 5


def load_data() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """`(x_train, y_train), (x_test, y_test)`: 1,442 digits to learn from, 355 to be tested with.

    The test set is every fifth picture of each digit, the rest is for training, both in the order
    of the data set: nothing is drawn by chance, so every run and every machine has the same split,
    with 34 to 36 pictures of each digit in the test set and 140 to 147 in the training set.

    What the figure means: the pictures come person after person, each writing the same sequence
    of digits, so this split asks for unseen digits by hands the network has seen. New hands are
    harder. Conv2D 32, MaxPooling2D, Conv2D 64, Flatten, Dense 10 after 15 epochs answers 98.0 to
    98.9 % of this test set right (Keras 3.15.1, five seeds); trained on the first 1,500 pictures
    and tested with the last 297, nearly all by other people, the same network answers 91.6 to
    94.6 %. `load_all()` has the pictures in their first order for such a test.

    Axes: x (pictures, height 8, width 8), y (pictures,), both uint8.
    Units: ink, 0 (paper) to 16 (all black), as in the source; y is the digit, 0 to 9.
    Raises: DamagedDatasetError when the embedded file is not the published one.
    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine
    Learning Repository, 1998, doi:10.24432/C50P49, CC BY 4.0; the 1,797 pictures of its test
    file, known from scikit-learn's load_digits.
    Example:
        >>> (x_train, y_train), (x_test, y_test) = load_data()
        >>> x_train.shape, x_test.shape, int(x_train.max())
        ((1442, 8, 8), (355, 8, 8), 16)
    """
    import numpy as np

    x, y = load_all()
    held_out = np.zeros(COUNT, bool)
    for digit in range(10):
        held_out[np.flatnonzero(y == digit)[TEST_EVERY - 1 :: TEST_EVERY]] = True
    return (x[~held_out], y[~held_out]), (x[held_out], y[held_out])


def load_all() -> tuple[np.ndarray, np.ndarray]:
    """All 1,797 pictures and their digits, in the order of the data set.

    Axes, Units, Raises, Source: as of `load_data`.
    """
    import numpy as np

    compressed = verified(
        FILE.read_bytes(), SHA256, f"The embedded digits ({FILE.name})", "Install lanthorn again."
    )
    numbers = np.frombuffer(gzip.decompress(compressed), np.uint8)
    pictures, digits = np.split(numbers, [COUNT * HEIGHT * WIDTH])
    return pictures.reshape(COUNT, HEIGHT, WIDTH).copy(), digits.copy()
