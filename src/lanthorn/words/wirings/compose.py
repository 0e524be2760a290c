"""Compose: wirings inside a wiring, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import Axis
from lanthorn.words.phrases import say
from lanthorn.words.said import Found, Said, Told

SENTENCES = {
    "compose": Said("A model within the model, of {parts}.", "모델 속의 모델: {parts}."),
    "compose.stacked": Said(
        "{parts} in a row work at {steps:each}: each sees the output of the one before.",
        "{steps:each} 셀 {parts:sizes}개가 차례로 일합니다. 셀마다 바로 앞 셀의 출력을 봅니다.",
    ),
    "compose.both ways": Said(
        "Reads {steps:the} twice, from the first to the last and from the last to the first, each "
        "way with weights of its own.",
        "{steps:The}{을/를} 두 번 읽습니다. 한 번은 처음부터 끝까지, 한 번은 끝에서 처음까지이며, "
        "가중치는 서로 다릅니다.",
    ),
    "compose.gated": Said(
        "Makes {made:count}, and then the second half of them says how much of the first half gets "
        "through.",
        "{made:count}{을/를} 만든 다음, 그 뒤쪽 반으로 앞쪽 반이 얼마나 지나갈지 정합니다.",
    ),
}

REMARKS = {
    "side by side": Said(
        "Both outputs are laid side by side: {first} + {second} = {out.last}.",
        "두 출력을 나란히 이어 놓습니다: {first} + {second} = {out.last}.",
    ),
    "joined": Said(
        "Both outputs are joined number by number ({function}).",
        "두 출력을 같은 자리끼리 하나로 합칩니다({function}).",
    ),
    "apart": Said("Both outputs are handed on.", "두 출력을 따로 넘깁니다."),
    "each way": Said("Each way by itself: {inner}", "방향마다: {inner}"),
    "forwards": Said("Forwards: {inner}", "앞에서부터: {inner}"),
    "backwards": Said("Backwards: {inner}", "뒤에서부터: {inner}"),
    "cell": Said("{name}: {inner}", "{name}: {inner}"),
}

LINE = Said("{sum} = {total}", "{sum} = {total}")
"""The parameters of the parts, added up."""

EACH_WAY = Said(
    "Each way {line} Both: {ways} × {count} = {total}",
    "방향마다 {line} 합해서 {ways} × {count} = {total}",
)
"""The parameters of two parts that are alike."""


def told(wiring: Any) -> Told:
    if wiring.variant == "stacked":
        parts = Axis("cells", len(wiring.pieces))
        return "compose.stacked", {"parts": parts, "steps": wiring.x.sample[0]}
    if wiring.variant == "both ways":
        return "compose.both ways", {"steps": wiring.x.sample[0]}
    if wiring.variant == "gated":
        return "compose.gated", {"made": wiring.pieces[0].wiring.output.sample[-1]}
    return "compose", {"parts": Axis("layers", len(wiring.pieces))}


def remarks(wiring: Any) -> Found:
    if wiring.variant in ("stacked", "gated"):
        for piece in wiring.pieces if wiring.variant == "stacked" else wiring.pieces[:1]:
            yield "cell", {"name": piece.name, "inner": piece.wiring}
    if wiring.variant == "both ways":
        yield from _both_ways(wiring)


def _both_ways(wiring: Any) -> Found:
    first, second, *merged = (piece.wiring for piece in wiring.pieces)
    if not merged:
        yield "apart", {}
    elif merged[0].kind == "combine":
        yield "joined", {"function": merged[0].function}
    else:
        sizes = {"first": first.output[-1], "second": second.output[-1]}
        yield "side by side", sizes | {"out.last": wiring.output.sample[-1]}
    if alike(first, second):
        yield "each way", {"inner": first}
    else:
        yield "forwards", {"inner": first}
        yield "backwards", {"inner": second}


def alike(first: Any, second: Any) -> bool:
    """Whether the two ways of reading work in the same way, at the same size."""
    return (
        all(getattr(first, fact) == getattr(second, fact) for fact in ("kind", "variant"))
        and first.output[-1] == second.output[-1]
    )


def parameters(wiring: Any, language: str) -> str:
    """`40 + 40 = 80`, or how many in all for a model within the model."""
    from lanthorn.words.sentences import PARAMETERS
    from lanthorn.words.telling import parameter_line

    facts: dict[str, Any] = {"total": wiring.parameters()}
    if not wiring.variant:
        return say(PARAMETERS["inside"], language, facts)
    learning = [piece.wiring for piece in wiring.pieces if piece.wiring.weights]
    if len(learning) == 1:
        return parameter_line(learning[0], language)
    counts = [part.parameters() for part in learning]
    if wiring.variant == "both ways" and alike(*learning):
        line = parameter_line(learning[0], language)
        facts |= {"line": line if line.endswith(".") else f"{line}.", "count": counts[0]}
        return say(EACH_WAY, language, facts | {"ways": len(counts)})
    facts["sum"] = " + ".join(f"{count:,}" for count in counts)
    return say(LINE, language, facts)
