"""Files made to do harm, and files that suffered: each is refused, at once, and told what it is."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import lanthorn
from files import makers
from files.makers import (
    LAMBDA,
    as_layer,
    changed,
    edited,
    function,
    history,
    layer,
    members,
    operation,
    patched,
    put,
    replaced,
    setting,
    text,
    weights,
    with_members,
)
from lanthorn.saving import (
    DamagedModelError,
    Limits,
    ModelFileError,
    ModelLimitError,
    ModelMismatchError,
    UnknownObjectError,
    UnsafeModelError,
    load_model,
)

DAMAGED, UNSAFE, UNKNOWN = DamagedModelError, UnsafeModelError, UnknownObjectError
LIMIT, MISMATCH = ModelLimitError, ModelMismatchError
BIG = 2**62

ARCHIVES = {
    "nothing": (lambda data: b"", DAMAGED),
    "zeros": (lambda data: bytes(4096), DAMAGED),
    "noise": (lambda data: np.random.default_rng(0).bytes(4096), DAMAGED),
    "a Git LFS pointer": (lambda data: b"version https://git-lfs.github.com/spec/v1\n", DAMAGED),
    "a web page": (lambda data: b"\n<!DOCTYPE html><html>404</html>", DAMAGED),
    "a pickle": (lambda data: b"\x80\x04cos\nsystem\n(S'true'\ntR.", DAMAGED),
    "gzip": (lambda data: gzip.compress(data), DAMAGED),
    "JSON": (lambda data: members(data)["config.json"], DAMAGED),
    "an HDF5 file": (lambda data: members(data)["model.weights.h5"], DAMAGED),
    "half of it": (lambda data: data[: len(data) // 2], DAMAGED),
    "all but a byte": (lambda data: data[:-1], DAMAGED),
    "all but the beginning": (lambda data: data[30:], DAMAGED),
    "something in front": (lambda data: b"MZ" + bytes(98) + data, DAMAGED),
    "an archive in front": (lambda data: makers.packed({"a": b"b"}) + data, DAMAGED),
    "a changed config": (lambda data: makers.flipped(data, "config.json"), DAMAGED),
    "changed weights": (lambda data: makers.flipped(data, "model.weights.h5"), DAMAGED),
    "two configs": (lambda data: with_members(data, ("config.json", b"{}")), UNSAFE),
    "a name that climbs": (lambda data: with_members(data, ("../evil", b"")), UNSAFE),
    "a name that climbs later": (lambda data: with_members(data, ("assets/../../e", b"")), UNSAFE),
    "an absolute name": (lambda data: with_members(data, ("/etc/evil", b"")), UNSAFE),
    "a name for Windows": (lambda data: with_members(data, ("C:evil", b"")), UNSAFE),
    "a backslash": (
        lambda data: with_members(data, ("a_b", b"")).replace(b"a_b", b"a\\b"), UNSAFE,
    ),
    "a NUL": (lambda data: with_members(data, ("a_b", b"")).replace(b"a_b", b"a\0b"), UNSAFE),
    "a link": (lambda data: with_members(data, (makers.link_member(), b"/etc/passwd")), UNSAFE),
    "60000 members": (
        lambda data: with_members(data, *((f"assets/{i}", b"") for i in range(60_000))), LIMIT,
    ),
    "encrypted": (
        lambda data: patched(data, makers.entry(data, "config.json") + 8, b"\1"), DAMAGED,
    ),
    "an unknown packing": (
        lambda data: patched(data, makers.entry(data, "config.json") + 10, b"\x63"), DAMAGED,
    ),
    "two different lists": (makers.local_name_differs, DAMAGED),
    "a size too small": (lambda data: makers.declares(data, "config.json", 10), DAMAGED),
    "a size too large": (lambda data: makers.declares(data, "config.json", 30_000), DAMAGED),
    "members within members": (makers.overlapping, DAMAGED),
    "a bomb": (makers.bomb, LIMIT),
    "no config": (
        lambda data: makers.packed({"model.weights.h5": members(data)["model.weights.h5"]}),
        DAMAGED,
    ),
    "no weights": (
        lambda data: makers.packed({"config.json": members(data)["config.json"]}), DAMAGED,
    ),
    "other checksums": (
        lambda data: makers.packed(
            [("a", b""), *((n, d) for n, d in members(data).items() if n != "metadata.json")]
        ).replace(b"net", b"nit"),
        DAMAGED,
    ),
}  # fmt: skip

TEXTS = {
    "100000 brackets": (text(b"[" * 100_000), LIMIT),
    "deep objects": (text(b'{"a":' * 5_000 + b"1" + b"}" * 5_000), LIMIT),
    "brackets in text": (text(b'"' + b"[" * 100_000 + b'"'), DAMAGED),
    "NaN": (setting("units", float("nan")), DAMAGED),
    "Infinity": (setting("units", float("inf")), DAMAGED),
    "1e999": (text(b'{"class_name": "Dense", "config": 1e999}'), DAMAGED),
    "a number of 100000 digits": (text(b'{"a": ' + b"9" * 100_000 + b"}"), DAMAGED),
    "a key twice": (text(b'{"class_name": "Dense", "class_name": "Lambda"}'), DAMAGED),
    "half a surrogate pair": (text(b'{"class_name": "\\ud800"}'), DAMAGED),
    "UTF-16": (text('{"a": 1}'.encode("utf-16")), DAMAGED),
    "Latin-1": (text(b'{"\xe9": 1}'), DAMAGED),
    "a list": (text(b"[]"), DAMAGED),
    "text that does not end": (text(b'{"a": "'), DAMAGED),
    "no class": (text(b"{}"), DAMAGED),
    "megabytes of text": (text(b'{"class_name": "' + b"A" * 3_000_000 + b'"}'), LIMIT),
}

CONFIGS = {
    "Lambda": (as_layer(class_name="Lambda", config={"name": "d1", "function": LAMBDA}), UNSAFE),
    "a Lambda of another module": (as_layer(module="x", class_name="Lambda"), UNSAFE),
    "a lambda for an activation": (setting("activation", LAMBDA), UNSAFE),
    "a lambda for an initializer": (setting("kernel_initializer", LAMBDA), UNSAFE),
    "a lambda for a name": (setting("name", LAMBDA), DAMAGED),
    "TFSMLayer": (as_layer(class_name="TFSMLayer", config={"filepath": "/tmp/x"}), UNSAFE),
    "TorchModuleWrapper": (as_layer(class_name="TorchModuleWrapper"), UNSAFE),
    "os.system as a layer": (
        as_layer(module="os", class_name="function", config="system", registered_name=None),
        UNKNOWN,
    ),
    "Popen": (as_layer(module="subprocess", class_name="Popen", registered_name=None), UNKNOWN),
    "a class of keras_hub": (as_layer(module="keras_hub.x", class_name="Y"), UNKNOWN),
    "a class that is misspelt": (as_layer(class_name="Denze"), UNKNOWN),
    "a module that only looks like ours": (as_layer(module="keras_evil.layers"), UNKNOWN),
    "a registered name over one of ours": (
        as_layer(module="mine", registered_name="mine>Dense"), UNKNOWN,
    ),
    "a function that is no activation": (
        setting("activation", function("set_floatx", "keras.config")), UNKNOWN,
    ),
    "get_file": (setting("activation", function("get_file", "keras.utils")), UNKNOWN),
    "eval": (setting("activation", function("eval")), UNKNOWN),
    "an activation that is no text": (setting("activation", ["relu"]), DAMAGED),
    "an optimizer for an initializer": (
        setting(
            "kernel_initializer",
            {"module": "keras.optimizers", "class_name": "Adam", "config": {}},
        ),
        UNKNOWN,
    ),
    "an initializer that is no object": (setting("kernel_initializer", 5), DAMAGED),
    "a type that is none": (setting("dtype", "S2000000000"), DAMAGED),
    "units that are text": (setting("units", "many"), DAMAGED),
    "units that are negative": (setting("units", -1), DAMAGED),
    "a setting nobody knows": (setting("on_load", "os.system"), DAMAGED),
    "quantization": (setting("quantization_config", {"class_name": "X"}), DAMAGED),
    "2^62 units": (setting("units", BIG), LIMIT),
    "10^9 units": (setting("units", 10**12), LIMIT),
    "a name of 2 MB": (setting("name", "n" * 500_000), LIMIT),
    "a name with a slash": (setting("name", "../../d1"), DAMAGED),
    "an input too large": (
        edited(lambda c: layer(c, "x")["config"].update(batch_shape=[None, BIG, BIG])), LIMIT,
    ),
    "an input of text": (
        edited(lambda c: layer(c, "x")["config"].update(batch_shape="xyz")), DAMAGED,
    ),
    "58 doublings": (edited(makers.doublings), LIMIT),
    "a circle": (edited(lambda c: history(c, ["d2", 0, 0])), DAMAGED),
    "a layer on itself": (edited(lambda c: history(c, ["d1", 0, 0])), DAMAGED),
    "a layer that is not there": (edited(lambda c: history(c, ["d9", 0, 0])), DAMAGED),
    "a call that is never made": (edited(lambda c: history(c, ["x", 7, 0])), DAMAGED),
    "a result that is not there": (edited(lambda c: history(c, ["x", 0, 7])), DAMAGED),
    "a negative call": (edited(lambda c: history(c, ["x", -1, 0])), DAMAGED),
    "a place that is none": (edited(lambda c: history(c, ["x", "0", None])), DAMAGED),
    "a call without a tensor": (
        edited(lambda c: layer(c, "d1").update(inbound_nodes=[{"args": ["id"], "kwargs": {}}])),
        DAMAGED,
    ),
    "a call with an unknown word": (
        edited(lambda c: layer(c, "d1")["inbound_nodes"][0].update(kwargs={"self": 1})), DAMAGED,
    ),
    "a call with an object": (
        edited(lambda c: layer(c, "d1")["inbound_nodes"][0].update(kwargs={"mask": LAMBDA})),
        DAMAGED,
    ),
    "calls that are none": (edited(lambda c: layer(c, "d1").update(inbound_nodes=[7])), DAMAGED),
    "calls that are no list": (
        edited(lambda c: layer(c, "d1").update(inbound_nodes={"a": 1})), DAMAGED,
    ),
    "two layers of one name": (
        edited(lambda c: c["config"]["layers"].append(layer(c, "d1"))), DAMAGED,
    ),
    "layers that are no list": (edited(lambda c: c["config"].update(layers={"a": 1})), DAMAGED),
    "layers that are numbers": (edited(lambda c: c["config"].update(layers=[1, 2])), DAMAGED),
    "no inputs": (edited(lambda c: c["config"].update(input_layers=[])), DAMAGED),
    "outputs that are none": (edited(lambda c: c["config"].update(output_layers=7)), DAMAGED),
    "a layer for a model": (
        edited(lambda c: c.update(makers.layer(c, "d1"), name=None)), DAMAGED,
    ),
    "os.system for a model": (
        edited(lambda c: c.update(module="os", class_name="system")), UNKNOWN,
    ),
    "an operation that runs a function": (operation("Map", ["f", None], "core"), DAMAGED),
    "an operation that loops": (operation("WhileLoop", [None], "core"), DAMAGED),
    "an operation of another module": (operation("System", [None], "os"), DAMAGED),
    "2^62 repetitions": (operation("Repeat", [None], repeats=BIG, axis=0), LIMIT),
    "2^62 classes": (operation("OneHot", [None], "nn", num_classes=BIG), LIMIT),
    "a shape of 2^80": (operation("BroadcastTo", [None], shape=[2**40, 2**40]), LIMIT),
    "10^9 parts": (operation("Split", [None], indices_or_sections=10**9, axis=1), LIMIT),
    "an array of 2 GB of letters": (
        operation(
            "Multiply",
            [None, {"class_name": "__numpy__", "config": {"value": ["a"], "dtype": "S2000000000"}}],
        ),
        DAMAGED,
    ),
    "a lambda for a loss": (
        edited(lambda c: c["compile_config"].update(loss=LAMBDA)), UNSAFE,
    ),
    "a lambda for a learning rate": (
        edited(
            lambda c: c["compile_config"]["optimizer"]["config"].update(learning_rate=LAMBDA)
        ),
        UNSAFE,
    ),
    "an optimizer that is a list": (
        edited(lambda c: c["compile_config"].update(optimizer=["adam"])), DAMAGED,
    ),
    "200000 layers": (
        edited(lambda c: c["config"].update(layers=[{} for _ in range(200_000)])), LIMIT,
    ),
}  # fmt: skip

WEIGHTS = {
    "one array less": (weights(lambda f: f.__delitem__("layers/dense/vars/1")), MISMATCH),
    "a layer less": (weights(lambda f: f.__delitem__("layers/dense_1")), MISMATCH),
    "a layer more": (setting("use_bias", False), MISMATCH),
    "a kernel turned": (replaced(put(data=np.ones((3, 4), "f4"))), MISMATCH),
    "a kernel of another shape": (setting("units", 5), MISMATCH),
    "whole numbers": (replaced(put(data=np.ones((4, 3), "i4"))), MISMATCH),
    "text": (replaced(put(data=np.full((4, 3), b"a"))), DAMAGED),
    "texts of any length": (
        replaced(put(shape=(4, 3), dtype=h5py.string_dtype())), DAMAGED,
    ),
    "records": (replaced(put(data=np.zeros((4, 3), "f4,i4"))), DAMAGED),
    "complex numbers": (replaced(put(data=np.zeros((4, 3), "c8"))), DAMAGED),
    "references": (replaced(put(shape=(4, 3), dtype=h5py.ref_dtype)), DAMAGED),
    "an external link": (
        replaced(makers.assign(h5py.ExternalLink("/etc/passwd", "/x"))), UNSAFE,
    ),
    "a soft link": (replaced(makers.assign(h5py.SoftLink("/layers/dense/vars/1"))), UNSAFE),
    "one array under two names": (replaced(makers.named_twice), UNSAFE),
    "data in another file": (
        replaced(put(shape=(4, 3), dtype="f4", external=[("/etc/passwd", 0, 48)])), UNSAFE,
    ),
    "a virtual dataset": (replaced(makers.virtual), UNSAFE),
    "a filter of a plug-in": (
        replaced(put(data=np.ones((4, 3), "f4"), chunks=(4, 3), compression="lzf")), UNSAFE,
    ),
    "an array that was never written": (replaced(makers.empty), DAMAGED),
    "4 GB of zeros": (makers.huge_zeros, LIMIT),
    "a group for an array": (replaced(lambda group: group.create_group("0")), MISMATCH),
    "half of the weights": (
        lambda data: changed(
            data, "model.weights.h5", members(data)["model.weights.h5"][:9_000]
        ),
        DAMAGED,
    ),
    "a pickle for weights": (
        lambda data: changed(data, "model.weights.h5", b"\x80\x04." * 100), DAMAGED,
    ),
    "no bytes for weights": (lambda data: changed(data, "model.weights.h5", b""), DAMAGED),
}  # fmt: skip

CORPUS = {
    f"{kind}: {name}": case
    for kind, cases in (
        ("archive", ARCHIVES), ("text", TEXTS), ("config", CONFIGS), ("weights", WEIGHTS),
    )
    for name, case in cases.items()
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sound") / "m.keras"
    makers.sound(path)
    return path.read_bytes()


def refused(path: Path, **options: Any) -> ModelFileError:
    """The error of a load, after looking at how it was said and how long it took."""
    begun = time.perf_counter()
    with pytest.raises(ModelFileError) as found:
        load_model(path, **options)
    assert time.perf_counter() - begun < 2
    error = found.value
    assert len(str(error)) < 500
    assert str(error).startswith(f"{path.name}: ")
    assert os.fspath(error.path) == os.fspath(path)
    assert "\n" not in str(error) and "\x1b" not in str(error)
    return error


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_is_refused(name: str, sound: bytes, tmp_path: Path):
    make, kind = CORPUS[name]
    path = tmp_path / "m.keras"
    path.write_bytes(make(sound))
    assert type(refused(path)) is kind


def test_there_are_many_of_them():
    assert len(CORPUS) > 100


def test_the_sound_file_is_loaded(sound: bytes, tmp_path: Path):
    path = tmp_path / "m.keras"
    path.write_bytes(sound)
    assert load_model(path).name == "net"
    path.write_bytes(makers.packed(members(sound)))
    assert load_model(path).name == "net"
    path.write_bytes(changed(sound, "README.md", b"other members are left alone", 8))
    assert load_model(path).name == "net"


def test_checksums_in_the_metadata_are_looked_at(sound: bytes, tmp_path: Path):
    import io
    import zipfile

    path = tmp_path / "m.keras"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members(sound).items():
            archive.writestr(name, data.replace(b'"net"', b'"nit"'))
    path.write_bytes(out.getvalue())
    assert "SHA-256" in str(refused(path))


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices of POSIX")
@pytest.mark.parametrize(
    ("make", "kind"),
    [(makers.fifo, UNSAFE), (makers.device, UNSAFE), (Path.mkdir, DAMAGED), (makers.loop, DAMAGED)],
    ids=["a pipe", "a device", "a folder", "a link to itself"],
)
def test_what_is_no_file_is_not_read(make: Any, kind: type, tmp_path: Path):
    path = tmp_path / "m.keras"
    make(path)
    assert type(refused(path)) is kind
    model = lanthorn.Sequential([lanthorn.layers.Input((4,)), lanthorn.layers.Dense(1)])
    with pytest.raises(kind):
        model.load_weights(path)


def test_a_file_that_is_missing_is_told_as_missing(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.keras"):
        load_model(tmp_path / "nowhere.keras")


def test_there_is_no_switch_for_code(tmp_path: Path):
    with pytest.raises(UnsafeModelError, match="safe_mode=False is not offered"):
        load_model(tmp_path / "m.keras", safe_mode=False)


def test_a_layer_of_the_users_is_never_called_with_what_the_file_says_alone(
    sound: bytes, tmp_path: Path
):
    """A function wrapped in a layer could do anything with text from a file."""
    given = []

    class Opens(lanthorn.layers.Layer):
        def call(self, inputs: Any) -> Any:
            given.append(inputs)
            return inputs

    def opens(config: Any) -> None:
        node = [{"args": ["/etc/passwd"], "kwargs": {}}]
        config = layer(config, "d1")
        config.update(module="mine", class_name="Opens", inbound_nodes=node)
        config["config"] = {"name": "d1"}

    path = tmp_path / "m.keras"
    path.write_bytes(edited(opens)(sound))
    assert "no tensor" in str(refused(path, custom_objects={"Opens": Opens}))
    assert given == []


def test_a_limit_can_be_raised_as_the_message_says(sound: bytes, tmp_path: Path):
    path = tmp_path / "m.keras"
    path.write_bytes(with_members(sound, *((f"assets/{i}", b"") for i in range(200))))
    error = refused(path, limits=Limits(members=100))
    assert "Limits(members=203)" in str(error)
    assert load_model(path, limits=Limits(members=203)).name == "net"


def test_a_refused_load_leaves_nothing_behind(sound: bytes, tmp_path: Path):
    import random

    from lanthorn.engine import naming

    path = tmp_path / "m.keras"
    for make in (setting("units", 5), setting("units", 3)):
        path.write_bytes(make(sound))
        before = random.getstate(), dict(naming._counts)
        try:
            load_model(path)
        except ModelMismatchError:
            pass
        assert (random.getstate(), dict(naming._counts)) == before


@pytest.mark.parametrize("name", ["config: Popen", "weights: an external link"])
def test_the_corpus_can_fail(name: str, sound: bytes, tmp_path: Path):
    """A file that is sound is no member of the corpus: the check above would see it."""
    path = tmp_path / "m.keras"
    path.write_bytes(sound)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        refused(path)
