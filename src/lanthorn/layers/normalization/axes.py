"""The axes a normalization works along, and the weights it learns there."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import WrongKindError
from lanthorn.wiring import Weight


def checked_axes(layer: Layer, axis: Any) -> int | list[int]:
    """`axis` as it is kept: a whole number, or a list of different ones.

    Raises: ValueError for anything else.
    """
    axes = list(axis) if isinstance(axis, list | tuple) else [axis]
    are_numbers = all(isinstance(each, int) and not isinstance(each, bool) for each in axes)
    if not axes or not are_numbers or len(set(axes)) < len(axes):
        raise WrongKindError(
            f"{type(layer).__name__}: axis is a whole number, or a list of different ones, "
            f"not {axis!r}."
        )
    return axes if isinstance(axis, list | tuple) else axes[0]


def listed(axis: int | list[int]) -> list[int]:
    return [axis] if isinstance(axis, int) else axis


def sample_axes(layer: Layer, axis: int | list[int], x: Axes) -> tuple[int, ...]:
    """The axes counted without the batch, in order.

    Raises: ShapeError when the input lacks one, or when it is the batch.
    """
    axes = listed(axis)
    rank = len(x)
    found = {each % rank for each in axes if -rank <= each < rank} if rank else set()
    layer.require(
        len(found) == len(axes) and 0 not in found,
        x,
        f"an input that has axis {axes[0] if len(axes) == 1 else axes} besides its batch",
        "Two of these are the same axis here." if 0 < len(found) < len(axes) else "",
    )
    return tuple(each - 1 for each in sorted(found))


def weight_sizes(layer: Layer, axis: int | list[int], x: Axes) -> tuple[list[int], list[str]]:
    """Sizes and names of a weight along these axes, in the order in which Keras lays them."""
    sample_axes(layer, axis, x)
    axes = sorted(listed(axis))
    sizes = [x[each] for each in axes]
    layer.require(
        None not in sizes, x, "known sizes on the axes it normalizes",
        "It learns one weight for each place there.",
    )  # fmt: skip
    return [size for size in sizes if size is not None], [x.names[each] for each in axes]


def fits_weight(layer: Layer, weight: Any, axis: int | list[int], x: Axes) -> None:
    """Raise a ShapeError for another input than the weight was made for."""
    if weight is None:
        return
    pairs = zip(sorted(listed(axis)), weight.shape, strict=True)
    layer.require(
        all(x[each] in (None, size) for each, size in pairs),
        x,
        f"{' × '.join(map(str, weight.shape))} numbers along axis {axis}",
        "It was built for these and learns one weight for each.",
    )


def spec_or(weight: Any, instead: float) -> Weight | float:
    """What a wiring says of a weight that may not be there."""
    return instead if weight is None else weight.spec
