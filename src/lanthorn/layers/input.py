"""Input: where a model begins, with the shape of one sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.dtypes import standardize_dtype
from lanthorn.engine.graph import KerasTensor, record
from lanthorn.engine.structure import is_symbolic
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
        shape = kwargs.pop("input_shape", shape)  # what Keras once called the two; still right
        batch_shape = kwargs.pop("batch_input_shape", batch_shape)
        if kwargs:
            raise ValueError(f"Input has no argument {next(iter(kwargs))!r}.")
        self.batch_shape = batch_axes(shape, batch_size, batch_shape, axes, input_tensor)
        if input_tensor is not None:
            if dtype is not None and standardize_dtype(dtype) != input_tensor.dtype:
                raise ValueError(
                    f"Input: the dtype {dtype!r} is not that of the tensor, {input_tensor.dtype!r}."
                )
            dtype = input_tensor.dtype
        self.optional = optional
        self._given_dtype = "string" if means_text(dtype) else standardize_dtype(dtype)
        self.axis_names = tuple(axes) if axes is not None else None
        self.built = True
        if input_tensor is None:
            input_tensor = KerasTensor(self.batch_shape, self._given_dtype, name=self.name)
        record(self, (), {}, input_tensor)

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


def batch_axes(
    shape: Any,
    batch_size: int | None,
    batch_shape: Any,
    names: Sequence[str] | None,
    tensor: KerasTensor | None,
) -> Axes:
    """The axes of a whole batch, told in one of the ways `Input` knows.

    Raises: ValueError when nothing tells them, or two ways tell different ones.
    """
    if batch_shape is not None:
        if shape is not None or batch_size is not None:
            both = "shape" if shape is not None else "batch_size"
            raise ValueError(f"Input: give {both} or batch_shape, not both.")
        batch_size, *rest = batch_shape
        shape = tuple(rest)
    sizes = None
    if shape is not None:
        sizes = checked((shape,) if isinstance(shape, int) else tuple(shape))
    if tensor is not None:
        return _tensor_axes(sizes, batch_size, tensor)
    if sizes is None:
        raise ValueError("Input needs a shape: that of one sample, without the batch.")
    return Axes.of_sample(sizes, names, batch_size)


def _tensor_axes(sizes: Any, batch_size: int | None, tensor: Any) -> Axes:
    if not is_symbolic(tensor):
        raise ValueError(f"Input: a tensor is a KerasTensor, not {type(tensor).__name__}.")
    batch, *rest = tensor.shape
    if batch_size not in (None, batch) or (sizes is not None and sizes != tuple(rest)):
        raise ValueError(
            f"Input: the tensor has shape {tuple(tensor.shape)}, which is not the one given "
            f"beside it, {(batch_size, *(rest if sizes is None else sizes))}."
        )
    return tensor.shape


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
