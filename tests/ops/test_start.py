"""The compile cache: on by default, out of the way, quiet."""

import os
import sys
import time

import pytest

from lanthorn.ops import start
from tests.ops.test_core import in_a_fresh_process

STEP = """
import numpy as np
from lanthorn import ops
import jax
print(float(ops.sum(ops.relu(np.ones((3, 4), 'float32')))), jax.config.jax_compilation_cache_dir)
"""


def cached(folder):
    return sorted(path.name for path in folder.rglob("*-cache"))


def environment(tmp_path, **more):
    return {"XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path), "LANTHORN_CACHE": "", **more}


@pytest.mark.skipif(sys.platform != "linux", reason="the folder is set by XDG_CACHE_HOME")
def test_the_second_run_of_a_script_compiles_nothing_and_says_nothing(tmp_path):
    first = in_a_fresh_process(STEP, **environment(tmp_path))
    kept = cached(tmp_path)
    assert kept and all("lanthorn/xla-" in str(path) for path in tmp_path.rglob("*-cache"))
    compiled = "import jax; from jax._src import monitoring; misses = []; " \
        "monitoring.register_event_listener(lambda event, **_: misses.append(event)" \
        " if event.endswith('cache_misses') else None)\n"  # fmt: skip
    second = in_a_fresh_process(compiled + STEP + "assert not misses", **environment(tmp_path))
    assert cached(tmp_path) == kept
    assert first.stdout == second.stdout
    assert first.stderr == second.stderr == ""


@pytest.mark.parametrize("word", ["off", "OFF", "0"])
def test_it_can_be_switched_off(tmp_path, word):
    found = in_a_fresh_process(STEP, **environment(tmp_path, LANTHORN_CACHE=word))
    assert found.stdout.endswith("None\n") and not cached(tmp_path)


def test_what_the_user_configured_wins(tmp_path):
    chosen = str(tmp_path / "chosen")
    found = in_a_fresh_process(STEP, **environment(tmp_path, JAX_COMPILATION_CACHE_DIR=chosen))
    assert found.stdout.strip().endswith(chosen)
    setting = f"import jax; jax.config.update('jax_compilation_cache_dir', {chosen!r})\n"
    found = in_a_fresh_process(setting + STEP, **environment(tmp_path))
    assert found.stdout.strip().endswith(chosen)


def test_a_folder_that_cannot_be_made_means_no_cache_and_no_word(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    found = in_a_fresh_process(
        STEP, XDG_CACHE_HOME=str(blocked), HOME=str(blocked), LOCALAPPDATA=str(blocked),
        LANTHORN_CACHE="",
    )  # fmt: skip
    assert found.stdout.endswith("None\n") and found.stderr == ""


def test_the_oldest_entries_go_when_the_folder_outgrows_its_limit(tmp_path):
    for age, name in enumerate(["new", "middle", "old"]):
        path = tmp_path / name
        path.write_bytes(bytes(100))
        os.utime(path, (time.time() - 1000 * age,) * 2)
    start.trim(tmp_path, 250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["middle", "new"]
    start.trim(tmp_path, 250)
    assert len(list(tmp_path.iterdir())) == 2


def test_each_system_has_its_own_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(start.Path, "home", lambda: tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(start.sys, "platform", "linux")
    assert start.user_cache_folder() == tmp_path / ".cache"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert start.user_cache_folder() == tmp_path / ".cache"
    monkeypatch.setattr(start.sys, "platform", "darwin")
    assert start.user_cache_folder() == tmp_path / "Library" / "Caches"
    monkeypatch.setattr(start.sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert start.user_cache_folder() == tmp_path / "local"


def test_another_processor_or_compiler_is_another_folder(monkeypatch):
    here = start.machine_fingerprint()
    assert here == start.machine_fingerprint()
    monkeypatch.setattr(start.jax, "__version__", "0.0.1")
    assert here != start.machine_fingerprint()
