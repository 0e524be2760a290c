"""The names of `keras.ops.numpy`."""

from lanthorn.lazy import attach
from lanthorn.ops.names import NUMPY, homes

__getattr__, __dir__ = attach(__name__, homes(NUMPY))
