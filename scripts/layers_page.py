"""Write docs/layers.md and docs/layers.ko.md: every layer with its formula, told in its own words.

    python scripts/layers_page.py

The sentences are what `lanthorn.explain` says of each layer's first example; nothing is typed in.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import lanthorn
from lanthorn import layers

DOCS = Path(__file__).resolve().parents[1] / "docs"

FAMILIES = {
    "base": ("Core", "기본"),
    "dense": ("Core", "기본"),
    "einsum_dense": ("Core", "기본"),
    "embedding": ("Core", "기본"),
    "input": ("Core", "기본"),
    "lambda_layer": ("Core", "기본"),
    "passing": ("Core", "기본"),
    "reversible_embedding": ("Core", "기본"),
    "activation": ("Activations", "활성화"),
    "rectifiers": ("Activations", "활성화"),
    "convolution": ("Convolutions", "합성곱"),
    "depthwise": ("Convolutions", "합성곱"),
    "separable": ("Convolutions", "합성곱"),
    "transposed": ("Convolutions", "합성곱"),
    "pooling": ("Pooling", "풀링"),
    "global_pooling": ("Pooling", "풀링"),
    "adaptive_pooling": ("Pooling", "풀링"),
    "normalization": ("Normalization", "정규화"),
    "dropout": ("Dropout and noise", "드롭아웃과 잡음"),
    "noise": ("Dropout and noise", "드롭아웃과 잡음"),
    "recurrent": ("Recurrent", "순환"),
    "attention": ("Attention", "어텐션"),
    "merging": ("Merging", "합치기"),
    "reshaping": ("Reshaping", "모양 바꾸기"),
    "padding": ("Reshaping", "모양 바꾸기"),
    "upsampling": ("Reshaping", "모양 바꾸기"),
    "rescaling": ("Preprocessing", "전처리"),
    "preprocessing": ("Preprocessing", "전처리"),
    "augmentation": ("Pictures", "그림"),
    "spectrograms": ("Sound", "소리"),
}
"""The family of each file or folder of `layers/`, in the order of the page."""

HEADS = {
    "en": (
        "# Every layer\n\n{count} layers, each with its formula and with what it says of itself on "
        "an example. This page is made by running the library: `python scripts/layers_page.py`.\n"
    ),
    "ko": (
        "# 모든 층\n\n{count}개의 층을 수식과 함께, 예에서 스스로 하는 설명과 함께 보여 줍니다. 이 "
        "문서는 라이브러리를 실행해 만듭니다: `python scripts/layers_page.py`.\n"
    ),
}


AT = {"en": "On `{shape}`: {sentence}", "ko": "`{shape}`에서: {sentence}"}


def by_family() -> dict[tuple[str, str], list[str]]:
    """Layer names under each family's two names."""
    found: dict[tuple[str, str], list[str]] = {names: [] for names in FAMILIES.values()}
    for file, names in (*layers.FILES.items(), *layers.AROUND.items()):
        found[FAMILIES[file.partition(".")[0]]] += [name for name in names if name != "Layer"]
    return {family: sorted(names) for family, names in found.items()}


def entry(name: str, language: str) -> str:
    """One layer: its formula, and what it says on its first example."""
    made: Any = getattr(layers, name)
    lines = [f"**{name}**", formula(made, language), sentence(made, language)]
    return "  \n".join(line for line in lines if line)


def formula(made: Any, language: str) -> str:
    """The docstring's first line, to the end of its formula; in Korean only when it is one."""
    lines = (inspect.getdoc(made) or "").splitlines()
    text = lines.pop(0) if lines else ""
    while text.count("`") % 2 and lines:
        text += f" {lines.pop(0)}"
    return text if language == "en" or text.startswith("`") else ""


def sentence(made: Any, language: str) -> str:
    examples = getattr(made, "examples", ())
    if not examples or getattr(made, "on_host", False):
        return ""
    example = examples[0]
    layer = made(**example.settings)
    several = isinstance(example.shape, list)
    shapes = example.shape if several else [example.shape]
    dtype = "float32" if example.below is None else "int32"
    inputs = [lanthorn.Input(shape, dtype=dtype) for shape in shapes]
    given = inputs if layer.several_arguments else [inputs if several else inputs[0]]
    model = lanthorn.Model(inputs if several else inputs[0], layer(*given, **example.arguments))
    report = model.explain(language=language)
    told = next(entry for entry in report.entries if entry.name == layer.name)
    shown = ", ".join(str(shape) for shape in shapes)
    return AT[language].format(shape=shown, sentence=told.sentence)


def page(language: str) -> str:
    """The whole page in one language."""
    place = 0 if language == "en" else 1
    families = by_family()
    lines = [HEADS[language].format(count=sum(map(len, families.values())))]
    for titles, names in families.items():
        lines.append(f"## {titles[place]}\n")
        lines += [entry(name, language) + "\n" for name in names]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    (DOCS / "layers.md").write_text(page("en"), encoding="utf-8")
    (DOCS / "layers.ko.md").write_text(page("ko"), encoding="utf-8")


if __name__ == "__main__":
    main()
