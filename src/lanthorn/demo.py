"""`lanthorn demo`: the question of what Flatten does, and a network that learns to read digits.

It uses what any program may use, so it is an example of the library as well.
"""

from __future__ import annotations

import inspect
import json
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import lanthorn as keras
from lanthorn import layers
from lanthorn.explanation.text import page_width, paragraph
from lanthorn.words.columns import cut, padded, shown_width
from lanthorn.words.demo import DEMO
from lanthorn.words.phrases import checked_language, say

SEED = 20
EPOCHS, QUICK_EPOCHS = 20, 2
TOLD_EVERY = 4
"""Epochs between two lines of progress where a line cannot be written over."""

QUESTION_INPUT = "[[[1, 2], [3, 4], [5, 6]]]"
IMPORTS = """\
import numpy as np
import lanthorn as keras
from lanthorn import layers"""
FILE = "digits.keras"
PICTURES_IN_A_ROW = 5
GAP = 2
MOST_WRONG = 5
FULL_INK = 16
BAR = 24


def run(language: str = "en", out: str | Path = ".", quick: bool = False) -> Path:
    """Show everything and return the path of the saved network.

    out: the folder that `digits.keras` is written to.
    quick: learn for a moment only; the network is then not good yet.
    """
    page = Page(checked_language(language))
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    page.paragraph("title", version=keras.__version__)
    show_question(page)
    return show_digits(page, folder, QUICK_EPOCHS if quick else EPOCHS)


# -- the question ----------------------------------------------------------------------------------


def question_model() -> Any:
    model = keras.Sequential()
    model.add(layers.Dense(16, input_shape=(3, 2), name="D16"))
    model.add(layers.Activation("relu", name="A"))
    model.add(layers.Flatten(name="F"))
    model.add(layers.Dense(4, name="D4"))
    model.compile(loss="mean_squared_error", optimizer="SGD")
    return model


def without_flatten() -> Any:
    model = keras.Sequential()
    model.add(layers.Dense(16, input_shape=(3, 2)))
    model.add(layers.Activation("relu"))
    model.add(layers.Dense(4))
    model.compile(loss="mean_squared_error", optimizer="SGD")
    return model


def flatten_first() -> Any:
    model = keras.Sequential()
    model.add(layers.Flatten(input_shape=(3, 2)))
    model.add(layers.Dense(16))
    model.add(layers.Activation("relu"))
    model.add(layers.Dense(4))
    model.compile(loss="mean_squared_error", optimizer="SGD")
    return model


def show_question(page: Page) -> None:
    """The program, the shapes of its answers, and why they are these."""
    import numpy as np

    keras.utils.set_random_seed(SEED)
    x = np.array(json.loads(QUESTION_INPUT))
    page.heading(1, "question")
    page.paragraph("asked")
    page.code(
        IMPORTS,
        "",
        body_of(question_model),
        f"x = np.array({QUESTION_INPUT})\nmodel.predict(x).shape",
    )
    page.paragraph("answers")
    model = question_model()
    models = {"as asked": model, "without": without_flatten(), "first": flatten_first()}
    shapes = {page.say(key): made.predict(x, verbose=0).shape for key, made in models.items()}
    page.columns(shapes)
    model.summary()
    page.lines([])
    page.paragraph("why")
    page.show(model.explain(language=page.language))
    page.paragraph("number", call='model.why(x, "D16", 1, 1)')
    page.show(model.why(x, "D16", 1, 1, language=page.language))


# -- the digits ------------------------------------------------------------------------------------


