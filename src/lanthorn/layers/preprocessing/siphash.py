"""SipHash-2-4: a hash of bytes under a secret of two numbers.

Source: Aumasson & Bernstein 2012, "SipHash: a fast short-input PRF", which TensorFlow's
`to_hash_bucket_strong` uses.
"""

from __future__ import annotations

MASK = 2**64 - 1


def siphash64(data: bytes, key: tuple[int, int]) -> int:
    """The hash of `data` under `key`, from 0 to 2**64 - 1.

    Example: the paper's own, appendix A.
        >>> key = (0x0706050403020100, 0x0F0E0D0C0B0A0908)
        >>> hex(siphash64(bytes(range(15)), key))
        '0xa129ca6149be45e5'
    """
    k0, k1 = key[0] & MASK, key[1] & MASK
    state = (
        0x736F6D6570736575 ^ k0, 0x646F72616E646F6D ^ k1,
        0x6C7967656E657261 ^ k0, 0x7465646279746573 ^ k1,
    )  # fmt: skip
    whole = len(data) // 8 * 8
    last = data[whole:].ljust(7, b"\0") + bytes([len(data) & 0xFF])
    for at in range(0, whole, 8):
        state = _taken(state, int.from_bytes(data[at : at + 8], "little"))
    v0, v1, v2, v3 = _taken(state, int.from_bytes(last, "little"))
    v0, v1, v2, v3 = _rounds((v0, v1, v2 ^ 0xFF, v3), 4)
    return v0 ^ v1 ^ v2 ^ v3


State = tuple[int, int, int, int]


def _taken(state: State, word: int) -> State:
    v0, v1, v2, v3 = state
    v0, v1, v2, v3 = _rounds((v0, v1, v2, v3 ^ word), 2)
    return v0 ^ word, v1, v2, v3


def _rounds(state: State, count: int) -> State:
    v0, v1, v2, v3 = state
    for _ in range(count):
        v0 = v0 + v1 & MASK
        v2 = v2 + v3 & MASK
        v1 = (v1 << 13 | v1 >> 51) & MASK ^ v0
        v3 = (v3 << 16 | v3 >> 48) & MASK ^ v2
        v0 = (v0 << 32 | v0 >> 32) & MASK
        v2 = v2 + v1 & MASK
        v0 = v0 + v3 & MASK
        v1 = (v1 << 17 | v1 >> 47) & MASK ^ v2
        v3 = (v3 << 21 | v3 >> 43) & MASK ^ v0
        v2 = (v2 << 32 | v2 >> 32) & MASK
    return v0, v1, v2, v3
