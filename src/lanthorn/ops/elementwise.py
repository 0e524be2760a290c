"""Each number by itself, or two of them: `f(x)` and `f(x1, x2)` with broadcasting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from lanthorn.engine import defaults
from lanthorn.ops.core import tensor
from lanthorn.ops.operation import operation


def floating(x: Any) -> Any:
    """`x`, whole numbers and bools turned into the default float."""
    x = tensor(x)
    return x if jnp.issubdtype(x.dtype, jnp.inexact) else x.astype(defaults.floatx())


def of_one(name: str, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def op(x: Any) -> Any:
        return function(tensor(x))

    return named(op, name, function)


def of_one_float(name: str, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def op(x: Any) -> Any:
        return function(floating(x))

    return named(op, name, function)


def of_two(name: str, function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def op(x1: Any, x2: Any) -> Any:
        return function(tensor(x1), tensor(x2))

    return named(op, name, function)


def of_two_floats(name: str, function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def op(x1: Any, x2: Any) -> Any:
        return function(floating(x1), floating(x2))

    return named(op, name, function)


def of_two_bits(name: str, function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def op(x: Any, y: Any) -> Any:
        return function(tensor(x), y if isinstance(y, int) else tensor(y))

    return named(op, name, function)


def named(op: Callable[..., Any], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    op.__name__ = op.__qualname__ = name
    op.__doc__ = f"`{function.__module__}.{getattr(function, '__name__', name)}` of tensors."
    return operation(op)


def whole(x: Any) -> Any:
    """`jnp.trunc` that leaves whole numbers and bools as they are."""
    return jnp.trunc(x) if jnp.issubdtype(x.dtype, jnp.inexact) else x


def divided_or_zero(x1: Any, x2: Any) -> Any:
    """x1 / x2, and 0 where x2 is 0; its gradient is finite there too."""
    safe = jnp.where(x2 == 0, 1, x2)
    return jnp.where(x2 == 0, 0, jnp.divide(x1, safe))


def times_power_of_two(x1: Any, x2: Any) -> Any:
    if not jnp.issubdtype(x2.dtype, jnp.integer):
        raise TypeError(f"ldexp needs a whole exponent, not {x2.dtype}.")
    return jnp.ldexp(x1, x2)


MAKERS: dict[Callable[..., Any], dict[str, Callable[..., Any]]] = {
    of_one: {
        "abs": jnp.absolute, "absolute": jnp.absolute, "bitwise_invert": jnp.invert,
        "bitwise_not": jnp.invert, "cbrt": jnp.cbrt, "conj": jnp.conjugate,
        "conjugate": jnp.conjugate, "deg2rad": jnp.deg2rad, "fabs": jnp.fabs, "imag": jnp.imag,
        "isfinite": jnp.isfinite, "isinf": jnp.isinf, "isnan": jnp.isnan,
        "isneginf": jnp.isneginf, "isposinf": jnp.isposinf, "isreal": jnp.isreal,
        "log": jnp.log, "log10": jnp.log10, "log1p": jnp.log1p, "log2": jnp.log2,
        "logical_not": jnp.logical_not, "negative": jnp.negative, "rad2deg": jnp.rad2deg,
        "real": jnp.real, "reciprocal": jnp.reciprocal, "sign": jnp.sign,
        "signbit": jnp.signbit, "sqrt": jnp.sqrt, "square": jnp.square, "trunc": whole,
        "rsqrt": lax.rsqrt, "erf": lax.erf, "erfc": jax.scipy.special.erfc,
        "erfinv": jax.scipy.special.erfinv,
    },
    of_one_float: {
        "angle": jnp.angle, "arccos": jnp.arccos, "arccosh": jnp.arccosh, "arcsin": jnp.arcsin,
        "arcsinh": jnp.arcsinh, "arctan": jnp.arctan, "arctanh": jnp.arctanh, "ceil": jnp.ceil,
        "cos": jnp.cos, "cosh": jnp.cosh, "exp": jnp.exp, "exp2": jnp.exp2,
        "expm1": jnp.expm1, "floor": jnp.floor, "i0": jnp.i0, "sin": jnp.sin,
        "sinc": jnp.sinc, "sinh": jnp.sinh, "tan": jnp.tan, "tanh": jnp.tanh,
    },
    of_two: {
        "add": jnp.add, "divide": jnp.divide, "divide_no_nan": divided_or_zero, "dot": jnp.dot,
        "equal": jnp.equal, "floor_divide": jnp.floor_divide, "fmax": jnp.fmax,
        "fmin": jnp.fmin, "fmod": jnp.fmod, "gcd": jnp.gcd, "greater": jnp.greater,
        "greater_equal": jnp.greater_equal, "heaviside": jnp.heaviside, "hypot": jnp.hypot,
        "inner": jnp.inner, "kron": jnp.kron, "lcm": jnp.lcm, "ldexp": times_power_of_two,
        "less": jnp.less, "less_equal": jnp.less_equal, "logical_and": jnp.logical_and,
        "logical_or": jnp.logical_or, "logical_xor": jnp.logical_xor, "maximum": jnp.maximum,
        "minimum": jnp.minimum, "mod": jnp.mod, "multiply": jnp.multiply,
        "nextafter": jnp.nextafter, "not_equal": jnp.not_equal, "outer": jnp.outer,
        "power": jnp.power, "subtract": jnp.subtract, "true_divide": jnp.divide,
        "vdot": jnp.vdot,
    },
    of_two_floats: {
        "arctan2": jnp.arctan2, "logaddexp": jnp.logaddexp, "logaddexp2": jnp.logaddexp2,
    },
    of_two_bits: {
        "bitwise_and": jnp.bitwise_and, "bitwise_or": jnp.bitwise_or,
        "bitwise_xor": jnp.bitwise_xor, "bitwise_left_shift": jnp.left_shift,
        "left_shift": jnp.left_shift, "bitwise_right_shift": jnp.right_shift,
        "right_shift": jnp.right_shift,
    },
}  # fmt: skip
"""How each is called → Keras's name → the function that computes it."""

