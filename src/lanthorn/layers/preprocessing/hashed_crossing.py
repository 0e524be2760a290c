"""HashedCrossing: two or more features together become one of a few categories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import positive
from lanthorn.layers.preprocessing.data import as_numpy, who
from lanthorn.layers.preprocessing.encoding import (
    dense_only,
    encoded_axes,
    encoded_on_host,
    mode_of,
)
from lanthorn.layers.preprocessing.farmhash import farmhash64, joined
from lanthorn.layers.preprocessing.hashing import hashable
from lanthorn.wiring import Encode

KEY = 0xDECAFCAFFE
"""What the first hash is joined to. Source: TensorFlow `ops/sparse_ops.py`, `_DEFAULT_HASH_KEY`."""


class HashedCrossing(Layer):
    """`y = hash(x1 and x2 and …) mod num_bins`: one category for each combination.

    inputs: arrays of one shape, each of text or of whole numbers, one value for each sample.
    output_mode: `"int"` or `"one_hot"`.
    Axes: (batch, 1) or (batch) each -> the same; (batch, bins) for `"one_hot"`. It works on the
        host, not in a compiled model.
    Source: keras 3.15 `layers/preprocessing/hashed_crossing.py`.
    Example:
        >>> HashedCrossing(num_bins=5)((["A", "B", "A"], [101, 101, 102])).tolist()
        [1, 4, 3]
    """

    on_host = True
    examples = ()

    def __init__(
        self,
        num_bins: int,
        output_mode: str = "int",
        sparse: bool = False,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        mode = mode_of(self, output_mode, ("int", "one_hot"))
        if dtype is None and mode == "int":
            dtype = "int64"
        super().__init__(name=name, dtype=dtype, **kwargs)
        self.num_bins = positive(self, "num_bins", num_bins)
        self.output_mode = mode
        self.sparse = dense_only(self, sparse=sparse)

    def output_dtype(self) -> str:
        return "int32" if self.output_mode == "int" else self.dtype

    def output_axes(self, x: Sequence[Axes]) -> Axes:
        if isinstance(x, Axes) or len(x) < 2:
            raise ValueError(
                f"{who(self)} crosses two features or more: call it on a list of them."
            )
        first = x[0]
        is_column = len(first) < 2 or (len(first) == 2 and first[1] == 1)
        self.require(is_column, x, "inputs with one value for each sample: (batch) or (batch, 1)")
        self.require(all(axes == first for axes in x), x, "inputs of the same shape")
        return encoded_axes(first, self.output_mode, self.num_bins)

    def _as_input(self, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise ValueError(
                f"{who(self)} crosses two features or more: call it on a list of them."
            )
        for each in value:
            kind = getattr(each, "dtype", None) or as_numpy(self, each).dtype
            if str(kind).startswith(("float", "bfloat")):
                raise ValueError(
                    f"{who(self)} crosses text or whole numbers, but was given {kind}. "
                    "Discretization turns numbers into bins."
                )
        return [hashable(self, each) for each in value]

    def call(self, inputs: Any) -> Any:
        import numpy as np

        found = np.full(inputs[0].shape, KEY, dtype="uint64")
        for values in inputs:
            found = joined(found, _words(values))
        bins = (found % np.uint64(self.num_bins)).astype("int64")
        return ops.cast(encoded_on_host(bins, self.output_mode, self.num_bins), self.output_dtype())

    def wiring(self, x: Any) -> Encode:
        return Encode("crossing", self.output_mode)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["trainable"]  # Keras's class has no such setting
        return {**config, "dtype": self.dtype}


def _words(values: Any) -> Any:
    """64 bits for each value: a whole number itself, the hash of a text."""
    import numpy as np

    if values.dtype.kind == "i":
        return values.view("uint64")
    hashes = [farmhash64(text) for text in values.ravel().tolist()]
    return np.array(hashes, dtype="uint64").reshape(values.shape)
