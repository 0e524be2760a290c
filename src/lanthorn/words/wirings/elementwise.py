"""Elementwise: each number by itself, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.words.said import Said, Told

SENTENCES = {
    "elementwise": Said("Each number by itself: {clause}.", "수마다 따로: {clause}."),
    "elementwise.linear": Said("Hands every number on unchanged.", "모든 수를 그대로 넘깁니다."),
    "elementwise.augmentation": Said(
        "While training, changes each picture at random. Otherwise every number is handed on "
        "unchanged.",
        "훈련 중에는 그림을 무작위로 바꿉니다. 그 밖에는 모든 수를 그대로 넘깁니다.",
    ),
    "elementwise.dropout": Said(
        "While training, {rate:percent} of the numbers are switched off, chosen anew each time, "
        "and those left are multiplied by {factor}. Otherwise every number is handed on unchanged.",
        "훈련 중에는 수의 {rate:percent}{을/를} 매번 새로 골라 끄고, 남은 수에는 {factor}{을/를} "
        "곱합니다. 그 밖에는 모든 수를 그대로 넘깁니다.",
    ),
    "elementwise.dropout.none": Said(
        "At a rate of {rate:percent} no number is ever switched off: all are handed on unchanged.",
        "비율이 {rate:percent}이므로 끄는 수가 없습니다. 모든 수를 그대로 넘깁니다.",
    ),
    "elementwise.dropout.all": Said(
        "While training, {rate:percent} of the numbers are switched off: nothing gets through.",
        "훈련 중에는 수의 {rate:percent}{을/를} 끕니다. 아무것도 지나가지 못합니다.",
    ),
    "elementwise.spatial_dropout": Said(
        "While training, {rate:percent} of the {along:plural} are switched off whole, chosen anew "
        "each time, and those left are multiplied by {factor}. Otherwise every number is handed "
        "on unchanged.",
        "훈련 중에는 {along:plural}의 {rate:percent}{을/를} 매번 새로 골라 통째로 끄고, 남은 "
        "수에는 {factor}{을/를} 곱합니다. 그 밖에는 모든 수를 그대로 넘깁니다.",
    ),
    "elementwise.alpha_dropout": Said(
        "While training, {rate:percent} of the numbers become {lowest}, where selu ends, chosen "
        "anew each time; then all are stretched and moved so that mean and spread stay what they "
        "were. Otherwise every number is handed on unchanged.",
        "훈련 중에는 수의 {rate:percent}{을/를} 매번 새로 골라 selu의 끝인 {lowest}{(으)로} "
        "바꾸고, 평균과 퍼진 정도가 그대로이도록 모두를 늘이고 옮깁니다. 그 밖에는 모든 수를 "
        "그대로 넘깁니다.",
    ),
    "elementwise.noise": Said(
        "While training, normal noise with a spread of {stddev} is added to every number. "
        "Otherwise it is handed on unchanged.",
        "훈련 중에는 수마다 퍼진 정도가 {stddev}인 정규 잡음을 더합니다. 그 밖에는 그대로 "
        "넘깁니다.",
    ),
    "elementwise.factor_noise": Said(
        "While training, every number is multiplied by normal noise around {middle} with a spread "
        "of {stddev}. Otherwise it is handed on unchanged.",
        "훈련 중에는 수마다 평균이 {middle}, 퍼진 정도가 {stddev}인 정규 잡음을 곱합니다. 그 "
        "밖에는 그대로 넘깁니다.",
    ),
    "elementwise.activity": Said(
        "Hands every number on unchanged; the loss grows by {formula}, for each sample.",
        "모든 수를 그대로 넘깁니다. 손실은 표본마다 {formula}만큼 커집니다.",
    ),
    "elementwise.activity.none": Said(
        "Hands every number on unchanged; the loss does not grow.",
        "모든 수를 그대로 넘깁니다. 손실은 커지지 않습니다.",
    ),
    "elementwise.prelu": Said(
        "Each number by itself: negative x becomes alpha × x. "
        "Each {along:one} learns an alpha of its own.",
        "수마다 따로: 음수 x는 alpha × x가 됩니다. alpha는 {along:one}마다 따로 배웁니다.",
    ),
    "elementwise.prelu.one": Said(
        "Each number by itself: negative x becomes alpha × x. One alpha serves them all.",
        "수마다 따로: 음수 x는 alpha × x가 됩니다. 모든 수가 alpha 하나를 함께 씁니다.",
    ),
    "elementwise.standardize": Said(
        "Measures each {along:one} against its own mean and spread: {formula}. While training "
        "these are the batch's own, and moving ones follow them slowly; otherwise the moving ones "
        "are used.",
        "{along:one}마다 제 평균과 퍼진 정도에 견주어 잽니다: {formula}. 훈련 중에는 배치의 "
        "평균과 분산을 쓰면서 이동 평균과 이동 분산에 조금씩 담아 두고, 그 밖에는 담아 둔 값을 "
        "씁니다.",
    ),
    "elementwise.normalize": Said(
        "Measures each {along:one} against the mean and spread of the data: {formula}.",
        "{along:one}마다 데이터의 평균과 퍼진 정도에 견주어 잽니다: {formula}.",
    ),
    "elementwise.normalize.alike": Said(
        "Measures every number against one mean and spread of the data: {formula}.",
        "모든 수를 데이터 전체의 평균과 퍼진 정도에 견주어 잽니다: {formula}.",
    ),
    "elementwise.denormalize": Said(
        "Gives each {along:one} the mean and spread of the data back: {formula}.",
        "{along:one}마다 데이터의 평균과 퍼진 정도를 되돌려 줍니다: {formula}.",
    ),
    "elementwise.rescale": Said(
        "Each {along:one} has a scale and an offset of its own: {formula}.",
        "{along:one}마다 배율과 더하는 값이 따로 있습니다: {formula}.",
    ),
    "elementwise.denormalize.alike": Said(
        "Gives every number the mean and spread of the data back: {formula}.",
        "모든 수에 데이터 전체의 평균과 퍼진 정도를 되돌려 줍니다: {formula}.",
    ),
}

MIDDLE = 1
"""The mean of a random factor: on the whole it changes nothing."""

ACTIVITY = {"l1": "|x|", "l2": "x²"}
"""What the two terms of an activity penalty add up."""
NORMALIZING = {"normalize": "(x - mean) / √variance", "denormalize": "x × √variance + mean"}


def told(wiring: Any) -> Told:
    variant, facts = wiring.variant, wiring.facts()
    along = tuple(wiring.x.sample[axis] for axis in wiring.along)
    if variant in ("dropout", "spatial_dropout", "alpha_dropout"):
        rate = facts["rate"]
        if rate in (0, 1):
            return f"elementwise.dropout.{'all' if rate else 'none'}", {"rate": rate}
        if variant == "spatial_dropout" and wiring.along[0] == 0:  # data_format="channels_first"
            along = (along[0]._replace(name="channels"),)
        facts |= {"factor": 1 / (1 - rate), "along": along}
        return f"elementwise.{variant}", facts
    if variant in ("noise", "factor_noise"):
        is_still = facts["stddev"] == 0
        key = "linear" if is_still else variant
        return f"elementwise.{key}", facts | {"middle": MIDDLE}
    if variant == "activity":
        terms = [f"{facts[name]:g} × Σ {of}" for name, of in ACTIVITY.items() if facts[name]]
        key = "elementwise.activity" if terms else "elementwise.activity.none"
        return key, {"formula": " + ".join(terms)}
    if variant == "prelu":
        return ("elementwise.prelu", {"along": along}) if along else ("elementwise.prelu.one", {})
    if variant == "standardize":
        return "elementwise.standardize", {"along": along, "formula": standardizing(wiring)}
    if variant in NORMALIZING:
        key = f"elementwise.{variant}" if along else f"elementwise.{variant}.alike"
        return key, {"along": along, "formula": NORMALIZING[variant]}
    if variant == "rescale" and along:
        return "elementwise.rescale", {"along": along, "formula": facts["formula"]}
    if variant in ("augmentation", "linear"):
        return f"elementwise.{variant}", {}
    return "elementwise", {}


def standardizing(wiring: Any) -> str:
    """The formula of a batch normalization, with what this one learns."""
    names = [weight.name for weight in wiring.weights]
    epsilon = dict(wiring.settings).get("epsilon", 0)
    text = f"(x - mean) / √(variance + {epsilon:g})"
    text += " × gamma" if "gamma" in names else ""
    return text + (" + beta" if "beta" in names else "")
