"""Thousands of damaged files: each is read or refused in the one family, and none takes long."""

from __future__ import annotations

import io
import json
import random
import time
import warnings
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from files import makers
from lanthorn.saving import ModelFileError, load_model
from lanthorn.saving.hdf5 import read_datasets
from lanthorn.saving.source import Source
from lanthorn.saving.weights import read

SLOWEST = 2.0


def chunked() -> bytes:
    numbers = np.random.default_rng(0).normal(size=(20, 50)).astype("float32")
    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        file.create_dataset("a/plain", data=numbers, chunks=(7, 3))
        file.create_dataset(
            "a/packed", data=numbers, chunks=(7, 3), compression="gzip", shuffle=True,
            fletcher32=True,
        )  # fmt: skip
    return out.getvalue()


def newest() -> bytes:
    out = io.BytesIO()
    with h5py.File(out, "w", libver="latest") as file:
        for i in range(5):
            file.create_dataset(f"a/b{i}", data=np.arange(6.0))
    return out.getvalue()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Some bits or bytes are others, or the end is missing."""
    changed = bytearray(data)
    place = chance.randrange(len(changed))
    kind = chance.choice(["bits", "bits", "bits", "end", "bytes", "copy"])
    if kind == "bits":
        for _ in range(chance.choice([1, 1, 2, 4, 8, 30])):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    elif kind == "end":
        del changed[place:]
    elif kind == "bytes":
        count = min(chance.randrange(1, 64), len(changed) - place)
        changed[place : place + count] = bytes([chance.choice([0, 1, 255])]) * count
    else:
        source = chance.randrange(0, len(changed) - 8) & ~7
        changed[place & ~7 : (place & ~7) + 8] = changed[source : source + 8]
    return bytes(changed)


JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2**31, 2**62, 1e308, "", "x", "Lambda", "../x", "\x1b[31m", [], [None],
    {}, {"class_name": "Dense", "config": {}}, makers.LAMBDA, [[[[]]]], "float64", "int32", [1, 2],
)  # fmt: skip


def bent(config: Any, chance: random.Random) -> Any:
    """A config in which a value is something else, is missing, or is a part of somewhere else."""
    config = json.loads(json.dumps(config))
    for _ in range(chance.choice([1, 1, 2, 5])):
        places = [
            (value, key)
            for value in dicts_and_lists(config)
            for key in (value if isinstance(value, dict) else range(len(value)))
        ]
        owner, key = chance.choice(places)
        kind = chance.choice(["junk", "junk", "missing", "other", "renamed"])
        if kind == "junk":
            owner[key] = chance.choice(JUNK)
        elif kind == "missing":
            del owner[key]
        elif kind == "other":
            other, name = chance.choice(places)
            owner[key] = json.loads(json.dumps(other[name]))
        elif isinstance(owner, dict):
            owner[chance.choice(["name", "config", "class_name", "weights", "x"])] = owner.pop(key)
    return config


def dicts_and_lists(value: Any) -> list[Any]:
    found = [value] if isinstance(value, dict | list) else []
    for item in value.values() if isinstance(value, dict) else value if found else ():
        found += dicts_and_lists(item)
    return found


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sound") / "m.keras"
    makers.sound(path)
    return path.read_bytes()


def read_or_refuse(data: bytes) -> None:
    """Read all arrays of an HDF5 file, those that are not absurdly large."""
    begun = time.perf_counter()
    try:
        for path, dataset in read_datasets(Source(io.BytesIO(data), 0, len(data))).items():
            if dataset.nbytes <= 100 * len(data):
                assert read(dataset, path).shape == dataset.shape
    except ModelFileError as error:
        assert len(str(error)) < 500
    assert time.perf_counter() - begun < SLOWEST


def load_or_refuse(path: Path) -> None:
    begun = time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of models that are loaded but not compiled
            load_model(path)
    except ModelFileError as error:
        assert len(str(error)) < 500
    assert time.perf_counter() - begun < SLOWEST


def fuzz_hdf5(sound: bytes, count: int, seed: int) -> None:
    chance = random.Random(seed)
    weights = makers.members(sound)["model.weights.h5"]
    files = [weights, weights, chunked(), newest()]
    for _ in range(count):
        read_or_refuse(damaged(chance.choice(files), chance))


def fuzz_configs(sound: bytes, count: int, seed: int, path: Path) -> None:
    chance, config = random.Random(seed), makers.config_of(sound)
    for _ in range(count):
        text = json.dumps(bent(config, chance)).encode()
        path.write_bytes(makers.changed(sound, "config.json", text))
        load_or_refuse(path)


def fuzz_archives(sound: bytes, count: int, seed: int, path: Path) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        path.write_bytes(damaged(sound, chance))
        load_or_refuse(path)


def test_damaged_weights_are_read_or_refused(sound: bytes):
    fuzz_hdf5(sound, 1200, seed=1)


def test_bent_configs_are_read_or_refused(sound: bytes, tmp_path: Path):
    fuzz_configs(sound, 250, 2, tmp_path / "m.keras")


def test_damaged_archives_are_read_or_refused(sound: bytes, tmp_path: Path):
    fuzz_archives(sound, 600, 3, tmp_path / "m.keras")


@pytest.mark.slow  # a minute or two: as many files as are tried before a release
def test_many_more_damaged_files(sound: bytes, tmp_path: Path):
    for seed in range(10):
        fuzz_hdf5(sound, 1000, seed)
        fuzz_configs(sound, 500, seed, tmp_path / "m.keras")
        fuzz_archives(sound, 500, seed, tmp_path / "m.keras")
