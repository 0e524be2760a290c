"""The command `lanthorn`: demo, summary, explain."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

import lanthorn
from lanthorn.words.phrases import LANGUAGES

OK, FAILED, MISUSED = 0, 1, 2
"""Exit codes; argparse itself ends with 2 when it is called wrongly."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. What a user can cause is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # an old terminal gets a ? and not a traceback
            stream.reconfigure(errors="replace")
    chosen = parser().parse_args(arguments)
    try:
        chosen.command(chosen)
        sys.stdout.flush()
    except BrokenPipeError:  # `lanthorn explain model.keras | head`: whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        print("\nlanthorn: interrupted", file=sys.stderr)
        return 130
    except (ValueError, OSError) as error:
        print(f"lanthorn: {one_line(error)}", file=sys.stderr)
        return FAILED
    return OK


def one_line(error: Exception) -> str:
    """An error's message on one line."""
    text = str(error) or type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        text = f"{where}{error.strerror}"
    return " ".join(text.split())


def parser() -> argparse.ArgumentParser:
    """What can be asked for on the command line."""
    whole = argparse.ArgumentParser(prog="lanthorn", description="Keras that you can see through.")
    whole.add_argument("--version", action="version", version=f"lanthorn {lanthorn.__version__}")
    commands = whole.add_subparsers(metavar="COMMAND", required=True)

    shown = commands.add_parser("demo", help="what Flatten does, and a network that reads digits")
    language_option(shown)
    shown.add_argument(
        "--out", default=".", metavar="DIR", help="where digits.keras is saved (here)"
    )
    shown.add_argument("--quick", action="store_true", help="learn for a moment only")
    shown.set_defaults(command=demo)

    summed = commands.add_parser("summary", help="a saved model's layers, shapes and parameters")
    summed.add_argument("file", metavar="FILE", help="a .keras file")
    summed.set_defaults(command=summary)

    told = commands.add_parser("explain", help="what a saved model does, layer by layer")
    told.add_argument("file", metavar="FILE", help="a .keras file")
    told.add_argument("layer", metavar="LAYER", nargs="?", help="only this layer")
    language_option(told)
    told.set_defaults(command=explain)
    return whole


def language_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lang", choices=LANGUAGES, default="en", help="English or Korean (en)")


def demo(chosen: argparse.Namespace) -> None:
    from lanthorn.demo import run

    run(chosen.lang, chosen.out, chosen.quick)


def summary(chosen: argparse.Namespace) -> None:
    loaded(chosen.file).summary()


def explain(chosen: argparse.Namespace) -> None:
    print(loaded(chosen.file).explain(chosen.layer, language=chosen.lang))


def loaded(file: str) -> Any:
    """The model in a file, without what it was trained with."""
    if not os.path.exists(file):
        raise FileNotFoundError(2, "no such file", file)
    if os.path.isdir(file):
        raise IsADirectoryError(21, "is a folder, not a model file", file)
    return lanthorn.models.load_model(file, compile=False)


if __name__ == "__main__":
    sys.exit(main())
