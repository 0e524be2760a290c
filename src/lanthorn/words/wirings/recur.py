"""Recur: a sequence read step by step, in words; and the names of a step's numbers."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.phrases import say
from lanthorn.words.said import Found, Said, Told
from lanthorn.words.telling import term

SENTENCES = {
    "recur.simple": Said(
        "Reads {steps:the} one after the other. At each, {out.last:each} sees {in.last:all} of "
        "that step and what all units put out at the step before.",
        "{steps:The}{을/를} 하나씩 차례로 읽습니다. 단계마다 {out.last:Each} 그 단계의 "
        "{in.last:the}{과/와}, 앞 단계에서 모든 유닛이 내보낸 값을 봅니다.",
    ),
    "recur.lstm": Said(
        "Reads {steps:the} one after the other and keeps a memory: one number for "
        "{out.last:each}. At each step, {in.last:the} of that step and the last output decide how "
        "much of the memory is forgotten, what new is taken in, and how much of it is put out.",
        "{steps:The}{을/를} 하나씩 차례로 읽으며 기억을 이어 갑니다. 기억은 유닛마다 수 하나입니다"
        "({out.last}). 단계마다 그 단계의 {in.last:the}{과/와} 바로 앞의 출력이 기억을 얼마나 "
        "지울지, 무엇을 새로 담을지, 얼마나 내보낼지 정합니다.",
    ),
    "recur.gru": Said(
        "Reads {steps:the} one after the other. At each, {in.last:the} of that step and the last "
        "output decide, for {out.last:each}, how much of that output stays and how much something "
        "new takes its place.",
        "{steps:The}{을/를} 하나씩 차례로 읽습니다. 단계마다 그 단계의 {in.last:the}{과/와} 바로 "
        "앞의 출력이, {out.last}에 대해 앞의 출력을 얼마나 남기고 얼마나 새것으로 바꿀지 정합니다.",
    ),
    "recur.conv_lstm": Said(
        "Reads {steps:the} one after the other and keeps a memory: one number for every place and "
        "{out.last:one}. At each step, windows of {window:extent} over that step and over the last "
        "output decide how much of the memory is forgotten, what new is taken in, and how much of "
        "it is put out.",
        "{steps:The}{을/를} 하나씩 차례로 읽으며 자리와 {out.last:one}마다 수 하나의 기억을 이어 "
        "갑니다. 단계마다 그 단계와 바로 앞의 출력 위를 지나는 {window:extent} 창이 기억을 얼마나 "
        "지울지, 무엇을 새로 담을지, 얼마나 내보낼지 정합니다.",
    ),
}

REMARKS = {
    "last": Said(
        "Only the last output is handed on (return_sequences=True hands on every step's).",
        "마지막 출력만 넘깁니다(return_sequences=True면 모든 단계의 출력을 넘깁니다).",
    ),
    "every": Said("Every step's output is handed on.", "모든 단계의 출력을 넘깁니다."),
    "backwards": Said(
        "It begins with the last step and ends with the first.",
        "마지막 단계부터 읽어 첫 단계에서 끝납니다.",
    ),
    "backwards.every": Said(
        "It begins with the last step, and its outputs come in that order.",
        "마지막 단계부터 읽으며, 출력도 그 순서로 나옵니다.",
    ),
    "kept": Said(
        "Each batch begins where the last one ended, until reset_state().",
        "배치마다 지난 배치가 끝난 상태에서 이어 갑니다. reset_state()를 부르면 처음으로 "
        "돌아갑니다.",
    ),
    "initial": Said(
        "It begins with the states it is given, not with {nothing}.",
        "{nothing}이 아니라 받은 상태에서 시작합니다.",
    ),
    "dropout": Said(
        "While training, {rate:percent} of what it reads is switched off, the same numbers at "
        "every step.",
        "훈련 중에는 읽는 수의 {rate:percent}{을/를} 끕니다. 모든 단계에서 같은 수를 끕니다.",
    ),
    "recurrent_dropout": Said(
        "While training, it does not see {rate:percent} of its last output, the same units at "
        "every step.",
        "훈련 중에는 바로 앞 출력의 {rate:percent}{을/를} 보지 못합니다. 모든 단계에서 같은 "
        "유닛입니다.",
    ),
}

LINE = {
    "gates": Said(
        "{gates} × ({sum}) = {total}, the same at every step.",
        "{gates} × ({sum}) = {total}. 모든 단계에서 같은 값을 씁니다.",
    ),
    "one": Said(
        "{sum} = {total}, the same at every step.",
        "{sum} = {total}. 모든 단계에서 같은 값을 씁니다.",
    ),
}
"""The line that works out how many numbers it keeps."""

NOTHING = 0
"""What states are before the first step."""

PARTS = {
    "lstm": {
        "i": Said("input gate", "입력 게이트"),
        "f": Said("forget gate", "망각 게이트"),
        "candidate": Said("candidate", "후보"),
        "o": Said("output gate", "출력 게이트"),
        "c": Said("memory", "기억"),
        "h": Said("output", "출력"),
    },
    "gru": {
        "z": Said("update gate", "갱신 게이트"),
        "r": Said("reset gate", "리셋 게이트"),
        "reset": Said("what the reset gate lets through", "리셋 게이트가 통과시킨 값"),
        "candidate": Said("candidate", "후보"),
        "h": Said("output", "출력"),
    },
    "simple": {"h": Said("output", "출력")},
}
PARTS["conv_lstm"] = PARTS["lstm"]
"""What the numbers of a step are called, by the kind of cell."""


def told(wiring: Any) -> Told:
    sample = wiring.x.sample
    facts: dict[str, Any] = {
        "steps": sample[0],
        "in.last": sample[-1],
        "out.last": wiring.output.sample[-1],
    }
    if wiring.cell == "conv_lstm":
        facts["window"] = tuple(
            Axis("places" if axis.name == sample[0].name else axis.name, count)
            for axis, count in zip(sample[1:], wiring.seen.size, strict=False)
        )
    return f"recur.{wiring.variant}", facts


def remarks(wiring: Any) -> Found:
    if wiring.backwards:
        yield ("backwards.every" if wiring.sequences and not wiring.by_step else "backwards"), {}
    if not (wiring.backwards and wiring.sequences):
        yield ("every" if wiring.sequences else "last"), {}
    if wiring.kept:
        yield "kept", {}
    if wiring.initial:
        yield "initial", {"nothing": NOTHING}
    for name in ("dropout", "recurrent_dropout"):
        if getattr(wiring, name):
            yield name, {"rate": getattr(wiring, name)}


def parameters(wiring: Any, language: str) -> str:
    """`4 gates × (28 × 64 weights + 64 × 64 recurrent weights + 64 biases) = 23,808`."""
    gates = len(wiring.gates)
    terms = [term(one_gate(weight, gates), language) for weight in wiring.weights]
    facts = {
        "gates": Axis("gates", gates),
        "sum": " + ".join(terms),
        "total": wiring.parameters(),
    }
    return say(LINE["gates" if gates > 1 else "one"], language, facts)


def one_gate(weight: Any, gates: int) -> Any:
    """The part of a weight that is a single gate's."""
    axis = weight.axes.axes[-1]
    return weight._replace(axes=weight.axes.replace(-1, axis._replace(size=axis.size // gates)))
