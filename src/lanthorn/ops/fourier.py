"""Fourier transforms. Complex numbers come and go as a pair (real part, imaginary part)."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp

from lanthorn.ops.core import tensor
from lanthorn.ops.operation import operation

Pair = tuple[Any, Any]


def to_complex(x: Any) -> Any:
    if not isinstance(x, (tuple, list)) or len(x) != 2:
        raise ValueError("A complex tensor is a pair (real part, imaginary part).")
    real, imaginary = map(tensor, x)
    if real.shape != imaginary.shape or not jnp.issubdtype(real.dtype, jnp.floating):
        raise ValueError(
            "The real and the imaginary part must be floats of one shape, not "
            f"{real.dtype} {real.shape} and {imaginary.dtype} {imaginary.shape}."
        )
    return jax.lax.complex(real, imaginary)


def to_pair(x: Any) -> Pair:
    return jnp.real(x), jnp.imag(x)


@operation
def fft(x: Pair) -> Pair:
    """Σ over n of x[n] · exp(-2πi k n / N), along the last axis."""
    return to_pair(jnp.fft.fft(to_complex(x)))


@operation
def fft2(x: Pair) -> Pair:
    """`fft` along the last two axes."""
    return to_pair(jnp.fft.fft2(to_complex(x)))


@operation
def ifft2(x: Pair) -> Pair:
    """What `fft2` would turn into x."""
    return to_pair(jnp.fft.ifft2(to_complex(x)))


@operation
def rfft(x: Any, fft_length: int | None = None) -> Pair:
    """`fft` of real numbers, without the half that mirrors the other."""
    return to_pair(jnp.fft.rfft(tensor(x), n=fft_length))


@operation
def irfft(x: Pair, fft_length: int | None = None) -> Any:
    """What `rfft` would turn into x."""
    return jnp.fft.irfft(to_complex(x), n=fft_length)


@operation
def extract_sequences(x: Any, sequence_length: int, sequence_stride: int) -> Any:
    """Every stretch of `sequence_length` numbers: (.., n) -> (.., stretches, length)."""
    x = tensor(x)
    count = 1 + (x.shape[-1] - sequence_length) // sequence_stride
    starts = jnp.arange(count) * sequence_stride
    return x[..., starts[:, None] + jnp.arange(sequence_length)]


def _window(name: Any, length: int, fft_length: int, dtype: Any) -> Any:
    """The weights of one stretch, with zeros up to `fft_length` on both sides."""
    if name is None:
        return jnp.ones(fft_length, dtype)
    if isinstance(name, str):
        shares = {"hann": 0.5, "hamming": 0.54}
        if name not in shares:
            raise ValueError(f"window must be one of {list(shares)} or a tensor, not {name!r}.")
        turns = 2 * math.pi * jnp.arange(length) / length  # periodic: the last is not the first
        weights = shares[name] - (1 - shares[name]) * jnp.cos(turns)
    else:
        weights = tensor(name)
    if weights.shape != (length,):
        raise ValueError(f"The window must have {length} numbers, not shape {weights.shape}.")
    before = (fft_length - length) // 2
    return jnp.pad(weights.astype(dtype), (before, fft_length - length - before))


@operation
def stft(
    x: Any,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    window: Any = "hann",
    center: bool = True,
) -> Pair:
    """`rfft` of every windowed stretch of x: (.., n) -> (.., stretches, fft_length / 2 + 1)."""
    if fft_length < sequence_length:
        raise ValueError(f"fft_length {fft_length} is less than sequence_length {sequence_length}.")
    x = tensor(x)
    if center:
        x = jnp.pad(x, [(0, 0)] * (x.ndim - 1) + [(fft_length // 2,) * 2], mode="reflect")
    stretches = extract_sequences(x, fft_length, sequence_stride)
    weighted = stretches * _window(window, sequence_length, fft_length, x.dtype)
    return to_pair(jnp.fft.rfft(weighted))


@operation
def istft(
    x: Pair,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    length: int | None = None,
    window: Any = "hann",
    center: bool = True,
) -> Any:
    """What `stft` would turn into x: the stretches added up, divided by the windows' squares."""
    stretches = jnp.fft.irfft(to_complex(x), n=fft_length)
    weights = _window(window, sequence_length, fft_length, stretches.dtype)
    count = stretches.shape[-2]
    total = fft_length + sequence_stride * (count - 1)
    places = jnp.arange(count)[:, None] * sequence_stride + jnp.arange(fft_length)
    signal = jnp.zeros((*stretches.shape[:-2], total), stretches.dtype)
    signal = signal.at[..., places].add(stretches * weights)
    power = jnp.zeros(total, stretches.dtype).at[places].add(weights**2)
    signal = signal / jnp.where(power > 1e-10, power, 1.0)
    first = fft_length // 2 if center else 0
    if length is not None:
        return signal[..., first : first + length]
    return signal[..., first : total - fft_length // 2 if center else total]
