"""Scalar functions by name: how each is written and how it is computed, one number at a time.

The numbers here are plain Python in double precision. Layers compute the same functions with JAX;
the contract test holds the two against each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple


class Function(NamedTuple):
    """`formula` names its arguments `x`, `y` …; settings by their own names."""

    formula: str
    compute: Callable[..., float]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def relu(x: float, negative_slope: float = 0.0, max_value: float = math.inf,
         threshold: float = 0.0) -> float:  # fmt: skip
    above = x if x > threshold else 0.0
    if max_value < math.inf:
        above = min(max(above, 0.0), max_value)
    return above - negative_slope * max(threshold - x, 0.0)


def gelu(x: float) -> float:
    return x * 0.5 * (1 + math.erf(x / math.sqrt(2)))


def gelu_tanh(x: float) -> float:
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def elu(x: float, alpha: float = 1.0) -> float:
    return x if x > 0 else alpha * math.expm1(x)


def celu(x: float, alpha: float = 1.0) -> float:
    return x if x > 0 else alpha * math.expm1(x / alpha)


def hard_shrink(x: float, threshold: float = 0.5) -> float:
    return x if abs(x) > threshold else 0.0


def soft_shrink(x: float, threshold: float = 0.5) -> float:
    return math.copysign(max(abs(x) - threshold, 0.0), x)


def sparse_plus(x: float) -> float:
    return 0.0 if x <= -1 else x if x >= 1 else (x + 1) ** 2 / 4


def squareplus(x: float, b: float = 4.0) -> float:
    return (x + math.sqrt(x * x + b)) / 2


def stretch(x: float, smallest: float, largest: float, low: float, high: float) -> float:
    if smallest == largest:
        return x
    return (x - smallest) / (largest - smallest) * (high - low) + low


SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805
"""Source: Klambauer et al. 2017, arXiv:1706.02515, equation 14."""


FUNCTIONS: dict[str, Function] = {
    "linear": Function("x", lambda x: x),
    "relu": Function("max(x, 0)", relu),
    "relu6": Function("min(max(x, 0), 6)", lambda x: min(max(x, 0.0), 6.0)),
    "leaky_relu": Function(
        "x if x > 0 else negative_slope · x",
        lambda x, negative_slope=0.2: x if x > 0 else negative_slope * x,
    ),
    "sigmoid": Function("1 / (1 + exp(-x))", sigmoid),
    "hard_sigmoid": Function("relu6(x + 3) / 6", lambda x: min(max(x + 3, 0.0), 6.0) / 6),
    "tanh": Function("tanh(x)", math.tanh),
    "softplus": Function("log(1 + exp(x))", softplus),
    "softsign": Function("x / (1 + |x|)", lambda x: x / (1 + abs(x))),
    "silu": Function("x · sigmoid(x)", lambda x: x * sigmoid(x)),
    "hard_silu": Function(
        "x · relu6(x + 3) / 6", lambda x: x * (min(max(x + 3, 0.0), 6.0) / 6)
    ),
    "gelu": Function("x · Φ(x)", gelu),
    "gelu_tanh": Function("0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³)))", gelu_tanh),
    "elu": Function("x if x > 0 else alpha · (exp(x) - 1)", elu),
    "selu": Function(
        "1.0507 · elu(x, 1.6733)", lambda x: SELU_SCALE * elu(x, SELU_ALPHA)
    ),
    "exponential": Function("exp(x)", math.exp),
    "mish": Function("x · tanh(softplus(x))", lambda x: x * math.tanh(softplus(x))),
    "log_sigmoid": Function("-softplus(-x)", lambda x: -softplus(-x)),
    "scaled": Function("x · scale", lambda x, scale: x * scale),
    "tanh_of_sum": Function(
        "tanh((x + y) · scale)", lambda x, y, scale=1.0: math.tanh((x + y) * scale)
    ),
    "celu": Function("x if x > 0 else alpha · (exp(x / alpha) - 1)", celu),
    "hard_shrink": Function("x if |x| > threshold else 0", hard_shrink),
    "hard_tanh": Function("min(max(x, -1), 1)", lambda x: min(max(x, -1.0), 1.0)),
    "soft_shrink": Function("sign(x) · max(|x| - threshold, 0)", soft_shrink),
    "sparse_plus": Function(
        "0 if x ≤ -1, x if x ≥ 1, else (x + 1)² / 4", sparse_plus
    ),
    "sparse_sigmoid": Function(
        "min(max((x + 1) / 2, 0), 1)", lambda x: min(max((x + 1) / 2, 0.0), 1.0)
    ),
    "squareplus": Function("(x + √(x² + b)) / 2", squareplus),
    "tanh_shrink": Function("x - tanh(x)", lambda x: x - math.tanh(x)),
    "threshold": Function(
        "x if x > threshold else default_value",
        lambda x, threshold, default_value: x if x > threshold else default_value,
    ),
    "prelu": Function(
        "x if x > 0 else alpha · x", lambda x, alpha: x if x > 0 else alpha * x
    ),
    "masked": Function(
        "0 if all of its step are empty else x",
        lambda x, *step, empty: x if any(other != empty for other in step) else 0.0,
    ),
    "gate": Function("x · sigmoid(y)", lambda x, y: x * sigmoid(y)),
    "rescale": Function("x · scale + offset", lambda x, scale, offset: x * scale + offset),
    "standardize": Function(
        "(x - mean) / √(variance + epsilon) · gamma + beta",
        lambda x, mean, variance, gamma=1.0, beta=0.0, epsilon=0.0: (
            (x - mean) / math.sqrt(variance + epsilon) * gamma + beta
        ),
    ),
    "root_mean_square": Function(
        "x / √(Σ x² / count + epsilon) · scale",
        lambda x, squares, scale=1.0, count=1.0, epsilon=0.0: (
            x / math.sqrt(squares / count + epsilon) * scale
        ),
    ),
    "unit": Function(
        "x / √(Σ x²)", lambda x, squares, epsilon=0.0: x / max(math.sqrt(squares), epsilon)
    ),
    "spread": Function(
        "x / √(variance + epsilon) · gamma",
        lambda x, variance, gamma=1.0, epsilon=0.0: x / math.sqrt(variance + epsilon) * gamma,
    ),
    "size": Function(
        "√(real² + imag²)", lambda imag, real, least: math.sqrt(max(real**2 + imag**2, least))
    ),
    "log_of_size": Function(
        "ln √(real² + imag²)",
        lambda imag, real, least: math.log(max(math.sqrt(max(real**2 + imag**2, least)), least)),
    ),
    "power": Function(
        "(real² + imag²) · sides", lambda imag, real, sides: (real**2 + imag**2) * sides
    ),
    "angle": Function("atan2(imag, real)", math.atan2),
    "stretch": Function("(x - smallest) / (largest - smallest) · (high - low) + low", stretch),
    "cosine": Function(
        "Σ x · y / (√(Σ x²) · √(Σ y²))",
        lambda products, xs, ys, epsilon=0.0: (
            products / (max(math.sqrt(xs), epsilon) * max(math.sqrt(ys), epsilon))
        ),
    ),
    "normalize": Function(
        "(x - mean) / max(√variance, epsilon)",
        lambda x, mean, variance, epsilon: (x - mean) / max(math.sqrt(variance), epsilon),
    ),
    "denormalize": Function(
        "x · max(√variance, epsilon) + mean",
        lambda x, mean, variance, epsilon: x * max(math.sqrt(variance), epsilon) + mean,
    ),
    "equals": Function("1 if x = number else 0", lambda x, number: float(x == number)),
    "in_bin": Function(
        "1 if low <= x < high else 0", lambda x, low, high: float(low <= x < high)
    ),
    "reaches": Function(
        "1 if x >= boundary else 0", lambda x, boundary: float(x >= boundary)
    ),
    "add": Function("x + y + …", lambda *xs: math.fsum(xs)),
    "subtract": Function("x - y", lambda x, y: x - y),
    "multiply": Function("x · y · …", lambda *xs: math.prod(xs)),
    "average": Function("(x + y + …) / n", lambda *xs: math.fsum(xs) / len(xs)),
    "maximum": Function("max(x, y, …)", lambda *xs: max(xs)),
    "minimum": Function("min(x, y, …)", lambda *xs: min(xs)),
}  # fmt: skip
