"""A save replaces a file all at once, or not at all."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest

import lanthorn
from lanthorn import layers
from lanthorn.saving import atomic
from lanthorn.saving.atomic import replaced
from tests.sources import SOURCE

POSIX = pytest.mark.skipif(os.name == "nt", reason="links, permissions and signals of POSIX")


def model(units: int = 3) -> Any:
    return lanthorn.Sequential([layers.Input((4,)), layers.Dense(units)])


def leave(file: BinaryIO) -> None:
    """A check that finds nothing wrong."""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_new_content_takes_the_name(tmp_path: Path):
    path = tmp_path / "m.keras"
    path.write_bytes(b"old")
    replaced(path, lambda file: file.write(b"new"), leave)
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["m.keras"]


class Broken(Exception):
    pass


def broken(file: BinaryIO) -> None:
    file.write(b"half of it")
    raise Broken


@pytest.mark.parametrize("where", ["while writing", "while checking"])
def test_after_an_error_the_old_file_is_untouched_and_nothing_is_left(where: str, tmp_path: Path):
    path = tmp_path / "m.keras"
    path.write_bytes(b"old")
    with pytest.raises(Broken):
        if where == "while writing":
            replaced(path, broken, leave)
        else:
            replaced(path, lambda file: file.write(b"new"), broken_check)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["m.keras"]


def broken_check(file: BinaryIO) -> None:
    raise Broken


class Full:
    """A file on a disk that is full after so many bytes."""

    def __init__(self, file: BinaryIO, room: int) -> None:
        self.file, self.room = file, room

    def write(self, data: Any) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(28, "No space left on device")
        return self.file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


@pytest.mark.parametrize("room", [0, 1, 40, 700, 2000, 2600, 5000])
@pytest.mark.parametrize("ending", [".keras", ".weights.h5"])
def test_a_full_disk_costs_nothing_but_the_new_file(
    room: int, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / f"m{ending}"
    save = model().save if ending == ".keras" else model().save_weights
    save(path)
    before = path.read_bytes()
    opened = os.fdopen
    monkeypatch.setattr(atomic.os, "fdopen", lambda *a: FullOpened(opened(*a), room))
    with pytest.raises(OSError, match=r"No space left.*untouched") as found:
        save(path)
    assert found.value.errno == 28
    assert found.value.filename == str(path)
    assert path.read_bytes() == before
    assert names(tmp_path) == [path.name]


class FullOpened(Full):
    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: Any) -> None:
        self.file.close()


@POSIX
def test_a_link_stays_a_link_and_what_it_leads_to_is_replaced(tmp_path: Path):
    (tmp_path / "real.keras").write_bytes(b"old")
    (tmp_path / "link.keras").symlink_to("real.keras")
    replaced(tmp_path / "link.keras", lambda file: file.write(b"new"), leave)
    assert (tmp_path / "link.keras").is_symlink()
    assert (tmp_path / "real.keras").read_bytes() == b"new"


@POSIX
def test_the_permissions_of_the_old_file_are_kept(tmp_path: Path):
    path = tmp_path / "m.keras"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replaced(path, lambda file: file.write(b"new"), leave)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@POSIX
@pytest.mark.parametrize("kind", ["folder", "pipe", "no folder", "long name"])
def test_what_cannot_be_replaced_is_refused_with_its_path(kind: str, tmp_path: Path):
    path = tmp_path / "m.keras"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "no folder":
        path = tmp_path / "nowhere" / "m.keras"
    else:
        path = tmp_path / ("m" * 300 + ".keras")
    before = names(tmp_path)
    with pytest.raises(OSError, match="nothing was saved") as found:
        model().save(path)
    assert found.value.filename == str(path)
    assert found.value.errno
    assert names(tmp_path) == before


def test_what_killed_processes_left_is_cleaned_at_the_next_save(tmp_path: Path):
    path = tmp_path / "m.keras"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    start = atomic._pattern(path.name)
    (tmp_path / f"{start}{ended.pid}.0a1b2c3d.tmp").write_bytes(b"half")
    (tmp_path / f"{start}{os.getpid()}.0a1b2c3d.tmp").write_bytes(b"somebody still writes this")
    (tmp_path / ".m.keras.notes.tmp").write_bytes(b"a user's")
    model().save(path)
    assert names(tmp_path) == sorted(
        ["m.keras", ".m.keras.notes.tmp", f"{start}{os.getpid()}.0a1b2c3d.tmp"]
    )


def test_overwrite_false_never_touches_a_file(tmp_path: Path):
    for ending, save in ((".keras", model().save), (".weights.h5", model().save_weights)):
        path = tmp_path / f"m{ending}"
        path.write_bytes(b"old")
        with pytest.raises(FileExistsError):
            save(path, overwrite=False)
        assert path.read_bytes() == b"old"


SAVES_FOR_EVER = """
import sys
import lanthorn
import numpy as np
from lanthorn import layers
model = lanthorn.Sequential([layers.Input((200,)), layers.Dense(2000)])
path, turn = sys.argv[1], 0
save = model.save if path.endswith(".keras") else model.save_weights
while True:
    turn += 1
    for variable in model.weights:
        variable.assign(np.full(tuple(variable.shape), turn, "float32"))
    save(path)
    print(turn, flush=True)
"""


@POSIX
@pytest.mark.parametrize("ending", [".keras", ".weights.h5"])
def test_a_save_that_is_killed_leaves_the_old_file_or_the_new_one(ending: str, tmp_path: Path):
    path = tmp_path / f"m{ending}"
    random = np.random.default_rng(0)
    reader = lanthorn.Sequential([layers.Input((200,)), layers.Dense(2000)])
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", SAVES_FOR_EVER, str(path)],
            env={**os.environ, "PYTHONPATH": str(SOURCE.parent)},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()  # one save is through, the next are under way
        time.sleep(random.uniform(0, 0.12))
        process.send_signal(signal.SIGKILL)
        done = process.stdout.read().split()
        process.wait()
        process.stdout.close()
        reader.load_weights(path)
        turns = {float(value) for variable in reader.weights for value in variable.numpy().flat}
        assert len(turns) == 1, "a torn file"
        assert turns.pop() >= max(map(int, done), default=1), "a save that was done is lost"
    model().save_weights(tmp_path / "other.weights.h5")
    assert len(names(tmp_path)) <= 3
