"""The functions behind `activation="…"`: one number in, one number out, unless said otherwise."""

from __future__ import annotations

from typing import Any

from lanthorn import ops


def linear(x: Any) -> Any:
    """x."""
    return x


def relu(
    x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Any:
    """x above `threshold`, at most `max_value`; below, negative_slope · (x - threshold)."""
    if not threshold and max_value is None:
        return ops.leaky_relu(x, negative_slope) if negative_slope else ops.relu(x)
    x = ops.convert_to_tensor(x)
    if threshold:
        above = ops.where(ops.greater(x, threshold), x, ops.zeros_like(x))
    else:
        # At 0 and 6 the slopes of relu6 are halves, as Keras's are there.
        above = ops.relu6(x) if max_value == 6 else ops.relu(x)
    if max_value is not None and (threshold or max_value != 6):
        above = ops.clip(above, 0.0, max_value)
    if negative_slope:
        above = above - negative_slope * ops.relu(threshold - x)
    return above


def relu6(x: Any) -> Any:
    """min(max(x, 0), 6)."""
    return ops.relu6(x)


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """x where positive, else negative_slope · x."""
    return ops.leaky_relu(x, negative_slope=negative_slope)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """x where positive, else alpha · (exp(x) - 1)."""
    return ops.elu(x, alpha=alpha)


def celu(x: Any, alpha: float = 1.0) -> Any:
    """x where positive, else alpha · (exp(x / alpha) - 1)."""
    return ops.celu(x, alpha=alpha)


def selu(x: Any) -> Any:
    """1.0507 · elu(x, 1.6733). Source: Klambauer et al. 2017, arXiv:1706.02515."""
    return ops.selu(x)


def gelu(x: Any, approximate: bool = False) -> Any:
    """x · Φ(x), Φ the normal distribution; or its approximation with tanh."""
    return ops.gelu(x, approximate=approximate)


def silu(x: Any) -> Any:
    """x · sigmoid(x)."""
    return ops.silu(x)


def mish(x: Any) -> Any:
    """x · tanh(softplus(x)). Source: Misra 2019, arXiv:1908.08681."""
    return ops.multiply(x, ops.tanh(ops.softplus(x)))


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x))."""
    return ops.sigmoid(x)


def log_sigmoid(x: Any) -> Any:
    """-softplus(-x)."""
    return ops.log_sigmoid(x)


def hard_sigmoid(x: Any) -> Any:
    """relu6(x + 3) / 6."""
    return ops.hard_sigmoid(x)


def hard_silu(x: Any) -> Any:
    """x · relu6(x + 3) / 6."""
    return ops.hard_silu(x)


def sparse_sigmoid(x: Any) -> Any:
    """0 up to -1, 1 from 1 on, (x + 1) / 2 between."""
    return ops.sparse_sigmoid(x)


def tanh(x: Any) -> Any:
    """tanh(x)."""
    return ops.tanh(x)


def tanh_shrink(x: Any) -> Any:
    """x - tanh(x)."""
    return ops.tanh_shrink(x)


def hard_tanh(x: Any) -> Any:
    """min(max(x, -1), 1)."""
    return ops.hard_tanh(x)


def softplus(x: Any) -> Any:
    """log(1 + exp(x))."""
    return ops.softplus(x)


def softsign(x: Any) -> Any:
    """x / (1 + |x|)."""
    return ops.softsign(x)


def sparse_plus(x: Any) -> Any:
    """0 up to -1, x from 1 on, (x + 1)² / 4 between."""
    return ops.sparse_plus(x)


def squareplus(x: Any, b: float = 4) -> Any:
    """(x + √(x² + b)) / 2."""
    return ops.squareplus(x, b=b)


def exponential(x: Any) -> Any:
    """exp(x)."""
    return ops.exp(x)


def soft_shrink(x: Any, threshold: float = 0.5) -> Any:
    """x moved towards 0 by `threshold`, and no further."""
    return ops.soft_shrink(x, threshold=threshold)


def hard_shrink(x: Any, threshold: float = 0.5) -> Any:
    """x where |x| > threshold, else 0."""
    return ops.hard_shrink(x, threshold=threshold)


def threshold(x: Any, threshold: float, default_value: float) -> Any:
    """x where x > threshold, else `default_value`."""
    return ops.threshold(x, threshold, default_value)


def softmax(x: Any, axis: Any = -1) -> Any:
    """exp(x) / Σ exp(x), over one axis or several together: shares that add up to 1."""
    return ops.softmax(x, axis=axis)


def log_softmax(x: Any, axis: Any = -1) -> Any:
    """x - log Σ exp(x), over one axis or several together."""
    return ops.log_softmax(x, axis=axis)


def sparsemax(x: Any, axis: int = -1) -> Any:
    """The shares nearest to x that add up to 1; many are exactly 0."""
    return ops.sparsemax(x, axis=axis)


def glu(x: Any, axis: int = -1) -> Any:
    """a · sigmoid(b), where a and b are the halves of x along `axis`."""
    return ops.glu(x, axis=axis)
