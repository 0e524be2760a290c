"""Hostile and damaged model files, made by code: one function each, from a sound file."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

import lanthorn
from lanthorn import layers

Config = dict[str, Any]


def sound(path: Path) -> None:
    """The file that the others are made from: a graph with a row in it, compiled and trained."""
    x = lanthorn.Input((4,), name="x")
    inner = lanthorn.Sequential([layers.Input((4,)), layers.Dense(4, name="in")], name="inner")
    y = layers.Dense(3, activation="relu", name="d1")(inner(x) * 2)
    model = lanthorn.Model(x, layers.Dense(2, name="d2")(y), name="net")
    model.compile("adam", "mse")
    model.fit(np.ones((4, 4)), np.ones((4, 2)), verbose=0)
    model.save(path)


# -- the archive -----------------------------------------------------------------------------------


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes] | list[tuple[Any, bytes]], method: int = 0) -> bytes:
    """An archive of these members; the checksums of ours are taken out of the metadata."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items() if isinstance(parts, dict) else parts:
            if name == "metadata.json":
                data = json.dumps({"keras_version": "3.15.1", "date_saved": "now"}).encode()
            archive.writestr(name, data)
    return out.getvalue()


def changed(data: bytes, name: str, new: bytes, method: int = 0) -> bytes:
    return packed(members(data) | {name: new}, method)


def with_members(data: bytes, *more: tuple[Any, bytes]) -> bytes:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two members with one name
        return packed([*members(data).items(), *more])


def entry(data: bytes, name: str) -> int:
    """Where the list of members tells of `name`."""
    at = data.find(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(name)] != name.encode():
        at = data.find(b"PK\x01\x02", at + 4)
    return at


def patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def flipped(data: bytes, name: str) -> bytes:
    """One bit of a member's content is another."""
    content = members(data)[name]
    at = data.find(content[:64]) + len(content) // 2
    return patched(data, at, bytes([data[at] ^ 1]))


