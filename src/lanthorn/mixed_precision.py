"""Policies of number types, under the names that Keras keeps for older programs."""

from __future__ import annotations

from lanthorn.config import dtype_policy, set_dtype_policy
from lanthorn.engine.dtypes import DTypePolicy

Policy = DTypePolicy
global_policy = dtype_policy
set_global_policy = set_dtype_policy

__all__ = [
    "DTypePolicy",
    "Policy",
    "dtype_policy",
    "global_policy",
    "set_dtype_policy",
    "set_global_policy",
]
