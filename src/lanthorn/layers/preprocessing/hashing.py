"""Hashing: any text or whole number becomes one of a few, without a vocabulary."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import positive
from lanthorn.layers.preprocessing.data import as_bytes, as_numpy, who
from lanthorn.layers.preprocessing.encoding import (
    dense_only,
    encoded_axes,
    encoded_on_host,
    mode_of,
)
from lanthorn.layers.preprocessing.farmhash import farmhash64
from lanthorn.layers.preprocessing.siphash import siphash64
from lanthorn.wiring import Encode


class Hashing(Layer):
    """`y = hash(x) mod num_bins`: FarmHash64, or with a salt SipHash64 under it.

    The same text falls into the same bin on every machine; different ones may share a bin.
    mask_value: this text or number gets bin 0 for itself, and the others the bins from 1 on.
    salt: one whole number or two.
    output_mode: `"int"`, or bins as `"one_hot"`, `"multi_hot"` or `"count"`.
    Axes: unchanged; (…, bins) for the other modes. It works on the host, not in a compiled model.
    Source: keras 3.15 `layers/preprocessing/hashing.py`.
    Example:
        >>> Hashing(num_bins=3)([["A"], ["B"], ["A"]]).tolist()
        [[1], [0], [1]]
    """

    on_host = True
    examples = ()

    def __init__(
        self,
        num_bins: int,
        mask_value: Any = None,
        salt: Any = None,
        output_mode: str = "int",
        sparse: bool = False,
        **kwargs: Any,
    ) -> None:
        mode = mode_of(self, output_mode)
        if kwargs.get("dtype") is None and mode == "int":
            kwargs["dtype"] = "int64"
        super().__init__(**kwargs)
        if mode == "int" and self.dtype not in ("int32", "int64"):
            raise ValueError(
                f"Hashing: bins are whole numbers, so with output_mode='int' dtype is 'int32' or "
                f"'int64', not {self.dtype!r}."
            )
        self.num_bins = positive(self, "num_bins", num_bins)
        self.mask_value = mask_value
        self.salt = salt_of(self, salt)
        self.output_mode = mode
        self.sparse = dense_only(self, sparse=sparse)

    def output_dtype(self) -> str:
        return "int32" if self.output_mode == "int" else self.dtype

    def output_axes(self, x: Axes) -> Axes:
        return encoded_axes(x, self.output_mode, self.num_bins)

    def _as_input(self, value: Any) -> Any:
        return hashable(self, value)

    def call(self, inputs: Any) -> Any:
        import numpy as np

        has_mask = self.mask_value is not None and self.num_bins > 1
        bins = hashed(inputs, self.num_bins - has_mask, self.salt)
        if has_mask:
            mask = self.mask_value
            if isinstance(mask, str) != (inputs.dtype == object):
                raise ValueError(
                    f"{who(self)}: mask_value={mask!r} is compared with the input, which is "
                    f"{'text' if inputs.dtype == object else 'whole numbers'}."
                )
            mask = mask.encode() if isinstance(mask, str) else mask
            bins = np.where(inputs == mask, 0, bins + 1)
        found = encoded_on_host(bins, self.output_mode, self.num_bins)
        return ops.cast(found, self.output_dtype())

    def wiring(self, x: Axes) -> Encode:
        return Encode("hash", self.output_mode)


def salt_of(layer: Any, salt: Any) -> list[int] | None:
    """The two numbers of a salt.

    Raises: ValueError unless it is a whole number or two of them.
    """
    if salt is None:
        return None
    both = [salt, salt] if isinstance(salt, int) else salt
    if not isinstance(both, list | tuple) or [type(part) for part in both] != [int, int]:
        raise ValueError(
            f"{type(layer).__name__}: salt is a whole number, or two of them, not {salt!r}."
        )
    return list(both)


def hashable(layer: Any, value: Any) -> Any:
    """Text as an array of bytes, numbers as an array of whole numbers.

    Raises: ValueError for anything else.
    """
    first = value
    while isinstance(first, list | tuple) and first:
        first = first[0]
    if isinstance(first, str | bytes):
        return as_bytes(layer, value)
    array = as_numpy(layer, value)
    if array.dtype.kind in "biuf":
        return array.astype("int64")
    if array.dtype.kind in "OUST":
        return as_bytes(layer, array)
    raise ValueError(f"{who(layer)} takes text or whole numbers, but was given {array.dtype}.")


def hashed(values: Any, num_bins: int, salt: Any = None) -> Any:
    """The bin of each: of bytes as they are, of whole numbers as they are written."""
    import numpy as np

    items = values.ravel().tolist()
    known = {item: _hash(item, salt) % num_bins for item in set(items)}
    found = np.fromiter((known[item] for item in items), dtype="int64", count=len(items))
    return found.reshape(values.shape)


def _hash(item: bytes | int, salt: Any) -> int:
    data = item if isinstance(item, bytes) else str(item).encode()
    return farmhash64(data) if salt is None else siphash64(data, salt)
