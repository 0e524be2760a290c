"""A vocabulary that a layer is given, or learns by counting."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from lanthorn.layers.base import Layer
from lanthorn.layers.checks import one_of
from lanthorn.layers.preprocessing.counting import Counts, weights_in_front
from lanthorn.layers.preprocessing.data import batches, is_one_batch, who
from lanthorn.layers.preprocessing.encoding import (
    MODES,
    dense_only,
    mode_of,
)
from lanthorn.layers.preprocessing.hashing import salt_of

UNKNOWN, DROPPED = -1, -2
"""What stands for a token that is not in the vocabulary, and for one that has no place."""


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
        self.seen = Counts()


class KeepsVocabulary(Layer):
    """A vocabulary: `[mask, unknown …, token, token, …]`, given or learnt by `adapt`.

    Classes say what a token is: `_tokens_of` and `_public`.
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
        """For `"tf_idf"`, what counts are multiplied by; None before it is known."""
        return self._factors

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
        if not os.path.isfile(vocabulary):
            raise ValueError(f"{who(self)}: there is no file {os.fspath(vocabulary)!r} to read.")
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
                f"{listed(map(self._public, repeated))}."
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
        front = 0 if has_specials else self._token_start
        return self._padded(weights_in_front(who(self), idf_weights, count, front))

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
        self._kept.seen = Counts()

    def update_state(self, data: Any) -> None:
        """Count the tokens of a batch; a batch of one axis is one document."""
        self._check_adapts()
        tokens = self._tokens_of(data)
        self._count(tokens if tokens.ndim > 1 else tokens.reshape(1, -1))

    def _count(self, documents: Any) -> None:
        """Count tokens. documents: an array whose rows they are, or a list of lists."""
        self._kept.seen.add(documents, by_document=self.output_mode == "tf_idf")

    def finalize_state(self) -> None:
        """Make the vocabulary of the tokens counted."""
        seen = self._kept.seen
        if self._is_given or not seen.counts:
            return
        specials = [self._private(special) for special in (self.mask_token, self.oov_token)]
        room = None if self.max_tokens is None else max(self.max_tokens - self._token_start, 0)
        tokens = seen.most_frequent(specials, room)
        self._use(tokens)
        if self.output_mode == "tf_idf":
            weights = seen.document_weights(tokens)
            weights = weights_in_front(who(self), weights, len(tokens), self._token_start)
            self._factors = self._padded(weights)
        self.reset_state()


def listed(tokens: Iterable[Any], most: int = 3) -> str:
    """The first few tokens as a message shows them."""
    known: Sequence[Any] = list(tokens)
    text = ", ".join(repr(token)[:40] for token in known[:most])
    return text if len(known) <= most else f"{text} and {len(known) - most} more"
