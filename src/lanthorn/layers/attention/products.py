"""The two products of attention with heads: queries with keys, shares with values.

All are arrays of (batch, …, heads, features) or, for shares, (batch, …, heads, what asks, what is
looked at). `over`: the sample axes that are attended over; along the others places keep to
themselves.
"""

from __future__ import annotations

from typing import Any

from lanthorn import ops

Over = tuple[int, ...]


def scores_of(query: Any, key: Any, over: Over) -> Any:
    """`score[n, t, s] = Σ_f query[t, n, f] · key[s, n, f]`."""
    asking, told, scores = letters(query.ndim, over)
    return ops.einsum(f"{told},{asking}->{scores}", key, query)


def means_of(shares: Any, value: Any, over: Over) -> Any:
    """`mixed[t, n, f] = Σ_s share[n, t, s] · value[s, n, f]`."""
    asking, told, scores = letters(value.ndim, over)
    return ops.einsum(f"{scores},{told}->{asking}", shares, value)


def letters(rank: int, over: Over) -> tuple[str, str, str]:
    """Letters for the axes of queries, of keys and values, and of scores.

    rank: of a query, (batch, …, heads y, features z).
    """
    along = [axis + 1 for axis in over]
    asking = [chr(ord("a") + i) for i in range(rank - 2)]
    told = [chr(ord("m") + i) if i in along else asking[i] for i in range(rank - 2)]
    apart = [letter for i, letter in enumerate(asking) if i not in along]
    ends = [letters[i] for letters in (asking, told) for i in along]
    return "".join([*asking, "yz"]), "".join([*told, "yz"]), "".join([*apart, "y", *ends])
