"""FarmHash64: a fast hash of bytes, the same on every machine and in every release.

Source: Pike 2014, FarmHash (github.com/google/farmhash), `farmhashna::Hash64`, which TensorFlow's
`to_hash_bucket_fast` uses; for joining two hashes, TensorFlow's `FingerprintCat64`.
"""

from __future__ import annotations

from typing import Any

MASK = 2**64 - 1
K0, K1, K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F
JOIN = 0xC6A4A7935BD1E995


def farmhash64(data: bytes) -> int:
    """The hash of `data`, from 0 to 2**64 - 1.

    Example:
        >>> farmhash64(b"lantern") % 1000
        385
    """
    length = len(data)
    if length <= 16:
        return _up_to_16(data, length)
    if length <= 32:
        return _up_to_32(data, length)
    if length <= 64:
        return _up_to_64(data, length)
    return _long(data, length)


def _up_to_16(s: bytes, length: int) -> int:
    if length >= 8:
        mul = K2 + length * 2
        a = _word(s, 0) + K2 & MASK
        b = _word(s, length - 8)
        c = _rotated(b, 37) * mul + a & MASK
        d = (_rotated(a, 25) + b) * mul & MASK
        return _mixed(c, d, mul)
    if length >= 4:
        first = int.from_bytes(s[:4], "little")
        last = int.from_bytes(s[-4:], "little")
        return _mixed(length + (first << 3), last, K2 + length * 2)
    if length > 0:
        y = s[0] + (s[length >> 1] << 8)
        z = length + (s[-1] << 2)
        return _folded((y * K2 ^ z * K0) & MASK) * K2 & MASK
    return K2


def _up_to_32(s: bytes, length: int) -> int:
    mul = K2 + length * 2
    a = _word(s, 0) * K1 & MASK
    b = _word(s, 8)
    c = _word(s, length - 8) * mul & MASK
    d = _word(s, length - 16) * K2
    return _mixed(
        _rotated(a + b, 43) + _rotated(c, 30) + d & MASK, a + _rotated(b + K2, 18) + c & MASK, mul
    )


def _up_to_64(s: bytes, length: int) -> int:
    mul = K2 + length * 2
    a = _word(s, 0) * K2 & MASK
    b = _word(s, 8)
    c = _word(s, length - 8) * mul & MASK
    d = _word(s, length - 16) * K2
    y = _rotated(a + b, 43) + _rotated(c, 30) + d & MASK
    z = _mixed(y, a + _rotated(b + K2, 18) + c & MASK, mul)
    e = _word(s, 16) * mul & MASK
    f = _word(s, 24)
    g = (y + _word(s, length - 32)) * mul & MASK
    h = (z + _word(s, length - 24)) * mul
    return _mixed(
        _rotated(e + f, 43) + _rotated(g, 30) + h & MASK, e + _rotated(f + a, 18) + g & MASK, mul
    )


def _long(s: bytes, length: int) -> int:
    """More than 64 bytes: a state of seven words takes up 64 bytes at a time."""
    seed = 81
    y = seed * K1 + 113 & MASK
    z = _folded(y * K2 + 113 & MASK) * K2 & MASK
    x = seed * K2 + _word(s, 0) & MASK
    v = w = (0, 0)
    end = (length - 1) // 64 * 64
    for at in range(0, end, 64):
        x, y, z, v, w = _round(s, at, x, y, z, v, w, K1, 1)
    mul = K1 + ((z & 0xFF) << 1)
    first = w[0] + (length - 1 & 63)
    v = (v[0] + first, v[1])
    w = (first + v[0], w[1])
    x, y, z, v, w = _round(s, length - 64, x, y, z, v, w, mul, 9)
    return _mixed(
        _mixed(v[0], w[0], mul) + _folded(y) * K0 + z & MASK,
        _mixed(v[1], w[1], mul) + x & MASK,
        mul,
    )


def _round(
    s: bytes, at: int, x: int, y: int, z: int, v: tuple[int, int], w: tuple[int, int], mul: int,
    times: int,
) -> tuple[int, int, int, tuple[int, int], tuple[int, int]]:  # fmt: skip
    x = _rotated(x + y + v[0] + _word(s, at + 8), 37) * mul & MASK
    y = _rotated(y + v[1] + _word(s, at + 48), 42) * mul & MASK
    x ^= w[1] * times & MASK
    y = y + v[0] * times + _word(s, at + 40) & MASK
    z = _rotated(z + w[0], 33) * mul & MASK
    v = _weak(s, at, v[1] * mul, x + w[0])
    w = _weak(s, at + 32, z + w[1], y + _word(s, at + 16))
    return z, y, x, v, w


def _weak(s: bytes, at: int, a: int, b: int) -> tuple[int, int]:
    """Two words made of 32 bytes and two seeds."""
    first, second, third, last = (_word(s, at + place) for place in (0, 8, 16, 24))
    a = a + first & MASK
    b = _rotated(b + a + last, 21)
    c = a
    a = a + second + third & MASK
    b = b + _rotated(a, 44)
    return a + last & MASK, b + c & MASK


def _word(s: bytes, at: int) -> int:
    return int.from_bytes(s[at : at + 8], "little")


def _rotated(word: int, by: int) -> int:
    word &= MASK
    return (word >> by | word << 64 - by) & MASK


def _folded(word: int) -> int:
    return word ^ word >> 47


def _mixed(u: int, v: int, mul: int) -> int:
    a = _folded((u ^ v) * mul & MASK)
    b = _folded((v ^ a) * mul & MASK)
    return b * mul & MASK


def joined(hashes: Any, others: Any) -> Any:
    """One hash for each pair of two `uint64` arrays."""
    import numpy as np

    mul, shift = np.uint64(JOIN), np.uint64(47)

    def folded(words: Any) -> Any:
        return words ^ words >> shift

    with np.errstate(over="ignore"):  # what does not fit 64 bits is meant to go
        found = (hashes ^ mul) ^ folded(others * mul) * mul
        return folded(folded(found * mul) * mul)
