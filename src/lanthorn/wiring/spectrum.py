"""Spectrum: two weighted sums over each stretch of a signal, and what a mode makes of the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lanthorn.axes import Axes, Axis
from lanthorn.wiring.arithmetic import Apply, At, Dot, Expr, Inner, Number, Param, Read, Weight
from lanthorn.wiring.base import NotDescribedError, Wiring, sizes

FUNCTIONS = {
    "log": ("log_of_size", ("imag", "real")),
    "magnitude": ("size", ("imag", "real")),
    "psd": ("power", ("imag", "real")),
    "angle": ("angle", ("imag", "real")),
}
"""The function of each mode that joins the two sums, and the order it takes them in."""


@dataclass(frozen=True)
class Spectrum(Wiring):
    """`real[i, c, f] = Σ_t x[i·step + t - before, c] · real[t, 0, f]`, imag alike.

    mode: what comes out: one of the two, both ("stft": the imaginary behind the real), or a
        function of them.
    real, imag: the waves a stretch is held against; None where the mode has no use for it.
    before: samples in front of the signal, by "same" padding, that count as 0.
    least: what a size is at least, under a root or a logarithm.
    is_spread: whether frequencies and channels are two axes, and not channels·frequencies one.
    """

    kind: ClassVar[str] = "spectrum"
    stretch: int
    step: int
    mode: str
    real: Weight | None = None
    imag: Weight | None = None
    before: int = 0
    least: float = 0.0
    is_spread: bool = False

    @property
    def frequencies(self) -> int:
        return next(weight.axes[-1] for weight in self.weights) or 0

    def element(self, at: At) -> Expr:
        i, channel, frequency = self._place(at)
        if self.mode == "stft":
            side = "real" if frequency < self.frequencies else "imag"
            return self.part(side, (i, channel, frequency % self.frequencies))
        if self.mode in ("real", "imag"):
            return self.part(self.mode, (i, channel, frequency))
        function, order = FUNCTIONS[self.mode]
        both = tuple(Inner(side, (i, channel, frequency)) for side in order)
        return Apply(function, both, self._settings(frequency))

    def _place(self, at: At) -> tuple[int, int, int]:
        """Stretch, channel and frequency of an output element."""
        if self.is_spread:
            i, frequency, channel = at
            return i, channel, frequency
        count = self.frequencies * (2 if self.mode == "stft" else 1)
        return at[0], *divmod(at[1], count)

    def _settings(self, frequency: int) -> tuple[tuple[str, float], ...]:
        if self.mode == "angle":
            return ()
        if self.mode == "psd":  # all but the first and the last stand for two frequencies
            return (("sides", 2.0 if 0 < frequency < self.frequencies - 1 else 1.0),)
        return (("least", self.least),)

    def part(self, name: str, at: At) -> Expr:
        weight = {"real": self.real, "imag": self.imag}.get(name)
        if weight is None:
            raise NotDescribedError(f"there is no part {name!r}")
        i, channel, frequency = at
        samples = sizes(self.x)[0]
        terms = []
        for t in range(self.stretch):
            row = i * self.step + t - self.before
            read = Read((row, channel)) if 0 <= row < samples else Number(0.0)
            terms.append((read, Param(weight.name, (t, 0, frequency))))
        return Dot(tuple(terms))

    @property
    def intermediates(self) -> dict[str, Axes]:
        channels = self.x.axes[-1]
        axes = (self.output.axes[1], channels, Axis("frequencies", self.frequencies))
        return {
            name: self.output.with_sample(axes)
            for name, weight in (("real", self.real), ("imag", self.imag))
            if weight is not None
        }

    @property
    def weights(self) -> tuple[Weight, ...]:
        return tuple(weight for weight in (self.real, self.imag) if weight is not None)

    @property
    def variant(self) -> str:
        return self.mode

    def facts(self) -> dict[str, Any]:
        return {"stretch": self.stretch, "step": self.step, "mode": self.mode}
