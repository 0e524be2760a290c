"""The words around the arithmetic of one number, English and Korean beside each other."""

from __future__ import annotations

from lanthorn.words.said import Said

WHY = {
    "title": Said("{element}, {place} of sample {sample}", "표본 {sample}의 {element}, {place}"),
    "largest": Said("The largest of {numbers}:", "{numbers} 가운데 가장 큰 수입니다:"),
    "mean": Said(
        "The mean of {numbers}, each counting {weight}:", "{numbers}의 평균으로, 하나마다 {weight}:"
    ),
    "copy": Said("One number of the input, as it was:", "입력의 수 하나를 그대로 옮긴 것입니다:"),
    "row": Said(
        "{name}[{row}, {column}]: the row is what this number says:",
        "{name}[{row}, {column}]: 행은 이 수가 정합니다:",
    ),
    "share": Said(
        "The share of one among {numbers}: its exp(x), divided by the sum of all of theirs.",
        "{numbers} 가운데 하나의 몫: 그 exp(x)를 모두의 exp(x)를 더한 값으로 나눕니다.",
    ),
    "always": Said("It is always that, whatever comes in.", "무엇이 들어와도 늘 이 값입니다."),
    "function": Said("{formula}, with", "{formula}, 여기에서"),
    "opaque": Said(
        "How it was computed is not described.", "어떻게 계산되었는지는 설명되어 있지 않습니다."
    ),
    "measured": Said(
        "How it was computed is not described. Measured: how fast it changes with each number that "
        "it depends on here.",
        "어떻게 계산되었는지는 설명되어 있지 않습니다. 대신 여기서 이 값을 바꾸는 수마다 얼마나 "
        "빠르게 바뀌는지 쟀습니다.",
    ),
    "inside": Said(
        "It comes out of the model inside: ask {call}.",
        "안쪽 모델에서 나온 수입니다. {call}에 물어보세요.",
    ),
    "part": Said(
        "A number of what lies inside, as it was:", "안에 있는 수 하나를 그대로 옮긴 것입니다:"
    ),
    "kept": Said(
        "The mask leaves this step out, so the number of the step before stays:",
        "마스크가 이 단계를 빼므로 앞 단계의 수가 그대로 남습니다:",
    ),
    "rest of": Said("{count} smaller ones of {source}", "{source}의 더 작은 {count}개"),
    "rest": Said("{count} smaller ones", "더 작은 {count}개"),
    "past": Said("{count} past the edge", "가장자리 밖 {count}개"),
    "bias": Said("bias", "편향"),
    "sum": Said("sum", "합"),
    "winner": Said("← the largest", "← 가장 큰 수"),
    "this": Said("← this one", "← 이 수"),
    "computed": Said(
        "JAX computed {computed}; the difference is {difference}.",
        "JAX가 계산한 값은 {computed}, 차이는 {difference}입니다.",
    ),
    "exact": Said("JAX computed exactly that.", "JAX가 계산한 값도 꼭 같습니다."),
    "only": Said("JAX computed {computed}.", "JAX가 계산한 값은 {computed}입니다."),
    "overflow": Said(
        "JAX computed {computed}; the numbers on the way are too large to retrace.",
        "JAX가 계산한 값은 {computed}입니다. 중간의 수가 너무 커서 되짚을 수 없습니다.",
    ),
    "nth": Said("{name}, call {call} ", "{name}, {call}번째 호출 "),
    "call": Said(
        "The model calls this layer {count} times; this is the first.",
        "모델은 이 층을 {count}번 부릅니다. 여기서는 첫 번째입니다.",
    ),
}
