"""What holds unless something else is said: number type, policy, epsilon, order of axes, logging.

`lanthorn.config` reads and sets it. Programs that are compiled already keep what they began with.
"""

from __future__ import annotations

from typing import Any

FLOATS = ("bfloat16", "float16", "float32", "float64")
ORDERS = ("channels_last", "channels_first")

_FIRST: dict[str, Any] = {
    "floatx": "float32",
    "epsilon": 1e-7,
    "image_data_format": "channels_last",
    "policy": None,  # that of floatx
    "flash_attention": None,
    "interactive_logging": True,
}
_now: dict[str, Any] = dict(_FIRST)


def reset() -> None:
    """Everything as it is when the library is first imported."""
    _now.update(_FIRST)


def floatx() -> str:
    """The type of weights and results unless a layer says otherwise."""
    return _now["floatx"]


def set_floatx(value: str) -> None:
    """Raises: ValueError for anything but the name of a float type."""
    if value not in FLOATS:
        raise ValueError(f"floatx is one of {', '.join(map(repr, FLOATS))}, not {value!r}.")
    _now["floatx"] = str(value)


def epsilon() -> float:
    """The small number that keeps divisions and logarithms away from zero."""
    return _now["epsilon"]


def set_epsilon(value: float) -> None:
    """Raises: ValueError for anything but a number above zero."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ValueError(f"epsilon is a small number above 0, not {value!r}.")
    _now["epsilon"] = float(value)


def image_data_format() -> str:
    """Where the channels of pictures stand unless a layer says otherwise."""
    return _now["image_data_format"]


def set_image_data_format(data_format: str) -> None:
    """Raises: ValueError for anything but "channels_last" and "channels_first"."""
    if data_format not in ORDERS:
        raise ValueError(
            f"image_data_format is one of {', '.join(map(repr, ORDERS))}, not {data_format!r}."
        )
    _now["image_data_format"] = str(data_format)


def policy_name() -> str:
    """The name of the policy of layers that are not given one."""
    return _now["policy"] or floatx()


def set_policy_name(name: str | None) -> None:
    _now["policy"] = name


def flash_attention() -> bool | None:
    """Whether attention is asked for by a fused kernel; None: nobody said."""
    return _now["flash_attention"]


def set_flash_attention(value: bool | None) -> None:
    _now["flash_attention"] = value


def interactive_logging() -> bool:
    """Whether training shows its progress as it goes, where nobody says how."""
    return _now["interactive_logging"]


def set_interactive_logging(value: bool) -> None:
    _now["interactive_logging"] = bool(value)
