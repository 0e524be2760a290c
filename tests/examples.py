"""How many random examples a test tries: a few in the ordinary run, many in `make test-all`.

Each new shape compiles a program of its own, which is what such tests spend their time on.
"""

from __future__ import annotations

import os
from typing import Any

IS_THOROUGH = os.environ.get("THOROUGH") == "1"


def examples(ordinary: int, thorough: int) -> int:
    return thorough if IS_THOROUGH else ordinary


def first_examples(cases: list[Any], most: int) -> list[Any]:
    """Of each layer's examples the first few in the ordinary run, all in `make test-all`.

    cases: parameters whose id ends in the example's number, such as `Dense-0`.
    """
    if IS_THOROUGH:
        return cases
    return [case for case in cases if int(case.id.rpartition("-")[2]) < most]
