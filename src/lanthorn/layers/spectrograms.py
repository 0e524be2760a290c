"""MelSpectrogram and STFTSpectrogram: how strong each frequency is, as time goes on."""

from __future__ import annotations

import math
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes, Axis, joined
from lanthorn.engine import defaults
from lanthorn.initializers.stft import SCALINGS, STFT, checked_window
from lanthorn.layers import checks
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import one_of, positive
from lanthorn.layers.example import Example
from lanthorn.layers.windows import output_size, rows_before
from lanthorn.wiring import Opaque, Spectrum

MEL_BREAK = 700.0
"""Hertz; source: HTK Book, section 5.6, with mel = 1127 ln(1 + f / 700)."""
MEL_FACTOR = 1127.0


class MelSpectrogram(Layer):
    """How strong each of `num_mel_bins` bands of pitch is, in decibels, every few samples.

    `y[band, i] = 10 log10(Σ_f weight[f, band] · |STFT(x)[i, f]| ** mag_exp / ref_power)`.
    fft_length, sequence_stride, sequence_length: in samples: how long a transform is, how far apart
        two of them, and how much of the signal each sees under `window`.
    sampling_rate, min_freq, max_freq: in hertz; None is half the sampling rate.
    power_to_db: False leaves the powers; otherwise nothing is more than top_db below the loudest
        of the whole batch, and no power less than min_power.
    Axes: (batch, samples) -> (batch, bands, steps), or without the batch.
    Edges: a transform begins half before the signal, which is mirrored there, over and over if it
        is short.
    Raises: ValueError when a transform is shorter than what it sees.
    Source: keras 3.15 `layers/preprocessing/mel_spectrogram.py`.
    Example:
        >>> MelSpectrogram(num_mel_bins=80, sequence_stride=128).compute_output_shape((None, 16000))
        (None, 80, 126)
    """

    examples = (
        Example({"fft_length": 16, "sequence_stride": 8, "num_mel_bins": 5, "sampling_rate": 100},
                (40,)),
        Example({"fft_length": 32, "sequence_stride": 4, "sequence_length": 20, "window": "hamming",
                 "num_mel_bins": 4, "sampling_rate": 200, "min_freq": 5.0, "max_freq": 80,
                 "power_to_db": False}, (50,)),
        Example({"fft_length": 16, "sequence_stride": 5, "window": None, "num_mel_bins": 3,
                 "sampling_rate": 100, "mag_exp": 1.0, "top_db": 10.0, "ref_power": 2.0}, (33,)),
    )  # fmt: skip

    def __init__(
        self,
        fft_length: int = 2048,
        sequence_stride: int = 512,
        sequence_length: int | None = None,
        window: Any = "hann",
        sampling_rate: int = 16000,
        num_mel_bins: int = 128,
        min_freq: float = 20.0,
        max_freq: float | None = None,
        power_to_db: bool = True,
        top_db: float = 80.0,
        mag_exp: float = 2.0,
        min_power: float = 1e-10,
        ref_power: float = 1.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.fft_length = positive(self, "fft_length", fft_length)
        self.sequence_stride = positive(self, "sequence_stride", sequence_stride)
        self.sequence_length = positive(
            self, "sequence_length", fft_length if sequence_length is None else sequence_length
        )
        if self.fft_length < self.sequence_length:
            raise ValueError(
                f"MelSpectrogram: a transform of fft_length {fft_length} cannot hold "
                f"sequence_length {sequence_length}: make it at least as long."
            )
        if isinstance(window, str):
            one_of(self, "window", window, ("hann", "hamming"))
        self.window = window
        self.sampling_rate = sampling_rate
        self.num_mel_bins = positive(self, "num_mel_bins", num_mel_bins)
        self.min_freq = min_freq
        self.max_freq = max_freq or int(sampling_rate / 2)
        if not 0 <= self.min_freq < self.max_freq:
            raise ValueError(
                f"MelSpectrogram: min_freq {min_freq} is not below max_freq {self.max_freq}."
            )
        self.power_to_db = power_to_db
        self.top_db = top_db
        self.mag_exp = mag_exp
        self.min_power = min_power
        self.ref_power = ref_power

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) in (1, 2), x, "(batch, samples)", "One signal may come without batch.")
        samples = x[-1]
        self.require(samples != 0, x, "at least 1 sample")
        steps = None
        if samples is not None:
            around = samples + 2 * (self.fft_length // 2)
            steps = (around - self.fft_length) // self.sequence_stride + 1
        return Axes([*x.axes[:-1], Axis("bands", self.num_mel_bins), Axis("steps", steps)])

    def call(self, inputs: Any) -> Any:
        wide = self.compute_dtype if self.compute_dtype in ("float32", "float64") else "float32"
        real, imaginary = ops.stft(
            ops.cast(inputs, wide), self.sequence_length, self.sequence_stride, self.fft_length,
            self.window,
        )  # fmt: skip
        size = ops.sqrt(ops.square(real) + ops.square(imaginary))
        bands = ops.matmul(ops.power(size, self.mag_exp), ops.cast(self.mel_weights(), wide))
        if self.power_to_db:
            bands = self.decibels(bands)
        return ops.cast(ops.swapaxes(bands, -1, -2), self.compute_dtype)

    def decibels(self, power: Any) -> Any:
        reference = math.log10(max(abs(self.ref_power), self.min_power))
        found = 10.0 * (ops.log10(ops.maximum(power, self.min_power)) - reference)
        return ops.maximum(found, ops.max(found) - self.top_db)

    def mel_weights(self) -> Any:
        """How much each frequency counts in each band: triangles that overlap by half, in mel."""

        def mel(hertz: Any) -> Any:
            return MEL_FACTOR * ops.log(1.0 + hertz / MEL_BREAK)

        half = self.fft_length // 2 + 1
        ends = (ops.cast(edge, "float32") for edge in (self.min_freq, self.max_freq))
        edges = ops.linspace(*map(mel, ends), self.num_mel_bins + 2)
        lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
        at = mel(ops.linspace(0.0, self.sampling_rate / 2.0, half))[:, None]
        rising, falling = (at - lower) / (centre - lower), (upper - at) / (upper - centre)
        weights = ops.maximum(0.0, ops.minimum(rising, falling))
        return ops.where(
            ops.arange(half)[:, None] > 0, weights, 0.0
        )  # what is constant has no pitch

    def wiring(self, x: Axes) -> Opaque:
        facts = (
            ("stretch", self.sequence_length), ("stride", self.sequence_stride),
            ("bins", self.num_mel_bins),
        )  # fmt: skip
        return Opaque(told="mel", settings=facts)


MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")


class STFTSpectrogram(Layer):
    """How strong each frequency is in every stretch of a signal, by weights that can be trained.

    `real[i, f] = Σ_t x[i·step + t] · real_kernel[t, f]`, imag alike; power = real² + imag².
    mode: "log" ln √power, "magnitude" √power, "psd" power, both sides of it added, "real", "imag",
        "angle", or "stft", real and imag one behind the other.
    frame_length, frame_step (None: half of it), fft_length (None: the next power of 2): in samples.
    window, periodic, scaling: what each stretch is seen through: see `initializers.STFT`.
    expand_dims: keep frequencies and channels as two axes.
    Axes: (batch, steps, channels) -> (batch, steps', channels·frequencies)
    Raises: ValueError for lengths that do not fit each other; ShapeError for too short a signal.
    Source: keras 3.15 `layers/preprocessing/stft_spectrogram.py`.
    Example:
        >>> STFTSpectrogram(frame_length=64).compute_output_shape((None, 640, 1))
        (None, 19, 33)
    """

    sees_channels_last = True
    real_kernel: Any
    imag_kernel: Any
    examples = (
        Example({"frame_length": 8}, (20, 1)),
        Example({"mode": "psd", "frame_length": 6, "frame_step": 2, "fft_length": 16,
                 "scaling": "spectrum", "padding": "same", "expand_dims": True}, (15, 2)),
        Example({"mode": "stft", "frame_length": 5, "window": "hamming", "periodic": True,
                 "scaling": None, "data_format": "channels_first"}, (2, 17)),
        Example({"mode": "imag", "frame_length": 4, "window": None}, (9, 1)),
        Example({"mode": "magnitude", "frame_length": 4, "expand_dims": True,
                 "data_format": "channels_first"}, (1, 9)),
    )  # fmt: skip

    def __init__(
        self,
        mode: str = "log",
        frame_length: int = 256,
        frame_step: int | None = None,
        fft_length: int | None = None,
        window: Any = "hann",
        periodic: bool = False,
        scaling: str | None = "density",
        padding: str = "valid",
        expand_dims: bool = False,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.mode = one_of(self, "mode", mode, MODES)
        self.frame_length = positive(self, "frame_length", frame_length)
        self.frame_step = frame_step
        self.step = positive(
            self, "frame_step", max(frame_length // 2, 1) if frame_step is None else frame_step
        )
        if self.step > self.frame_length:
            raise ValueError(
                f"STFTSpectrogram: frame_step {frame_step} would skip samples: it is at most "
                f"frame_length, {frame_length}."
            )
        self.fft_length = fft_length
        shortest = 2 ** math.ceil(math.log2(self.frame_length))
        whole = shortest if fft_length is None else positive(self, "fft_length", fft_length)
        self.frequencies = whole // 2 + 1
        if whole < self.frame_length:
            raise ValueError(
                f"STFTSpectrogram: a transform of fft_length {fft_length} cannot hold "
                f"frame_length {frame_length}: make it at least as long."
            )
        self.window = checked_window("STFTSpectrogram", window)
        self.periodic = periodic
        if scaling is not None:
            one_of(self, "scaling", scaling, SCALINGS)
        self.scaling = scaling
        self.padding = one_of(self, "padding", padding, ("valid", "same"))
        self.expand_dims = expand_dims
        self.data_format = checks.data_format(self, data_format)

    def output_axes(self, x: Axes) -> Axes:
        self.require(len(x) == 3, x, "(batch, steps, channels)")
        steps = output_size(x[1], self.frame_length, self.step, self.padding)
        self.require(
            steps is None or steps > 0,
            x,
            f"at least {self.frame_length} steps",
            f"The signal has {x[1]} steps and a frame {self.frame_length}.",
        )
        frequencies = Axis("frequencies", self.frequencies * (2 if self.mode == "stft" else 1))
        channels = Axis("channels", x[2])
        spread = [frequencies, channels] if self.expand_dims else [joined([channels, frequencies])]
        return x.with_sample([Axis("steps", steps), *spread])

    def build(self, x: Axes) -> None:
        for side, other in (("real", "imag"), ("imag", "real")):
            if self.mode != other:
                kernel = self.add_weight(
                    (self.frame_length, 1, self.frequencies),
                    STFT(side, self.window, self.scaling, self.periodic),
                    name=f"{side}_kernel",
                    axes=("steps", "channels", "frequencies"),
                )
                setattr(self, f"{side}_kernel", kernel)

    def call(self, inputs: Any) -> Any:
        if not ops.dtype(inputs).startswith(("float", "bfloat")):
            raise TypeError(
                f"{self.name} (STFTSpectrogram) takes sound in numbers with a fraction, such as "
                f"float32, but was given {ops.dtype(inputs)}. x.astype('float32') makes them."
            )
        x = ops.cast(inputs, self.compute_dtype)
        batch, steps, channels = x.shape
        lines = ops.reshape(ops.swapaxes(x, 1, 2), (batch * channels, steps, 1))

        def against(kernel: Any) -> Any:
            waves = ops.conv(lines, self.compute(kernel), self.step, self.padding, "channels_last")
            return ops.reshape(waves, (batch, channels, *waves.shape[1:]))

        found = self.combined(
            None if self.mode == "imag" else against(self.real_kernel),
            None if self.mode == "real" else against(self.imag_kernel),
        )  # (batch, channels, steps, frequencies)
        if self.expand_dims:
            return ops.transpose(found, (0, 2, 3, 1))
        found = ops.transpose(found, (0, 2, 1, 3))
        return ops.reshape(found, (*found.shape[:2], channels * found.shape[-1]))

    def combined(self, real: Any, imag: Any) -> Any:
        """What the mode makes of the real and the imaginary part."""
        if self.mode in ("real", "imag"):
            return real if self.mode == "real" else imag
        if self.mode == "angle":
            return ops.arctan2(imag, real)
        if self.mode == "stft":
            return ops.concatenate([real, imag], axis=-1)
        power = ops.square(real) + ops.square(imag)
        if self.mode == "psd":  # all but the first and the last stand for two frequencies
            inner = ops.pad(power[..., 1:-1], ((0, 0), (0, 0), (0, 0), (1, 1)))
            return power + inner
        size = ops.sqrt(ops.maximum(power, defaults.epsilon()))
        return size if self.mode == "magnitude" else ops.log(ops.maximum(size, defaults.epsilon()))

    def wiring(self, x: Axes) -> Spectrum:
        return Spectrum(
            self.frame_length,
            self.step,
            self.mode,
            None if self.mode == "imag" else self.real_kernel.spec,
            None if self.mode == "real" else self.imag_kernel.spec,
            before=rows_before(x[1], self.frame_length, self.step, self.padding),
            least=defaults.epsilon(),
            is_spread=self.expand_dims,
        )
