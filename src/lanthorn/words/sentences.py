"""Every sentence about a layer, English and Korean beside each other.

Numbers are never typed here: they stand in braces, by the name of a fact and, behind a colon, the
form it is said in (`{out.last:each}`, forms: `words/phrases.py`). Korean particles are pairs in
braces too (`{을/를}`) and are chosen when the facts are in.
"""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    """The same thing in both languages, with the same facts."""

    en: str
    ko: str


SENTENCES = {
    "input": Said("What you hand to the model.", "모델에 넣는 값입니다."),
    "contract.shared": Said(
        "At {shared:each} the same small layer turns {in.last} into {out.last}. "
        "{shared:places} do not see each other.",
        "{shared:each} 똑같은 작은 층이 {in.last}{을/를} {out.last}{(으)로} 바꿉니다. "
        "{shared:places}끼리는 서로 보지 않습니다.",
    ),
    "contract.once": Said(
        "At {shared:each} the layer turns {in.last} into {out.last}; "
        "more {shared:plural} would use the same weights.",
        "{shared:each} {in.last}{을/를} {out.last}{(으)로} 바꿉니다. "
        "{shared:plural}{이/가} 더 있어도 같은 가중치를 씁니다.",
    ),
    "contract.whole": Said(
        "{out.last:Each} sees {in.last:all}.",
        "{out.last:Each} {in.last:all} 봅니다.",
    ),
    "contract.joined": Said(
        "{out.last:Each} now sees {in.last:all}, that is, {parts:every}.",
        "이제 {out.last:Each} {in.last:all}, 곧 {parts:every}{을/를} 봅니다.",
    ),
    "elementwise": Said("Each number by itself: {clause}.", "수마다 따로: {clause}."),
    "elementwise.linear": Said("Hands every number on unchanged.", "모든 수를 그대로 넘깁니다."),
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
    "elementwise.standardize": Said(
        "Measures each {along:one} against its own mean and spread: {formula}. While training "
        "these are the batch's own, and moving ones follow them slowly; otherwise the moving ones "
        "are used.",
        "{along:one}마다 제 평균과 퍼진 정도에 견주어 잽니다: {formula}. 훈련 중에는 배치의 "
        "평균과 분산을 쓰면서 이동 평균과 이동 분산에 조금씩 담아 두고, 그 밖에는 담아 둔 값을 "
        "씁니다.",
    ),
    "normalize.softmax": Said(
        "Turns {over:the} into shares that sum to {whole}: exp(x), divided by the sum of them all.",
        "{over:the}{을/를} 합이 {whole}인 몫으로 바꿉니다: exp(x)를 그 모두의 합으로 나눕니다.",
    ),
    "normalize.softmax.shared": Said(
        "At {shared:each}, turns {over:the} into shares that sum to {whole}: exp(x), divided by "
        "the sum of them all.",
        "{shared:each} {over:the}{을/를} 합이 {whole}인 몫으로 바꿉니다: exp(x)를 그 모두의 "
        "합으로 나눕니다.",
    ),
    "normalize.alone": Said(
        "Softmax of one number alone is always {whole}: for yes or no, sigmoid is what is meant.",
        "수가 하나뿐인 softmax는 언제나 {whole}입니다. 예·아니요를 가리려면 sigmoid를 쓰세요.",
    ),
    "window.weighted": Said(
        "A window of {window:extent} slides over {over:names} and stops at {stops:count}. "
        "There, {filters:each} makes one number of the {under:sizes} under the window, with the "
        "same weights at every stop.",
        "{window:extent} 창이 {over:names} 위를 옮겨 다니며 {stops:sites}에서 멈춥니다. 멈출 "
        "때마다 {filters:Each} 창 아래의 수 {under:sizes}개로 수 하나를 만듭니다. 가중치는 "
        "어디서나 같습니다.",
    ),
    "window.largest": Said(
        "Of each window of {window:extent} only the largest number stays, in every {channel:one} "
        "by itself: {over:count} become {stops:sizes}.",
        "{window:extent} 창마다 가장 큰 수만 남깁니다. {channel:one}마다 따로 합니다: "
        "{over:sites}{이/가} {stops:sizes}개가 됩니다.",
    ),
    "window.largest.open": Said(
        "Of each window of {window:extent} only the largest number stays, in every {channel:one} "
        "by itself.",
        "{window:extent} 창마다 가장 큰 수만 남깁니다. {channel:one}마다 따로 합니다.",
    ),
    "window.mean.open": Said(
        "Each window of {window:extent} becomes the mean of its numbers, in every {channel:one} "
        "by itself.",
        "{window:extent} 창마다 수들의 평균을 남깁니다. {channel:one}마다 따로 합니다.",
    ),
    "window.mean": Said(
        "Each window of {window:extent} becomes the mean of its numbers, in every {channel:one} "
        "by itself: {over:count} become {stops:sizes}.",
        "{window:extent} 창마다 수들의 평균을 남깁니다. {channel:one}마다 따로 합니다: "
        "{over:sites}{이/가} {stops:sizes}개가 됩니다.",
    ),
    "rearrange.flatten": Said(
        "Lays {in:sizes} numbers in one row, {first:one} after {first:one}. Nothing is computed; "
        "the batch stays as it is.",
        "{in:sizes}개의 수를 {first:one} 순서대로 한 줄로 늘어놓습니다. 계산은 없고, 배치는 "
        "그대로입니다.",
    ),
    "rearrange.reshape": Said(
        "The same {in:numbers} in the same order, now seen as {out:sizes}. Nothing is computed.",
        "같은 {in:numbers}{을/를} 같은 순서 그대로 {out:sizes} 모양으로 봅니다. 계산은 없습니다.",
    ),
    "rearrange.unchanged": Said(
        "Nothing changes: the numbers already have this shape.",
        "바뀌는 것이 없습니다. 이미 이 모양입니다.",
    ),
    "rearrange.permute": Said(
        "Puts the axes in another order: {in:order} become {out:order}. "
        "The numbers stay what they are.",
        "축의 순서를 바꿉니다: {in:order}{이/가} {out:order}{이/가} 됩니다. 수는 그대로입니다.",
    ),
    "rearrange.concatenate": Said(
        "Lays {inputs} one behind the other along {axis:names}: {parts} = {total}. "
        "Nothing is computed.",
        "{inputs}{을/를} {axis:names} 방향으로 이어 놓습니다: {parts} = {total}. 계산은 없습니다.",
    ),
    "reduce.mean": Said(
        "Each {kept:one} becomes one number, the mean of {over:its}.",
        "{kept:one}마다 수 하나가 됩니다. {over:its}의 평균입니다.",
    ),
    "reduce.largest": Said(
        "Each {kept:one} becomes one number, the largest of {over:its}.",
        "{kept:one}마다 수 하나가 됩니다. {over:its}에서 가장 큰 수입니다.",
    ),
    "lookup": Said(
        "Each whole number from {low} to {high} picks its own row of a table: {out.last}, learnt "
        "like other weights.",
        "{low}부터 {high}까지의 정수마다 표에서 제 행을 고릅니다. 한 행은 {out.last}이고, 다른 "
        "가중치처럼 학습됩니다.",
    ),
    "combine.add": Said(
        "Adds {inputs}, number by number.", "{inputs}{을/를} 같은 자리끼리 더합니다."
    ),
    "combine.subtract": Said(
        "Takes the second of {inputs} from the first, number by number.",
        "{inputs} 가운데 첫째에서 둘째를 같은 자리끼리 뺍니다.",
    ),
    "combine.multiply": Said(
        "Multiplies {inputs}, number by number.", "{inputs}{을/를} 같은 자리끼리 곱합니다."
    ),
    "combine.average": Said(
        "Takes the mean of {inputs}, number by number.",
        "{inputs}의 평균을 같은 자리끼리 냅니다.",
    ),
    "combine.maximum": Said(
        "Keeps the largest of {inputs}, number by number.",
        "{inputs} 가운데 가장 큰 수를 같은 자리끼리 남깁니다.",
    ),
    "combine.minimum": Said(
        "Keeps the smallest of {inputs}, number by number.",
        "{inputs} 가운데 가장 작은 수를 같은 자리끼리 남깁니다.",
    ),
    "compose": Said("A model within the model, of {parts}.", "모델 속의 모델: {parts}."),
    "opaque": Said("Its own computation, not described.", "자체 계산이며, 설명되어 있지 않습니다."),
    "operation": Said(
        "A function, not a layer; its computation is not described.",
        "층이 아니라 함수입니다. 계산은 설명되어 있지 않습니다.",
    ),
}
"""By `kind.variant` of a wiring; `words/telling.py` says which of them tells it."""

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
    "between": Said(
        "{formula}, which squeezes it between {low} and {high}",
        "{formula}, 곧 {low}{과/와} {high} 사이로 눌러 담습니다",
    ),
    "rescale": Said("x × {scale}", "x × {scale}"),
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
}
"""The activation at the end of a weighted sum."""

