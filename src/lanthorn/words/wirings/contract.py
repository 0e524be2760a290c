"""Contract: weighted sums over one axis, in words."""

from __future__ import annotations

from typing import Any

from lanthorn.axes import product
from lanthorn.words.said import Said, Told

SENTENCES = {
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
}


def told(wiring: Any) -> Told:
    last, shared = wiring.x.sample[-1], wiring.shared
    facts = {"in.last": last, "out.last": wiring.output.sample[-1]}
    if shared:
        is_once = product(axis.size for axis in shared) == 1
        return ("contract.once" if is_once else "contract.shared"), facts | {"shared": shared}
    if last.parts:
        return "contract.joined", facts | {"parts": last.leaves[:-1]}
    return "contract.whole", facts