for _make, _functions in MAKERS.items():
    for _name, _function in _functions.items():
        globals()[_name] = _make(_name, _function)


@operation
def clip(x: Any, x_min: Any, x_max: Any) -> Any:
    """Each number, moved into the range from `x_min` to `x_max`."""
    x = tensor(x)
    return jnp.clip(x.astype("int32") if x.dtype == bool else x, x_min, x_max)


@operation
def round(x: Any, decimals: int = 0) -> Any:
    """Each number to `decimals` places, halves to the even neighbour."""
    x = tensor(x)
    if decimals < 0 and jnp.issubdtype(x.dtype, jnp.integer):  # jnp.round refuses these
        factor = 10.0**decimals
        return (jnp.round(x.astype(defaults.floatx()) * factor) / factor).astype(x.dtype)
    return jnp.round(x, decimals=decimals)


@operation
def nan_to_num(
    x: Any, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Any:
    """Each number; not-a-number and infinities exchanged for finite ones."""
    return jnp.nan_to_num(tensor(x), nan=nan, posinf=posinf, neginf=neginf)


@operation
def isclose(
    x1: Any, x2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Any:
    """|x1 - x2| <= atol + rtol · |x2|, for each pair."""
    return jnp.isclose(tensor(x1), tensor(x2), rtol, atol, equal_nan)


@operation
def isin(x1: Any, x2: Any, assume_unique: bool = False, invert: bool = False) -> Any:
    """Whether each number of `x1` is somewhere in `x2`."""
    return jnp.isin(tensor(x1), tensor(x2), assume_unique=assume_unique, invert=invert)


@operation
def where(condition: Any, x1: Any = None, x2: Any = None) -> Any:
    """x1 where the condition holds, else x2; with the condition alone, where it holds."""
    if x1 is None and x2 is None:
        return jnp.where(tensor(condition))
    return jnp.where(tensor(condition), tensor(x1), tensor(x2))


@operation
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """From each choice where its condition is the first that holds, else `default`."""
    return jnp.select(
        [tensor(x) for x in condlist], [tensor(x) for x in choicelist], tensor(default)
    )
