"""The forms in which facts are said inside a sentence: `3 steps`, `유닛 16개`, `each of the …`.

A fact is a number, a text, an `Axis` or a tuple of them. `Facts` is what a template is filled
from: `{out.last:each}` asks the fact `out.last` for its form "each".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lanthorn.axes import Axis, product
from lanthorn.words.korean import fill, particle
from lanthorn.words.said import Said
from lanthorn.words.shapes import axis_word, place_word, sizes_text

LANGUAGES = ("en", "ko")

NOUNS_KO = {
    "numbers": "수",
    "places": "자리",
    "inputs": "입력",
    "layers": "층",
    "groups": "묶음",
    "gates": "게이트",
    "cells": "셀",
    "parameters": "파라미터",
}
"""Korean for what is counted besides axes; English takes the singular from the plural."""


def checked_language(language: str) -> str:
    """`language`, when it is one there are words for.

    Raises: ValueError that names the languages.
    """
    if language not in LANGUAGES:
        raise ValueError(
            f"There are words in {' and '.join(map(repr, LANGUAGES))}, not in {language!r}."
        )
    return language


class Facts(Mapping[str, str]):
    """Facts by name, said in one language when a template asks for them."""

    def __init__(self, language: str, values: Mapping[str, Any]) -> None:
        self.language = language
        self.values_by_name = values

    def __getitem__(self, mark: str) -> str:
        name, _, form = mark.partition(":")
        return phrase(self.values_by_name[name], form, self.language)

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)


def say(said: Said, language: str, values: Mapping[str, Any]) -> str:
    """A template in one language with its facts."""
    return fill(getattr(said, language), Facts(language, values))


def phrase(value: Any, form: str, language: str) -> str:
    """One fact in one form."""
    if isinstance(value, Axis):
        value = (value,)
    if isinstance(value, tuple) and value and isinstance(value[0], Axis):
        return (EN if language == "en" else KO)[form or "count"](value)
    if isinstance(value, int | float):
        return number(value, form, language)
    return str(value)


def number(value: float, form: str, language: str) -> str:
    """A number: as it is, as a percentage, with its sign set off, or counting parameters."""
    if form == "percent":
        return f"{100 * value:g}{' ' if language == 'en' else ''}%"
    if form == "signed":
        return f"{'-' if value < 0 else '+'} {plain(abs(value))}"
    if form == "parameters":
        return phrase(Axis("parameters", int(value)), "", language)
    return plain(value)


def plain(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.6g}"


def plural(word: str) -> str:
    """`row` → `rows`, `class` → `classes`, `city` → `cities`."""
    if word.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def joined_words(words: Sequence[str], language: str) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *rest, last = words
    if not rest:
        return last
    before = ", ".join(rest)
    return (
        f"{before} and {last}"
        if language == "en"
        else f"{before}{particle(before, '과/와')} {last}"
    )


# -- what the axes of a group are called -----------------------------------------------------------

Group = Sequence[Axis]


def size(group: Group) -> int | None:
    return product(axis.size for axis in group)


def noun(group: Group, language: str) -> str:
    """The word for one of what a group counts: its axis's place; a `place` for several axes."""
    if len(group) > 1:
        return "place" if language == "en" else NOUNS_KO["places"]
    name = group[0].name
    if "·" in name:
        return "number" if language == "en" else NOUNS_KO["numbers"]
    return NOUNS_KO[name] if language == "ko" and name in NOUNS_KO else place_word(name, language)


def many(group: Group) -> str:
    """How many, in digits: `3`, `28 × 28`."""
    if len(group) == 1:
        return plain(group[0].size or 0)
    return sizes_text([axis.size for axis in group])


def sizes(group: Group) -> str:
    return sizes_text([axis.size for axis in group])


# -- English ---------------------------------------------------------------------------------------


def en_noun(group: Group) -> str:
    return noun(group, "en")


def en_nouns(group: Group) -> str:
    return plural(noun(group, "en"))


def en_count(group: Group) -> str:
    """`3 steps`, `1 step`, `28 × 28 places`, `any number of steps`."""
    if size(group) is None:
        return f"any number of {en_nouns(group)}"
    return f"{many(group)} {en_noun(group) if size(group) == 1 else en_nouns(group)}"


def en_some(before: str, only: str, open_: str) -> Callable[[Group], str]:
    """A phrase around the count: of many, of one alone, and when nobody knows how many."""

    def said(group: Group) -> str:
        if size(group) is None:
            return open_.format(one=en_noun(group), many=en_nouns(group))
        if size(group) == 1:
            return only.format(one=en_noun(group))
        return before.format(count=en_count(group))

    return said


def en_last(group: Group) -> str:
    """`the last row is`, `the last 2 rows are`."""
    if size(group) == 1:
        return f"the last {en_noun(group)} is"
    return f"the last {en_count(group)} are"


