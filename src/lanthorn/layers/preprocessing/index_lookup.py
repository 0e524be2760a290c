"""IndexLookup: what StringLookup and IntegerLookup share: a vocabulary, learnt or given."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.engine.refusals import DamagedModelError, ModelMismatchError, UnsafeModelError, quoted
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import one_of
from lanthorn.layers.preprocessing.data import batches, is_one_batch, who, whole_numbers
from lanthorn.layers.preprocessing.encoding import (
    MODES,
    dense_only,
    encoded_axes,
    encoded_on_host,
    mode_of,
)
from lanthorn.layers.preprocessing.hashing import hashed, salt_of
from lanthorn.wiring import Encode, Wiring

UNKNOWN, DROPPED = -1, -2
"""What stands for a token that is not in the vocabulary, and for one that has no place."""

VOCABULARY = "vocabulary.txt"
"""The file of a layer in a `.keras` archive that keeps what it learnt."""


class Kept:
    """What a lookup knows and counts. An object of its own: a layer looks through its lists and
    dicts for weights, which would take long in a hundred thousand words.
    """

    def __init__(self, given: Any, given_weights: Any) -> None:
        self.given = given
        self.given_weights = given_weights
        self.tokens: list[Any] | None = None
        self.index: dict[Any, int] = {}
        self.sorted_tokens: Any = None
        self.sorted_places: Any = None
        self.forget_counts()

    def forget_counts(self) -> None:
        self.counts: Counter[Any] = Counter()
        self.document_counts: Counter[Any] = Counter()
        self.documents = 0


class IndexLookup(Layer):
    """A vocabulary: `[mask, unknown …, token, token, …]`, and which token stands where.

    The base of StringLookup and IntegerLookup, which say what a token is: `_tokens_of` and
    `_public`.
    """

    def __init__(
        self, *, max_tokens: int | None, num_oov_indices: int, mask_token: Any, oov_token: Any,
        vocabulary: Any, idf_weights: Any, invert: bool, output_mode: str, pad_to_max_tokens: bool,
        sparse: bool, salt: Any, oov_method: str, **kwargs: Any,
    ) -> None:  # fmt: skip
        self._size = kwargs.pop("vocabulary_size", None)
        kwargs.pop("has_input_vocabulary", None)
        super().__init__(**kwargs)
        kind = type(self).__name__
        if max_tokens is not None and max_tokens <= 1:
            raise ValueError(f"{kind}: max_tokens is 2 or more, or None, not {max_tokens!r}.")
        if pad_to_max_tokens and max_tokens is None:
            raise ValueError(f"{kind}: pad_to_max_tokens=True needs max_tokens.")
        if num_oov_indices < 0:
            raise ValueError(f"{kind}: num_oov_indices is 0 or more, not {num_oov_indices!r}.")
        self.max_tokens = max_tokens
        self.num_oov_indices = num_oov_indices
        self.mask_token = mask_token
        self.oov_token = oov_token
        self.output_mode = mode_of(self, output_mode, (*MODES, "tf_idf"))
        self.invert = invert
        if invert and self.output_mode != "int":
            raise ValueError(
                f"{kind}: invert=True turns whole numbers into tokens, so output_mode is 'int', "
                f"not {output_mode!r}."
            )
        self.pad_to_max_tokens = pad_to_max_tokens
        self.sparse = dense_only(self, sparse=sparse)
        self.oov_method = one_of(self, "oov_method", oov_method, ("floormod", "farmhash"))
        self.salt = salt_of(self, salt)
        if idf_weights is not None and self.output_mode != "tf_idf":
            raise ValueError(
                f"{kind}: idf_weights go with output_mode='tf_idf', not {self.output_mode!r}."
            )
        is_path = isinstance(vocabulary, str | os.PathLike)
        self._kept = Kept(None if is_path else vocabulary, idf_weights)
        self._is_given = vocabulary is not None
        self._factors: Any = None
        if vocabulary is not None:
            self.set_vocabulary(vocabulary, idf_weights)

    # -- to be said by each kind -----------------------------------------------------------------

    def _tokens_of(self, value: Any) -> Any:
        """An input as an array of tokens, in the form that is compared."""
        raise NotImplementedError

    def _public(self, token: Any) -> Any:
        """A token as users write it."""
        raise NotImplementedError

    # -- the vocabulary ----------------------------------------------------------------------------

    @property
    def vocabulary(self) -> Any:
        """The tokens that were given, as they were given; None when a file or data gave them."""
        return self._kept.given

    @property
    def idf_weights(self) -> Any:
        """The weights that were given with them."""
        return self._kept.given_weights

    @property
    def _oov_start(self) -> int:
        return 1 if self.mask_token is not None and self.output_mode == "int" else 0

    @property
    def _token_start(self) -> int:
        return self._oov_start + self.num_oov_indices

    @property
    def _specials(self) -> list[Any]:
        return [self.mask_token] * self._oov_start + [self.oov_token] * self.num_oov_indices

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]:
        """The tokens in order: token i is what number i stands for.

        include_special_tokens: also the mask and the unknown tokens at the beginning.
        """
        tokens = [self._public(token) for token in self._kept.tokens or ()]
        return [*self._specials, *tokens] if include_special_tokens else tokens

    def vocabulary_size(self) -> int:
        """How many tokens there are, the mask and the unknown ones counted."""
        return self._token_start + len(self._kept.tokens or ())

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Use this vocabulary from now on.

        vocabulary: tokens, with or without mask and unknown tokens in front, or the path of a text
            file with one in each line.
        idf_weights: for `"tf_idf"`, what a count of each token is multiplied by.
        Raises: ValueError for repeated tokens, a mask token among them, or too many.
        """
        given = self._read(vocabulary)
        specials = [self._private(token) for token in self._specials]
        has_specials = given[: self._token_start] == specials
        tokens = given[self._token_start :] if has_specials else given
        self._check(tokens)
        if not given:
            raise ValueError(f"{who(self)}: the vocabulary has no tokens.")
        factors = self._factors_for(idf_weights, len(given), has_specials)
        self._use(tokens)
        self._factors = factors
        if self.vocabulary is not None:
            self._kept.given, self._kept.given_weights = vocabulary, idf_weights

    def _read(self, vocabulary: Any) -> list[Any]:
        if not isinstance(vocabulary, str | os.PathLike):
            return self._tokens_of(vocabulary).ravel().tolist()
        if self.output_mode == "tf_idf":
            raise ValueError(
                f"{who(self)}: 'tf_idf' needs weights beside the tokens, which a file of tokens "
                "does not have. Give a list, and idf_weights."
            )
        with open(vocabulary, encoding="utf-8", newline="\n") as file:
            lines = [line.removesuffix("\n").removesuffix("\r") for line in file]
        return self._tokens_of(self._parsed(lines)).ravel().tolist()

    def _parsed(self, lines: list[str]) -> list[Any]:
        """Lines of a file as tokens."""
        return lines

    def _private(self, token: Any) -> Any:
        return None if token is None else self._tokens_of([token]).tolist()[0]

    def _check(self, tokens: list[Any]) -> None:
        if len(set(tokens)) < len(tokens):
            repeated = [token for token, count in Counter(tokens).items() if count > 1]
            raise ValueError(
                f"{who(self)}: the vocabulary has a token twice: "
                f"{_listed(map(self._public, repeated))}."
            )
        reserved = {"mask_token": self.mask_token}
        if self.invert:
            reserved["oov_token"] = self.oov_token
        for name, token in reserved.items():
            if token is not None and self._private(token) in tokens:
                raise ValueError(
                    f"{who(self)}: the vocabulary holds {name} {token!r} among its tokens. Leave "
                    f"the special tokens out, or begin with exactly {self._specials}."
                )
        size = self._token_start + len(tokens)
        if self.max_tokens is not None and size > self.max_tokens:
            raise ValueError(
                f"{who(self)}: the vocabulary has {size} tokens, special ones counted, and "
                f"max_tokens is {self.max_tokens}."
            )

    def _use(self, tokens: list[Any]) -> None:
        size = self._token_start + len(tokens)
        is_open = self.output_mode != "int" and not self.pad_to_max_tokens
        if is_open and self.inbound_nodes and self._size not in (None, size):
            raise ValueError(
                f"{who(self)} is part of a model that was made for a vocabulary of {self._size} "
                f"tokens; this one has {size}. Give the vocabulary before the model is made."
            )
        self._kept.tokens, self._size = tokens, size
        self._kept.index = {token: place for place, token in enumerate(tokens, self._token_start)}
        if self.mask_token is not None:
            mask = self._private(self.mask_token)
            self._kept.index[mask] = 0 if self.output_mode == "int" else DROPPED

    def _factors_for(self, idf_weights: Any, count: int, has_specials: bool) -> Any:
        """What the count of each place is multiplied by; the unknown by the mean of the others."""
        import numpy as np

        if self.output_mode != "tf_idf":
            if idf_weights is not None:
                raise ValueError(
                    f"{who(self)}: idf_weights go with output_mode='tf_idf', not "
                    f"{self.output_mode!r}."
                )
            return None
        if idf_weights is None:
            raise ValueError(
                f"{who(self)}: with output_mode='tf_idf' a vocabulary needs idf_weights, one for "
                "each token."
            )
        weights = np.asarray(idf_weights, dtype="float64")
        if weights.shape != (count,):
            raise ValueError(
                f"{who(self)}: idf_weights are one for each token: {count} of them, not an array "
                f"of shape {weights.shape}."
            )
        front = 0 if has_specials else self._token_start
        return self._padded(np.pad(weights, (front, 0), constant_values=weights.mean()))

    def _padded(self, factors: Any) -> Any:
        import numpy as np

        room = (self.max_tokens or 0) - len(factors) if self.pad_to_max_tokens else 0
        return np.pad(factors, (0, max(room, 0))).astype("float32")

    # -- learning ------------------------------------------------------------------------------

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Learn the vocabulary: all tokens, the most frequent first, forgetting earlier ones.

        Among equally frequent ones the last in sorting order comes first. For `"tf_idf"` each row
        is a document, and a token that is in few of them counts for more.
        data: an array or (nested) lists of tokens, or anything that yields batches of them.
        steps: how many batches at most.
        """
        self._check_adapts()
        self.reset_state()
        if is_one_batch(data) or isinstance(data, list | tuple):
            tokens = self._tokens_of(data)
            self._count(tokens[:, None] if tokens.ndim == 1 else tokens)
        else:
            for batch in batches(self, data, steps):
                self.update_state(batch)
        self.finalize_state()

    def _check_adapts(self) -> None:
        if self._is_given:
            raise ValueError(
                f"{who(self)} was given a vocabulary, so there is nothing to adapt. Leave "
                "vocabulary= out to have one learnt."
            )

    def reset_state(self) -> None:
        """Forget the tokens counted so far; the vocabulary in use stays."""
        self._kept.forget_counts()

    def update_state(self, data: Any) -> None:
        """Count the tokens of a batch; a batch of one axis is one document."""
        self._check_adapts()
        tokens = self._tokens_of(data)
        self._count(tokens if tokens.ndim > 1 else tokens.reshape(1, -1))

    def _count(self, documents: Any) -> None:
        """Count tokens. documents: an array whose rows they are, or a list of lists."""
        if self.output_mode != "tf_idf":
            for tokens in _rows(documents, at_once=True):
                self._kept.counts.update(tokens)
            return
        for tokens in _rows(documents):
            self._kept.counts.update(tokens)
            self._kept.document_counts.update(set(tokens))
        self._kept.documents += len(documents)

    def finalize_state(self) -> None:
        """Make the vocabulary of the tokens counted."""
        import numpy as np

        if self._is_given or not self._kept.counts:
            return
        for special in (self.mask_token, self.oov_token):
            self._kept.counts.pop(self._private(special), None)
        ordered = sorted(self._kept.counts, reverse=True)
        ordered.sort(key=self._kept.counts.__getitem__, reverse=True)
        if self.max_tokens is not None:
            ordered = ordered[: max(self.max_tokens - self._token_start, 0)]
        self._use(ordered)
        if self.output_mode == "tf_idf":
            found = np.array([self._kept.document_counts[token] for token in ordered], "float64")
            weights = np.log(1 + self._kept.documents / (1 + found))
            mean = weights.mean() if len(weights) else 0.0
            self._factors = self._padded(
                np.pad(weights, (self._token_start, 0), constant_values=mean)
            )
        self.reset_state()

    # -- numbers -------------------------------------------------------------------------------

    @property
    def _depth(self) -> int | None:
        return self.max_tokens if self.pad_to_max_tokens else self._size

    def output_dtype(self) -> str:
        return {"int": "int32", "tf_idf": "float32"}.get(self.output_mode, "int32")

    def output_axes(self, x: Axes) -> Axes:
        if self.output_mode == "int":
            return x
        if self._depth is None:
            self._check_ready()
        mode = "count" if self.output_mode == "tf_idf" else self.output_mode
        return encoded_axes(x, mode, self._depth or 0)

    def _check_ready(self) -> None:
        if self._kept.tokens is None:
            raise ValueError(
                f"{who(self)} has not seen data yet: call adapt(data), or give vocabulary=."
            )

    def _as_input(self, value: Any) -> Any:
        return whole_numbers(self, value) if self.invert else self._tokens_of(value)

    def call(self, inputs: Any) -> Any:
        self._check_ready()
        if self.invert:
            return self._inverted(inputs)
        found = self._places(inputs)
        if self.output_mode == "int":
            return ops.cast(found, "int32")
        mode = "count" if self.output_mode == "tf_idf" else self.output_mode
        return self._weighed(encoded_on_host(found, mode, self._depth or 0))

    def _weighed(self, counts: Any) -> Any:
        """Counts as the output has them."""
        if self.output_mode != "tf_idf":
            return ops.cast(counts, "int32")
        return ops.cast(counts * self._factors_in_use(), "float32")

    def _factors_in_use(self) -> Any:
        if self._factors is None:
            raise ValueError(
                f"{who(self)} has no idf_weights yet: call adapt(data), or give them with the "
                "vocabulary."
            )
        return self._factors

    def _places(self, tokens: Any) -> Any:
        """The number of each token, as an array of the same shape.

        Raises: ValueError for an unknown token where there is no number for one.
        """
        found = self._known(tokens)
        is_unknown = found == UNKNOWN
        if self.num_oov_indices == 1:
            found[is_unknown] = self._oov_start
        elif is_unknown.any():
            unknown = tokens[is_unknown]
            if self.num_oov_indices == 0:
                names = _listed(self._public(token) for token in dict.fromkeys(unknown.tolist()))
                raise ValueError(
                    f"{who(self)} has a number for no token but its own (num_oov_indices=0), and "
                    f"was given {names}. With num_oov_indices=1 unknown tokens share a number."
                )
            found[is_unknown] = self._oov_start + self._spread(unknown)
        return found

    def _known(self, tokens: Any) -> Any:
        """The numbers of the tokens of the vocabulary, and UNKNOWN for others."""
        import numpy as np

        items = tokens.ravel().tolist()
        found = np.fromiter(map(self._kept.index.get, items, repeat(UNKNOWN)), "int64", len(items))
        return found.reshape(tokens.shape)

    def _spread(self, unknown: Any) -> Any:
        """Which of the numbers for unknown tokens each gets."""
        return hashed(unknown, self.num_oov_indices, self.salt)

    def _inverted(self, numbers: Any) -> Any:
        """The token that each number stands for."""
        import numpy as np

        tokens = self.get_vocabulary()
        outside = (numbers < 0) | (numbers >= len(tokens))
        is_unknown = outside | (numbers < self._token_start) & (numbers >= self._oov_start)
        if self.oov_token is None and is_unknown.any():
            number = int(numbers[is_unknown].flat[0])
            raise ValueError(
                f"{who(self)}: no token has the number {number}; the vocabulary has "
                f"{len(tokens)}, counted from 0, and there is no oov_token to give instead."
            )
        table = np.array([*tokens, self.oov_token], dtype=object)
        return table[np.where(is_unknown, len(tokens), numbers)]

    def wiring(self, x: Axes) -> Wiring:
        return Encode("back" if self.invert else "lookup", self.output_mode)

    # -- files -----------------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        config = {**super().get_config(), "vocabulary_size": self._size}
        if self.vocabulary is None and self._kept.tokens and not self._is_lines():
            config["vocabulary"] = self.get_vocabulary()
            if self.output_mode == "tf_idf":
                config["idf_weights"] = self._factors[: self._size].tolist()
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return super().from_config(without_path(config))

    def _is_lines(self) -> bool:
        """Whether each token is one line of text, and none is empty at the end."""
        tokens = [str(self._public(token)) for token in self._kept.tokens or ()]
        return bool(tokens) and tokens[-1] != "" and "\n".join(tokens).splitlines() == tokens

    def get_build_config(self) -> dict[str, Any] | None:
        return {}

    def assets(self) -> dict[str, bytes]:
        """What a `.keras` file keeps of the layer as files: the vocabulary, unless it is given."""
        if self.vocabulary is not None or (self._kept.tokens and not self._is_lines()):
            return {}
        lines = "\n".join(str(token) for token in self.get_vocabulary())
        return {VOCABULARY: lines.encode("utf-8", "surrogateescape")}

    def set_assets(self, assets: Mapping[str, bytes]) -> None:
        """Take over what `assets` gave.

        Raises: DamagedModelError.
        """
        if self.vocabulary is not None:
            return
        if VOCABULARY not in assets:
            raise DamagedModelError(f"there is no {VOCABULARY} for the layer {quoted(self.name)}.")
        lines = assets[VOCABULARY].decode("utf-8", "surrogateescape").splitlines()
        while lines and lines[-1] == "":
            lines.pop()
        try:
            tokens = self._tokens_of(self._parsed(lines)).ravel().tolist() if lines else []
            specials = [self._private(token) for token in self._specials]
            if tokens[: self._token_start] == specials:
                tokens = tokens[self._token_start :]
            self._check(tokens)
            if tokens:
                self._use(tokens)
        except ValueError as error:
            raise DamagedModelError(f"{VOCABULARY} is no vocabulary: {error}") from error

    def save_own_variables(self, store: dict[str, Any]) -> None:
        if self.output_mode == "tf_idf" and self._factors is not None:
            store["idf_weights"] = self._factors

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        if self.output_mode != "tf_idf" or not store:
            return
        found = store.get("idf_weights")
        if found is None or found.shape != (self._depth,):
            shape = None if found is None else found.shape
            raise ModelMismatchError(
                f"layer {self.name!r} ({type(self).__name__}) expects idf_weights "
                f"{(self._depth,)}, the file has {shape}."
            )
        self._factors = found.astype("float32")


def without_path(config: Mapping[str, Any]) -> dict[str, Any]:
    """A lookup's config.

    Raises: UnsafeModelError when its vocabulary is a path: a file is not to choose files.
    """
    if isinstance(config.get("vocabulary"), str):
        raise UnsafeModelError(
            f"names a file to read its vocabulary from: {quoted(config['vocabulary'])}.",
            hint="If you trust it, read that file yourself and call set_vocabulary(tokens).",
        )
    return dict(config)


def _rows(documents: Any, at_once: bool = False) -> Iterator[list[Any]]:
    """The tokens of each document as a list; of an array also all of them in one."""
    if hasattr(documents, "ravel"):
        if at_once:
            yield documents.ravel().tolist()
            return
        documents = [row.ravel().tolist() for row in documents]
    yield from documents


def _listed(tokens: Iterable[Any], most: int = 3) -> str:
    """The first few tokens as a message shows them."""
    known: Sequence[Any] = list(tokens)
    text = ", ".join(repr(token)[:40] for token in known[:most])
    return text if len(known) <= most else f"{text} and {len(known) - most} more"
