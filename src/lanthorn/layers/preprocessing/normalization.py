"""Normalization: numbers measured against the mean and the spread of the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.engine import defaults
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example
from lanthorn.layers.preprocessing.data import as_numpy, batches, who
from lanthorn.wiring import Elementwise, Wiring
from lanthorn.words.shapes import sizes_text


class Normalization(Layer):
    """`y = (x - mean) / max(√variance, 1e-7)`; with `invert`, `y = x · max(√variance, 1e-7) + mean`

    mean, variance: those of the data, learnt by `adapt(data)` or given, one for each place on
        `axis`.
    axis: one axis or several, the batch counted; None for one mean of all numbers. Until `adapt`
    has seen data the mean is 0 and the variance 1.
    Axes: unchanged.
    Raises: ValueError when only one of mean and variance is given, or their shapes do not fit.
    Source: keras 3.15 `layers/preprocessing/normalization.py`.
    Example:
        >>> layer = Normalization()
        >>> layer.adapt([[1.0, 10.0], [3.0, 30.0]])
        >>> layer([[2.0, 40.0]]).tolist()
        [[0.0, 2.0]]
    """

    supports_masking = True
    examples = (
        Example({}, (4,)),
        Example({"axis": (1, 3), "invert": True}, (2, 3, 2)),
        Example({"mean": [0.5, -1.0, 2.0], "variance": [1.0, 4.0, 0.25]}, (2, 3)),
        Example({"axis": None, "mean": 2.0, "variance": 9.0}, (3,)),
        Example({"axis": None}, (2, 2)),
    )

    def __init__(
        self,
        axis: int | Sequence[int] | None = -1,
        mean: Any = None,
        variance: Any = None,
        invert: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if axis is None:
            axis = ()
        self.axis = (axis,) if isinstance(axis, int) else tuple(axis)
        self.invert = invert
        if (mean is None) != (variance is None):
            raise ValueError(
                "Normalization: give both mean and variance, or neither and call adapt(data); got "
                f"mean={mean!r} and variance={variance!r}."
            )
        self.input_mean, self.input_variance = mean, variance
        if mean is not None:
            self._check_given()
        self._kept: tuple[int, ...] = ()

    def _check_given(self) -> None:
        import numpy as np

        shapes = np.shape(self.input_mean), np.shape(self.input_variance)
        if shapes[0] != shapes[1]:
            raise ValueError(
                f"Normalization: mean and variance have one shape, not {shapes[0]} and {shapes[1]}."
            )
        if len(shapes[0]) > len(self.axis):
            raise ValueError(
                f"Normalization: mean of shape {shapes[0]} has more axes than axis={self.axis}."
            )

    # -- shapes and weights --------------------------------------------------------------------

    def output_axes(self, x: Axes) -> Axes:
        rank = len(x)
        self.require(
            all(-rank <= axis < rank for axis in self.axis),
            x,
            f"an input that has axis {self.axis}",
        )
        if self.built and self._kept:
            places = [axis - self._rank for axis in self._kept]  # counted from the last axis
            fits = all(
                -rank <= place and x[place] in (size, None)
                for place, size in zip(places, self._sizes, strict=True)
            )
            self.require(
                fits, x, f"{sizes_text(self._sizes)} places on axis {self.axis}",
                "It has a mean and a variance for each of them.",
            )  # fmt: skip
        return x

    def build(self, x: Axes) -> None:
        self.output_axes(x)
        rank = len(x)
        kept = tuple(sorted(axis % rank for axis in self.axis))
        sizes = tuple(size for size in (x[axis] for axis in kept) if size is not None)
        self.require(len(sizes) == len(kept), x, f"axis {self.axis} of known size")
        self._kept, self._rank, self._sizes = kept, rank, sizes
        names = tuple(x.names[axis] for axis in kept)
        if self.input_mean is not None:
            self._check_fit(x)
            return
        self.adapt_mean = self.add_weight(sizes, "zeros", trainable=False, name="mean", axes=names)
        self.adapt_variance = self.add_weight(
            sizes, "ones", trainable=False, name="variance", axes=names
        )
        # Keras's files hold a count, always 0: as the third array it must be there.
        self.count = self.add_weight((), "zeros", dtype="int32", trainable=False, name="count")

    def _check_fit(self, x: Axes) -> None:
        import numpy as np

        try:
            np.broadcast_to(np.asarray(self.input_mean), self._sizes)
        except ValueError:
            given = sizes_text(np.shape(self.input_mean))
            self.require(False, x, f"{given} places on axis {self.axis}, as mean has")

    # -- learning ------------------------------------------------------------------------------

    def adapt(self, data: Any) -> None:
        """Learn mean and variance from the data, forgetting what was learnt before.

        data: an array, or anything that yields batches, which then count by their size.
        """
        import numpy as np

        if self.input_mean is not None:
            raise ValueError(
                f"{who(self)} was given mean and variance, so there is nothing to adapt."
            )
        count, mean, squares = 0, np.zeros(()), np.zeros(())
        for batch in batches(self, data):
            array = self._numbers(batch)
            axes = Axes.of(array.shape)
            if not self.built:
                keeps_batch = any(axis in (0, -len(axes)) for axis in self.axis)
                self.ensure_built(axes if keeps_batch or not axes else axes.with_batch(None))
            self.output_axes(axes)
            count, mean, squares = self._added(array, count, mean, squares)
        if count == 0:
            raise ValueError(f"{who(self)}: adapt(data) was given arrays without numbers.")
        self.adapt_mean.assign(mean)
        self.adapt_variance.assign(squares / count)

    def _numbers(self, batch: Any) -> Any:
        array = as_numpy(self, batch)
        if array.dtype.kind not in "biuf" and array.dtype.name != "bfloat16":
            raise ValueError(f"{who(self)} takes numbers, but adapt(data) was given {array.dtype}.")
        return array

    def _added(self, array: Any, count: int, mean: Any, squares: Any) -> tuple[int, Any, Any]:
        """Numbers so far, their mean and the sum of squared distances from it, with a batch more.

        Source: Chan, Golub & LeVeque 1979, "Updating formulae and a pairwise algorithm for
        computing sample variances", equation 2.1.
        """
        import numpy as np

        over = tuple(axis for axis in range(array.ndim) if axis not in self._kept)
        more = int(np.prod([array.shape[axis] for axis in over]))
        if more == 0 or array.size == 0:
            return count, mean, squares
        found = array.mean(axis=over, dtype="float64")
        found_squares = array.var(axis=over, dtype="float64") * more
        total, step = count + more, found - mean
        return (
            total,
            mean + step * (more / total),
            squares + found_squares + step * step * (count * more / total),
        )

    def finalize_state(self) -> None:
        """Nothing is left to do after `adapt`: there for code that calls it."""

    # -- numbers -------------------------------------------------------------------------------

    @property
    def mean(self) -> Any:
        """The mean in use, with an axis for each of the input's; None before the layer is built."""
        return self._spread("mean")

    @property
    def variance(self) -> Any:
        return self._spread("variance")

    def _spread(self, which: str) -> Any:
        if not self.built:
            return None
        shape = [1] * self._rank
        for axis, size in zip(self._kept, self._sizes, strict=True):
            shape[axis] = size
        given = getattr(self, f"input_{which}")
        value = getattr(self, f"adapt_{which}").value if given is None else given
        value = ops.cast(value, self.compute_dtype)
        return ops.reshape(ops.broadcast_to(value, self._sizes), shape)

    def call(self, inputs: Any) -> Any:
        x = ops.cast(inputs, self.compute_dtype)
        spread = ops.maximum(ops.sqrt(self.variance), defaults.epsilon())
        return x * spread + self.mean if self.invert else (x - self.mean) / spread

    def wiring(self, x: Axes) -> Wiring:
        along = tuple(axis - self._rank + len(x) - 1 for axis in self._kept)
        if -1 in along:  # a mean for each place of the batch, which no wiring tells apart
            return super().wiring(x)
        function = "denormalize" if self.invert else "normalize"
        settings = (("epsilon", defaults.epsilon()),)
        if self.input_mean is None:
            learnt = (self.adapt_mean.spec, self.adapt_variance.spec)
            return Elementwise(function, settings, learnt, along, unread=(self.count.spec,))
        given = tuple(self._table(value) for value in (self.input_mean, self.input_variance))
        return Elementwise(function, settings, given, along)

    def _table(self, value: Any) -> Any:
        """Given numbers as nested tuples, one for each place."""
        import numpy as np

        table = np.broadcast_to(np.asarray(value, "float64"), self._sizes).tolist()
        return _tuples(table)

    def get_config(self) -> dict[str, Any]:
        import numpy as np

        config = super().get_config()
        for name, value in (("mean", self.input_mean), ("variance", self.input_variance)):
            config[name] = None if value is None else np.array(value).tolist()
        return config


def _tuples(table: Any) -> Any:
    return tuple(map(_tuples, table)) if isinstance(table, list) else table
