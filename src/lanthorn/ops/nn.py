"""The names of `keras.ops.nn`."""

from lanthorn.lazy import attach
from lanthorn.ops.names import NN, homes

__getattr__, __dir__ = attach(__name__, homes(NN))
