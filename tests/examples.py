"""How many random examples a test tries: a few in the ordinary run, many in `make test-all`.

Each new shape compiles a program of its own, which is what such tests spend their time on.
"""

from __future__ import annotations

import os

IS_THOROUGH = os.environ.get("THOROUGH") == "1"


def examples(ordinary: int, thorough: int) -> int:
    return thorough if IS_THOROUGH else ordinary
