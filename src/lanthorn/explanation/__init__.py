"""What a model says of itself: `explain` in words, `why` in numbers, pictures for a terminal.

The public function is `lanthorn.explain`; a package of that name would hide it.
"""

from lanthorn.lazy import attach

_homes = {
    "Entry": "lanthorn.explanation.report:Entry",
    "Explanation": "lanthorn.explanation.report:Explanation",
    "Why": "lanthorn.explanation.reasons:Why",
    "explain": "lanthorn.explanation.describing:explain",
    "why": "lanthorn.explanation.asking:why",
}

__all__ = sorted(_homes)
__getattr__, __dir__ = attach(__name__, _homes)
