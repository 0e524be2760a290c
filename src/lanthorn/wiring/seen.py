"""What an opaque computation was seen to read, as a pattern that can be said in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product as places

from lanthorn.wiring.arithmetic import At

Reads = frozenset[tuple[int, At]]

NOTHING, SAME_PLACE, ALONG, EVERYTHING, SOME = (
    "nothing",
    "same place",
    "along",
    "everything",
    "some",
)


def pattern(
    probes: Iterable[tuple[At, Reads]], inputs: tuple[tuple[int, ...], ...], output: tuple[int, ...]
) -> tuple[str, tuple[int, ...]]:
    """The pattern that holds for every probe, and the sample axes it runs along.

    "nothing": constant; "same place": only the number at its own place; "along": every number that
    shares its place on the other axes; "everything"; "some": none of these.
    Example:
        >>> pattern([((1,), frozenset({(0, (1,))}))], ((3,),), (3,))
        ('same place', ())
    """
    found = list(probes)
    if all(not reads for _, reads in found):
        return NOTHING, ()
    total = sum(len(list(places(*map(range, shape)))) for shape in inputs)
    if all(len(reads) == total for _, reads in found):
        return EVERYTHING, ()
    shape = inputs[0]
    if len(inputs) == 1 and len(shape) == len(output):
        if shape == output and all(reads == {(0, at)} for at, reads in found):
            return SAME_PLACE, ()
        over = {
            axis
            for at, reads in found
            for _, place in reads
            for axis, (here, there) in enumerate(zip(at, place, strict=True))
            if here != there
        }
        if over and all(reads == _along(at, shape, over) for at, reads in found):
            return ALONG, tuple(sorted(over))
    return SOME, ()


def _along(at: At, shape: tuple[int, ...], over: set[int]) -> set[tuple[int, At]]:
    ranges = [range(size) if axis in over else (at[axis],) for axis, size in enumerate(shape)]
    return {(0, place) for place in places(*ranges)}
