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


def require_mask(layer: Any, name: str, mask: Any, wanted: Mapping[str, int]) -> None:
    """Refuse a mask of other sizes than wanted (by name, the last ones); 1 stands for any size.

    Raises: ValueError.
    """
    if mask is None:
        return
    sizes = tuple(mask.shape)[-len(wanted) :]
    pairs = zip(sizes, wanted.values(), strict=False)
    if len(sizes) != len(wanted) or any(size not in (1, right) for size, right in pairs):
        told = ", ".join(f"{axis} {size}" for axis, size in wanted.items())
        raise ValueError(
            f"{layer.name} ({type(layer).__name__}): {name} must have a place for each of "
            f"({told}), but has the shape {tuple(mask.shape)}."
        )
