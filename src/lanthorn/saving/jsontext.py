"""Reading JSON from strangers: bounded in size and depth, strict in everything else."""

from __future__ import annotations

import json
from itertools import accumulate
from typing import Any

from lanthorn.engine.refusals import DamagedModelError, ModelLimitError, quoted
from lanthorn.saving.limits import Limits

STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
NOT_BRACKETS = bytes(set(range(256)) - set(STEP))
LONGEST_STRING = 2**20


def read_json(data: bytes, limits: Limits) -> dict[str, Any]:
    """The object that UTF-8 text describes.

    Raises: ModelLimitError; DamagedModelError for anything that is not strict JSON, such as a key
        given twice, NaN, or half a surrogate pair.
    """
    if len(data) > limits.json_bytes:
        raise ModelLimitError(
            f"is {len(data):,} bytes of text (limit {limits.json_bytes:,}).",
            hint=f"If you trust it: limits=Limits(json_bytes={len(data)}).",
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    check_depth(data, limits)
    try:
        text = data.decode("utf-8")
        found = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_whole,
        )
        _check_strings(found)
    except (ValueError, RecursionError) as error:
        if isinstance(error, DamagedModelError | ModelLimitError):
            raise
        raise DamagedModelError(f"is not JSON: {str(error)[:120]}.") from error
    if not isinstance(found, dict):
        raise DamagedModelError("is not a JSON object.")
    return found


def check_depth(data: bytes, limits: Limits) -> None:
    """Count how deep brackets are nested, before anything is parsed."""
    if max(data.count(b'"'), data.count(b"["), data.count(b"{")) > limits.json_values:
        raise ModelLimitError(
            f"has more than {limits.json_values:,} values.",
            hint=f"If you trust it: limits=Limits(json_values={10 * limits.json_values}).",
        )
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside_strings = b"".join(plain.split(b'"')[::2])
    brackets = outside_strings.translate(None, NOT_BRACKETS)
    depth = max(accumulate(map(STEP.__getitem__, brackets)), default=0)
    if depth > limits.json_depth:
        raise ModelLimitError(
            f"is nested {depth} deep (limit {limits.json_depth}).",
            hint=f"If you trust it: limits=Limits(json_depth={depth}).",
        )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise DamagedModelError(f"says {quoted(twice)} twice.")
    return found


def _no_constant(name: str) -> Any:
    raise DamagedModelError(f"holds {name}, which is not JSON.")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise DamagedModelError(f"holds the number {quoted(text)}, too large for any type.")
    return value


def _whole(text: str) -> int:
    if len(text) > 20:
        raise DamagedModelError(f"holds the number {quoted(text)}, too large for any type.")
    return int(text)


def _check_strings(value: Any) -> None:
    """Refuse text that cannot be written again, and text of absurd length."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if len(item) > LONGEST_STRING:
                raise ModelLimitError(f"holds text of {len(item):,} characters.")
            item.encode("utf-8")
        elif isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            stack.extend(item)
            stack.extend(item.values())
