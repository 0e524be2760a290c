"""One seed for everything that draws."""

from __future__ import annotations

import random


def set_random_seed(seed: int) -> None:
    """Seed Python, NumPy and this library: models made and trained after it come out the same.

    Raises: ValueError unless `seed` is a whole number of zero or more.
    Example:
        >>> from lanthorn import layers
        >>> set_random_seed(1); first = layers.Dense(1).kernel_initializer.seed
        >>> set_random_seed(1); layers.Dense(1).kernel_initializer.seed == first
        True
    """
    if not hasattr(seed, "__index__") or isinstance(seed, bool) or int(seed) < 0:
        raise ValueError(f"A seed is a whole number of zero or more, not {seed!r}.")
    import numpy as np

    from lanthorn.random.seeds import reset_global_seed_generator

    random.seed(int(seed))
    np.random.seed(int(seed) % 2**32)
    reset_global_seed_generator()
