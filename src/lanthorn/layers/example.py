"""What a layer class lists of itself, so that tests, docs and pictures have something to show."""

from __future__ import annotations

from typing import Any, NamedTuple


class Example(NamedTuple):
    """Settings of a layer and the sample shape of its input (a list of them when it takes several).

    below: for layers that take whole numbers, one more than the largest; None means real numbers.
    arguments: what else its call is given.
    """

    settings: dict[str, Any]
    shape: tuple[int, ...] | list[tuple[int, ...]]
    below: int | None = None
    arguments: dict[str, Any] = {}  # noqa: RUF012  nobody writes into it


def inside(class_name: str, **settings: Any) -> dict[str, Any]:
    """A layer within an example's settings, as its config: each library makes its own of it."""
    return {
        "module": "keras.layers",
        "class_name": class_name,
        "config": settings,
        "registered_name": None,
    }