REMARKS = {
    "strides": Said(
        "The window moves on {strides:list} at a time.",
        "창은 한 번에 {strides:list}씩 옮겨 갑니다.",
    ),
    "overlap": Said(
        "The window moves on {strides:list} at a time, so windows overlap.",
        "창은 한 번에 {strides:list}씩 옮겨 가므로 서로 겹칩니다.",
    ),
    "edge.weighted": Said(
        'Past the edge every number counts as {nothing} (padding="{padding}").',
        '가장자리 밖의 수는 모두 {nothing}{(으)로} 칩니다(padding="{padding}").',
    ),
    "edge.pooled": Said(
        'Past the edge there is nothing: only what lies inside counts (padding="{padding}").',
        '가장자리 밖에는 아무것도 없습니다. 안에 있는 수만 칩니다(padding="{padding}").',
    ),
    "causal": Said(
        "It never looks ahead; before the first {over:one} every number counts as {nothing} "
        '(padding="{padding}").',
        "앞을 내다보지 않습니다. 첫 {over:one}보다 앞의 수는 모두 {nothing}{(으)로} "
        '칩니다(padding="{padding}").',
    ),
    "dilation": Said(
        "What it looks at lies {dilation:list} apart, so it reaches over {reach:extent}.",
        "보는 자리가 {dilation:list}씩 떨어져 있어 {reach:extent}에 걸칩니다.",
    ),
    "groups": Said(
        "{in.last:The} are shared out to {groups}; each filter sees {own:the} of its own group.",
        "{in.last:The}{을/를} {groups}{(으)로} 나눕니다. 필터마다 제 묶음의 {own:the}만 봅니다.",
    ),
    "dropped": Said(
        "{axis:Name} {size} makes {stops}: {left:last} never seen.",
        "{axis:Name} {size}에서는 {stops}{이/가} 나옵니다. {left:last} 쓰이지 않습니다.",
    ),
    "skipped": Said(
        "Between two stops {skipped:list} are never seen.",
        "멈추는 곳 사이의 {skipped:list}{은/는} 쓰이지 않습니다.",
    ),
    "keepdims": Said(
        "{over:Names} stay, with size {one}.", "{over:Names} 축은 크기 {one}{(으)로} 남습니다."
    ),
    "repeated": Said(
        "Where an input has size {one}, its number serves every place.",
        "입력의 크기가 {one}인 축에서는 그 수가 모든 자리에 쓰입니다.",
    ),
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
"""What is said behind a sentence when it holds."""

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
    "recurrent_kernel": Said("recurrent weights", "되먹임 가중치"),
    "embeddings": Said("weights", "가중치"),
    "bias": Said("biases", "편향"),
    "gamma": Said("gammas", "감마"),
    "beta": Said("betas", "베타"),
    "moving_mean": Said("moving means", "이동 평균"),
    "moving_variance": Said("moving variances", "이동 분산"),
}
"""What the numbers of a weight are called, by its name."""

ONE_WEIGHT = {
    "bias": "bias",
    "gamma": "gamma",
    "beta": "beta",
    "moving_mean": "moving mean",
    "moving_variance": "moving variance",
}
"""English for a weight of a single number."""

PAGE = {
    "parameters": Said("{total:parameters}", "{total:parameters}"),
    "unchanged": Said("unchanged", "그대로"),
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
