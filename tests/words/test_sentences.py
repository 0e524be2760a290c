"""Sentences: both languages say the same facts, every wiring is told, no number is typed in."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanthorn import layers
from lanthorn.axes import Axes, Axis, joined
from lanthorn.layers.symbols import inferred_axes
from lanthorn.words import demo, phrases, reasons, sentences
from lanthorn.words.korean import forms_or_none
from lanthorn.words.phrases import EN, KO, LANGUAGES, phrase
from lanthorn.words.places import place_lines
from lanthorn.words.said import Said
from lanthorn.words.telling import parameter_line, remarks, sentence, told, words_of
from lanthorn.words.wirings import KINDS

TABLES = {
    **{name: getattr(sentences, name) for name in (
        "SENTENCES", "CLAUSES", "AFTERWARDS", "REMARKS", "PARAMETERS", "WEIGHTS", "PAGE")},
    **{kind: {**words_of(kind).SENTENCES, **getattr(words_of(kind), "REMARKS", {})}
       for kind in KINDS},
    "WHY": reasons.WHY,
    "DEMO": demo.DEMO,
}  # fmt: skip
TEMPLATES = [
    pytest.param(said, id=f"{table}-{key}")
    for table, entries in TABLES.items()
    for key, said in entries.items()
]
EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{index}")
    for names in layers.FILES.values()
    for name in names
    if name not in ("Input", "InputLayer", "Layer")
    for index, example in enumerate(getattr(layers, name).examples)
]


def marks(text):
    return re.findall(r"\{([^{}]*)\}", text)


def fact_names(text):
    return {mark.partition(":")[0] for mark in marks(text) if not forms_or_none(mark)}


def wired(layer, shape, arguments=None):
    axes = [Axes.of_sample(each) for each in shape] if isinstance(shape, list) else None
    axes = axes or Axes.of_sample(shape)
    layer.ensure_built(*(axes if layer.several_arguments else [axes]))
    return layer.wired_between(axes, inferred_axes(layer, axes), arguments)


def everything(wiring, language):
    return [
        sentence(wiring, language),
        *remarks(wiring, language),
        *place_lines(wiring, language),
        parameter_line(wiring, language),
    ]


@pytest.mark.parametrize("said", TEMPLATES)
def test_both_languages_use_the_same_facts(said):
    assert said.en and said.ko
    assert fact_names(said.en) == fact_names(said.ko)


def test_a_fact_that_only_one_language_tells_is_noticed():
    assert fact_names("{a} and {b:each}") != fact_names("{a}{과/와} {c:each}")


@pytest.mark.parametrize("said", TEMPLATES)
def test_no_number_is_typed_in(said):
    assert not re.search(r"\d", said.en) and not re.search(r"\d", said.ko)


@pytest.mark.parametrize("said", TEMPLATES)
def test_every_form_that_is_asked_for_exists_in_both_languages(said):
    of_numbers = {"percent", "signed", "parameters"}
    for language, known in (("en", EN), ("ko", KO)):
        for mark in marks(getattr(said, language)):
            form = mark.partition(":")[2]
            assert not form or form in known or form in of_numbers, mark


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_every_wiring_of_every_layer_is_told(name, example, language):
    wiring = wired(getattr(layers, name)(**example.settings), example.shape, example.arguments)
    assert told(wiring)[0] != "opaque", "a layer of the library says what it does"
    texts = everything(wiring, language)
    assert texts[0].endswith(".")
    for text in texts:
        assert "{" not in text and "}" not in text and "(를)" not in text and "None" not in text
    assert bool(re.search("[가-힣]", texts[0])) == (language == "ko")


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_both_languages_tell_the_same_numbers(name, example):
    wiring = wired(getattr(layers, name)(**example.settings), example.shape, example.arguments)
    english, korean = (
        sorted(set(re.findall(r"\d+(?:\.\d+)?", " ".join(everything(wiring, language)))))
        for language in LANGUAGES
    )
    assert english == korean


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_numbers_in_the_text_come_from_the_wiring(name, example):
    wiring = wired(getattr(layers, name)(**example.settings), example.shape, example.arguments)
    numbers = {float(n) for n in re.findall(r"\d+(?:\.\d+)?", json.dumps(wiring.to_json()))}
    numbers |= {0.0, 1.0, float(wiring.parameters()), float(len(wiring.inputs))}
    for axes in (*wiring.inputs, wiring.output):
        numbers.add(float(axes.elements() or 0))
    if wiring.kind == "elementwise":  # percent and factor of a rate; constants of the formula
        rate = dict(wiring.settings).get("rate", 0.0)
        numbers |= {100 * rate, 1 / (1 - rate)}
    if wiring.kind == "lookup":
        numbers.add(wiring.table.axes[0] - 1.0)
    if wiring.kind in ("window", "spread"):
        numbers |= {(w - 1.0) * 2 + 1 for w in wiring.size}
    if wiring.kind == "separable":
        numbers |= {(w - 1.0) * 2 + 1 for w in wiring.depthwise.size}
    if wiring.told_by.kind == "recur":
        numbers.add(float(len(wiring.told_by.gates)))
    if wiring.kind == "compose":
        numbers |= {float(piece.wiring.parameters()) for piece in wiring.pieces}
    if wiring.kind == "spread":  # rows that are cut off, or that no window covers
        numbers |= {float(n) for n in range(max(wiring.size))}
    text = " ".join([sentence(wiring), *remarks(wiring), parameter_line(wiring)])
    for number in re.findall(r"\d+(?:\.\d+)?", text.replace(",", "")):
        assert float(number) in numbers, (number, text)


# -- the sentences themselves ----------------------------------------------------------------------


def test_dense_at_several_steps_is_one_small_layer_shared():
    wiring = wired(layers.Dense(16), (3, 2))
    assert sentence(wiring) == (
        "At each of the 3 steps the same small layer turns 2 features into 16 units. "
        "Steps do not see each other."
    )
    assert sentence(wiring, "ko") == (
        "3개 단계마다 똑같은 작은 층이 특성 2개를 유닛 16개로 바꿉니다. "
        "단계끼리는 서로 보지 않습니다."
    )
    assert parameter_line(wiring) == (
        "2 × 16 weights + 16 biases = 48, shared by the 3 steps, so not 3 × 2 × 16."
    )
    assert parameter_line(wiring, "ko") == (
        "가중치 2 × 16 + 편향 16 = 48. 3개 단계가 함께 쓰므로 3 × 2 × 16이 아닙니다."
    )


def test_flatten_tells_where_a_number_went():
    wiring = wired(layers.Flatten(), (3, 16))
    assert sentence(wiring) == (
        "Lays 3 × 16 numbers in one row, step after step. Nothing is computed; the batch stays as "
        "it is."
    )
    assert place_lines(wiring) == [
        "place 17 is step 1, feature 1 (counted from 0)",
        "place = step × 16 + feature",
    ]
    assert place_lines(wiring, "ko") == [
        "자리 17은 단계 1, 특성 1 (0부터 셈)",
        "자리 = 단계 × 16 + 특성",
    ]


def test_flatten_of_a_picture_leaves_out_the_axes_that_move_nothing():
    wiring = wired(layers.Flatten(), (4, 5, 1))
    assert place_lines(wiring)[1] == "place = row × 5 + column"


def test_dense_behind_flatten_sees_every_step():
    flattened = Axes([Axis("batch", None), joined([Axis("steps", 3), Axis("units", 16)])])
    layer = layers.Dense(4)
    layer.ensure_built(flattened)
    wiring = layer.wired(flattened)
    assert sentence(wiring) == "Each of the 4 units now sees all 48 numbers, that is, every step."
    assert sentence(wiring, "ko") == "이제 유닛 4개가 저마다 수 48개를 모두, 곧 모든 단계를 봅니다."
    assert parameter_line(wiring) == "48 × 4 weights + 4 biases = 196"


def test_pooling_tells_rows_that_are_never_seen():
    wiring = wired(layers.MaxPooling2D(), (25, 24, 1))
    assert remarks(wiring) == ["Height 25 makes 12 rows: the last row is never seen."]
    assert remarks(wiring, "ko") == [
        "높이 25에서는 행 12개가 나옵니다. 마지막 행은 쓰이지 않습니다."
    ]
    assert remarks(wired(layers.MaxPooling2D(), (24, 24, 1))) == []


def test_strides_and_padding_are_told_when_they_matter():
    wiring = wired(layers.Conv2D(2, 3, strides=2, padding="same"), (9, 9, 1))
    assert remarks(wiring) == [
        "The window moves on 2 rows and 2 columns at a time.",
        'Past the edge every number counts as 0 (padding="same").',
    ]
    assert remarks(wired(layers.MaxPooling2D(2, padding="same"), (4, 4, 1))) == []


def test_softmax_of_one_number_is_warned_of():
    for layer in (layers.Dense(1, activation="softmax"), layers.Softmax()):
        text = sentence(wired(layer, (1,)))
        assert "always 1" in text and "sigmoid" in text


def test_an_activation_at_the_end_is_told_in_the_same_words():
    assert sentence(wired(layers.Dense(2, activation="relu"), (3,))).endswith(
        "Then relu: negative becomes 0."
    )
    assert sentence(wired(layers.Activation("relu"), (3,))) == (
        "Each number by itself: negative becomes 0."
    )


def test_an_embedding_tells_which_numbers_it_takes():
    wiring = wired(layers.Embedding(7, 3), (4,))
    assert sentence(wiring).startswith("Each whole number from 0 to 6 picks its own row")
    assert sentence(wiring, "ko").startswith("0부터 6까지의 정수마다")


def test_open_sizes_are_said_without_numbers():
    assert sentence(wired(layers.Dense(8), (None, 5))).startswith("At every step the same small")
    assert sentence(wired(layers.GlobalAveragePooling2D(), (None, None, 3))) == (
        "Each channel becomes one number, the mean of all its places."
    )
    for language in LANGUAGES:
        text = sentence(wired(layers.MaxPooling2D(), (None, None, 3)), language)
        assert "None" not in text and "?" not in text


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (layers.ConvLSTM1D(2, 2), (5, 4, 1)),
        (layers.ConvLSTM3D(2, 2), (5, 2, 2, 2, 1)),
        (layers.TimeDistributed(layers.Conv2D(2, 2)), (5, 3, 3, 1)),
    ],
)
def test_what_is_read_in_order_are_steps_whatever_a_step_holds(layer, shape):
    wiring = wired(layer, shape)
    assert "5 steps" in sentence(wiring) and "단계" in sentence(wiring, "ko")
    assert "axis" not in sentence(wiring) and "slices" not in sentence(wiring)
    assert layer.output_axes(Axes.of_sample(shape)).names[-1] in ("filters", "channels")


# -- grammar ---------------------------------------------------------------------------------------

SIZES = st.integers(1, 4)
NOUN = "(?:step|feature|unit|row|column|channel|number|input|place|filter|group|weight|biase)"
ONE_OF_MANY = re.compile(rf"(?<![×\d.] )\b1 {NOUN}s\b|\b(?:[02-9]|\d\d+) {NOUN}\b")


def layers_to_say(draw_sizes):
    a, b, c, units = draw_sizes
    return [
        (layers.Dense(units), (a, b)),
        (layers.Dense(units), (b,)),
        (layers.Conv2D(units, (1, a)), (a, b + 4, c)),
        (layers.MaxPooling2D((1, b), strides=a), (a + 4, b + 4, c)),
        (layers.Flatten(), (a, b, c)),
        (layers.Embedding(a, units), (b,)),
        (layers.Softmax(), (a, b)),
        (layers.GlobalMaxPooling2D(), (a, b, c)),
        (layers.Concatenate(), [(a, b), (a, c)]),
    ]


@given(sizes=st.tuples(SIZES, SIZES, SIZES, SIZES))
def test_one_is_singular_and_more_are_plural(sizes):
    for layer, shape in layers_to_say(sizes):
        for text in everything(wired(layer, shape), "en"):
            assert not ONE_OF_MANY.search(text.partition("place ")[0]), text


def test_the_grammar_check_can_fail():
    assert ONE_OF_MANY.search("turns 1 features into")
    assert ONE_OF_MANY.search("turns 2 feature into")
    assert not ONE_OF_MANY.search("turns 1 feature into 2 units")


@pytest.mark.parametrize(
    ("group", "form", "en", "ko"),
    [
        ((Axis("steps", 3),), "each", "each of the 3 steps", "3개 단계마다"),
        ((Axis("steps", 1),), "each", "the only step", "하나뿐인 단계에서"),
        ((Axis("steps", None),), "each", "every step", "단계마다"),
        ((Axis("height", 4), Axis("width", 5)), "each", "each of the 4 × 5 places",
         "4 × 5개 자리마다"),
        ((Axis("days", 3),), "count", "3 days", "days 3개"),
        ((Axis("class", 1),), "count", "1 class", "class 1개"),
        ((Axis("features", 1000),), "count", "1,000 features", "특성 1,000개"),
        ((Axis("steps·units", 48),), "all", "all 48 numbers", "수 48개를 모두"),
        ((Axis("height", 2),), "last", "the last 2 rows are", "마지막 행 2개는"),
        ((Axis("height", 2), Axis("width", 3)), "list", "2 rows and 3 columns", "행 2개와 열 3개"),
    ],
)  # fmt: skip
def test_forms_of_a_fact(group, form, en, ko):
    assert phrase(group, form, "en") == en
    assert phrase(group, form, "ko") == ko


def test_plurals():
    words = ("row", "class", "city", "day")
    assert [phrases.plural(word) for word in words] == ["rows", "classes", "cities", "days"]


def test_an_unknown_language_is_refused_by_name():
    with pytest.raises(ValueError, match="'en' and 'ko', not in 'de'"):
        sentence(wired(layers.Dense(1), (2,)), "de")


def test_said_has_no_third_place_for_a_language_to_hide():
    assert Said._fields == LANGUAGES
