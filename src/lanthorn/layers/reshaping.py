"""Flatten, Reshape, Permute, RepeatVector: the same numbers in another shape or order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes, Axis, default_names, joined, product
from lanthorn.layers import checks
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.wiring import Rearrange
from lanthorn.words.shapes import sizes_text


class Flatten(Layer):
    """Lays all numbers of a sample in one row, the last axis running fastest; computes nothing.

    With data_format="channels_first" the channels run fastest all the same, as in Keras.

    Axes: (batch, a, b, …) -> (batch, a·b·…); the long axis remembers the others.
    Source: keras 3.15 `layers/reshaping/flatten.py`.
    Example:
        >>> Flatten().compute_output_shape((None, 3, 16))
        (None, 48)
    """

    sees_channels_last = True
    examples = (
        Example({}, (3, 16)),
        Example({}, (2, 3, 2)),
        Example({}, (5,)),
        Example({"data_format": "channels_first"}, (2, 3, 2)),
        Example({"data_format": "channels_first"}, (4,)),
    )

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = checks.data_format(self, data_format)

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) > 0, x, "at least (batch)")
        sample = x.sample
        return x.with_sample([joined(sample) if sample else Axis("features", 1)])

    def call(self, inputs: Any) -> Any:
        sizes = inputs.shape[1:]
        return ops.reshape(inputs, (inputs.shape[0], product(sizes)))

    def wiring(self, x: Axes) -> Rearrange:
        return Rearrange("reshape")


OPEN = (-1, None)
"""Written for the size that is worked out from the others."""


def listed(setting: Any) -> tuple[Any, ...]:
    """A setting of several values; a single one stands for itself."""
    is_several = isinstance(setting, Iterable) and not isinstance(setting, str)
    return tuple(setting) if is_several else (setting,)


class Reshape(Layer):
    """The same row of numbers under another shape; one size may be -1 (or None) and is worked out.

    Axes: (batch, …) -> (batch, *target_shape)
    Raises: ShapeError when the numbers do not fill the new shape exactly.
    Source: keras 3.15 `layers/reshaping/reshape.py`.
    Example:
        >>> Reshape((28, 28, 1)).compute_output_shape((None, 784))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"target_shape": (4, 3)}, (12,)),
        Example({"target_shape": (-1, 2)}, (3, 2, 2)),
        Example({"target_shape": (6,)}, (2, 3)),
        Example({"target_shape": (2, -1, 2)}, (2, 4)),
    )

    def __init__(self, target_shape: tuple[int, ...] | int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        sizes = listed(target_shape)
        open_ = [size for size in sizes if size in OPEN]
        are_sizes = all(size is None or (checks.is_whole(size) and size >= -1) for size in sizes)
        if len(open_) > 1 or not are_sizes:
            raise ValueError(
                f"Reshape: target_shape has sizes and at most one -1 or None, not {sizes}."
            )
        self.target_shape = tuple(size if size is None else int(size) for size in sizes)

    def output_axes(self, x: Axes) -> Axes:
        count = x.elements()
        is_open = any(size in OPEN for size in self.target_shape)
        known = product(size for size in self.target_shape if size not in OPEN) or 0
        if count is None:
            sizes = tuple(None if size in OPEN else size for size in self.target_shape)
        else:
            is_whole = known > 0 and count % known == 0
            self.require(
                is_whole if is_open else count == known,
                x,
                f"an input whose numbers fill {sizes_text(self.target_shape)}",
                f"One sample holds {count} numbers; the target shape holds "
                f"{f'a multiple of {known}' if is_open else known}.",
            )
            sizes = tuple(count // known if size in OPEN else size for size in self.target_shape)
        if tuple(sizes) == x[1:]:
            return x
        return x.with_sample(map(Axis, default_names(len(sizes)), sizes))

    def call(self, inputs: Any) -> Any:
        sizes = (-1 if size is None else size for size in self.target_shape)
        return ops.reshape(inputs, (inputs.shape[0], *sizes))

    def wiring(self, x: Axes) -> Rearrange:
        return Rearrange("reshape")


class Permute(Layer):
    """Puts the axes in another order: output axis k is input axis dims[k], counted from 1.

    Axes: (batch, a, b) -> (batch, b, a) for dims=(2, 1)
    Source: keras 3.15 `layers/reshaping/permute.py`.
    Example:
        >>> Permute((2, 1)).compute_output_shape((None, 10, 64))
        (None, 64, 10)
    """

    examples = (Example({"dims": (2, 1)}, (3, 4)), Example({"dims": (3, 1, 2)}, (2, 3, 4)))

    def __init__(self, dims: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dims = listed(dims)
        if {*self.dims} != {*range(1, len(self.dims) + 1)}:
            raise ValueError(
                f"Permute: dims names each axis from 1 to {len(self.dims)} once, not {self.dims}."
            )

    def output_axes(self, x: Axes) -> Axes:
        self.require(
            len(x) == len(self.dims) + 1,
            x,
            f"{len(self.dims)} axes besides the batch, for dims={self.dims}",
        )
        return x.with_sample(x.axes[dim] for dim in self.dims)

    def call(self, inputs: Any) -> Any:
        return ops.transpose(inputs, (0, *self.dims))

    def wiring(self, x: Axes) -> Rearrange:
        return Rearrange("permute", order=tuple(dim - 1 for dim in self.dims))


class RepeatVector(Layer):
    """`y[t, f] = x[f]` at each of n steps: the same features again and again.

    Axes: (batch, features) -> (batch, steps n, features)
    Raises: ShapeError for another number of axes.
    Source: keras 3.15 `layers/reshaping/repeat_vector.py`.
    Example:
        >>> RepeatVector(3).compute_output_shape((None, 32))
        (None, 3, 32)
    """

    examples = (Example({"n": 3}, (2,)), Example({"n": 1}, (4,)))

    def __init__(self, n: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n = checks.positive(self, "n", n)

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) == 2, x, "(batch, features)")
        return x.with_sample([Axis("steps", self.n), x.axes[1]])

    def call(self, inputs: Any) -> Any:
        return ops.repeat(ops.expand_dims(inputs, 1), self.n, axis=1)

    def wiring(self, x: Axes) -> Rearrange:
        return Rearrange("repeat")
