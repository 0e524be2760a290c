"""Progress on the screen: one line that rewrites itself, or plain lines where nobody watches.

Only a terminal (or a notebook) gets carriage returns and colours. A file, a pipe or a log gets one
finished line per epoch and no control characters.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable
from typing import Any
from unicodedata import east_asian_width

WIDTH = 20
BOLD, GREEN, WHITE, PLAIN = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"
ERASE = "\x1b[K"  # what an older, longer line left behind

Piece = tuple[str, str]
"""Text and the style it is shown in, `""` for none."""


class Progbar:
    """Shows how far a loop has come, how long a step takes, and the latest metrics.

    target: how many steps there will be; None when nobody knows.
    verbose: 1 rewrites a line, 2 writes one when it is finished, 0 writes nothing.
    interval: seconds between two drawings, at least.
    stateful_metrics, stateless_metrics: names whose values are shown as they come, or averaged
        over the steps. Give one of the two; without either, all are averaged.
    Source: the look of keras 3.15 `utils/progbar.py`.
    Example:
        >>> bar = Progbar(2, verbose=2)
        >>> bar.update(1); bar.update(2, [("loss", 0.25)])  # doctest: +ELLIPSIS
        2/2 - 0s - .../step - loss: 0.2500
    """

    def __init__(
        self,
        target: int | None,
        width: int = WIDTH,
        verbose: int = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        stateless_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
    ) -> None:
        if stateful_metrics is not None and stateless_metrics is not None:
            raise ValueError("Give stateful_metrics or stateless_metrics, not both.")
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.unit_name = unit_name
        self.stateful = None if stateful_metrics is None else set(stateful_metrics)
        self.stateless = None if stateless_metrics is None else set(stateless_metrics)
        self.line = Line(sys.stdout)
        self.values: dict[str, tuple[Any, int]] = {}
        self.seen = 0
        self.begun = time.perf_counter()
        self.drawn = -interval
        self.warm: tuple[int, float] | None = None

    def update(
        self,
        current: int,
        values: Iterable[tuple[str, Any]] | None = None,
        finalize: bool | None = None,
    ) -> None:
        """`current` steps are done. `finalize` ends the line: by default, at the target."""
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        for name, value in values or ():
            self._take(name, value, current - self.seen, finalize)
        self.seen = current
        now = time.perf_counter()
        per_step = self._seconds_per_step(current, now)
        if self.verbose == 1 and self.line.is_live:
            if finalize or now - self.drawn >= self.interval:
                self.line.rewrite(*self._pieces(current, now, per_step, finalize))
                self.drawn = now
            if finalize:
                self.line.finish()
        elif self.verbose and finalize:
            self.line.write(self._plain_line(current, now, per_step))

    def add(self, n: int, values: Iterable[tuple[str, Any]] | None = None) -> None:
        """Tell that `n` more steps are done."""
        self.update(self.seen + n, values)

    def _take(self, name: str, value: Any, steps: int, finalize: bool) -> None:
        if self.stateful is not None:
            is_averaged = name not in self.stateful
        else:
            is_averaged = self.stateless is None or name in self.stateless
        if not is_averaged or finalize:
            self.values[name] = (value, 1)
            return
        steps = max(steps, 1)
        total, count = self.values.get(name, (0.0, 0))
        self.values[name] = (total + value * steps, count + steps)

    def _seconds_per_step(self, current: int, now: float) -> float:
        """Without the first report, whose steps waited for compilation, once there is a second."""
        if not current:
            return 0.0
        if self.warm is not None and current > self.warm[0]:
            return (now - self.warm[1]) / (current - self.warm[0])
        if self.warm is None:
            self.warm = (current, now)
        return (self.warm[1] - self.begun) / self.warm[0]

    def _pieces(
        self, current: int, now: float, per_step: float, finalize: bool
    ) -> tuple[list[Piece], list[bool], list[Piece]]:
        """What stands before the bar, which places of the bar are full, and what stands after."""
        if self.target:
            head = [(f"{current:{len(str(self.target))}d}/{self.target}", BOLD), (" ", "")]
        else:
            head = [(f"{current:7d}/Unknown", "")]
        left = per_step * (self.target - current) if self.target and not finalize else None
        clock = f"{now - self.begun:.0f}s" if left is None else time_left(left)
        tail = [(" ", ""), (clock, BOLD), (f" {self._pace(per_step)}", "")]
        tail += [(f" - {text}", "") for text in self._metrics()]
        if not self.target:
            return head, [], tail
        full = int(self.width * min(1.0, current / self.target))
        return head, [place < full for place in range(self.width)], tail

    def _plain_line(self, current: int, now: float, per_step: float) -> str:
        count = f"{current}/{self.target or 'Unknown'}"
        parts = [count, f"{now - self.begun:.0f}s", self._pace(per_step), *self._metrics()]
        return " - ".join(parts)

    def _metrics(self) -> list[str]:
        return [
            f"{name}: {number(total, max(count, 1))}"
            for name, (total, count) in self.values.items()
        ]

    def _pace(self, seconds: float) -> str:
        if seconds >= 1 or seconds == 0:
            return f"{seconds:.0f}s/{self.unit_name}"
        if seconds >= 1e-3:
            return f"{seconds * 1e3:.0f}ms/{self.unit_name}"
        return f"{seconds * 1e6:.0f}us/{self.unit_name}"


def number(total: Any, count: int) -> str:
    """A metric's value: four places, or in powers of ten when those would show none of it."""
    try:
        value = float(total) / count
    except TypeError:
        import numpy as np

        value = float(np.mean(np.asarray(total))) / count
    return f"{value:.4e}" if 0 < abs(value) <= 1e-3 else f"{value:.4f}"


