"""The sound on which a word ends when a Korean reader says it: Hangul, numbers, Latin names."""

from __future__ import annotations

import re
import unicodedata

FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
"""The 28 endings of a Hangul syllable, in the order of Unicode's table."""

DIGITS = ("ㅇ", "ㄹ", "", "ㅁ", "", "", "ㄱ", "ㄹ", "ㄹ", "")
"""영 일 이 삼 사 오 육 칠 팔 구."""

TENS = ("", "ㅂ", "ㄱ", "ㄴ")
"""십 백 천, by how many zeros."""

MYRIADS = ("", "ㄴ", "ㄱ", "", "ㅇ", "", "", "ㅇ")
"""만 억 조 경 해 자 양, by how many fours of zeros."""

LETTERS = {"l": "ㄹ", "m": "ㅁ", "n": "ㄴ", "r": "ㄹ"}
"""엘 엠 엔 알; every other letter's name ends on a vowel (에이 비 시 … 에스 … 제트)."""

SYMBOLS = {"%": "", "‰": "ㄹ", "°": "", "²": "ㅂ", "³": "ㅂ", "∞": "", "ε": "ㄴ", "υ": "ㄴ"}
"""퍼센트 퍼밀 도 제곱 세제곱 무한대 엡실론 입실론; every other Greek letter ends on a vowel."""

WORDS = {
    "bit": "",  # 비트
    "byte": "",
    "check": "",  # 체크
    "kit": "",
    "pixel": "ㄹ",
    "px": "ㄹ",  # 픽셀
    "root": "",  # 루트
    "sub": "",  # 서브
    "technique": "ㄱ",  # 테크닉
    "type": "ㅂ",  # 타입
    "dtype": "ㅂ",
}
"""Common words that are not said as their spelling suggests."""

ENDINGS = (
    (r"le", "ㄹ"),  # 샘플 스케일 모듈
    (r"ne", "ㄴ"),  # 라인 튠
    (r"me", "ㅁ"),  # 타임 프레임
    (r"[aeiouyhw]", ""),  # 람다 어큐러시 셰이프; -sh 시, -ch 치, -th 스; 뷰
    (r"ng", "ㅇ"),  # 임베딩
    (r"mb|m", "ㅁ"),  # 놈
    (r"n", "ㄴ"),  # 플래튼
    (r"l", "ㄹ"),  # 커널 셀
    (r"ck|ook|[aeio]c", "ㄱ"),  # 블록 훅 메트릭
    (r"out", "ㅅ"),  # 드롭아웃
    (r"[aeiou]{2}t", ""),  # 플로트 리피트
    (r"[aeiou]t", "ㅅ"),  # 유닛 데이터셋 플롯
    (r"oop", ""),  # 루프
    (r"[aeiou]p", "ㅂ"),  # 스텝 드롭 그룹
    (r"[aeou]b", "ㅂ"),  # 웹 탭
    (r"[a-z]", ""),  # 레이어 마스크 테스트 그리드 플래그 로스 소프트맥스 리프
)
"""The last letters of a Latin word and the sound they get in Korean; the first that fits counts."""

CLOSING = "\"'`”’»›」』】》〉]}>*_.,:;!?…·~ \t\n"
"""Marks that are not said. Round brackets are more: what they hold is passed over too."""

LOOK_BACK = 400
"""Characters of a text that are looked at; more would make a long text slow and decide nothing."""

NUMBER = re.compile(r"(?:\d[\d,]*)?\.?\d+(?:[eE][+-]?\d+)?\Z")
LATIN = re.compile(r"[A-Z]{2,}\Z|[A-Z]?[a-z]+\Z|[A-Z]\Z")


def final_sound(text: str) -> str | None:
    """The consonant `text` ends on when it is read aloud in Korean, `""` for a vowel.

    A name with something in round brackets behind it is read without them, as Korean orthography
    has it: in `D16 (Dense)` the 16 decides. None when nobody can know how it is read.
    Example:
        >>> final_sound("유닛"), final_sound("16"), final_sound("Dense"), final_sound("☃")
        ('ㅅ', 'ㄱ', '', None)
    """
    said = without_marks(unicodedata.normalize("NFC", text[-LOOK_BACK:]))
    if not said:
        return None
    last = said[-1]
    if "가" <= last <= "힣":
        return FINALS[(ord(last) - ord("가")) % len(FINALS)]
    if last in "0123456789":
        return number_sound(said)
    if last.isascii() and last.isalpha():
        return latin_sound(said)
    if "ㄱ" <= last <= "ㅎ":
        return "ㄹ" if last == "ㄹ" else "ㄱ"  # a letter's name: 리을; 기역 니은 … all end closed
    if "α" <= last <= "ω" or "Α" <= last <= "Ω" or "ㅏ" <= last <= "ㅣ":
        return SYMBOLS.get(last, "")  # 알파, 감마, 시그마 …
    return SYMBOLS.get(last)


def without_marks(text: str) -> str:
    """`text` up to the last thing that is said."""
    while True:
        text = text.rstrip(CLOSING)
        if not text.endswith((")", "）")):
            return text
        before = text[: opening(text)].rstrip(CLOSING)
        if before and not before.endswith(("(", "（")):
            text = before
        else:
            text = text[:-1]


def opening(text: str) -> int:
    """Where the round bracket opens that the last character closes, 0 when nowhere."""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        depth += (text[index] in ")）") - (text[index] in "(（")
        if depth == 0:
            return index
    return 0


def number_sound(text: str) -> str:
    """The last sound of the number that `text` ends on: 10 is 십, 0.5 영점 오, 1e-6 … 육."""
    found = NUMBER.search(text)
    digits = found[0] if found else text[-1]
    whole = re.split("[eE][+-]?", digits)[-1].replace(",", "")
    if "." in whole or not whole.strip("0"):
        return DIGITS[int(whole[-1])]  # behind the point each digit is said by itself
    zeros = len(whole) - len(whole.rstrip("0"))
    if zeros == 0:
        return DIGITS[int(whole[-1])]
    if zeros < 4:
        return TENS[zeros]
    return MYRIADS[min(zeros // 4, len(MYRIADS) - 1)]


def latin_sound(text: str) -> str:
    """The last sound of the Latin name at the end of `text`.

    Capitals and single letters are said letter by letter (GRU, Conv2D); of a name in humps
    (MaxPooling) the last word counts.
    """
    found = LATIN.search(text)
    word = found[0] if found else text[-1]
    if len(word) == 1 or word.isupper():
        return LETTERS.get(word[-1].lower(), "")
    word = word.lower()
    if word in WORDS:
        return WORDS[word]
    return next(sound for letters, sound in ENDINGS if re.search(rf"(?:{letters})\Z", word))
