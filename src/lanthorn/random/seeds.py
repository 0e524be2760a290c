"""Where random numbers come from: a key of two integers, and what moves it on.

Nothing here loads an array library before the first number is drawn.
"""

from __future__ import annotations

import random
from typing import Any

from lanthorn.engine.naming import unique_name
from lanthorn.engine.variable import Variable


def make_default_seed() -> int:
    """A seed from Python's own generator, so `random.seed(1)` fixes everything drawn after it."""
    return random.randint(1, 10**9)


class SeedGenerator:
    """A key `[seed, count]` that counts on each time a random operation asks for it.

    seed: a whole number; None draws one.
    Example:
        >>> key = SeedGenerator(7)
        >>> key.next(), key.next()
        (array([7, 0], dtype=uint32), array([7, 1], dtype=uint32))

    Source: keras 3.15 random/seed_generator.py, whose states are matched.
    """

    tracked_kind = "seed"

    def __init__(self, seed: int | None = None, name: str | None = None) -> None:
        self.name = name or unique_name("seed_generator")
        self.initial_seed = seed
        if seed is None:
            seed = make_default_seed()
        if not isinstance(seed, int):
            raise ValueError(f"A seed must be a whole number, not {seed!r}.")
        self.seed = seed
        self.state = Variable(
            self._first_state,
            shape=(2,),
            dtype="uint32",
            trainable=False,
            autocast=False,
            name="seed_generator_state",
            path=f"{self.name}/seed_generator_state",
        )

    def _first_state(self, shape: tuple[int, ...], dtype: str) -> Any:
        return first_key(self.seed)

    def next(self, ordered: bool = True) -> Any:
        """The key as it stands; afterwards it is another.

        ordered: count on by one; otherwise jump about below a million, as the generator of
        unseeded operations does.
        """
        import numpy as np

        now = self.state.value
        if ordered:
            self.state.assign(now + np.array([0, 1], "uint32"))
        else:
            self.state.assign((now + np.uint32(1)) * np.uint32(5387) % np.uint32(933199))
        return now

    def get_config(self) -> dict[str, Any]:
        return {"seed": self.initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> SeedGenerator:
        return cls(**config)


class Keys:
    """Keys that were drawn beforehand, handed out one after another like a generator's."""

    def __init__(self, keys: Any) -> None:
        self.keys = keys
        self.count = 0

    def next(self, ordered: bool = True) -> Any:
        self.count += 1
        return self.keys[self.count - 1]


def first_key(seed: int) -> Any:
    """`[seed, 0]`; of a longer seed the lowest 32 bits."""
    import numpy as np

    return np.array([seed & 0xFFFFFFFF, 0], "uint32")


_unseeded: list[SeedGenerator] = []


def global_seed_generator() -> SeedGenerator:
    """The generator of operations that were given no seed, made when first asked for."""
    if not _unseeded:
        _unseeded.append(SeedGenerator())
    return _unseeded[0]


def reset_global_seed_generator() -> None:
    """Forget it: the next one draws its seed anew (what `set_random_seed` needs)."""
    _unseeded.clear()