def time_left(seconds: float) -> str:
    whole = int(seconds)
    if whole > 3600:
        return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"
    if whole > 60:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole}s"


# -- the screen ------------------------------------------------------------------------------------

_unfinished: Line | None = None


def say(text: str) -> None:
    """Print a message on a line of its own, in place of a bar that is being drawn."""
    if _unfinished is not None:
        _unfinished.clear()
    put(sys.stdout, f"{text}\n")


def put(stream: Any, text: str) -> None:
    """Write text; a character that the stream cannot encode must not end training."""
    if stream is None:  # a program without a console
        return
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, errors="replace").decode(encoding))
    stream.flush()


class Line:
    """A line of the screen that can be written again."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.is_terminal = _is_terminal(stream)
        self.is_live = self.is_terminal or _is_notebook(stream)
        self.is_styled = self.is_live and not os.environ.get("NO_COLOR")
        self.bar, self.ellipsis = ("━", "…") if _can_show("━…", stream) else ("=", "~")
        self.length = 0

    def rewrite(self, head: list[Piece], places: list[bool], tail: list[Piece]) -> None:
        """Write head, bar and tail over what the line holds. The bar gives way to the words, and
        what is longer than the screen is cut off: a wrapped line could not be written again."""
        global _unfinished
        columns = shutil.get_terminal_size().columns - 1 if self.is_terminal else None
        words = sum(width_of(text) for text, _ in (*head, *tail))
        if columns is not None:
            places = thinned(places, columns - words)
        full = sum(places)
        bar = [(self.bar * full, GREEN), (self.bar * (len(places) - full), WHITE)]
        pieces = [*head, *bar, *tail]
        if columns is not None:
            pieces = cut(pieces, columns, self.ellipsis)
        length = sum(width_of(text) for text, _ in pieces)
        text = "".join(self._styled(*piece) for piece in pieces)
        put(self.stream, f"\r{text}{self._erased(length)}")
        self.length = length
        _unfinished = self

    def finish(self) -> None:
        """Leave the line as it is, and go on below it."""
        global _unfinished
        put(self.stream, "\n")
        self.length = 0
        _unfinished = None

    def clear(self) -> None:
        """Empty the line; it will be drawn again below what is written now."""
        global _unfinished
        put(self.stream, f"\r{self._erased(0)}" + ("" if self.is_terminal else "\r"))
        self.length = 0
        _unfinished = None

    def write(self, text: str) -> None:
        put(self.stream, f"{text}\n")

    def _styled(self, text: str, style: str) -> str:
        return f"{style}{text}{PLAIN}" if style and text and self.is_styled else text

    def _erased(self, length: int) -> str:
        return ERASE if self.is_terminal else " " * (self.length - length)


def thinned(places: list[bool], room: int) -> list[bool]:
    """A bar of at most `room` places, as full as before."""
    size = max(0, min(len(places), room))
    return [places[i * len(places) // size] for i in range(size)]


def cut(pieces: list[Piece], columns: int, ellipsis: str) -> list[Piece]:
    """The pieces as far as they fit, with an ellipsis where they were cut."""
    if sum(width_of(text) for text, _ in pieces) <= columns:
        return pieces
    found: list[Piece] = []
    room = columns - 1
    for text, style in pieces:
        kept = ""
        for character in text:
            room -= width_of(character)
            if room < 0:
                return [*found, (kept, style), (ellipsis, "")] if columns > 0 else []
            kept += character
        found.append((text, style))
    return found


def width_of(text: str) -> int:
    """How many columns a terminal gives the text: two for a Korean syllable."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _is_terminal(stream: Any) -> bool:
    is_tty = getattr(stream, "isatty", None)
    if is_tty is None or not is_tty():
        return False
    return os.environ.get("TERM", "") != "dumb"


def _is_notebook(stream: Any) -> bool:
    return type(stream).__module__.startswith("ipykernel") or "PYCHARM_HOSTED" in os.environ


def _can_show(text: str, stream: Any) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
