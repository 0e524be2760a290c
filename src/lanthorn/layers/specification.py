"""InputSpec: what a layer of your own says of the inputs it can work on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.dtypes import standardize_dtype
from lanthorn.engine.errors import LanthornError
from lanthorn.engine.structure import is_tensor, leaves


class InputSpec:
    """Rank, type and sizes of one input; what is None may be anything.

    shape: sizes, the batch first. ndim, min_ndim, max_ndim: how many axes. axes: the size of single
    axes, such as `{-1: 3}`. allow_last_axis_squeeze: a last axis of size 1 may be there or not.
    name: its key where inputs come as a dict. optional: it may be None.
    A layer sets `self.input_spec = InputSpec(...)`, or a list with one for each input; each call
    is checked, before the layer is built.
    Raises: ValueError for an axis that cannot be there.
    Source: keras 3.15 `layers/input_spec.py`.
    Example:
        >>> InputSpec(min_ndim=2, axes={-1: 3})
        InputSpec(min_ndim=2, axes={-1: 3})
    """

    def __init__(
        self,
        dtype: Any = None,
        shape: Sequence[int | None] | None = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: Mapping[int, int | None] | None = None,
        allow_last_axis_squeeze: bool = False,
        name: str | None = None,
        optional: bool = False,
    ) -> None:
        self.dtype = None if dtype is None else standardize_dtype(dtype)
        self.shape = None if shape is None else tuple(shape)
        self.ndim = ndim if self.shape is None else len(self.shape)
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.name = name
        self.optional = optional
        self.allow_last_axis_squeeze = allow_last_axis_squeeze
        try:
            self.axes = {int(axis): size for axis, size in (axes or {}).items()}
        except (AttributeError, TypeError, ValueError):
            raise TypeError(
                f"InputSpec: axes is a dict of axis and size, such as {{-1: 3}}, not {axes!r}."
            ) from None
        most = self.ndim if self.ndim is not None else self.max_ndim
        if most is not None and any(axis >= most for axis in self.axes):
            raise ValueError(
                f"InputSpec: axes names axis {max(self.axes)}, but there are at most {most} axes, "
                f"counted from 0."
            )

    def __repr__(self) -> str:
        names = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        told = [f"{name}={getattr(self, name)}" for name in names if getattr(self, name)]
        return f"InputSpec({', '.join(told)})"

    def get_config(self) -> dict[str, Any]:
        names = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes", "optional")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> InputSpec:
        return cls(**config)

    def refusals(self, x: Axes, dtype: str) -> Iterator[str]:
        """What is wanted of an input and does not hold."""
        rank, sizes = len(x), tuple(x)
        if self.ndim is not None and not self.allow_last_axis_squeeze and rank != self.ndim:
            yield f"an input with {self.ndim} axes, the batch among them"
        if self.max_ndim is not None and rank > self.max_ndim:
            yield f"an input with at most {self.max_ndim} axes, the batch among them"
        if self.min_ndim is not None and rank < self.min_ndim:
            yield f"an input with at least {self.min_ndim} axes, the batch among them"
        for axis, size in self.axes.items():
            if not -rank <= axis < rank or (sizes[axis] not in (None, size) and size is not None):
                yield f"an input whose axis {axis} has size {size}"
        if self.shape is not None and not self._fits(sizes):
            yield f"an input of shape {self.shape}"
        if self.dtype is not None and dtype != self.dtype:
            yield f"an input of type {self.dtype}, not {dtype}"

    def _fits(self, sizes: tuple[int | None, ...]) -> bool:
        assert self.shape is not None
        wanted = self.shape
        if self.allow_last_axis_squeeze:
            wanted, sizes = _squeezed(wanted), _squeezed(sizes)
        return len(wanted) == len(sizes) and all(
            None in pair or pair[0] == pair[1] for pair in zip(wanted, sizes, strict=True)
        )


def _squeezed(sizes: tuple[int | None, ...]) -> tuple[int | None, ...]:
    return sizes[:-1] if sizes and sizes[-1] == 1 else sizes


def check(layer: Any, inputs: Any) -> None:
    """Hold the first argument of a call against the layer's `input_spec`.

    Raises: ShapeError with what is wanted; LanthornError for another number of inputs.
    """
    specs = list(leaves(layer.input_spec))
    found = list(_in_order(layer, specs, inputs))
    if len(found) != len(specs):
        raise LanthornError(
            f"{layer.name} ({type(layer).__name__}) takes {len(specs)} inputs, but was given "
            f"{len(found)}."
        )
    for spec, tensor in zip(specs, found, strict=True):
        if tensor is None and spec.optional:
            continue
        if tensor is None or not is_tensor(tensor):
            raise LanthornError(
                f"{layer.name} ({type(layer).__name__}) takes tensors, not {tensor!r}."
            )
        x = Axes.of(tensor.shape)
        for wanted in spec.refusals(x, standardize_dtype(tensor.dtype)):
            layer.require(False, x, wanted)


def _in_order(layer: Any, specs: list[InputSpec], inputs: Any) -> Iterator[Any]:
    """The inputs in the order of the specs; those of a dict by the specs' names."""
    names = [spec.name for spec in specs]
    if isinstance(inputs, dict) and all(names):
        for name in names:
            if name not in inputs:
                raise LanthornError(
                    f"{layer.name} ({type(layer).__name__}) takes inputs called "
                    f"{', '.join(map(repr, names))}, but {name!r} is missing."
                )
            yield inputs[name]
        return
    given = inputs if isinstance(inputs, list | tuple) else [inputs]
    for one in given:
        yield from [one] if one is None else leaves(one)
