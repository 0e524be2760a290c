"""How often tokens occur, and in how many documents: what a vocabulary is learnt from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any


class Counts:
    """Tokens seen so far."""

    def __init__(self) -> None:
        self.counts: Counter[Any] = Counter()
        self.document_counts: Counter[Any] = Counter()
        self.documents = 0

    def add(self, documents: Any, by_document: bool = False) -> None:
        """documents: an array whose rows they are, or a list of lists of tokens."""
        if not by_document:
            for tokens in _rows(documents, at_once=True):
                self.counts.update(tokens)
            return
        for tokens in _rows(documents):
            self.counts.update(tokens)
            self.document_counts.update(set(tokens))
        self.documents += len(documents)

    def most_frequent(self, without: list[Any], most: int | None) -> list[Any]:
        """The most frequent first; among equals the last in sorting order."""
        ordered = sorted(set(self.counts) - set(without), reverse=True)
        ordered.sort(key=self.counts.__getitem__, reverse=True)
        return ordered[:most]

    def document_weights(self, tokens: list[Any]) -> Any:
        """`ln(1 + documents / (1 + documents with the token))` for each token."""
        import numpy as np

        found = np.array([self.document_counts[token] for token in tokens], "float64")
        return np.log(1 + self.documents / (1 + found))


def _rows(documents: Any, at_once: bool = False) -> Iterator[list[Any]]:
    """The tokens of each document as a list; of an array also all of them in one."""
    if hasattr(documents, "ravel"):
        if at_once:
            yield documents.ravel().tolist()
            return
        documents = [row.ravel().tolist() for row in documents]
    yield from documents


def weights_in_front(who: str, weights: Any, count: int, front: int) -> Any:
    """Weights of `count` tokens, with their mean for the `front` places before them.

    Raises: ValueError unless there is one for each token.
    """
    import numpy as np

    found = np.asarray(weights, dtype="float64")
    if found.shape != (count,):
        raise ValueError(
            f"{who}: idf_weights are one for each token: {count} of them, not an array of shape "
            f"{found.shape}."
        )
    return np.pad(found, (front, 0), constant_values=found.mean() if count else 0.0)