def link_member() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("assets/link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def local_name_differs(data: bytes) -> bytes:
    at = data.find(b"config.json")
    return patched(data, at, b"konfig.json")


def declares(data: bytes, name: str, size: int) -> bytes:
    """The list of members tells another size than there is."""
    whole = changed(data, name, members(data)[name], zipfile.ZIP_DEFLATED)
    return patched(whole, entry(whole, name) + 24, struct.pack("<I", size))


def bomb(data: bytes) -> bytes:
    return changed(data, "config.json", b" " * 200_000_000 + b"{}", zipfile.ZIP_DEFLATED)


def overlapping(data: bytes) -> bytes:
    """The first member begins, its own header says, within the second."""
    return patched(data, 28, struct.pack("<H", len(members(data)["metadata.json"]) + 50))


# -- the config ------------------------------------------------------------------------------------


def config_of(data: bytes) -> Config:
    return json.loads(members(data)["config.json"])


def edited(edit: Callable[[Config], Any]) -> Callable[[bytes], bytes]:
    """A file whose config was changed in place by `edit`."""

    def make(data: bytes) -> bytes:
        config = config_of(data)
        edit(config)
        return changed(data, "config.json", json.dumps(config).encode())

    return make


def text(new: bytes) -> Callable[[bytes], bytes]:
    """A file whose config is this text."""
    return lambda data: changed(data, "config.json", new)


def layer(config: Config, name: str) -> Config:
    return next(entry for entry in config["config"]["layers"] if entry["name"] == name)


def as_layer(**new: Any) -> Callable[[bytes], bytes]:
    """The layer d1 is something else."""
    return edited(lambda config: layer(config, "d1").update(new))


def setting(name: str, value: Any) -> Callable[[bytes], bytes]:
    """The layer d1 has another setting."""
    return edited(lambda config: layer(config, "d1")["config"].update({name: value}))


def operation(class_name: str, args: list[Any], module: str = "numpy", **made: Any) -> Any:
    """The operation of the graph is another; `None` in args stands for its tensor."""

    def edit(config: Config) -> None:
        found = layer(config, "multiply")
        tensor = found["inbound_nodes"][0]["args"][0]
        found.update(
            module=f"keras.src.ops.{module}", class_name=class_name, registered_name=class_name,
            config={"name": "multiply", **made},
            inbound_nodes=[
                {"args": [tensor if arg is None else arg for arg in args], "kwargs": {}}
            ],
        )  # fmt: skip

    def make(data: bytes) -> bytes:
        config = config_of(data)
        config = json.loads(json.dumps(config).replace(multiply_name(config), "multiply"))
        edit(config)
        return changed(data, "config.json", json.dumps(config).encode())

    return make


def multiply_name(config: Config) -> str:
    return next(e["name"] for e in config["config"]["layers"] if e["class_name"] == "Multiply")


def function(name: str, module: str = "builtins") -> Config:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


LAMBDA = {"class_name": "__lambda__", "config": {"value": ["4wEAAAA=", None, None]}}


def doublings(config: Config) -> None:
    """Concatenate of a tensor with itself, 58 times."""
    entries = config["config"]["layers"]
    template = layer(config, "d1")
    before = template["inbound_nodes"][0]["args"][0]
    for i in range(58):
        name = f"c{i}"
        entries.append(
            {
                "module": "keras.layers", "class_name": "Concatenate", "registered_name": None,
                "config": {"name": name, "axis": -1}, "name": name,
                "inbound_nodes": [{"args": [[before, before]], "kwargs": {}}],
            }
        )  # fmt: skip
        before = {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}


def history(config: Config, place: list[Any]) -> None:
    node = layer(config, "d1")["inbound_nodes"][0]
    node["args"][0]["config"]["keras_history"] = place


# -- the weights -----------------------------------------------------------------------------------


def weights(edit: Callable[[Any], Any], **options: Any) -> Callable[[bytes], bytes]:
    """A file whose weights were changed by `edit(h5py.File)`."""

    def make(data: bytes) -> bytes:
        content = io.BytesIO(members(data)["model.weights.h5"])
        with h5py.File(content, "r+", **options) as file:
            edit(file)
        return changed(data, "model.weights.h5", content.getvalue())

    return make


D1 = "layers/dense/vars"


def replaced(make: Callable[[Any], Any]) -> Callable[[bytes], bytes]:
    """The kernel of d1, (4, 3), is something else: `make(group)` puts it under the name "0"."""

    def edit(file: Any) -> None:
        del file[f"{D1}/0"]
        make(file[D1])

    return weights(edit)


def put(**options: Any) -> Callable[[Any], Any]:
    return lambda group: group.create_dataset("0", **options)


def assign(link: Any) -> Callable[[Any], Any]:
    def make(group: Any) -> None:
        group["0"] = link

    return make


def virtual(group: Any) -> None:
    layout = h5py.VirtualLayout((4, 3), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4, 3))
    group.create_virtual_dataset("0", layout)


def named_twice(group: Any) -> None:
    group["0"] = group.file["layers/sequential/layers/dense/vars/0"]


def empty(group: Any) -> None:
    space = h5py.h5s.create_simple((4, 3))
    h5py.h5d.create(group.id, b"0", h5py.h5t.IEEE_F32LE, space)


def huge_zeros(data: bytes) -> bytes:
    """A kernel of 4 GB of zeros, compressed to little; the config agrees."""
    units = 2**28
    data = edited(lambda c: layer(c, "d1")["config"].update(units=units))(data)

    def edit(file: Any) -> None:
        del file[f"{D1}/0"]
        file[D1].create_dataset(
            "0", (4, units), "f4", chunks=(4, 2**22), compression="gzip", fillvalue=0
        )
        del file[f"{D1}/1"]
        file[D1].create_dataset("1", (units,), "f4", chunks=(2**22,), compression="gzip")
        del file["layers/dense_1/vars/0"]
        file["layers/dense_1/vars"].create_dataset(
            "0", (units, 2), "f4", chunks=(2**22, 2), compression="gzip"
        )

    return weights(edit)(data)


# -- what is no file -------------------------------------------------------------------------------


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path)
