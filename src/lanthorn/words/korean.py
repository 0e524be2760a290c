"""Korean particles, chosen by the final sound of what stands before them.

A particle has one form after a consonant and one after a vowel: 유닛을, 채널을, but 너비를. What
stands before it may be Hangul, a number (16 is read 십육, so 16을) or a Latin name (D is read 디,
so Conv2D를). A sentence holds both forms in braces, and the choice is made when its facts are in:
`fill("특성 {n}{을/를}", {"n": 16})`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lanthorn.words.sounds import final_sound

CHANGING = {
    "은": "는",
    "이": "가",
    "을": "를",
    "과": "와",
    "아": "야",
    "으로": "로",
    "이라": "라",
    "이나": "나",
    "이며": "며",
    "이고": "고",
    "이란": "란",
    "이면": "면",
    "이다": "다",
    "이든": "든",
    "이랑": "랑",
    "이라고": "라고",
    "이므로": "므로",
    "이에요": "예요",
    "이었": "였",
}
"""After a consonant: after a vowel."""

OPTIONAL = re.compile(r"\((이|으)\)(.+)")
"""`(으)로` and `(이)라`: the syllable in brackets is said after a consonant only."""

MARK = re.compile(r"\{([^{}]*)\}")


def particle(word: object, pair: str) -> str:
    """The form of a pair such as `을/를`, `은/는`, `(으)로` or `(이)라` that follows `word`.

    Either order of a pair will do. Where nobody can know how `word` is read, both forms are
    given, as Korean print does: `을(를)`.
    Raises: ValueError for a pair that is none.
    Example:
        >>> particle("유닛", "을/를"), particle(16, "을/를"), particle("Conv2D", "을/를")
        ('을', '을', '를')
        >>> particle("채널", "(으)로"), particle("단계", "(으)로"), particle("특성", "(으)로")
        ('로', '로', '으로')
    """
    after_consonant, after_vowel = forms(pair)
    sound = final_sound(str(word))
    if sound is None:
        return undecided(after_consonant, after_vowel)
    if sound == "ㄹ" and after_consonant == "으" + after_vowel:
        return after_vowel  # 으 is dropped after ㄹ too: 서울로, 8로
    return after_consonant if sound else after_vowel


def with_particle(word: object, pair: str) -> str:
    """`word` and its particle: `with_particle("Dense", "은/는")` is `"Dense는"`."""
    return f"{word}{particle(word, pair)}"


def forms(pair: str) -> tuple[str, str]:
    """The form after a consonant and the form after a vowel.

    Raises: ValueError when `pair` is no pair of forms.
    """
    found = forms_or_none(pair)
    if found is None:
        raise ValueError(
            f"{pair!r} is not a pair of particles such as '을/를' or '(으)로'. "
            f"Known: {', '.join(f'{a}/{b}' for a, b in CHANGING.items())}, (으)…, (이)…."
        )
    return found


def forms_or_none(pair: str) -> tuple[str, str] | None:
    optional = OPTIONAL.fullmatch(pair)
    if optional:
        return optional[1] + optional[2], optional[2]
    first, slash, second = pair.partition("/")
    if slash and CHANGING.get(first) == second:
        return first, second
    if slash and CHANGING.get(second) == first:
        return second, first
    return None


def undecided(after_consonant: str, after_vowel: str) -> str:
    """Both forms, in the way Korean print leaves it open."""
    if after_consonant[1:] == after_vowel:
        return f"({after_consonant[0]}){after_vowel}"
    return f"{after_consonant}({after_vowel})"


def josa(text: str) -> str:
    """`text` with each pair in braces replaced by the form that follows what stands before it.

    Other braces stay as they are.
    Example:
        >>> josa("Flatten{은/는} 유닛 48{을/를} 한 줄{(으)로} 늘어놓습니다.")
        'Flatten은 유닛 48을 한 줄로 늘어놓습니다.'
    """
    return fill(text, {})


def fill(template: str, facts: Mapping[str, object]) -> str:
    """`template` with `{name}` replaced by facts and `{을/를}` by the form that follows.

    One pass from left to right: braces inside a fact are text, never a name or a pair. Names may
    hold dots (`{in.features}`); a name that is no fact stays as it is.
    Example:
        >>> fill("특성 {n}개를 유닛 {out.units}{(으)로} 바꿉니다.", {"n": 2, "out.units": 10})
        '특성 2개를 유닛 10으로 바꿉니다.'
    """
    done = ""
    end = 0
    for mark in MARK.finditer(template):
        done += template[end : mark.start()]
        end = mark.end()
        if forms_or_none(mark[1]):
            done += particle(done, mark[1])
        else:
            done += str(facts.get(mark[1], mark[0]))
    return done + template[end:]
