"""Class numbers as rows of zeros with a single one."""

from __future__ import annotations

from typing import Any


def to_categorical(x: Any, num_classes: int | None = None) -> Any:
    """`y[…, k] = 1 where x[…] = k, else 0`: one-hot rows, float64 as NumPy makes them.

    Axes: (…) or (…, 1) -> (…, classes)
    num_classes: one more than the largest class when it is not given.
    Raises: ValueError for a class outside 0 … num_classes - 1.
    Example:
        >>> to_categorical([0, 2]).tolist()
        [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    import numpy as np

    classes = np.array(x, dtype="int64")
    if classes.ndim > 1 and classes.shape[-1] == 1:
        classes = classes[..., 0]
    count = int(classes.max(initial=-1)) + 1 if num_classes is None else int(num_classes)
    if classes.size and not (0 <= classes.min() and classes.max() < count):
        raise ValueError(
            f"to_categorical: classes run from {classes.min()} to {classes.max()}, but "
            f"num_classes={count} has room for 0 to {count - 1}."
        )
    return np.eye(count)[classes]
