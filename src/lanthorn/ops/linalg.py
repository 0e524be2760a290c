"""The names of `keras.ops.linalg`."""

from lanthorn.lazy import attach
from lanthorn.ops.names import LINALG, homes

__getattr__, __dir__ = attach(__name__, homes(LINALG))
