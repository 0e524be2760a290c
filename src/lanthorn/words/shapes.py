"""How axes, sizes and coordinates are written, in English and Korean."""

from __future__ import annotations

from collections.abc import Sequence

from lanthorn.axes import Axes, Axis

AXIS_WORDS = {
    # name:      (plural en,  singular en, ko)
    "batch": ("batch", "sample", "배치"),
    "steps": ("steps", "step", "단계"),
    "features": ("features", "feature", "특성"),
    "units": ("units", "unit", "유닛"),
    "depth": ("depth", "slice", "깊이"),
    "height": ("height", "row", "높이"),
    "width": ("width", "column", "너비"),
    "channels": ("channels", "channel", "채널"),
    "bands": ("bands", "band", "대역"),
    "frequencies": ("frequencies", "frequency", "주파수"),
    "samples": ("samples", "sample", "샘플"),
    "classes": ("classes", "class", "클래스"),
    "heads": ("heads", "head", "헤드"),
    "keys": ("keys", "key", "키"),
    "filters": ("filters", "filter", "필터"),
    "row": ("row", "row", "행"),
    "column": ("column", "column", "열"),
}
"""Every axis name the library gives by itself, with what one place on it is called."""

PLACE_KO = {"height": "행", "width": "열", "depth": "층", "batch": "표본"}
"""Korean words for one place on an axis, where they differ from the axis's own word."""


def axis_word(name: str, language: str = "en") -> str:
    """The word for a whole axis; a joined axis joins the words of its parts."""
    if "·" in name:
        return "·".join(axis_word(part, language) for part in name.split("·"))
    words = AXIS_WORDS.get(name)
    if words is None:
        return name
    return words[2] if language == "ko" else words[0]


def place_word(name: str, language: str = "en") -> str:
    """The word for one place on an axis: `steps` → `step`, `height` → `row`."""
    words = AXIS_WORDS.get(name)
    if language == "ko":
        return PLACE_KO.get(name) or (words[2] if words else name)
    if words is not None:
        return words[1]
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def axis_text(axis: Axis, language: str = "en", open_size: str = " ?") -> str:
    size = open_size if axis.size is None else f" {axis.size}"
    return axis_word(axis.name, language) + size


def axes_text(axes: Axes, language: str = "en", open_size: str = " ?") -> str:
    """`(batch ?, steps 3, features 16)`; with `open_size=""` the batch is just `batch`."""
    return "(" + ", ".join(axis_text(axis, language, open_size) for axis in axes.axes) + ")"


def sizes_text(sizes: Sequence[int | None]) -> str:
    """`28 × 28 × 1`."""
    return " × ".join("?" if size is None else str(size) for size in sizes)


def place_text(axes: Sequence[Axis], at: Sequence[int], language: str = "en") -> str:
    """`step 1, unit 1`: where one element lies, told by the axes it came from.

    Example:
        >>> place_text([Axis("height", 3), Axis("width", 4)], (2, 1))
        'row 2, column 1'
    """
    parts: list[str] = []
    for axis, index in zip(axes, at, strict=True):
        parts.extend(
            f"{place_word(name, language)} {place}" for name, place in axis.coordinates(index)
        )
    return ", ".join(parts)
