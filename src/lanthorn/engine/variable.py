"""A number array that a layer, metric or optimizer keeps.

Its first value is drawn only when somebody looks, so building a model costs no arithmetic and
loads no array library; the seed is fixed when the initializer is made, so looking late or early
gives the same numbers. Between steps the value is a NumPy or JAX array; inside a scope it is
whatever the scope says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lanthorn.axes import Axes, Axis, product
from lanthorn.engine import defaults
from lanthorn.engine.dtypes import BYTES, standardize_dtype
from lanthorn.engine.naming import unique_name
from lanthorn.engine.scope import current_scope
from lanthorn.wiring.arithmetic import Weight

MOST_ELEMENTS = 2**40
"""Larger arrays are refused before XLA sees them: it aborts the process when sizes overflow."""


class Variable:
    """An array with a name, a type and a first value.

    initializer: a function of (shape, dtype), or the first value itself.
    axes: what each axis of the array means, for explanations (`("features", "units")`).
    Example:
        >>> v = Variable([1.0, 2.0], name="scale")
        >>> _ = v.assign_add([1.0, 1.0]); v.numpy()
        array([2., 3.], dtype=float32)
    """

    def __init__(
        self,
        initializer: Any,
        shape: Sequence[int] | None = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        name: str | None = None,
        *,
        axes: Sequence[str] | None = None,
        regularizer: Any = None,
        constraint: Any = None,
        path: str | None = None,
    ) -> None:
        self.name = name or unique_name("variable")
        self.path = path or self.name
        self.trainable = trainable
        self.autocast = autocast
        self.regularizer = regularizer
        self.constraint = constraint
        self._value: Any = None
        self._initializer: Callable[..., Any] | None = None
        if callable(initializer):
            if shape is None:
                raise ValueError(f"Variable {self.name!r} needs a shape to draw its first value.")
            self.dtype = standardize_dtype(dtype)
            self._initializer = initializer
        else:
            self._value = _as_array(initializer, dtype)
            self.dtype = self._value.dtype.name
            shape = self._value.shape
        self.shape = _checked_shape(shape, self.name, axes)

    # -- value -------------------------------------------------------------------------------

    @property
    def value(self) -> Any:
        """The array as the current scope sees it."""
        scope = current_scope()
        if scope is not None and id(self) in scope.values:
            return scope.values[id(self)]
        return self.stored

    @property
    def stored(self) -> Any:
        """The variable's own array, whatever any scope says; drawn now if it was not yet."""
        if self._value is None:
            assert self._initializer is not None
            drawn = _as_array(self._initializer(tuple(self.shape), dtype=self.dtype), self.dtype)
            if drawn.shape != tuple(self.shape):
                raise ValueError(
                    f"The initializer of {self.path!r} gave shape {drawn.shape}, "
                    f"not {tuple(self.shape)}."
                )
            self._value = drawn
        return self._value

    @property
    def is_drawn(self) -> bool:
        return self._value is not None

    def store(self, value: Any) -> None:
        """Replace the variable's own array. `value` must already have its shape and type."""
        self._value = value

    def assign(self, value: Any) -> Any:
        """Set the value; inside a pure call, only that call's result changes.

        Raises: ValueError when the shape differs; the variable stays as it was.
        """
        if isinstance(value, Variable):
            value = value.value
        if not hasattr(value, "dtype") or value.dtype.name != self.dtype:
            value = _as_array(value, self.dtype)
        if tuple(value.shape) != tuple(self.shape):
            raise ValueError(
                f"{self.path!r} has shape {tuple(self.shape)} and cannot take a value of shape "
                f"{tuple(value.shape)}."
            )
        scope = current_scope()
        if scope is not None and scope.pure:
            scope.values[id(self)] = value
        else:
            self.store(value)
        return value

    def assign_add(self, value: Any) -> Any:
        return self.assign(self.value + _plain(value))

    def assign_sub(self, value: Any) -> Any:
        return self.assign(self.value - _plain(value))

    def numpy(self) -> Any:
        import numpy as np

        return np.asarray(self.value)

    # -- facts -------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        return product(self.shape) or 0

    @property
    def nbytes(self) -> int:
        return self.size * BYTES[self.dtype]

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def spec(self) -> Weight:
        """What a wiring says of this weight: its name and its axes, no numbers."""
        return Weight(self.name, self.shape)

    def __len__(self) -> int:
        return self.shape[0] or 0

    def __repr__(self) -> str:
        return f"<Variable path={self.path}, shape={tuple(self.shape)}, dtype={self.dtype}>"

    # -- arithmetic: a variable stands for its value --------------------------------------------

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        import numpy as np

        return np.asarray(self.value, dtype=dtype)

    def __jax_array__(self) -> Any:
        from lanthorn import ops

        return ops.convert_to_tensor(self.value)

    def __getitem__(self, key: Any) -> Any:
        return self.__jax_array__()[key]

    def __float__(self) -> float:
        return float(self.value)

    def __int__(self) -> int:
        return int(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __format__(self, spec: str) -> str:
        return format(float(self.value), spec) if spec else str(self)

    def __eq__(self, other: object) -> Any:
        return other is self or self.__jax_array__() == _plain(other)

    def __hash__(self) -> int:
        return id(self)

    def __neg__(self) -> Any:
        return -self.__jax_array__()

    def __pos__(self) -> Any:
        return self.__jax_array__()

    def __abs__(self) -> Any:
        return abs(self.__jax_array__())

    def __invert__(self) -> Any:
        return ~self.__jax_array__()

    def __round__(self, ndigits: int | None = None) -> Any:
        return round(self.__jax_array__(), ndigits or 0)


def _delegate(name: str) -> Any:
    def operator(self: Variable, other: Any) -> Any:
        return getattr(self.__jax_array__(), name)(_plain(other))

    operator.__name__ = name
    return operator


_BOTH_WAYS = "add sub mul truediv floordiv mod pow matmul and or xor"
for _name in _BOTH_WAYS.split():
    setattr(Variable, f"__{_name}__", _delegate(f"__{_name}__"))
    setattr(Variable, f"__r{_name}__", _delegate(f"__r{_name}__"))
for _name in ("lt", "le", "gt", "ge"):
    setattr(Variable, f"__{_name}__", _delegate(f"__{_name}__"))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Variable) else value


