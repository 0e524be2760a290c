"""The `.keras` file: a zip archive of metadata, config and weights.

Source: keras 3.15.1 `saving/saving_lib.py`; of our own are `lanthorn_version` and `sha256` in the
metadata, which Keras does not look at.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO

from lanthorn.engine import naming
from lanthorn.engine.errors import LanthornError
from lanthorn.engine.refusals import (
    DamagedModelError,
    ModelFileWarning,
    ModelLimitError,
    inside,
    quoted,
)
from lanthorn.engine.registry import custom_object_scope
from lanthorn.models.configs import model_config
from lanthorn.models.rebuild import object_from_config
from lanthorn.saving import weights
from lanthorn.saving.archive import Member, contents, read_members, to_read_from
from lanthorn.saving.assets import assets_of, load_assets
from lanthorn.saving.hdf5 import read_datasets
from lanthorn.saving.jsontext import read_json
from lanthorn.saving.limits import Limits
from lanthorn.saving.source import Source

METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
KERAS_VERSION = "3.15.1"
"""The version of Keras whose files these are."""

NO_DATE = (1980, 1, 1, 0, 0, 0)
IN_MEMORY = 64 * 2**20
"""Bytes of weights that wait in memory, not in a temporary file, for their checksum."""

PIECE = 2**20


# -- writing ---------------------------------------------------------------------------------------


def write_model(file: BinaryIO, model: Any, folder: str | None) -> None:
    """Write the model as a `.keras` archive. folder: where a large temporary file may be."""
    if not model.built:
        warnings.warn(
            f"{model.name!r} is not built, so its file will hold no weights. Call it on data, or "
            "build(input_shape), before saving it.",
            ModelFileWarning,
            stacklevel=4,
        )
    config = _json(model_config(model))
    with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=folder) as spool:
        weights.write_weights(spool, model)  # type: ignore[arg-type]
        digests = {CONFIG: hashlib.sha256(config).hexdigest(), WEIGHTS: _digest(spool)}
        metadata = {
            "keras_version": KERAS_VERSION,
            "date_saved": datetime.now().strftime("%Y-%m-%d@%H:%M:%S"),
            "lanthorn_version": sys.modules["lanthorn"].__version__,
            "sha256": digests,
        }
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(zipfile.ZipInfo(METADATA, NO_DATE), _json(metadata))
            archive.writestr(zipfile.ZipInfo(CONFIG, NO_DATE), config)
            size = spool.seek(0, os.SEEK_END)
            info = zipfile.ZipInfo(WEIGHTS, NO_DATE)
            info.external_attr = 0o600 << 16
            spool.seek(0)
            with archive.open(info, "w", force_zip64=size >= zipfile.ZIP64_LIMIT) as member:
                while piece := spool.read(PIECE):
                    member.write(piece)
            for name, data in assets_of(model):
                archive.writestr(zipfile.ZipInfo(name, NO_DATE), data)


def _json(value: Any) -> bytes:
    try:
        return json.dumps(value, allow_nan=False).encode()
    except ValueError as error:
        raise LanthornError(
            "The config holds a number that is not finite, which a file cannot keep."
        ) from error


def _digest(file: Any) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def check_model(file: BinaryIO) -> None:
    """Read back what was written: checksums, config, and the structure of the weights."""
    size = file.seek(0, os.SEEK_END)
    limits = Limits()
    members = read_members(Source(file, 0, size), limits)
    config = contents(members[CONFIG], limits)
    stored = to_read_from(members[WEIGHTS], limits)
    _check_digests(members, config, stored, limits)
    json.loads(config)
    read_datasets(stored)


# -- reading ---------------------------------------------------------------------------------------


def read_model(
    source: Source, custom_objects: Mapping[str, Any] | None, compile: bool, limits: Limits
) -> Any:
    """The model in a `.keras` archive. Everything outside it is as before, whatever happens."""
    members = read_members(source, limits)
    config_bytes = contents(_member(members, CONFIG), limits)
    stored = to_read_from(_member(members, WEIGHTS), limits)
    _check_digests(members, config_bytes, stored, limits)
    with inside(CONFIG):
        config = read_json(config_bytes, limits)
        _check_layers(config, limits)
    with inside(WEIGHTS):
        datasets = read_datasets(stored, limits)
    with _nothing_else_changed(), custom_object_scope(custom_objects or {}):
        with inside(CONFIG):
            model = object_from_config({**config, "compile_config": None})
            if not hasattr(model, "compile_from_config"):
                raise DamagedModelError(f"{quoted(config.get('class_name'))} is not a model.")
            if compile:
                model.compile_from_config(config.get("compile_config") or {})
        load_assets(model, members, limits)
        with inside(WEIGHTS):
            weights.load(model, datasets, source.size, limits, skip_mismatch=False)
    return model


def weights_of(source: Source, limits: Limits) -> Source:
    """The weights inside a `.keras` archive."""
    members = read_members(source, limits)
    return to_read_from(_member(members, WEIGHTS), limits)


def _member(members: Mapping[str, Member], name: str) -> Member:
    if name not in members:
        raise DamagedModelError(
            f"there is no {name} in it; it holds {', '.join(map(quoted, list(members)[:5]))}."
        )
    return members[name]


def _check_digests(
    members: Mapping[str, Member], config: bytes, stored: Source, limits: Limits
) -> None:
    """Compare with the checksums that Lanthorn keeps; files of Keras have none."""
    if METADATA not in members:
        return
    with inside(METADATA):
        told = read_json(contents(members[METADATA], limits), limits).get("sha256")
    if not isinstance(told, dict):
        return
    for name, found in ((CONFIG, hashlib.sha256(config).hexdigest()), (WEIGHTS, None)):
        if name in told and told[name] != (found or _digest_of(stored)):
            raise DamagedModelError(
                f"{name} has changed since it was saved (SHA-256).",
                hint="Copy or download the file again.",
            )


def _digest_of(source: Source) -> str:
    digest = hashlib.sha256()
    for offset in range(0, source.size, PIECE):
        digest.update(source.at(offset, min(PIECE, source.size - offset)))
    return digest.hexdigest()


def _check_layers(config: Mapping[str, Any], limits: Limits) -> None:
    """Count the layers of the model and of the models in it before any is made."""
    count, stack = 0, [config]
    while stack:
        value: Any = stack.pop()
        if isinstance(value, dict):
            entries = value.get("layers")
            count += len(entries) if isinstance(entries, list) else 0
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    if count > limits.layers:
        raise ModelLimitError(
            f"describes {count:,} layers (limit {limits.layers:,}).",
            hint=f"If you trust it: limits=Limits(layers={count}).",
        )


@contextmanager
def _nothing_else_changed() -> Iterator[None]:
    """Leave Python's random numbers and the counters of default names as they were."""
    numbers, counts = random.getstate(), dict(naming._counts)
    try:
        yield
    finally:
        random.setstate(numbers)
        naming._counts.clear()
        naming._counts.update(counts)
