"""TextVectorization: whole texts become rows of whole numbers, or of counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes, Axis
from lanthorn.engine.registry import Table
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import one_of, positive
from lanthorn.layers.preprocessing.data import as_bytes, batches, is_one_batch, who
from lanthorn.layers.preprocessing.encoding import counted, dense_only, mode_of
from lanthorn.layers.preprocessing.index_lookup import without_path
from lanthorn.layers.preprocessing.string_lookup import StringLookup
from lanthorn.layers.preprocessing.words import ngrams as joined
from lanthorn.layers.preprocessing.words import split as split_texts
from lanthorn.layers.preprocessing.words import standardized, widths
from lanthorn.wiring import Encode

STANDARDIZE = ("lower_and_strip_punctuation", "lower", "strip_punctuation")
SPLIT = ("whitespace", "character")
OUTPUT = ("int", "multi_hot", "count", "tf_idf")

functions = Table("function on text", __name__)
"""Functions that files name for `standardize` and `split`: only the user's own."""


class TextVectorization(Layer):
    r"""`y[b, i] = the place of word i of text b in the vocabulary`.

    A text is standardized, split into words, words are joined to n-grams, and a StringLookup whose
    vocabulary is `["", "[UNK]", word, word, …]` gives each its number; 0 fills rows up.
    standardize: `"lower"` changes A to Z only; `"strip_punctuation"` takes ``!"#$%&'()*+,-./:;<=>
        ?@[\]^_`{|}~`` away; a function gets a NumPy array of text and returns one like it.
    split: by `"whitespace"`, by `"character"`, or a function that gets a NumPy array of texts and
        returns a list of words for each. None: every text is one word.
    ngrams: n for runs of 1 to n words, or a tuple of the lengths wanted.
    output_mode: `"int"`; or for all words of a text together `"multi_hot"`, `"count"`, `"tf_idf"`,
        where the vocabulary is `["[UNK]", word, …]`.
    output_sequence_length: rows of numbers are cut or filled up to it, not to the longest.
    Axes: (batch) or (batch, 1) -> (batch, steps), or (batch, vocabulary). It works on the host, not
        in a compiled model.
    Source: keras 3.15 `layers/preprocessing/text_vectorization.py`.
    Example:
        >>> layer = TextVectorization(output_sequence_length=4)
        >>> layer.adapt(["foo bar", "bar baz", "baz bada boom"])
        >>> layer([["Foo qux bar!"], ["qux baz"]]).tolist()
        [[4, 1, 3, 0], [1, 2, 0, 0]]
    """

    on_host = True
    examples = ()

    def __init__(
        self,
        max_tokens: int | None = None,
        standardize: str | Callable[[Any], Any] | None = "lower_and_strip_punctuation",
        split: str | Callable[[Any], Any] | None = "whitespace",
        ngrams: int | Sequence[int] | None = None,
        output_mode: str = "int",
        output_sequence_length: int | None = None,
        pad_to_max_tokens: bool = False,
        vocabulary: Any = None,
        idf_weights: Any = None,
        sparse: bool = False,
        ragged: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        size = kwargs.pop("vocabulary_size", None)
        kwargs.pop("has_input_vocabulary", None)
        super().__init__(name=name, **kwargs)
        self.max_tokens = max_tokens
        self.standardize = _word_or_function(self, "standardize", standardize, STANDARDIZE)
        self.split = _word_or_function(self, "split", split, SPLIT)
        self.ngrams = ngrams if ngrams is None or isinstance(ngrams, int) else tuple(ngrams)
        self._widths = widths(self, self.ngrams)
        self.output_mode = mode_of(self, output_mode, OUTPUT)
        if output_sequence_length is not None:
            positive(self, "output_sequence_length", output_sequence_length)
            if self.output_mode != "int":
                raise ValueError(
                    "TextVectorization: output_sequence_length goes with output_mode='int', not "
                    f"{self.output_mode!r}, whose rows have one place for each token."
                )
        self.output_sequence_length = output_sequence_length
        self.pad_to_max_tokens = pad_to_max_tokens
        self.sparse = dense_only(self, sparse=sparse)
        self.ragged = dense_only(self, ragged=ragged)
        self.encoding = encoding
        self._lookup_layer = StringLookup(
            max_tokens=max_tokens, vocabulary=vocabulary, idf_weights=idf_weights,
            pad_to_max_tokens=pad_to_max_tokens, mask_token="", output_mode=self.output_mode,
            vocabulary_size=size,
        )  # fmt: skip

    # -- the vocabulary --------------------------------------------------------------------------

    @property
    def vocabulary(self) -> Any:
        return self._lookup_layer.vocabulary

    @property
    def idf_weights(self) -> Any:
        return self._lookup_layer.idf_weights

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[str]:
        """The words in order: word i is what number i stands for.

        include_special_tokens: also `""`, which fills up, and `"[UNK]"` at the beginning.
        """
        return self._lookup_layer.get_vocabulary(include_special_tokens)

    def vocabulary_size(self) -> int:
        """How many words there are, `""` and `"[UNK]"` counted."""
        return self._lookup_layer.vocabulary_size()

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Use this vocabulary from now on: words, or the path of a text file of them."""
        self._lookup_layer.set_vocabulary(vocabulary, idf_weights)

    # -- learning --------------------------------------------------------------------------------

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Learn the vocabulary: all words of the texts, the most frequent first.

        data: texts, as an array or a list, or anything that yields batches of them.
        steps: how many batches at most.
        """
        self._lookup_layer._check_adapts()
        self.reset_state()
        if is_one_batch(data) or isinstance(data, list | tuple):
            texts = as_bytes(self, data, self.encoding)
            self._see(texts[:, None] if texts.ndim == 1 else texts)
        else:
            for batch in batches(self, data, steps):
                self.update_state(batch)
        self.finalize_state()

    def reset_state(self) -> None:
        """Forget the words counted so far; the vocabulary in use stays."""
        self._lookup_layer.reset_state()

    def update_state(self, data: Any) -> None:
        """Count the words of a batch of texts."""
        self._lookup_layer._check_adapts()
        self._see(as_bytes(self, data, self.encoding))

    def _see(self, texts: Any) -> None:
        rows, _ = self._words(texts)
        lookup = self._lookup_layer
        lookup._count(rows if lookup.output_mode == "tf_idf" else [chain.from_iterable(rows)])

    def finalize_state(self) -> None:
        """Make the vocabulary of the words counted."""
        self._lookup_layer.finalize_state()

    # -- numbers ---------------------------------------------------------------------------------

    def output_dtype(self) -> str:
        return self._lookup_layer.output_dtype()

    def output_axes(self, x: Axes) -> Axes:
        lead, steps = x.axes, Axis("steps", self.output_sequence_length)
        if self.split is None:
            *lead, last = lead or (Axis("steps", 1),)
            if self.output_sequence_length is None and self._widths is None:
                steps = last
        elif len(x) > 1:
            self.require(
                x[-1] in (1, None), x, "(batch) or (batch, 1): one text for each sample",
                "To look up words that are split already, use StringLookup.",
            )  # fmt: skip
            lead = lead[:-1]
        if self.output_mode == "int":
            return Axes([*lead, steps])
        return self._lookup_layer.output_axes(Axes([*lead, steps]))

    def _as_input(self, value: Any) -> Any:
        return as_bytes(self, value, self.encoding)

    def call(self, inputs: Any) -> Any:
        import numpy as np

        lookup = self._lookup_layer
        lookup._check_ready()
        rows, lead = self._words(inputs)
        lengths = np.fromiter(map(len, rows), "int64", len(rows))
        words = list(chain.from_iterable(rows))
        tokens = np.empty(len(words), dtype=object)
        tokens[:] = words
        places = lookup._places(tokens)
        if self.output_mode == "int":
            return ops.cast(self._filled(places, lengths).reshape(*lead, -1), "int32")
        numbers = np.repeat(np.arange(len(rows)), lengths)
        depth = lookup._depth or 0
        mode = "count" if self.output_mode == "tf_idf" else self.output_mode
        return lookup._weighed(counted(numbers, places, (len(rows), depth), mode)).reshape(
            (*lead, depth)
        )

    def _filled(self, places: Any, lengths: Any) -> Any:
        """Rows of one length: cut, or filled up with 0."""
        import numpy as np

        longest = int(lengths.max(initial=0))
        wanted = self.output_sequence_length or longest
        filled = np.zeros((len(lengths), max(longest, wanted)), dtype="int64")
        filled[np.arange(filled.shape[1]) < lengths[:, None]] = places
        return filled[:, :wanted]

    def _words(self, texts: Any) -> tuple[list[list[bytes]], tuple[int, ...]]:
        """The words of each text, and the shape in which the texts lay."""
        texts = standardized(texts, self.standardize, lambda found: as_bytes(self, found))
        if self.split is None:
            lead = texts.shape[:-1]
            rows = texts.reshape(-1, texts.shape[-1] if texts.ndim else 1).tolist()
        else:
            if texts.ndim > 1 and texts.shape[-1] != 1:
                raise ValueError(
                    f"{who(self)} splits texts, one for each sample: (batch) or (batch, 1), but "
                    f"was given {texts.shape}. To look up words that are split already, use "
                    "StringLookup."
                )
            lead = texts.shape[:-1] if texts.ndim > 1 else texts.shape
            rows = split_texts(texts.ravel(), self.split, lambda words: as_bytes(self, words))
        if self._widths is not None:
            rows = [joined(words, self._widths) for words in rows]
        return rows, lead

    def wiring(self, x: Axes) -> Encode:
        return Encode("texts", self.output_mode)

    # -- files -----------------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        config = {**super().get_config(), "vocabulary_size": self.vocabulary_size()}
        kept = self._lookup_layer.get_config()
        return {**config, **{name: kept[name] for name in ("vocabulary", "idf_weights")}}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        config = without_path(config)
        for name in ("standardize", "split"):
            if isinstance(config.get(name), dict):
                config[name] = functions.deserialize(config[name])
        return super().from_config(config)

    def get_build_config(self) -> dict[str, Any] | None:
        return None

    def assets(self) -> dict[str, bytes]:
        return self._lookup_layer.assets()

    def set_assets(self, assets: Any) -> None:
        self._lookup_layer.set_assets(assets)

    def save_assets(self, dir_path: Any) -> None:
        self._lookup_layer.save_assets(dir_path)

    def load_assets(self, dir_path: Any) -> None:
        self._lookup_layer.load_assets(dir_path)

    def save_own_variables(self, store: Any) -> None:
        self._lookup_layer.save_own_variables(store)

    def load_own_variables(self, store: Any) -> None:
        self._lookup_layer.load_own_variables(store)


def _word_or_function(layer: Layer, setting: str, value: Any, known: tuple[str, ...]) -> Any:
    return value if value is None or callable(value) else one_of(layer, setting, value, known)