def _as_array(value: Any, dtype: Any) -> Any:
    """A NumPy or JAX array of the wanted type; JAX arrays (and tracers) stay JAX's."""
    import numpy as np

    if hasattr(value, "aval"):  # a JAX array or tracer: NumPy must not pull it off the device
        return value if dtype is None else value.astype(standardize_dtype(dtype))
    array = np.asarray(value)
    if dtype is None:
        dtype = "int32" if array.dtype == np.int64 else array.dtype.name
        if array.dtype.kind == "f":
            dtype = defaults.floatx()
    return array.astype(_numpy_type(standardize_dtype(dtype)))


def _numpy_type(dtype: str) -> Any:
    if dtype == "bfloat16":  # not NumPy's own: JAX brings the package that adds it
        import ml_dtypes

        return ml_dtypes.bfloat16
    return dtype


def _checked_shape(shape: Sequence[Any] | None, name: str, axes: Sequence[str] | None) -> Axes:
    sizes = tuple(shape or ())
    for size in sizes:
        if not hasattr(size, "__index__") or size.__index__() < 0:
            raise ValueError(
                f"The shape of {name!r} must be whole numbers of zero or more, not {sizes}."
            )
    sizes = tuple(size.__index__() for size in sizes)
    if (product(sizes) or 0) > MOST_ELEMENTS:
        raise ValueError(f"{name!r} would hold {sizes} numbers: more than 2^40, which is refused.")
    names = axes if axes is not None else [f"axis {i}" for i in range(len(sizes))]
    return Axes(map(Axis, names, sizes))
