"""How each output element is made: the one statement that everything a layer says comes from."""

from typing import TYPE_CHECKING

from lanthorn.lazy import attach

if TYPE_CHECKING:
    from lanthorn.wiring.adaptive import Adaptive
    from lanthorn.wiring.arithmetic import Weight
    from lanthorn.wiring.attend import Attend, Projection
    from lanthorn.wiring.attend_directly import AttendDirectly
    from lanthorn.wiring.base import Opaque, Wiring
    from lanthorn.wiring.channels_first import ChannelsFirst
    from lanthorn.wiring.combine import Combine
    from lanthorn.wiring.compose import Compose, Part
    from lanthorn.wiring.contract import Contract
    from lanthorn.wiring.einsum import Einsum
    from lanthorn.wiring.elementwise import Elementwise
    from lanthorn.wiring.encode import Encode
    from lanthorn.wiring.gate import Gate
    from lanthorn.wiring.lookup import Lookup
    from lanthorn.wiring.masked import Masked
    from lanthorn.wiring.normalize import Normalize
    from lanthorn.wiring.pair import Pair
    from lanthorn.wiring.per_step import PerStep
    from lanthorn.wiring.rearrange import Rearrange
    from lanthorn.wiring.recur import Recur
    from lanthorn.wiring.reduce import Reduce
    from lanthorn.wiring.resample import Resample
    from lanthorn.wiring.separable import Separable
    from lanthorn.wiring.spectrum import Spectrum
    from lanthorn.wiring.spread import Spread
    from lanthorn.wiring.window import Window
    from lanthorn.wiring.wrapped import Wrapped

__getattr__, __dir__ = attach(
    __name__,
    {
        "Attend": "lanthorn.wiring.attend:Attend",
        "AttendDirectly": "lanthorn.wiring.attend_directly:AttendDirectly",
        "Adaptive": "lanthorn.wiring.adaptive:Adaptive",
        "ChannelsFirst": "lanthorn.wiring.channels_first:ChannelsFirst",
        "Combine": "lanthorn.wiring.combine:Combine",
        "Compose": "lanthorn.wiring.compose:Compose",
        "Contract": "lanthorn.wiring.contract:Contract",
        "Einsum": "lanthorn.wiring.einsum:Einsum",
        "Elementwise": "lanthorn.wiring.elementwise:Elementwise",
        "Gate": "lanthorn.wiring.gate:Gate",
        "Encode": "lanthorn.wiring.encode:Encode",
        "Lookup": "lanthorn.wiring.lookup:Lookup",
        "Masked": "lanthorn.wiring.masked:Masked",
        "Normalize": "lanthorn.wiring.normalize:Normalize",
        "Opaque": "lanthorn.wiring.base:Opaque",
        "Pair": "lanthorn.wiring.pair:Pair",
        "Part": "lanthorn.wiring.compose:Part",
        "PerStep": "lanthorn.wiring.per_step:PerStep",
        "Projection": "lanthorn.wiring.attend:Projection",
        "Rearrange": "lanthorn.wiring.rearrange:Rearrange",
        "Recur": "lanthorn.wiring.recur:Recur",
        "Reduce": "lanthorn.wiring.reduce:Reduce",
        "Resample": "lanthorn.wiring.resample:Resample",
        "Separable": "lanthorn.wiring.separable:Separable",
        "Spectrum": "lanthorn.wiring.spectrum:Spectrum",
        "Spread": "lanthorn.wiring.spread:Spread",
        "Weight": "lanthorn.wiring.arithmetic:Weight",
        "Window": "lanthorn.wiring.window:Window",
        "Wiring": "lanthorn.wiring.base:Wiring",
        "Wrapped": "lanthorn.wiring.wrapped:Wrapped",
    },
)

__all__ = [
    "Adaptive",
    "Attend",
    "AttendDirectly",
    "ChannelsFirst",
    "Combine",
    "Compose",
    "Contract",
    "Einsum",
    "Elementwise",
    "Encode",
    "Gate",
    "Lookup",
    "Masked",
    "Normalize",
    "Opaque",
    "Pair",
    "Part",
    "PerStep",
    "Projection",
    "Rearrange",
    "Recur",
    "Reduce",
    "Resample",
    "Separable",
    "Spectrum",
    "Spread",
    "Weight",
    "Window",
    "Wiring",
    "Wrapped",
]
