"""Korean particles follow the sound of what stands before them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanthorn.words.korean import CHANGING, fill, josa, particle, with_particle
from lanthorn.words.sounds import LOOK_BACK, final_sound

AFTER_CONSONANT, AFTER_VOWEL, AFTER_L = "을 은 이 과 으로", "를 는 가 와 로", "을 은 이 과 로"
PAIRS = ("을/를", "은/는", "이/가", "과/와", "(으)로")

HANGUL = {
    "유닛": AFTER_CONSONANT,
    "특성": AFTER_CONSONANT,
    "값": AFTER_CONSONANT,  # a double final
    "닭": AFTER_CONSONANT,
    "층": AFTER_CONSONANT,
    "채널": AFTER_L,
    "모델": AFTER_L,
    "물": AFTER_L,
    "삶": AFTER_CONSONANT,  # ㄻ is not ㄹ
    "너비": AFTER_VOWEL,
    "배치": AFTER_VOWEL,
    "단계": AFTER_VOWEL,
    "가": AFTER_VOWEL,  # the first syllable of the table
    "힣": AFTER_CONSONANT,  # and the last
    "\u1112\u1161\u11ab": AFTER_CONSONANT,  # 한, as macOS spells it in file names
    "ㄹ": AFTER_L,  # 리을
    "ㄱ": AFTER_CONSONANT,  # 기역
    "ㅏ": AFTER_VOWEL,
    "3개": AFTER_VOWEL,
}

NUMBERS = {
    0: AFTER_CONSONANT,  # 영
    1: AFTER_L,  # 일
    2: AFTER_VOWEL,
    3: AFTER_CONSONANT,  # 삼
    4: AFTER_VOWEL,
    5: AFTER_VOWEL,
    6: AFTER_CONSONANT,  # 육
    7: AFTER_L,  # 칠
    8: AFTER_L,  # 팔
    9: AFTER_VOWEL,
    10: AFTER_CONSONANT,  # 십
    16: AFTER_CONSONANT,  # 십육
    48: AFTER_L,  # 사십팔
    100: AFTER_CONSONANT,  # 백
    196: AFTER_CONSONANT,
    244: AFTER_VOWEL,
    1000: AFTER_CONSONANT,  # 천
    1024: AFTER_VOWEL,
    10_000: AFTER_CONSONANT,  # 만
    100_000: AFTER_CONSONANT,  # 십만
    10_000_000: AFTER_CONSONANT,  # 천만
    10**8: AFTER_CONSONANT,  # 억
    10**12: AFTER_VOWEL,  # 조
    10**16: AFTER_CONSONANT,  # 경
    10**20: AFTER_VOWEL,  # 해
    -3: AFTER_CONSONANT,
    "1,797": AFTER_L,
    "1,000": AFTER_CONSONANT,
    "0.5": AFTER_VOWEL,
    "0.1": AFTER_L,
    "3.10": AFTER_CONSONANT,  # 삼 점 일영
    "97.0": AFTER_CONSONANT,
    ".25": AFTER_VOWEL,
    "1e-6": AFTER_CONSONANT,
    "2e-08": AFTER_L,
    "97 %": AFTER_VOWEL,  # 퍼센트
    "3²": AFTER_CONSONANT,  # 제곱
    "2 × 16": AFTER_CONSONANT,
}

LETTER_BY_LETTER = {
    "Conv2D": AFTER_VOWEL,  # 디
    "MaxPooling2D": AFTER_VOWEL,
    "D16": AFTER_CONSONANT,  # 십육
    "F17": AFTER_L,
    "A": AFTER_VOWEL,
    "F": AFTER_VOWEL,  # 에프
    "L": AFTER_L,  # 엘
    "M": AFTER_CONSONANT,  # 엠
    "N": AFTER_CONSONANT,  # 엔
    "R": AFTER_L,  # 알
    "S": AFTER_VOWEL,  # 에스
    "x": AFTER_VOWEL,
    "n": AFTER_CONSONANT,
    "LSTM": AFTER_CONSONANT,
    "GRU": AFTER_VOWEL,
    "RNN": AFTER_CONSONANT,
    "CNN": AFTER_CONSONANT,
    "SGD": AFTER_VOWEL,
    "ROC": AFTER_VOWEL,  # 아르오시, not 록
    "ReLU": AFTER_VOWEL,
    "LeakyReLU": AFTER_VOWEL,
    "JAX": AFTER_VOWEL,
    "URL": AFTER_L,
    "float32": AFTER_VOWEL,
    "uint8": AFTER_L,
    "dense_1": AFTER_L,
    "conv2d": AFTER_VOWEL,
    "α": AFTER_VOWEL,
    "ε": AFTER_CONSONANT,  # 엡실론
}

WORDS = {
    "Dense": AFTER_VOWEL,
    "Flatten": AFTER_CONSONANT,
    "Dropout": AFTER_CONSONANT,
    "Embedding": AFTER_CONSONANT,
    "BatchNormalization": AFTER_CONSONANT,
    "MaxPooling": AFTER_CONSONANT,
    "Reshape": AFTER_VOWEL,
    "Permute": AFTER_VOWEL,
    "Concatenate": AFTER_VOWEL,
    "Add": AFTER_VOWEL,
    "Input": AFTER_CONSONANT,
    "Sequential": AFTER_L,
    "Model": AFTER_L,
    "Layer": AFTER_VOWEL,
    "Activation": AFTER_CONSONANT,
    "relu": AFTER_VOWEL,
    "sigmoid": AFTER_VOWEL,
    "softmax": AFTER_VOWEL,
    "tanh": AFTER_VOWEL,
    "Adam": AFTER_CONSONANT,
    "RMSprop": AFTER_CONSONANT,
    "Keras": AFTER_VOWEL,
    "kernel": AFTER_L,
    "bias": AFTER_VOWEL,
    "batch": AFTER_VOWEL,
    "epoch": AFTER_VOWEL,
    "step": AFTER_CONSONANT,
    "shape": AFTER_VOWEL,
    "type": AFTER_CONSONANT,
    "name": AFTER_CONSONANT,
    "None": AFTER_CONSONANT,
    "sample": AFTER_L,
    "cell": AFTER_L,
    "unit": AFTER_CONSONANT,
    "bit": AFTER_VOWEL,
    "float": AFTER_VOWEL,
    "test": AFTER_VOWEL,
    "weight": AFTER_VOWEL,
    "network": AFTER_VOWEL,
    "block": AFTER_CONSONANT,
    "loop": AFTER_VOWEL,
    "metric": AFTER_CONSONANT,
    "norm": AFTER_CONSONANT,
    "log": AFTER_VOWEL,
    "hidden_layer": AFTER_VOWEL,
    "in.features": AFTER_VOWEL,
}

MARKED = {
    "'유닛'": AFTER_CONSONANT,
    "“너비”": AFTER_VOWEL,
    "「모델」": AFTER_L,
    "`Dense`": AFTER_VOWEL,
    "**16**": AFTER_CONSONANT,
    "D16 (Dense)": AFTER_CONSONANT,  # read without what the brackets hold
    "Flatten()": AFTER_CONSONANT,
    "Conv2D(32, (3, 3))": AFTER_VOWEL,
    "배치(None)": AFTER_VOWEL,
    "(배치, 단계 3, 유닛 16)": AFTER_CONSONANT,  # there is nothing but what they hold
    "((2, 4))": AFTER_VOWEL,
    "F[17]": AFTER_L,
    "끝.": AFTER_CONSONANT,
    "유닛 ": AFTER_CONSONANT,
}

UNKNOWN = "을(를) 은(는) 이(가) 과(와) (으)로"
NOBODY_KNOWS = dict.fromkeys(["", "()", "?", "☃", "層", "é", "—"], UNKNOWN)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param(word, forms, id=repr(word))
        for table in (HANGUL, NUMBERS, LETTER_BY_LETTER, WORDS, MARKED, NOBODY_KNOWS)
        for word, forms in table.items()
    ],
)
def test_a_particle_follows_the_sound_before_it(word: object, expected: str):
    assert " ".join(particle(word, pair) for pair in PAIRS) == expected


@pytest.mark.parametrize(
    ("number", "sound"),
    [("10", "ㅂ"), ("0.10", "ㅇ"), ("1.000", "ㅇ"), ("0.0", "ㅇ"), ("00", "ㅇ"), ("1e10", "ㅂ")],
)
def test_behind_the_point_each_digit_is_said_by_itself(number: str, sound: str):
    assert final_sound(number) == sound


@pytest.mark.parametrize(
    ("pair", "consonant", "vowel", "el"),
    [
        ("(이)라", "이라", "라", "이라"),
        ("(이)나", "이나", "나", "이나"),
        ("(이)며", "이며", "며", "이며"),
        ("이나/나", "이나", "나", "이나"),
        ("으로/로", "으로", "로", "로"),
        ("로/으로", "으로", "로", "로"),
        ("(으)로서", "으로서", "로서", "로서"),
        ("(으)면", "으면", "면", "면"),
        ("를/을", "을", "를", "을"),
        ("는/은", "은", "는", "은"),
        ("가/이", "이", "가", "이"),
        ("와/과", "과", "와", "과"),
        ("아/야", "아", "야", "아"),
        ("이에요/예요", "이에요", "예요", "이에요"),
    ],
)
def test_every_pair_has_its_forms_in_either_order(pair: str, consonant: str, vowel: str, el: str):
    assert [particle(word, pair) for word in ("유닛", "너비", "채널")] == [consonant, vowel, el]


def test_an_unknown_sound_leaves_optional_syllables_in_brackets():
    assert [particle("☃", pair) for pair in ("(이)라", "이라/라", "으로/로", "이에요/예요")] == [
        "(이)라",
        "(이)라",
        "(으)로",
        "이에요(예요)",
    ]


@pytest.mark.parametrize("pair", ["", "을", "을/를/은", "을/는", "을를", "(가)나", "a/b"])
def test_what_is_no_pair_is_refused_by_name(pair: str):
    with pytest.raises(ValueError, match=re.escape(repr(pair))):
        particle("유닛", pair)


def test_a_word_comes_with_its_particle():
    assert with_particle("Dense", "은/는") == "Dense는"
    assert with_particle(16, "을/를") == "16을"


def test_pairs_in_a_text_follow_what_stands_before_them():
    assert josa("유닛 48{을/를} 한 줄{(으)로}, 배치{은/는} 그대로.") == (
        "유닛 48을 한 줄로, 배치는 그대로."
    )


@pytest.mark.parametrize(("n", "said"), [(2, "2를"), (16, "16을"), (1, "1을"), (10, "10을")])
def test_a_pair_after_a_fact_follows_the_fact(n: int, said: str):
    assert fill("특성 {n}{을/를} 바꿉니다", {"n": n}) == f"특성 {said} 바꿉니다"


def test_a_counter_behind_a_fact_needs_no_pair():
    assert fill("유닛 {units}개를", {"units": 16}) == "유닛 16개를"


def test_facts_may_have_dots_and_unknown_ones_stay():
    assert fill("{in.height}{과/와} {out.what}", {"in.height": 28}) == "28과 {out.what}"


def test_braces_inside_a_fact_are_text():
    assert fill("{name}{은/는} {n}", {"name": "{n}{을/를}", "n": 1}) == "{n}{을/를}은 1"


def test_a_pair_at_the_very_start_stays_open():
    assert josa("{은/는}") == "은(는)"


def test_a_long_text_is_no_slower_at_its_end():
    assert final_sound("(" * 100_000 + "유닛") == "ㅅ"
    assert final_sound("1," * 100_000 + "6") == "ㄱ"
    assert final_sound("유닛" + ")" * 2 * LOOK_BACK) is None


@given(st.text())
def test_any_text_at_all_gets_one_of_the_forms(word: str):
    for after_consonant, after_vowel in CHANGING.items():
        chosen = particle(word, f"{after_consonant}/{after_vowel}")
        assert chosen in (after_consonant, after_vowel) or "(" in chosen


@given(st.integers(min_value=0, max_value=10**30))
def test_a_number_is_read_the_same_with_and_without_separators(number: int):
    assert final_sound(str(number)) == final_sound(f"{number:,}")


def read_in_korean(number: int) -> str:
    """The number in Hangul, written plainly from its parts."""
    if number == 0:
        return "영"
    said = ""
    for place, myriad in reversed(list(enumerate(["", "만", "억", "조", "경", "해"]))):
        part = number // 10 ** (4 * place) % 10**4
        if part:
            for power, ten in ((3, "천"), (2, "백"), (1, "십"), (0, "")):
                digit = part // 10**power % 10
                if digit:
                    said += "일이삼사오육칠팔구"[digit - 1] + ten
            said += myriad
    return said


@given(st.integers(min_value=0, max_value=10**24 - 1) | st.sampled_from([10**n for n in range(24)]))
def test_a_number_ends_as_its_reading_ends(number: int):
    assert final_sound(str(number)) == final_sound(read_in_korean(number))
