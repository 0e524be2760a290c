"""IndexLookup: what StringLookup and IntegerLookup share: which token stands where."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import repeat
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.engine.errors import NotAdaptedError
from lanthorn.engine.refusals import DamagedModelError, ModelMismatchError, UnsafeModelError, quoted
from lanthorn.layers.preprocessing.data import who, whole_numbers
from lanthorn.layers.preprocessing.encoding import (
    encoded_axes,
    encoded_on_host,
)
from lanthorn.layers.preprocessing.hashing import hashed
from lanthorn.layers.preprocessing.vocabulary import UNKNOWN, KeepsVocabulary, listed
from lanthorn.wiring import Encode, Wiring

VOCABULARY = "vocabulary.txt"
"""The file of a layer in a `.keras` archive that keeps what it learnt."""


class IndexLookup(KeepsVocabulary):
    """The place of each token in a vocabulary, and back; counted or weighed on request."""

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
            raise NotAdaptedError(
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
                names = listed(self._public(token) for token in dict.fromkeys(unknown.tolist()))
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
        config = {
            **super().get_config(), "vocabulary_size": self._size,
            "idf_weights": self._kept.given_weights,
        }  # fmt: skip
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

    def save_assets(self, dir_path: Any) -> None:
        """Write the vocabulary to a file of this folder, unless it was given."""
        from pathlib import Path

        for name, data in self.assets().items():
            (Path(dir_path) / name).write_bytes(data)

    def load_assets(self, dir_path: Any) -> None:
        """Use the vocabulary that `save_assets` wrote there."""
        from pathlib import Path

        path = Path(dir_path) / VOCABULARY
        if self.vocabulary is None:
            self.set_assets({VOCABULARY: path.read_bytes()})

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
