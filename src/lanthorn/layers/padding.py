"""Padding and cropping: zeros laid past the edges, or the edges cut off."""

from __future__ import annotations

from typing import Any, ClassVar

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers import checks, windows
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.wiring import Rearrange
from lanthorn.words.shapes import sizes_text

Edges = tuple[tuple[int, int], ...]
"""For each axis but batch and channels, how many rows at its beginning and at its end."""

NO_ROWS = ((0, 0),)


class Edged(Layer):
    """What padding and cropping share; `rank` is how many axes have edges."""

    rank: int
    setting: ClassVar[str]

    def _set_edges(self, value: Any) -> None:
        edges = checks.edges(self, self.setting, value, self.rank)
        setattr(self, self.setting, edges[0] if self.rank == 1 else edges)

    @property
    def edges(self) -> Edges:
        value = getattr(self, self.setting)
        return (value,) if self.rank == 1 else value

    def _sizes(self, x: Axes, sign: int) -> list[int | None]:
        """The sizes with the rows at both edges added, or taken away."""
        self.require(len(x) == self.rank + 2, x, windows.wanted(self, self.rank))
        pairs = zip(x[1:-1], self.edges, strict=True)
        return [None if size is None else size + sign * sum(edge) for size, edge in pairs]


class Padding(Edged):
    """What ZeroPadding1D, ZeroPadding2D and ZeroPadding3D share."""

    setting = "padding"
    sees_channels_last = True

    def __init__(self, padding: Any = 1, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._set_edges(padding)
        self.data_format = checks.data_format(self, data_format)

    def output_axes(self, x: Axes) -> Axes:
        return windows.moved(x, self._sizes(x, +1))

    def call(self, inputs: Any) -> Any:
        return ops.pad(inputs, NO_ROWS + self.edges + NO_ROWS)

    def wiring(self, x: Axes) -> Rearrange:
        return Rearrange("pad", edges=self.edges + NO_ROWS)


class Cropping(Edged):
    """What Cropping1D, Cropping2D and Cropping3D share."""

    setting = "cropping"

    def output_axes(self, x: Axes) -> Axes:
        sizes = self._sizes(x, -1)
        cut = [sum(edge) for edge in self.edges]
        self.require(
            all(size is None or size > 0 for size in sizes),
            x,
            f"an input larger than what is cut off, {sizes_text(cut)}",
            f"The input is {sizes_text(x[1:-1])}, and cropping {self.cropping} takes away "  # type: ignore[attr-defined]
            f"{sizes_text(cut)}.",
        )
        return windows.moved(x, sizes)

    def call(self, inputs: Any) -> Any:
        rows = [
            slice(before, size - behind)
            for size, (before, behind) in zip(inputs.shape[1:-1], self.edges, strict=True)
        ]
        return inputs[(slice(None), *rows)]

    def wiring(self, x: Axes) -> Rearrange:
        return Rearrange("crop", edges=self.edges + NO_ROWS)


class ZeroPadding1D(Padding):
    """`y[t, c] = x[t - p, c]`, 0 past the edges: p steps in front, q behind for padding=(p, q).

    Axes: (batch, steps, channels) -> (batch, steps + p + q, channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/reshaping/zero_padding1d.py`.
    Example:
        >>> ZeroPadding1D((0, 2)).compute_output_shape((None, 5, 3))
        (None, 7, 3)
    """

    rank = 1
    examples = (
        Example({}, (3, 2)),
        Example({"padding": (0, 2)}, (2, 2)),
        Example({"padding": (1, 0), "data_format": "channels_first"}, (2, 3)),
    )


class ZeroPadding2D(Padding):
    """`y[i, j, c] = x[i - p, j - q, c]`, 0 past the edges.

    padding: rows on every side, (on height, on width), or ((top, bottom), (left, right)).
    Axes: (batch, height, width, channels) -> (batch, height', width', channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/reshaping/zero_padding2d.py`.
    Example:
        >>> ZeroPadding2D(((1, 0), (2, 2))).compute_output_shape((None, 5, 5, 3))
        (None, 6, 9, 3)
    """

    rank = 2
    examples = (
        Example({}, (2, 3, 1)),
        Example({"padding": ((1, 0), (0, 2))}, (3, 2, 2)),
        Example({"padding": (2, 1), "data_format": "channels_first"}, (1, 2, 2)),
        Example({"padding": 0}, (2, 2, 1)),
    )

    def __init__(
        self, padding: Any = (1, 1), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(padding, data_format, **kwargs)


class ZeroPadding3D(Padding):
    """`y[p, c] = x[p - q, c]`, 0 past the edges; places p in depth, height and width.

    padding: rows on every side, one number for each axis, or a pair for each.
    Axes: (batch, depth, height, width, channels) -> (batch, depth', height', width', channels)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/reshaping/zero_padding3d.py`.
    Example:
        >>> ZeroPadding3D(1).compute_output_shape((None, 5, 5, 5, 3))
        (None, 7, 7, 7, 3)
    """

    rank = 3
    examples = (
        Example({}, (1, 2, 2, 1)),
        Example({"padding": ((1, 0), (0, 1), (0, 0))}, (1, 2, 2, 2)),
        Example({"padding": (1, 0, 1), "data_format": "channels_first"}, (2, 1, 2, 1)),
    )

    def __init__(
        self,
        padding: Any = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(padding, data_format, **kwargs)


class Cropping1D(Cropping):
    """`y[t, c] = x[t + p, c]`: the first p and the last q steps are cut off for cropping=(p, q).

    Axes: (batch, steps, channels) -> (batch, steps - p - q, channels)
    Raises: ShapeError when nothing would be left.
    Source: keras 3.15 `layers/reshaping/cropping1d.py`.
    Example:
        >>> Cropping1D((1, 0)).compute_output_shape((None, 5, 3))
        (None, 4, 3)
    """

    rank = 1
    examples = (
        Example({}, (4, 2)),
        Example({"cropping": (0, 2)}, (5, 1)),
        Example({"cropping": 2}, (5, 2)),
    )

    def __init__(self, cropping: Any = (1, 1), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._set_edges(cropping)


class Cropping2D(Cropping):
    """`y[i, j, c] = x[i + p, j + q, c]`: rows and columns at the edges are cut off.

    cropping: rows on every side, (of height, of width), or ((top, bottom), (left, right)).
    Axes: (batch, height, width, channels) -> (batch, height', width', channels)
    Raises: ShapeError when nothing would be left.
    Source: keras 3.15 `layers/reshaping/cropping2d.py`.
    Example:
        >>> Cropping2D(((1, 0), (2, 2))).compute_output_shape((None, 8, 8, 3))
        (None, 7, 4, 3)
    """

    rank = 2
    sees_channels_last = True
    examples = (
        Example({"cropping": 1}, (4, 3, 2)),
        Example({"cropping": ((0, 1), (2, 0))}, (3, 4, 1)),
        Example({"cropping": (1, 0), "data_format": "channels_first"}, (2, 4, 2)),
        Example({}, (2, 2, 1)),
    )

    def __init__(
        self, cropping: Any = ((0, 0), (0, 0)), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._set_edges(cropping)
        self.data_format = checks.data_format(self, data_format)


class Cropping3D(Cropping):
    """`y[p, c] = x[p + q, c]`: rows at the edges of depth, height and width are cut off.

    cropping: rows on every side, one number for each axis, or a pair for each.
    Axes: (batch, depth, height, width, channels) -> (batch, depth', height', width', channels)
    Raises: ShapeError when nothing would be left.
    Source: keras 3.15 `layers/reshaping/cropping3d.py`.
    Example:
        >>> Cropping3D(1).compute_output_shape((None, 5, 5, 5, 3))
        (None, 3, 3, 3, 3)
    """

    rank = 3
    sees_channels_last = True
    examples = (
        Example({}, (3, 4, 3, 1)),
        Example({"cropping": ((1, 0), (0, 1), (0, 0))}, (2, 3, 2, 1)),
        Example({"cropping": (0, 1, 0), "data_format": "channels_first"}, (2, 1, 4, 2)),
    )

    def __init__(
        self,
        cropping: Any = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._set_edges(cropping)
        self.data_format = checks.data_format(self, data_format)
