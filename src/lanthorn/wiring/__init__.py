"""How each output element is made: the one statement that everything a layer says comes from."""

from lanthorn.wiring.arithmetic import Weight
from lanthorn.wiring.base import Opaque, Wiring
from lanthorn.wiring.combine import Combine
from lanthorn.wiring.compose import Compose
from lanthorn.wiring.contract import Contract
from lanthorn.wiring.elementwise import Elementwise
from lanthorn.wiring.lookup import Lookup
from lanthorn.wiring.normalize import Normalize
from lanthorn.wiring.rearrange import Rearrange
from lanthorn.wiring.reduce import Reduce
from lanthorn.wiring.window import Window

__all__ = [
    "Combine",
    "Compose",
    "Contract",
    "Elementwise",
    "Lookup",
    "Normalize",
    "Opaque",
    "Rearrange",
    "Reduce",
    "Weight",
    "Window",
    "Wiring",
]
