"""What a scalar function does to one number, as part of a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from inspect import signature
from typing import Any

from lanthorn.wiring.functions import FUNCTIONS
from lanthorn.words.phrases import plain, say
from lanthorn.words.sentences import CLAUSES

FAR = 1e4
"""As far out as a squeezing function is asked for its limits."""

SQUEEZING = ("sigmoid", "tanh")


def clause(function: str, settings: dict[str, Any], language: str) -> str:
    """`negative becomes 0`; a function there are no words for is told by its formula."""
    if function == "relu":
        return relu_clause(settings, language)
    known = FUNCTIONS.get(function)
    formula = known.formula if known else function
    settings = defaults(known.compute) | settings if known else settings
    if function == "leaky_relu":
        return say(CLAUSES[function], language, {"slope": settings["negative_slope"]})
    if function == "rescale":
        key = "rescale.offset" if settings.get("offset") else "rescale"
        if settings.get("offset") and settings["scale"] == 1:
            key = "rescale.shift"
        return say(CLAUSES[key], language, settings)
    if function in SQUEEZING:
        low, high = (round(FUNCTIONS[function].compute(x)) for x in (-FAR, FAR))
        return say(CLAUSES["between"], language, {"formula": formula, "low": low, "high": high})
    if settings:
        told = ", ".join(f"{name} = {plain(value)}" for name, value in settings.items())
        return say(CLAUSES["formula.settings"], language, {"formula": formula, "settings": told})
    return say(CLAUSES["formula"], language, {"formula": formula})


def defaults(function: Callable[..., float]) -> dict[str, Any]:
    """The constants that a function has when nobody gives others."""
    parameters = signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def relu_clause(settings: dict[str, Any], language: str) -> str:
    """Below the threshold, and above the largest value when there is one."""
    facts = {"threshold": 0, "low": FUNCTIONS["relu"].compute(-FAR), **settings}
    facts["low"] = int(facts["low"])
    key = "relu.below" if facts["threshold"] else "relu"
    if settings.get("negative_slope"):
        key = "relu.slope"
    parts = [say(CLAUSES[key], language, facts)]
    if settings.get("max_value", math.inf) < math.inf:
        parts.append(say(CLAUSES["relu.above"], language, facts))
    return (", " if language == "en" else ". ").join(parts)
