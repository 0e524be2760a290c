"""Shapes whose axes have names.

`Axes` *is* a tuple of sizes, so code that indexes a shape works unchanged (`shape[-1]` is an int,
the batch is `None`), and it also knows what each axis means:
`(batch ?, steps 3, features 16)`. An axis made by laying others in a row remembers them, so place
17 of `steps·features 48` is step 1, feature 1, wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, overload

DEFAULT_NAMES = {
    0: (),
    1: ("features",),
    2: ("steps", "features"),
    3: ("height", "width", "channels"),
    4: ("depth", "height", "width", "channels"),
}
"""What the axes of one sample are called when nobody says, by how many there are."""


class Axis(NamedTuple):
    """One axis: its name, its size (None when it may be any), and the axes it was laid out from."""

    name: str
    size: int | None
    parts: tuple[Axis, ...] = ()

    @property
    def leaves(self) -> tuple[Axis, ...]:
        """The axes it was laid out from, down to those that were not laid out themselves."""
        if not self.parts:
            return (self,)
        return tuple(leaf for part in self.parts for leaf in part.leaves)

    def coordinates(self, place: int) -> tuple[tuple[str, int], ...]:
        """Where `place` of this axis lies on the axes it was made from, slowest first.

        Example:
            >>> Axis("steps·features", 48, (Axis("steps", 3), Axis("features", 16))).coordinates(17)
            (('steps', 1), ('features', 1))
        """
        if not self.parts:
            return ((self.name, place),)
        found: list[tuple[str, int]] = []
        for part in reversed(self.parts):
            place, within = divmod(place, part.size or 1)
            found[:0] = part.coordinates(within)
        return tuple(found)


class Axes(tuple[int | None, ...]):
    """A tuple of sizes that knows the name of each axis.

    Example:
        >>> x = Axes.of_sample((3, 2))
        >>> x, x.names, x[-1]
        ((None, 3, 2), ('batch', 'steps', 'features'), 2)
    """

    axes: tuple[Axis, ...]

    def __new__(cls, axes: Iterable[Axis]) -> Axes:
        axes = tuple(axes)
        self = super().__new__(cls, tuple(axis.size for axis in axes))
        self.axes = axes
        return self

    def __getnewargs__(self) -> tuple[tuple[Axis, ...]]:
        return (self.axes,)

    def __setattr__(self, name: str, value: object) -> None:
        if name in self.__dict__:
            raise AttributeError("Axes cannot be changed; make new ones")
        super().__setattr__(name, value)

    @classmethod
    def of_sample(
        cls,
        sizes: Sequence[int | None],
        names: Sequence[str] | None = None,
        batch: int | None = None,
    ) -> Axes:
        """Axes for one sample's `sizes`, with the batch in front."""
        chosen = tuple(names) if names is not None else default_names(len(sizes))
        if len(chosen) != len(sizes):
            raise ValueError(
                f"{len(sizes)} sizes {tuple(sizes)} want {len(sizes)} axis names, "
                f"but {len(chosen)} were given: {chosen}"
            )
        return cls([Axis("batch", batch), *map(Axis, chosen, sizes)])

    @classmethod
    def of(cls, shape: Iterable[int | None]) -> Axes:
        """Axes of any shape whose first size is the batch; axes that have names keep them."""
        if isinstance(shape, Axes):
            return shape
        sizes = tuple(shape)
        if not sizes:
            return cls(())
        return cls.of_sample(sizes[1:], batch=sizes[0])

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(axis.name for axis in self.axes)

    @property
    def rank(self) -> int:
        return len(self)

    @property
    def sample(self) -> tuple[Axis, ...]:
        """The axes of one sample: all but the batch."""
        return self.axes[1:]

    def elements(self) -> int | None:
        """How many numbers one sample holds, or None when an axis is open."""
        return product(axis.size for axis in self.sample)

    def with_batch(self, batch: int | None) -> Axes:
        return Axes([Axis("batch", batch), *self.sample])

    def with_sample(self, sample: Iterable[Axis]) -> Axes:
        """The same batch, other axes behind it."""
        return Axes([*self.axes[:1], *sample])

    def called(self, names: Sequence[str]) -> Axes:
        """The same sample axes under these names, unless somebody named them otherwise than usual.

        Example:
            >>> Axes.of_sample((5, 28, 28)).called(("steps", "height", "width")).names
            ('batch', 'steps', 'height', 'width')
        """
        if self.names[1:] != default_names(len(self.sample)):
            return self
        sample = zip(self.sample, names, strict=True)
        return self.with_sample(axis._replace(name=name) for axis, name in sample)

    def as_sequence(self) -> Axes:
        """The same axes, the first of a sample being steps of what its other axes are."""
        return self.called(("steps", *default_names(len(self.sample) - 1)))

    def replace(self, index: int, axis: Axis) -> Axes:
        """The same axes with the one at `index` exchanged."""
        axes = list(self.axes)
        axes[index] = axis
        return Axes(axes)

    @overload
    def __getitem__(self, index: int) -> int | None: ...  # type: ignore[override]
    @overload
    def __getitem__(self, index: slice) -> tuple[int | None, ...]: ...
    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return tuple.__getitem__(self, index)


def default_names(rank: int) -> tuple[str, ...]:
    """What the `rank` axes of one sample are called when nobody says."""
    if rank in DEFAULT_NAMES:
        return DEFAULT_NAMES[rank]
    return (*(f"axis {i}" for i in range(1, rank)), "features")


def product(sizes: Iterable[int | None]) -> int | None:
    """The product of sizes, None when one of them is open. Plain integers: nothing overflows."""
    result = 1
    open_axis = False
    for size in sizes:
        if size is None:
            open_axis = True
        else:
            result *= size
    return None if open_axis else result


def joined(axes: Sequence[Axis]) -> Axis:
    """One axis that lays `axes` in a row, the last running fastest, and remembers them.

    Example:
        >>> joined([Axis("steps", 3), Axis("features", 16)]).name
        'steps·features'
    """
    if len(axes) == 1:
        return axes[0]
    size = product(axis.size for axis in axes)
    return Axis("·".join(axis.name for axis in axes), size, tuple(axes))
