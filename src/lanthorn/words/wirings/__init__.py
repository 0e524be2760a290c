"""One file for each kind of wiring: its sentences, what tells which of them holds, its remarks.

`SENTENCES`: the templates, English and Korean beside each other. `told(wiring)`: the key of the one
that tells this wiring, and its facts. `REMARKS` and `remarks(wiring)`, where a kind has any: what
is worth saying behind the sentence, as (key, facts).
"""

KINDS = (
    "attend",
    "attend_directly",
    "adaptive",
    "combine",
    "compose",
    "contract",
    "einsum",
    "elementwise",
    "gate",
    "lookup",
    "masked",
    "normalize",
    "opaque",
    "pair",
    "per_step",
    "rearrange",
    "recur",
    "reduce",
    "resample",
    "separable",
    "spread",
    "window",
    "wrapped",
)
"""Every kind there are words for; a file here for each."""
