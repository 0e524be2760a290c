"""What query, value and key must have in common, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lanthorn.axes import Axes

Given = Sequence[Axes]
"""The axes of query and value, and of the key where there is one."""


def require_fit(layer: Any, given: Given, attended: Sequence[int]) -> None:
    """Refuse sizes that do not go together, along every axis but the features.

    attended: the sample axes that are attended over: along these a query may be of another size.
    """
    query, value, *key = given
    for index in range(len(query) - 1):
        if index - 1 not in attended:
            require_alike(layer, query, value, index, "query and value")
        for one in key:
            require_alike(layer, value, one, index, "value and key")


def require_alike(layer: Any, one: Axes, two: Axes, index: int, which: str) -> None:
    """Refuse two inputs of other sizes along an axis. A size that is open fits any."""
    name = one.names[index]
    layer.require(
        one[index] == two[index] or None in (one[index], two[index]),
        (one, two),
        f"{which} of the same {'batch' if index == 0 else name}",
        f"{name}: {one[index]} here, {two[index]} there.",
    )


def require_features(layer: Any, given: Given, made_for: Mapping[str, int | None]) -> None:
    """Refuse other features than the projections (by name) were built for."""
    named = {"query": given[0], "value": given[1], "key": given[-1]}
    for name, axes in named.items():
        layer.require(
            axes[-1] == made_for[name],
            given,
            f"features {made_for[name]} for its {name}",
            f"Its {name} weights were made for {made_for[name]} features; {axes[-1]} came.",
        )
