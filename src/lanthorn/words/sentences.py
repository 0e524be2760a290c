"""What is said around the sentences of the wirings, English and Korean beside each other.

Numbers are never typed here: they stand in braces, by the name of a fact and, behind a colon, the
form it is said in (`{out.last:each}`, forms: `words/phrases.py`). Korean particles are pairs in
braces too (`{을/를}`) and are chosen when the facts are in.
"""

from __future__ import annotations

from lanthorn.words.said import Said

SENTENCES = {
    "input": Said("What you hand to the model.", "모델에 넣는 값입니다."),
    "operation": Said(
        "A function, not a layer; its computation is not described.",
        "층이 아니라 함수입니다. 계산은 설명되어 있지 않습니다.",
    ),
}
"""Of what has no wiring. Those of the wirings: `words/wirings/`, one file for each kind."""

CLAUSES = {
    "relu": Said("negative becomes {low}", "음수는 {low}{이/가} 됩니다"),
    "relu.below": Said(
        "below {threshold} becomes {low}", "{threshold}보다 작으면 {low}{이/가} 됩니다"
    ),
    "relu.slope": Said(
        "x below {threshold} becomes {negative_slope} × (x - {threshold})",
        "{threshold}보다 작은 x는 {negative_slope} × (x - {threshold})가 됩니다",
    ),
    "relu.above": Said(
        "above {max_value} becomes {max_value}", "{max_value}보다 크면 {max_value}{이/가} 됩니다"
    ),
    "leaky_relu": Said("negative x becomes {slope} × x", "음수 x는 {slope} × x가 됩니다"),
    "between": Said(
        "{formula}, which squeezes it between {low} and {high}",
        "{formula}, 곧 {low}{과/와} {high} 사이로 눌러 담습니다",
    ),
    "rescale": Said("x × {scale}", "x × {scale}"),
    "rescale.shift": Said("x {offset:signed}", "x {offset:signed}"),
    "rescale.offset": Said("x × {scale} {offset:signed}", "x × {scale} {offset:signed}"),
    "formula": Said("{formula}", "{formula}"),
    "formula.settings": Said("{formula}, with {settings}", "{formula} ({settings})"),
}
"""What a function does to one number, as part of a sentence."""

AFTERWARDS = {
    "then": Said("Then {activation}: {clause}.", "그다음 {activation}: {clause}."),
    "then.softmax": Said(
        "Then softmax: {out.last:the} become shares that sum to {whole}.",
        "그다음 softmax: {out.last:the}{을/를} 합이 {whole}인 몫으로 바꿉니다.",
    ),
    "then.log_softmax": Said(
        "Then log_softmax: {out.last:the} become logarithms of shares that sum to {whole}.",
        "그다음 log_softmax: {out.last:the}{을/를} 합이 {whole}인 몫의 로그로 바꿉니다.",
    ),
    "then.sparsemax": Said(
        "Then sparsemax: {out.last:the} become the nearest shares that sum to {whole}.",
        "그다음 sparsemax: {out.last:the}{을/를} 합이 {whole}인 가장 가까운 몫으로 바꿉니다.",
    ),
}
"""The activation at the end of a weighted sum."""

REMARKS = {
    "inside": Said("{call} tells what is inside.", "{call}{이/가} 속을 설명합니다."),
    "describe": Said(
        "Give its class a method wiring(self, x) and it will be told here too.",
        "클래스에 wiring(self, x) 메서드를 두면 여기서 함께 설명됩니다.",
    ),
    "again": Said(
        "The same layer as number {number}, called again: the same weights.",
        "{number}번과 같은 층을 다시 부릅니다. 가중치도 같습니다.",
    ),
    "not trained": Said(
        "{count} of these are not trained.", "이 가운데 {count}개는 학습되지 않습니다."
    ),
    "none trained": Said("They are not trained.", "이 값들은 학습되지 않습니다."),
}
"""What is said behind a sentence because of the layer; because of its wiring: `words/wirings/`."""

