"""Data to begin with. `digits` comes with the package and needs no network."""

from lanthorn.lazy import attach

__all__ = ["digits"]
__getattr__, __dir__ = attach(__name__, {"digits": f"{__name__}.digits"})
