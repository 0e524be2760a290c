"""Batch renormalization: a training step may lean on all batches so far, not on its own alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lanthorn import ops
from lanthorn.layers.checks import WrongKindError, number

LIMITS = ("rmax", "rmin", "dmax")


def limits(layer: Any, given: Any) -> dict[str, Any]:
    """How far the corrections may go: `rmin ≤ r ≤ rmax`, `-dmax ≤ d ≤ dmax`; open where not said.

    Raises: ValueError for other names, limits that leave nothing, and what is no mapping.
    """
    name = type(layer).__name__
    if given is None:
        return {}
    if not isinstance(given, Mapping) or set(given) - {*LIMITS}:
        raise WrongKindError(
            f"{name}: renorm_clipping is a dict with any of {', '.join(map(repr, LIMITS))}, "
            f"not {given!r}."
        )
    found = {
        key: value if value is None else number(layer, f"renorm_clipping[{key!r}]", value)
        for key, value in given.items()
    }
    low, high, shift = found.get("rmin"), found.get("rmax"), found.get("dmax")
    if low is not None and high is not None and high < low:
        raise ValueError(f"{name}: renorm_clipping's rmin is at most its rmax, not {given!r}.")
    if shift is not None and shift < 0:
        raise ValueError(f"{name}: renorm_clipping's dmax is a number of 0 or more, not {given!r}.")
    return found


def corrections(
    mean: Any, spread: Any, usual_mean: Any, usual_spread: Any, least: float, clip: dict[str, Any]
) -> tuple[Any, Any]:
    """`r = spread / usual spread`, `d = (mean - usual mean) / usual spread`, within their limits.

    With them `((x - mean) / spread · r + d)` is x measured by the usual mean and spread. No
    gradient goes through either. least: what the usual spread counts as, at least.
    Source: Ioffe 2017, arXiv:1702.03275, algorithm 1.
    """
    usual_spread = ops.maximum(usual_spread, least)
    r = spread / usual_spread
    d = (mean - usual_mean) / usual_spread
    if clip.get("rmin") is not None:
        r = ops.maximum(r, clip["rmin"])
    if clip.get("rmax") is not None:
        r = ops.minimum(r, clip["rmax"])
    if clip.get("dmax") is not None:
        d = ops.clip(d, -clip["dmax"], clip["dmax"])
    return ops.stop_gradient(r), ops.stop_gradient(d)
