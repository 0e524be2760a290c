"""Spectrum: how strong each frequency is in every stretch of a signal, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.said import Found, Said, Told

SENTENCES = {
    "spectrum": Said(
        "Cuts the signal into stretches of {stretch:count}, one every {step}, and holds each "
        "against two waves of every frequency: one sum of products for its real part, one for its "
        "imaginary part.",
        "신호를 {step}개마다 {stretch:count}로 된 토막으로 자르고, 토막마다 각 주파수의 두 물결과 "
        "견줍니다. 곱해 더한 값 하나는 실수부, 하나는 허수부입니다.",
    ),
    "spectrum.one": Said(
        "Cuts the signal into stretches of {stretch:count}, one every {step}, and holds each "
        "against a wave of every frequency: a sum of products ({mode}).",
        "신호를 {step}개마다 {stretch:count}로 된 토막으로 자르고, 토막마다 각 주파수의 물결과 "
        "견주어 곱해 더합니다({mode}).",
    ),
}

REMARKS = {
    "log": Said(
        "What comes out is the logarithm of the size: ln √(real² + imag²).",
        "나오는 값은 크기의 로그입니다: ln √(real² + imag²).",
    ),
    "magnitude": Said(
        "What comes out is the size: √(real² + imag²).",
        "나오는 값은 크기입니다: √(real² + imag²).",
    ),
    "psd": Said(
        "What comes out is the power, real² + imag², doubled for the frequencies that have a twin.",
        "나오는 값은 세기 real² + imag²이며, 짝이 있는 주파수에서는 두 배입니다.",
    ),
    "angle": Said(
        "What comes out is the angle between the two.", "나오는 값은 둘 사이의 각도입니다."
    ),
    "stft": Said(
        "Both come out, the imaginary parts behind the real ones.",
        "둘 다 나옵니다. 실수부 뒤에 허수부가 이어집니다.",
    ),
}


def told(wiring: Any) -> Told:
    facts = wiring.facts() | {"stretch": Axis("samples", wiring.stretch)}
    return ("spectrum" if len(wiring.weights) > 1 else "spectrum.one"), facts


def remarks(wiring: Any) -> Found:
    if wiring.mode in REMARKS:
        yield wiring.mode, {}
