"""An explanation as data that prints itself and shows itself in a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lanthorn.axes import Axes
from lanthorn.wiring import Wiring


@dataclass(frozen=True)
class Entry:
    """What one layer of a model does.

    number: its place in the explanation, None for a layer asked about by itself.
    settings: what stands behind its class in a title, `16` of `Dense 16`.
    inputs, outputs: axes, one for each tensor; empty where they are not known.
    sources: where the inputs come from, when that is not the layer before.
    arithmetic: how many numbers it keeps and why; "" when none.
    places: for rearranged numbers, where one of them went, and the formula.
    """

    number: int | None
    name: str
    class_name: str
    settings: str
    inputs: tuple[Axes, ...]
    outputs: tuple[Axes, ...]
    sources: tuple[str, ...]
    sentence: str
    remarks: tuple[str, ...]
    arithmetic: str
    places: tuple[str, ...]
    parameters: int
    wiring: Wiring = field(repr=False)

    @property
    def title(self) -> str:
        return f"{self.class_name} {self.settings}" if self.settings else self.class_name

    def to_dict(self) -> dict[str, Any]:
        """Plain data: text, numbers, and axes as lists of name and size."""
        return {
            "number": self.number,
            "name": self.name,
            "class_name": self.class_name,
            "settings": self.settings,
            "inputs": [axes_data(axes) for axes in self.inputs],
            "outputs": [axes_data(axes) for axes in self.outputs],
            "sources": list(self.sources),
            "sentence": self.sentence,
            "remarks": list(self.remarks),
            "arithmetic": self.arithmetic,
            "places": list(self.places),
            "parameters": self.parameters,
        }


@dataclass(frozen=True)
class Explanation:
    """What a model, or one layer, does. Print it, or let a notebook show it.

    is_whole: True for a model with all its layers, False for one layer.
    notes: what is said once, under all layers.
    Example:
        >>> from lanthorn import explain, layers
        >>> print(explain(layers.Dense(4, name="D4"), (6,)).text(80))
        D4   Dense 4   (batch, features 6) → (batch, units 4)
           Each of the 4 units sees all 6 features.
           6 × 4 weights + 4 biases = 28
    """

    name: str
    inputs: tuple[Axes, ...]
    outputs: tuple[Axes, ...]
    parameters: int | None
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]
    is_whole: bool
    language: str

    def text(self, width: int | None = None) -> str:
        """Plain text in lines of at most `width` columns; None: as wide as the terminal."""
        from lanthorn.explanation.text import explanation_text

        return explanation_text(self, width)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        from lanthorn.explanation.html import explanation_html

        return explanation_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain data that JSON can hold."""
        return {
            "name": self.name,
            "language": self.language,
            "inputs": [axes_data(axes) for axes in self.inputs],
            "outputs": [axes_data(axes) for axes in self.outputs],
            "parameters": self.parameters,
            "entries": [entry.to_dict() for entry in self.entries],
            "notes": list(self.notes),
        }


def axes_data(axes: Axes) -> list[dict[str, Any]]:
    return [{"name": axis.name, "size": axis.size} for axis in axes.axes]
