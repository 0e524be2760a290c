"""The library's defaults, under Keras's names: number types, epsilon, the order of axes, logging.

Everything a model needs is in its layers' own settings; these are what layers take that are not
told. Set them before the layers are made.
Source: keras 3.15 `backend/config.py`, `dtype_policies/dtype_policy.py`, `utils/io_utils.py`.
Example:
    >>> from lanthorn import config, layers
    >>> config.set_dtype_policy("mixed_bfloat16")
    >>> layer = layers.Dense(4)
    >>> layer.compute_dtype, layer.variable_dtype
    ('bfloat16', 'float32')
    >>> config.set_dtype_policy("float32")
"""

from __future__ import annotations

from lanthorn.engine import defaults
from lanthorn.engine.defaults import (
    epsilon,
    floatx,
    image_data_format,
    set_epsilon,
    set_floatx,
    set_image_data_format,
)
from lanthorn.engine.dtypes import DTypePolicy

__all__ = [
    "backend",
    "disable_flash_attention",
    "disable_interactive_logging",
    "dtype_policy",
    "enable_flash_attention",
    "enable_interactive_logging",
    "epsilon",
    "floatx",
    "image_data_format",
    "is_flash_attention_enabled",
    "is_interactive_logging_enabled",
    "set_dtype_policy",
    "set_epsilon",
    "set_floatx",
    "set_image_data_format",
]


def backend() -> str:
    """What computes the numbers: always JAX."""
    return "jax"


def dtype_policy() -> DTypePolicy:
    """The policy of layers that are not given one."""
    return DTypePolicy(defaults.policy_name())


def set_dtype_policy(policy: str | DTypePolicy) -> None:
    """Set the policy of layers made from now on: `"mixed_bfloat16"`, `"float32"` …

    Raises: ValueError for anything that is no policy.
    """
    if not isinstance(policy, str | DTypePolicy):
        raise ValueError(
            f"A policy is a name such as 'mixed_bfloat16' or a DTypePolicy, not {policy!r}."
        )
    defaults.set_policy_name(DTypePolicy.of(policy).name)


def is_interactive_logging_enabled() -> bool:
    """Whether `verbose="auto"` shows a bar (1) or one line for each epoch (2)."""
    return defaults.interactive_logging()


def enable_interactive_logging() -> None:
    defaults.set_interactive_logging(True)


def disable_interactive_logging() -> None:
    defaults.set_interactive_logging(False)


def is_flash_attention_enabled() -> bool | None:
    """Whether attention layers are made with flash_attention; None when nobody said."""
    return defaults.flash_attention()


def enable_flash_attention() -> None:
    """Attention layers refuse what flash attention cannot do; no number depends on it here."""
    defaults.set_flash_attention(True)


def disable_flash_attention() -> None:
    defaults.set_flash_attention(False)
