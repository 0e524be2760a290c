"""STFT: the waves that a short-time Fourier transform holds a signal against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from lanthorn.initializers.base import Initializer, numpy_type

PLAIN_WINDOWS = (
    "barthann", "bartlett", "blackman", "blackmanharris", "bohman", "boxcar", "cosine", "flattop",
    "hamming", "hann", "lanczos", "nuttall", "parzen", "taylor", "triang", "tukey",
)  # fmt: skip
"""SciPy's windows that need no number of their own; it is asked about other names."""

SCALINGS = ("density", "spectrum")


def checked_window(owner: str, window: Any) -> Any:
    """A window's name, its numbers, or None.

    Raises: ValueError for a name that SciPy does not know.
    """
    if isinstance(window, str) and window not in PLAIN_WINDOWS:
        from scipy.signal import get_window

        try:
            get_window(window, 1)
        except ValueError:
            from lanthorn.words.nearest import did_you_mean

            raise ValueError(
                f"{owner}: there is no window called {window!r}"
                f"{did_you_mean(window, PLAIN_WINDOWS)}"
            ) from None
    return window


class STFT(Initializer):
    """`kernel[t, 0, f] = window[t] · cos(-2π t f / n) / scale` ("real"; sin is "imag").

    The shape is (t, 1, n / 2 + 1). scaling: "density" divides by √Σ window², "spectrum" by
    Σ |window|, None by 1. periodic: the window goes on as if it began again.
    Raises: ValueError for another side, scaling or window, or a shape it does not fit.
    Source: keras 3.15 `initializers/constant_initializers.py`.
    Example:
        >>> STFT("real", None)((4, 1, 3))[:, 0, 1].round(3) + 0.0
        array([ 1.,  0., -1.,  0.], dtype=float32)
    """

    def __init__(
        self,
        side: str = "real",
        window: Any = "hann",
        scaling: str | None = "density",
        periodic: bool = False,
    ) -> None:
        if side not in ("real", "imag"):
            raise ValueError(f"STFT: side is 'real' or 'imag', not {side!r}.")
        if scaling not in (None, *SCALINGS):
            raise ValueError(f"STFT: scaling is 'density', 'spectrum' or None, not {scaling!r}.")
        self.side = side
        self.window = checked_window("STFT", window)
        self.scaling = scaling
        self.periodic = periodic

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        import numpy as np

        if len(shape) != 3 or shape[1] != 1:
            raise ValueError(f"STFT wants a shape (length, 1, frequencies), not {tuple(shape)}.")
        length, _, frequencies = shape
        whole = 2 * (frequencies - 1)
        turns = np.outer(np.arange(length), np.arange(frequencies)) / whole
        wave = (np.cos if self.side == "real" else np.sin)(-2 * math.pi * turns)
        if self.window is not None:
            window = self.numbers(length)
            scale = {
                "density": np.sqrt(np.sum(window**2)), "spectrum": np.sum(np.abs(window)), None: 1,
            }[self.scaling]  # fmt: skip
            wave = wave * window[:, None] / scale
        return wave[:, None, :].astype(numpy_type(dtype))

    def numbers(self, length: int) -> Any:
        """The window's own numbers."""
        import numpy as np

        window = self.window
        if isinstance(window, str | tuple):
            from scipy.signal import get_window

            window = get_window(window, length, self.periodic)
        found = np.asarray(window, "float64")
        if found.shape != (length,):
            raise ValueError(f"STFT: the window has shape {found.shape} and not ({length},).")
        return found

    def get_config(self) -> dict[str, Any]:
        window = self.window
        return {
            "side": self.side,
            "window": window.tolist() if hasattr(window, "tolist") else window,
            "periodic": self.periodic,
            "scaling": self.scaling,
        }
