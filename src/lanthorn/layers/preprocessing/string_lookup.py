"""StringLookup: words become whole numbers by a vocabulary, and back."""

from __future__ import annotations

from typing import Any

from lanthorn.layers.preprocessing.data import as_bytes, as_text
from lanthorn.layers.preprocessing.index_lookup import IndexLookup


class StringLookup(IndexLookup):
    """`y = the place of the word x in the vocabulary`.

    The vocabulary is `[mask_token, oov_token …, word, word, …]`: the mask only if there is one,
    num_oov_indices numbers for words that are not in it. `adapt(data)` learns the words.
    vocabulary: words, or the path of a text file with one in each line.
    invert: from numbers to words; the output is then a NumPy array of text.
    output_mode: `"int"`; `"one_hot"` for each word; `"multi_hot"`, `"count"` and `"tf_idf"` for all
        words along the last axis together, where the mask has no place.
    salt: unknown words are spread over several numbers by SipHash64 under it, not by FarmHash64.
    Axes: unchanged; (…, vocabulary) for the other modes. It works on the host, not in a compiled
        model.
    Source: keras 3.15 `layers/preprocessing/string_lookup.py`.
    Example:
        >>> layer = StringLookup(vocabulary=["a", "b"])
        >>> layer([["b", "z"]]).tolist()
        [[2, 0]]
        >>> StringLookup(vocabulary=["a", "b"], invert=True)([2, 0]).tolist()
        ['b', '[UNK]']
    """

    on_host = True
    examples = ()

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: str | None = None,
        oov_token: str | None = "[UNK]",
        vocabulary: Any = None,
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        pad_to_max_tokens: bool = False,
        sparse: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        salt: Any = None,
        **kwargs: Any,
    ) -> None:
        self.encoding = encoding
        oov_method = kwargs.pop("oov_method", "floormod")
        super().__init__(
            max_tokens=max_tokens, num_oov_indices=num_oov_indices, mask_token=mask_token,
            oov_token=oov_token, vocabulary=vocabulary, idf_weights=idf_weights, invert=invert,
            output_mode=output_mode, pad_to_max_tokens=pad_to_max_tokens, sparse=sparse, salt=salt,
            oov_method=oov_method, name=name, **kwargs,
        )  # fmt: skip

    def _tokens_of(self, value: Any) -> Any:
        return as_bytes(self, value, self.encoding)

    def _public(self, token: bytes) -> str:
        return as_text(token)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "oov_method": self.oov_method}
