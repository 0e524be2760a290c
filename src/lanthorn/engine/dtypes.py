"""Number types by name, and the policy that says which a layer keeps and which it computes in."""

from __future__ import annotations

from typing import Any

from lanthorn.engine import defaults
from lanthorn.engine.defaults import FLOATS

INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
COMPLEX = ("complex64", "complex128")
KNOWN = (*FLOATS, *INTEGERS, "bool", *COMPLEX)
BYTES = {
    "bool": 1, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "float16": 2, "bfloat16": 2,
    "int32": 4, "uint32": 4, "float32": 4, "int64": 8, "uint64": 8, "float64": 8, "complex64": 8,
    "complex128": 16,
}  # fmt: skip
"""Bytes one number takes."""


def standardize_dtype(dtype: Any) -> str:
    """The name of a dtype given as a name, a NumPy or JAX type, or None (the default float).

    Raises: ValueError for anything that is not a number type.
    Example:
        >>> standardize_dtype(float), standardize_dtype("int32"), standardize_dtype(None)
        ('float32', 'int32', 'float32')
    """
    if dtype is None:
        return defaults.floatx()
    if isinstance(dtype, type) and dtype in (float, int, bool):
        return {float: defaults.floatx(), int: "int32", bool: "bool"}[dtype]
    if isinstance(dtype, str) and dtype == "int":
        return "int32"
    name = getattr(dtype, "name", None) or getattr(dtype, "__name__", None) or str(dtype)
    if name not in KNOWN:
        from lanthorn.words.nearest import did_you_mean

        raise ValueError(f"{str(dtype)[:80]!r} is not a number type{did_you_mean(name, KNOWN)}")
    return name


def is_float(dtype: str) -> bool:
    return dtype in FLOATS


class DTypePolicy:
    """Which type a layer keeps its weights in and which it computes in.

    `"float32"` means both; `"mixed_bfloat16"` and `"mixed_float16"` keep float32 weights and
    compute in the short type.
    """

    quantization_mode = None

    def __init__(self, name: str | None = None) -> None:
        self.name = name or defaults.policy_name()
        if self.name.startswith("mixed_"):
            self.variable_dtype = "float32"
            self.compute_dtype = standardize_dtype(self.name.removeprefix("mixed_"))
        else:
            self.name = self.variable_dtype = self.compute_dtype = standardize_dtype(self.name)

    @classmethod
    def of(cls, dtype: Any) -> DTypePolicy:
        """The policy meant by a name, a type, a policy or a policy's config."""
        if isinstance(dtype, DTypePolicy):
            return dtype
        if isinstance(dtype, dict):
            return cls(dtype.get("config", {}).get("name"))
        if isinstance(dtype, str) and dtype.startswith("mixed_"):
            return cls(dtype)
        return cls(None if dtype is None else standardize_dtype(dtype))

    def get_config(self) -> dict[str, Any]:
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> DTypePolicy:
        return cls(**config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'