PARAMETERS = {
    "plain": Said("{sum} = {total}", "{sum} = {total}"),
    "single": Said("{sum}", "{sum}"),
    "shared": Said(
        "{sum} = {total}, shared by {shared:sharers}, so not {wrong}.",
        "{sum} = {total}. {shared:sharers}{이/가} 함께 쓰므로 {wrong}{이/가} 아닙니다.",
    ),
    "window": Said(
        "{sum} = {total}, shared by {shared:sharers}.",
        "{sum} = {total}. {shared:sharers}{이/가} 함께 씁니다.",
    ),
    "own": Said("{total:parameters}: {sum}", "{total:parameters}: {sum}"),
    "inside": Said("{total:parameters} in all", "모두 합해 {total:parameters}"),
}
"""The line that works out how many numbers a layer keeps."""

WEIGHTS = {
    "kernel": Said("weights", "가중치"),
    "depthwise_kernel": Said("depthwise weights", "채널별 가중치"),
    "pointwise_kernel": Said("mixing weights", "섞는 가중치"),
    "recurrent_kernel": Said("recurrent weights", "되먹임 가중치"),
    "real_kernel": Said("real weights", "실수부 가중치"),
    "imag_kernel": Said("imaginary weights", "허수부 가중치"),
    "embeddings": Said("weights", "가중치"),
    "bias": Said("biases", "편향"),
    "gamma": Said("gammas", "감마"),
    "alpha": Said("alphas", "알파"),
    "beta": Said("betas", "베타"),
    "moving_mean": Said("moving means", "이동 평균"),
    "moving_variance": Said("moving variances", "이동 분산"),
    "moving_stddev": Said("moving spreads", "이동 표준편차"),
    "renorm_mean": Said("renorm means", "재정규화 평균"),
    "renorm_stddev": Said("renorm spreads", "재정규화 표준편차"),
}
"""What the numbers of a weight are called, by its name."""

ONE_WEIGHT = {
    "bias": "bias",
    "gamma": "gamma",
    "alpha": "alpha",
    "beta": "beta",
    "moving_mean": "moving mean",
    "moving_variance": "moving variance",
}
"""English for a weight of a single number."""

PAGE = {
    "parameters": Said("{total:parameters}", "{total:parameters}"),
    "unchanged": Said("same shape", "모양 그대로"),
    "from": Said("from {names}", "{names}에서"),
    "and": Said("{first} and {last}", "{first}{과/와} {last}"),
    "unknown": Said("shape not known yet", "모양은 아직 모름"),
    "place": Said(
        "place {place} is {coordinates} (counted from {nothing})",
        "자리 {place}{은/는} {coordinates} ({nothing}부터 셈)",
    ),
    "formula": Said("place = {formula}", "자리 = {formula}"),
    "was": Said("{there} was {here}", "{there}{은/는} 앞의 {here}"),
    "batch": Said(
        "batch is written None in summary(): any number of samples, one answer each.",
        "summary()에서는 배치를 None으로 적습니다. 표본은 몇 개든 되고, 표본마다 답이 하나씩 "
        "나옵니다.",
    ),
    "unbuilt": Said(
        "The model does not know yet what comes in, so it has no shapes and no weights. Begin it "
        "with Input(shape), build it with {build}, or call it on data.",
        "이 모델은 무엇이 들어올지 아직 모르므로 모양도 가중치도 없습니다. Input(shape)로 "
        "시작하거나, {build}{(으)로} 만들거나, 데이터로 한 번 부르세요.",
    ),
    "empty": Said(
        "The model has no layers yet: add one.", "모델에 아직 층이 없습니다. 층을 더하세요."
    ),
    "subclassed": Said(
        "A class of its own: these are its layers, in the order in which they were set. How "
        "call() joins them is not described.",
        "직접 만든 클래스입니다. 층은 넣은 순서대로이며, call()에서 어떻게 이어지는지는 설명되어 "
        "있지 않습니다.",
    ),
}
"""What stands around the sentences of a page."""
