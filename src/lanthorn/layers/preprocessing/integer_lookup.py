"""IntegerLookup: whole numbers of any size become places in a vocabulary, and back."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.example import Example
from lanthorn.layers.preprocessing.data import is_traced, whole_numbers
from lanthorn.layers.preprocessing.encoding import encoded
from lanthorn.layers.preprocessing.hashing import hashed
from lanthorn.layers.preprocessing.index_lookup import IndexLookup
from lanthorn.layers.preprocessing.vocabulary import DROPPED, UNKNOWN
from lanthorn.wiring import Encode, Wiring


class IntegerLookup(IndexLookup):
    """`y = the place of the number x in the vocabulary`.

    The vocabulary is `[mask_token, oov_token …, number, number, …]`: the mask only if there is one,
    num_oov_indices places for numbers that are not in it. `adapt(data)` learns the numbers.
    vocabulary: numbers, or the path of a text file with one in each line.
    invert: from places to numbers.
    output_mode: `"int"`; `"one_hot"` for each number; `"multi_hot"`, `"count"` and `"tf_idf"` for
        all numbers along the last axis together, where the mask has no place.
    oov_method: unknown numbers are spread over several places by what is left of a division
        (`"floormod"`), or by FarmHash64 (`"farmhash"`; with a salt by SipHash64 under it).
    Axes: unchanged; (…, vocabulary) for the other modes.
    Source: keras 3.15 `layers/preprocessing/integer_lookup.py`.
    Example:
        >>> layer = IntegerLookup(vocabulary=[12, 36, 1138])
        >>> layer([[1138, 7]]).tolist()
        [[3, 0]]
        >>> IntegerLookup(vocabulary=[12, 36, 1138], invert=True)([3, 0]).tolist()
        [1138, -1]
    """

    examples = (
        Example({"vocabulary": [5, 1, 3]}, (4,), below=7),
        Example({"vocabulary": [2, 4], "mask_token": 0, "output_mode": "int"}, (2, 3), below=6),
        Example({"vocabulary": [2, 4, 1], "output_mode": "one_hot"}, (1,), below=6),
        Example({"vocabulary": [2, 4], "mask_token": 3, "output_mode": "multi_hot"}, (4,), below=6),
        Example({"vocabulary": [2, 0], "output_mode": "count"}, (5,), below=4),
        Example(
            {"vocabulary": [2, 0], "idf_weights": [0.5, 2.0], "output_mode": "tf_idf"},
            (5,),
            below=4,
        ),
    )

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: int | None = None,
        oov_token: int | None = -1,
        vocabulary: Any = None,
        vocabulary_dtype: str = "int64",
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        sparse: bool = False,
        pad_to_max_tokens: bool = False,
        oov_method: str = "floormod",
        salt: Any = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if vocabulary_dtype != "int64":
            raise ValueError(
                f"IntegerLookup: vocabulary_dtype is 'int64', not {vocabulary_dtype!r}."
            )
        self.vocabulary_dtype = vocabulary_dtype
        if salt is not None and oov_method != "farmhash":
            raise ValueError(
                f"IntegerLookup: salt goes with oov_method='farmhash', not {oov_method!r}."
            )
        super().__init__(
            max_tokens=max_tokens, num_oov_indices=num_oov_indices, mask_token=mask_token,
            oov_token=oov_token, vocabulary=vocabulary, idf_weights=idf_weights, invert=invert,
            output_mode=output_mode, pad_to_max_tokens=pad_to_max_tokens, sparse=sparse, salt=salt,
            oov_method=oov_method, name=name, **kwargs,
        )  # fmt: skip

    def _tokens_of(self, value: Any) -> Any:
        return whole_numbers(self, value)

    def _public(self, token: int) -> int:
        return int(token)

    def _parsed(self, lines: list[str]) -> list[int]:
        return [int(line) for line in lines]

    def _count(self, documents: Any) -> None:
        import numpy as np

        if self.output_mode == "tf_idf":
            super()._count(documents)
            return
        tokens, counts = np.unique(documents, return_counts=True)
        self._kept.seen.counts.update(dict(zip(tokens.tolist(), counts.tolist(), strict=True)))

    def _use(self, tokens: list[Any]) -> None:
        import numpy as np

        super()._use(tokens)
        known = np.array(sorted(self._kept.index.items()), "int64").reshape(-1, 2)
        self._kept.sorted_tokens, self._kept.sorted_places = known[:, 0].copy(), known[:, 1].copy()

    def _known(self, tokens: Any) -> Any:
        import numpy as np

        if not len(self._kept.sorted_tokens):
            return np.full(tokens.shape, UNKNOWN)
        near = np.searchsorted(self._kept.sorted_tokens, tokens)
        near = np.minimum(near, len(self._kept.sorted_tokens) - 1)
        is_here = self._kept.sorted_tokens[near] == tokens
        return np.where(is_here, self._kept.sorted_places[near], UNKNOWN)

    def _spread(self, unknown: Any) -> Any:
        if self.oov_method == "floormod":
            return unknown % self.num_oov_indices
        return hashed(unknown, self.num_oov_indices, self.salt)

    # -- on the device ---------------------------------------------------------------------------

    def _as_input(self, value: Any) -> Any:
        if is_traced(value):
            return ops.cast(value, "int32")
        return super()._as_input(value)

    def call(self, inputs: Any) -> Any:
        if not is_traced(inputs):
            return super().call(inputs)
        self._check_ready()
        if self.invert:
            return self._inverted_on_device(inputs)
        mode = "count" if self.output_mode == "tf_idf" else self.output_mode
        places = self._places_on_device(inputs)
        if mode == "int":
            return places
        return self._weighed(encoded(places, mode, self._depth or 0, self.output_dtype()))

    def _inverted(self, numbers: Any) -> Any:
        return ops.cast(super()._inverted(numbers).astype("int64"), "int32")

    def _inverted_on_device(self, places: Any) -> Any:
        import numpy as np

        oov = self.oov_token if self.oov_token is not None else UNKNOWN
        table = np.array([*self.get_vocabulary(), oov], dtype="int64")
        last = len(table) - 1
        is_inside = ops.logical_and(places >= 0, places < last)
        table[self._oov_start : self._token_start] = oov
        return ops.take(ops.cast(table, "int32"), ops.where(is_inside, places, last), axis=0)

    def _places_on_device(self, tokens: Any) -> Any:
        import numpy as np

        top = np.iinfo("int32").max
        fits = np.abs(self._kept.sorted_tokens) <= top
        found = ops.full_like(tokens, UNKNOWN)
        if fits.any():
            keys = ops.cast(self._kept.sorted_tokens[fits], "int32")
            places = ops.cast(self._kept.sorted_places[fits], "int32")
            near = ops.minimum(ops.searchsorted(keys, tokens), len(keys) - 1)
            is_here = ops.equal(ops.take(keys, near, axis=0), tokens)
            found = ops.where(is_here, ops.take(places, near, axis=0), UNKNOWN)
        return ops.where(ops.equal(found, UNKNOWN), self._rest(tokens), found)

    def _rest(self, tokens: Any) -> Any:
        """The places of numbers that are not in the vocabulary; none if there are none for them."""
        if self.num_oov_indices == 0:
            return ops.full_like(tokens, DROPPED)
        if self.num_oov_indices == 1:
            return ops.full_like(tokens, self._oov_start)
        if self.oov_method == "farmhash":
            whole_numbers(self, tokens)  # says that it cannot be compiled
        return ops.mod(tokens, self.num_oov_indices) + self._oov_start

    # -- told ------------------------------------------------------------------------------------

    def wiring(self, x: Axes) -> Wiring:
        if self.invert or self.num_oov_indices > 1 or self._kept.tokens is None:
            return super().wiring(x)
        is_count = self.output_mode == "tf_idf"
        mask = () if self.mask_token is None else (float(self.mask_token),)
        rest: tuple[float | None, ...] = (None,) * self.num_oov_indices
        tokens = tuple(map(float, self._kept.tokens))
        return Encode(
            "vocabulary",
            "count" if is_count else self.output_mode,
            (*(mask if self._oov_start else ()), *rest, *tokens),
            () if self._oov_start else mask,
            tuple(map(float, self._factors_in_use())) if is_count else (),
        )
