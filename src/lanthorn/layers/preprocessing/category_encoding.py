"""CategoryEncoding: whole numbers become rows of zeros and ones."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import positive
from lanthorn.layers.example import Example
from lanthorn.layers.preprocessing.data import as_numpy, is_traced, who
from lanthorn.layers.preprocessing.encoding import dense_only, encoded, encoded_axes, mode_of
from lanthorn.wiring import Encode


class CategoryEncoding(Layer):
    """`y[…, k] = 1` where a category is `k`, else 0; or how often it is `k`.

    num_tokens: how many categories there are: whole numbers from 0 to num_tokens - 1.
    output_mode: `"one_hot"`: each number gets its own row (a last axis of size 1 goes);
        `"multi_hot"`: all numbers along the last axis share one; `"count"`: it counts them.
    count_weights: in a call with `"count"`, what each number counts for, instead of 1.
    Axes: (batch, …, tokens) -> (batch, …, features)
    Raises: ValueError for a number that is no category, when it can be seen: not in a compiled
        model, where such a number has no place.
    Source: keras 3.15 `layers/preprocessing/category_encoding.py`.
    Example:
        >>> CategoryEncoding(3, output_mode="count")([[0, 2, 2]]).tolist()
        [[1.0, 0.0, 2.0]]
    """

    examples = (
        Example({"num_tokens": 4}, (3,), below=4),
        Example({"num_tokens": 5, "output_mode": "one_hot"}, (1,), below=5),
        Example({"num_tokens": 3, "output_mode": "one_hot"}, (2,), below=3),
        Example({"num_tokens": 3, "output_mode": "count"}, (4,), below=3),
    )

    def __init__(
        self,
        num_tokens: int | None = None,
        output_mode: str = "multi_hot",
        sparse: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if num_tokens is None:
            raise ValueError(
                "CategoryEncoding: num_tokens says how many categories there are. When that is not "
                "known, IntegerLookup learns them from the data."
            )
        self.num_tokens = positive(self, "num_tokens", num_tokens)
        self.output_mode = mode_of(self, output_mode, ("one_hot", "multi_hot", "count"))
        self.sparse = dense_only(self, sparse=sparse)

    def output_dtype(self) -> str:
        return self.dtype

    def output_axes(self, x: Axes, count_weights: Axes | None = None) -> Axes:
        return encoded_axes(x, self.output_mode, self.num_tokens)

    def _as_input(self, value: Any) -> Any:
        if not is_traced(value):
            numbers = as_numpy(self, value)
            if numbers.dtype.kind not in "biuf":
                raise ValueError(
                    f"{who(self)} takes whole numbers, but was given {numbers.dtype}. StringLookup "
                    "turns text into whole numbers."
                )
            if numbers.size and not 0 <= numbers.min() <= numbers.max() < self.num_tokens:
                raise ValueError(
                    f"{who(self)} knows categories from 0 to {self.num_tokens - 1}, but the input "
                    f"runs from {numbers.min()} to {numbers.max()}."
                )
            value = numbers
        return ops.cast(value, "int32")

    def call(self, inputs: Any, count_weights: Any = None) -> Any:
        if count_weights is not None:
            if self.output_mode != "count":
                raise ValueError(
                    f"{who(self)}: count_weights goes with output_mode='count', not "
                    f"{self.output_mode!r}."
                )
            count_weights = ops.cast(count_weights, self.compute_dtype)
        return encoded(inputs, self.output_mode, self.num_tokens, self.dtype, count_weights)

    def wiring(self, x: Axes) -> Encode:
        return Encode("number", self.output_mode)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["sparse"]  # Keras's config has none
        return config
