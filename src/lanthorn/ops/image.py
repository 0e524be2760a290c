"""The names of `keras.ops.image`."""

from lanthorn.lazy import attach
from lanthorn.ops.names import IMAGE, homes

__getattr__, __dir__ = attach(__name__, homes(IMAGE))
