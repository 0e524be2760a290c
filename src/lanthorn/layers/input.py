"""Input: where a model begins, with the shape of one sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.dtypes import standardize_dtype
from lanthorn.engine.graph import KerasTensor, record
from lanthorn.layers.base import Layer
from lanthorn.wiring import Rearrange


class InputLayer(Layer):
    """What comes in, unchanged.

    shape: the sample's, without the batch. axes: names for its axes, instead of the usual ones.
    """

    sparse = ragged = False

    def __init__(
        self,
        shape: Sequence[int | None] | None = None,
        batch_size: int | None = None,
        dtype: Any = None,
        sparse: bool | None = None,
        ragged: bool | None = None,
        batch_shape: Sequence[int | None] | None = None,
        input_tensor: KerasTensor | None = None,
        optional: bool = False,
        name: str | None = None,
        axes: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name or None, dtype=None)
        if sparse or ragged:
            raise ValueError("Input: sparse and ragged tensors are not offered; give dense arrays.")
        if batch_shape is not None:
            batch_size, *rest = batch_shape
            shape = tuple(rest)
        if shape is None:
            raise ValueError("Input needs a shape: that of one sample, without the batch.")
        sizes = (shape,) if isinstance(shape, int) else tuple(shape)
        self.batch_shape = Axes.of_sample(checked(sizes), axes, batch_size)
        self.optional = optional
        self._given_dtype = "string" if means_text(dtype) else standardize_dtype(dtype)
        self.axis_names = tuple(axes) if axes is not None else None
        self.built = True
        tensor = input_tensor or KerasTensor(self.batch_shape, self._given_dtype, name=self.name)
        record(self, (), {}, tensor)

    def output_axes(self, x: Axes) -> Axes:
        return x

    def call(self, inputs: Any = None) -> Any:
        return inputs

    @property
    def dtype(self) -> str:
        return self._given_dtype

    def get_config(self) -> dict[str, Any]:
        return {
            "batch_shape": tuple(self.batch_shape),
            "dtype": self._given_dtype,
            "sparse": False,
            "ragged": False,
            "name": self.name,
            "optional": self.optional,
        }

    def wiring(self, x: Axes) -> Rearrange:
        return Rearrange("reshape")


def means_text(dtype: Any) -> bool:
    """Whether a type means text: `"string"`, `str`, or TensorFlow's."""
    return dtype is str or getattr(dtype, "name", dtype) == "string"


def is_text(array: Any) -> bool:
    """Whether an array holds text, or objects that may be."""
    return getattr(array.dtype, "kind", "") in ("O", "S", "T", "U")


def checked(sizes: Sequence[Any]) -> tuple[int | None, ...]:
    """Sizes of one sample: whole numbers of zero or more, or None for any.

    Raises: ValueError for anything else.
    """
    for size in sizes:
        is_count = hasattr(size, "__index__") and not isinstance(size, bool) and int(size) >= 0
        if size is not None and not is_count:
            raise ValueError(
                f"Input's shape is made of whole numbers, or None for any size, not {sizes!r}."
            )
    return tuple(None if size is None else int(size) for size in sizes)


def Input(
    shape: Sequence[int | None] | None = None,
    batch_size: int | None = None,
    dtype: Any = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
    batch_shape: Sequence[int | None] | None = None,
    name: str | None = None,
    tensor: KerasTensor | None = None,
    optional: bool = False,
    *,
    axes: Sequence[str] | None = None,
) -> KerasTensor:
    """The symbolic tensor a model begins with.

    Axes: (batch ?, *shape), named by rank (`steps, features` …) or by `axes`.
    Example:
        >>> Input((3, 2), axes=("days", "prices")).shape.names
        ('batch', 'days', 'prices')
    """
    layer = InputLayer(
        shape, batch_size, dtype, sparse, ragged, batch_shape, tensor, optional, name, axes
    )
    return layer.output