def capital(form: Callable[[Group], str]) -> Callable[[Group], str]:
    def said(group: Group) -> str:
        text = form(group)
        return text[:1].upper() + text[1:]

    return said


def listed(language: str, word: Callable[[Group], str]) -> Callable[[Group], str]:
    """The axes of a group one by one: `2 rows and 2 columns`."""
    return lambda group: joined_words([word((axis,)) for axis in group], language)


def extent(group: Group, count: Callable[[Group], str]) -> str:
    """How large a window is: `3 × 3`, or `3 steps` along one axis."""
    return count(group) if len(group) == 1 else sizes(group)


def en_numbers(group: Group) -> str:
    count = size(group)
    return "numbers" if count is None else en_count((Axis("numbers", count),))


en_the = en_some("the {count}", "the only {one}", "all {many}")
en_each = en_some("each of the {count}", "the only {one}", "every {one}")
en_names = listed("en", lambda group: axis_word(group[0].name))

EN: dict[str, Callable[[Group], str]] = {
    "count": en_count,
    "sites": en_count,
    "sizes": sizes,
    "numbers": en_numbers,
    "the": en_the,
    "The": capital(en_the),
    "sharers": en_the,
    "each": en_each,
    "Each": capital(en_each),
    "all": en_some("all {count}", "the only {one}", "all {many}"),
    "its": en_some("its {count}", "its only {one}", "all its {many}"),
    "every": lambda group: "every " + listed("en", en_noun)(group),
    "one": listed("en", en_noun),
    "plural": en_nouns,
    "places": capital(en_nouns),
    "names": en_names,
    "Names": capital(en_names),
    "Name": capital(en_names),
    "order": lambda group: ", ".join(axis_word(axis.name) for axis in group),
    "list": listed("en", en_count),
    "last": en_last,
    "extent": lambda group: extent(group, en_count),
}


# -- Korean ----------------------------------------------------------------------------------------


def ko_noun(group: Group) -> str:
    return noun(group, "ko")


def ko_count(group: Group) -> str:
    """`단계 3개`, `자리 28 × 28개`, `단계 여러 개`."""
    if size(group) is None:
        return f"{ko_noun(group)} 여러 개"
    return f"{ko_noun(group)} {many(group)}개"


def ko_sites(group: Group) -> str:
    """`3개 단계`, `28 × 28개 자리`."""
    if size(group) is None:
        return f"모든 {ko_noun(group)}"
    return f"{many(group)}개 {ko_noun(group)}"


def ko_only(group: Group, only: str, open_: str, other: str) -> str:
    chosen = open_ if size(group) is None else only if size(group) == 1 else other
    return chosen.format(one=ko_noun(group), count=ko_count(group), sites=ko_sites(group))


def ko_subject(group: Group) -> str:
    """`유닛 4개가 저마다`, `하나뿐인 유닛이`."""
    only = f"하나뿐인 {ko_noun(group)}"
    return ko_only(group, only + particle(only, "이/가"), "{one}마다", "{count}가 저마다")


def ko_all(group: Group) -> str:
    """`수 48개를 모두`, `하나뿐인 특성을`, `모든 단계를`."""
    object_ = particle(ko_noun(group), "을/를")
    return ko_only(group, "하나뿐인 {one}" + object_, "모든 {one}" + object_, "{count}를 모두")


def ko_last(group: Group) -> str:
    """`마지막 행은`, `마지막 행 2개는`."""
    text = f"마지막 {ko_noun(group)}" if size(group) == 1 else f"마지막 {ko_count(group)}"
    return text + particle(text, "은/는")


def ko_numbers(group: Group) -> str:
    count = size(group)
    return "수" if count is None else ko_count((Axis("numbers", count),))


def ko_the(group: Group) -> str:
    return ko_only(group, "하나뿐인 {one}", "모든 {one}", "{count}")


def ko_shared(group: Group) -> str:
    return ko_only(group, "하나뿐인 {one}", "모든 {one}", "{sites}")


ko_one = listed("ko", ko_noun)
ko_names = listed("ko", lambda group: axis_word(group[0].name, "ko"))

KO: dict[str, Callable[[Group], str]] = {
    "count": ko_count,
    "sites": ko_sites,
    "sizes": sizes,
    "numbers": ko_numbers,
    "the": ko_the,
    "The": ko_the,
    "sharers": ko_shared,
    "each": lambda group: ko_only(group, "하나뿐인 {one}에서", "{one}마다", "{sites}마다"),
    "Each": ko_subject,
    "all": ko_all,
    "its": ko_shared,
    "every": lambda group: "모든 " + ko_one(group),
    "one": ko_one,
    "plural": ko_noun,
    "places": ko_noun,
    "names": ko_names,
    "Names": ko_names,
    "Name": ko_names,
    "order": lambda group: ", ".join(axis_word(axis.name, "ko") for axis in group),
    "list": listed("ko", ko_count),
    "last": ko_last,
    "extent": lambda group: extent(group, ko_count),
}