def digits_model() -> Any:
    model = keras.Sequential([
        layers.Input((8, 8, 1)),
        layers.Rescaling(1 / 16),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    model.compile(
        optimizer=keras.optimizers.Adam(0.003),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def show_digits(page: Page, folder: Path, epochs: int) -> Path:
    """Train, look at the answers, save."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.digits.load_data()
    page.heading(2, "digits")
    page.paragraph("data", train=len(x_train), test=len(x_test))
    page.code(body_of(digits_model), f"model.fit(x_train, y_train, epochs={epochs})")
    keras.utils.set_random_seed(SEED)
    model = digits_model()
    began = time.perf_counter()
    telling = progress(page, epochs)
    model.fit(x_train, y_train, epochs=epochs, verbose=0, callbacks=[telling])
    page.lines([])
    page.paragraph("learnt", seconds=f"{time.perf_counter() - began:.1f}")
    probabilities = model.predict(x_test, verbose=0)
    answers = probabilities.argmax(axis=-1)
    show_answers(page, x_test, y_test, answers)
    path = folder / FILE
    model.save(path)
    page.paragraph("saved")
    page.code(str(path))
    page.paragraph("next")
    page.code(f"lanthorn explain {shlex.quote(str(path))}")
    return path


def progress(page: Page, epochs: int) -> Any:
    """A callback that tells each epoch's loss and accuracy, on one line where that is possible."""

    class Progress(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            if epoch == 0:
                page.live(page.say("epoch", epoch=1, epochs=epochs))

        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            done = epoch + 1
            logs = logs or {}
            told = page.say(
                "progress",
                loss=f"{logs['loss']:.4f}",
                accuracy=percent(logs["accuracy"], page.language),
            )
            at = page.say("epoch", epoch=f"{done:>{len(str(epochs))}}", epochs=epochs)
            if page.is_live or done in (1, epochs) or done % TOLD_EVERY == 0:
                page.live(f"{at}   {told}", done / epochs)

    return Progress()


def show_answers(page: Page, x: Any, y: Any, answers: Any) -> None:
    """One picture of each digit with its answer, the mistakes, and how often each was made."""
    from lanthorn.explanation.pictures import confusion_table

    firsts = [int((y == digit).argmax()) for digit in range(10)]
    page.pictures([x[i] for i in firsts], [caption(page, y[i], answers[i]) for i in firsts])
    wrong = [int(i) for i in (answers != y).nonzero()[0]]
    shown = wrong[:MOST_WRONG]
    key = "wrong" if len(shown) < len(wrong) else "all wrong" if wrong else "none wrong"
    page.paragraph(key, count=len(shown), wrong=len(wrong))
    page.pictures([x[i] for i in shown], [caption(page, y[i], answers[i]) for i in shown])
    page.lines(confusion_table(y, answers, language=page.language, never=page.never), 4)
    right = len(y) - len(wrong)
    accuracy = percent(right / len(y), page.language)
    page.paragraph("accuracy", right=right, test=len(y), accuracy=accuracy)


def caption(page: Page, digit: int, answer: int) -> str:
    """The answer, and what it should have been."""
    return str(answer) if digit == answer else page.say("meant", answer=answer, digit=digit)


def percent(share: float, language: str) -> str:
    return f"{100 * share:.1f}{' ' if language == 'en' else ''}%"


def body_of(function: Callable[[], Any]) -> str:
    """The lines of a function that is shown as the program it is."""
    lines = inspect.getsource(function).splitlines()[1:]
    kept = [line.replace("  # fmt: skip", "") for line in lines if "return model" not in line]
    return dedent("\n".join(kept))


# -- the page --------------------------------------------------------------------------------------


class Page:
    """Text on standard output, as wide as the terminal, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.width = page_width()
        self.is_live = sys.stdout.isatty()

    @property
    def never(self) -> str:
        return "·" if writes("·") else "."

    def say(self, key: str, **facts: Any) -> str:
        return say(DEMO[key], self.language, facts)

    def lines(self, lines: list[str], indent: int = 0) -> None:
        """Lines, and an empty one behind them."""
        for line in lines:
            print(f"{' ' * indent}{line}".rstrip())
        print()

    def heading(self, number: int, key: str) -> None:
        self.lines([f"{number}  {self.say(key)}"])

    def paragraph(self, key: str, **facts: Any) -> None:
        self.lines(paragraph(self.say(key, **facts), self.width))

    def code(self, *parts: str) -> None:
        self.lines("\n".join(parts).splitlines(), 4)

    def show(self, thing: Any) -> None:
        self.lines(thing.text(self.width).splitlines())

    def columns(self, rows: dict[str, Any]) -> None:
        """Two columns, the second lined up."""
        widest = max(map(shown_width, rows))
        self.lines([f"{padded(name, widest)}   {value}" for name, value in rows.items()], 4)

    def pictures(self, images: list[Any], captions: list[str]) -> None:
        """Pictures in rows of five, or of as many as fit."""
        from lanthorn.explanation.pictures import glyphs_for, picture_row

        if not images:
            return
        cell = max(8, *map(shown_width, captions)) + GAP
        width = min(self.width - 4, PICTURES_IN_A_ROW * cell - GAP)
        rows = picture_row(images, captions, width, 0, FULL_INK, glyphs_for(sys.stdout))
        self.lines(rows, 4)

    def live(self, text: str, share: float = 0.0) -> None:
        """A line that is written over while things go on; in a file, a line each time."""
        full, empty = ("█", "░") if writes("█░") else ("#", ".")
        bar = (full * round(BAR * share)).ljust(BAR, empty)
        line = f"    {bar}  {text}" if self.width > 70 else f"    {text}"
        if not self.is_live:
            if share:
                print(line, flush=True)
            return
        shown = padded(cut(line, self.width - 1), self.width - 1)
        print(f"\r{shown}", end="", flush=True)
        if share == 1.0:
            print()


def writes(text: str) -> bool:
    """Whether standard output's encoding has these characters."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
