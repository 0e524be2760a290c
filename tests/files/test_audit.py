"""A load opens the model's file and nothing else, and imports and runs nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from files import makers
from tests.sources import SOURCE

WATCH = """
import os
import sys
from lanthorn import saving

first, path, act = sys.argv[1:]
saving.load_model(first)  # what the library itself needs is loaded now
try:
    saving.load_model("/nowhere.keras")
except FileNotFoundError:
    pass
seen = []
sys.addaudithook(lambda event, args: seen.append((event, *map(str, args[:1]))))
try:
    if act:
        exec(act)
    saving.load_model(path)
    outcome = "loaded"
except saving.ModelFileError:
    outcome = "refused"
end = list(seen)
print(outcome)
for event in end:
    print(*map(ascii, event), sep="|")
"""

QUIET = {"object.__getattr__", "sys._getframe", "builtins.id", "gc.get_objects", "exec", "compile"}
"""Events that touch nothing outside the process. What a file could run would show as others too."""

OWN = {"lanthorn", "difflib"}
"""What is imported when it is first needed: our own files, and the finder of near names."""


def events(sound: Path, path: Path, act: str = "") -> tuple[str, list[tuple[str, str]]]:
    """How a load ended, and what Python saw it do: event and first argument."""
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(sound), str(path), act],
        env={**os.environ, "PYTHONPATH": str(SOURCE.parent), "JAX_PLATFORMS": "cpu"},
        capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcome, *lines = done.stdout.splitlines()
    pairs = [line.partition("|") for line in lines]
    return outcome, [(event.strip("'"), argument.strip("'")) for event, _, argument in pairs]


def strange(seen: list[tuple[str, str]], path: Path) -> list[tuple[str, str]]:
    """What a load has no business to do."""
    return [
        (event, argument)
        for event, argument in seen
        if event not in QUIET
        and not (event == "open" and (argument == str(path) or argument.isdigit()))
        and not (event in ("import", "open", "marshal.loads") and is_own(argument))
    ]


def is_own(argument: str) -> bool:
    """Whether a module, or a file of one, is our own."""
    return argument.split(".")[0] in OWN or str(SOURCE) in argument or "difflib" in argument


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "m.keras"
    makers.sound(path)
    return path


FILES = {
    "a sound file": (lambda data: data, "loaded"),
    "Lambda": (makers.as_layer(class_name="Lambda"), "refused"),
    "os.system": (
        makers.as_layer(
            module="os", class_name="function", config="system", registered_name="system"
        ),
        "refused",
    ),
    "a module to import": (makers.as_layer(module="antigravity", class_name="Dense"), "refused"),
    "get_file": (
        makers.setting("activation", makers.function("get_file", "keras.utils")), "refused",
    ),
    "an external link": (
        makers.replaced(makers.assign(makers.h5py.ExternalLink("/etc/passwd", "/x"))), "refused",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_load_touches_nothing_but_its_file(name: str, sound: Path, tmp_path: Path):
    make, wanted = FILES[name]
    path = tmp_path / "m.keras"
    path.write_bytes(make(sound.read_bytes()))
    outcome, seen = events(sound, path)
    assert outcome == wanted
    assert ("open", str(path)) in seen
    assert strange(seen, path) == []


@pytest.mark.parametrize(
    ("act", "event"),
    [
        ("os.system('true')", "os.system"),
        ("open(os.devnull).close()", "open"),
        ("import antigravity_", "import"),
        ("import socket; socket.socket()", "socket.__new__"),
    ],
)
def test_the_watch_sees_what_it_is_for(act: str, event: str, sound: Path):
    act = f"try:\n    {act}\nexcept ImportError:\n    pass"
    _, seen = events(sound, sound, act)
    assert event in {event for event, _ in strange(seen, sound)}
