"""The reader of HDF5 gives what h5py wrote, in every form that Keras and h5py use."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanthorn.saving import DamagedModelError, Limits, ModelLimitError
from lanthorn.saving.hdf5 import read_datasets
from lanthorn.saving.hdf5.filters import fletcher32
from lanthorn.saving.source import Source

RANDOM = np.random.default_rng(0)
NUMBERS = (RANDOM.normal(size=(20, 51)) * 100).astype("float32")


def written(write: Callable[[Any], Any], **options: Any) -> bytes:
    out = io.BytesIO()
    with h5py.File(out, "w", **options) as file:
        write(file)
    return out.getvalue()


def arrays(data: bytes, limits: Limits | None = None) -> dict[str, Any]:
    source = Source(io.BytesIO(data), 0, len(data))
    return {path: found.read() for path, found in read_datasets(source, limits).items()}


def assert_same_as_h5py(data: bytes) -> None:
    wanted: dict[str, Any] = {}
    with h5py.File(io.BytesIO(data)) as file:
        file.visititems(
            lambda path, thing: (
                wanted.update({path: thing[()]}) if isinstance(thing, h5py.Dataset) else None
            )
        )
    found = arrays(data)
    assert found.keys() == wanted.keys()
    for path, numbers in wanted.items():
        assert found[path].dtype == np.asarray(numbers).dtype.newbyteorder("="), path
        np.testing.assert_array_equal(found[path], numbers, err_msg=path)


TYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">f4", ">i8", "?"]


@pytest.mark.parametrize("libver", ["earliest", "v108", "v110", "latest"])
@pytest.mark.parametrize("dtype", TYPES)
def test_every_number_type(dtype: str, libver: str):
    data = written(lambda f: f.create_dataset("g/x", data=NUMBERS.astype(dtype)), libver=libver)
    assert_same_as_h5py(data)


CHUNKED = {
    "plain": {"chunks": (7, 3)},
    "one chunk": {"chunks": (20, 51)},
    "chunks larger than the array": {"chunks": (64, 64), "maxshape": (None, None)},
    "gzip": {"chunks": (7, 3), "compression": "gzip"},
    "gzip 9": {"chunks": True, "compression": 9},
    "shuffled": {"chunks": (7, 3), "shuffle": True, "compression": "gzip"},
    "with checksums": {"chunks": (7, 3), "fletcher32": True},
    "all of it": {"chunks": (2, 2), "shuffle": True, "compression": "gzip", "fletcher32": True},
}


@pytest.mark.parametrize("name", CHUNKED)
def test_chunks(name: str):
    assert_same_as_h5py(written(lambda f: f.create_dataset("x", data=NUMBERS, **CHUNKED[name])))


def test_scalars_empty_arrays_and_compact_ones():
    def write(file: Any) -> None:
        file["scalar"] = np.float32(3)
        file["empty"] = np.zeros((0, 3), "float32")
        layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        layout.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple((4,))
        compact = h5py.h5d.create(file.id, b"compact", h5py.h5t.NATIVE_FLOAT, space, layout)
        compact.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(4, dtype="float32"))

    assert_same_as_h5py(written(write))


def test_many_members_and_attributes():
    def write(file: Any) -> None:
        for i in range(700):
            file[f"group/{i}"] = np.float32(i)
        file["group"].attrs["name"] = "x" * 2000
        for i in range(40):
            file["group/3"].attrs[f"a{i}"] = i

    assert_same_as_h5py(written(write))


def test_bfloat16_as_keras_writes_it():
    numbers = NUMBERS.astype(ml_dtypes.bfloat16)
    found = arrays(written(lambda f: f.create_dataset("x", data=numbers)))["x"]
    assert found.dtype == ml_dtypes.bfloat16
    np.testing.assert_array_equal(found.astype("float32"), numbers.astype("float32"))


def test_arrays_may_be_changed_after_reading():
    found = arrays(written(lambda f: f.create_dataset("x", data=NUMBERS)))["x"]
    found += 1


@given(st.lists(st.integers(1, 12), min_size=1, max_size=4), st.data())
def test_chunks_of_any_shape(shape: list[int], data: Any):
    chunks = tuple(data.draw(st.integers(1, size)) for size in shape)
    numbers = RANDOM.integers(-(2**40), 2**40, size=shape)
    packing = data.draw(st.sampled_from([None, "gzip"]))
    assert_same_as_h5py(
        written(lambda f: f.create_dataset("x", data=numbers, chunks=chunks, compression=packing))
    )


@given(st.binary(max_size=3000))
def test_checksums_are_those_of_hdf5(data: bytes):
    def slow(words: list[int]) -> int:
        first = second = 0
        for word in words:
            first = (first + word) % 65535
            second = (second + first) % 65535
        return second << 16 | first

    padded = data + b"\0" * (len(data) % 2)
    words = [padded[i] << 8 | padded[i + 1] for i in range(0, len(padded), 2)]
    assert fletcher32(data) == slow(words)


def test_a_wrong_checksum_is_seen():
    data = bytearray(written(lambda f: f.create_dataset("x", data=NUMBERS, fletcher32=True)))
    at = bytes(data).find(NUMBERS[:1, :4].tobytes())
    data[at] ^= 1
    with pytest.raises(DamagedModelError, match="checksum"):
        arrays(bytes(data))


def test_dense_groups_are_refused_with_what_to_do():
    def write(file: Any) -> None:
        for i in range(20):
            file[f"g/{i}"] = 1.0

    with pytest.raises(DamagedModelError, match="libver='latest'"):
        arrays(written(write, libver="latest"))


def test_deep_groups_and_many_names_are_refused():
    with pytest.raises(ModelLimitError, match="deep"):
        arrays(written(lambda f: f.create_group("/".join("abcdefgh" * 20))))

    def write(file: Any) -> None:
        for i in range(150):
            file[f"g/{i}"] = 1.0

    with pytest.raises(ModelLimitError, match="Limits"):
        arrays(written(write), Limits(members=1))


def test_a_circle_of_groups_is_refused():
    def write(file: Any) -> None:
        outer = file.create_group("a")
        outer.create_group("b")["c"] = outer

    with pytest.raises(ValueError, match="links to one thing"):
        arrays(written(write))


def test_a_file_of_keras(tmp_path: Path):
    keras = pytest.importorskip("keras")
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((8, 4)), layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
            layers.Conv1D(4, 3), layers.GRU(5), layers.Dense(6, dtype="bfloat16"),
            layers.Reshape((2, 3)), layers.MultiHeadAttention(2, 2) and layers.LayerNormalization(),
            layers.Flatten(), layers.Dense(2),
        ]
    )  # fmt: skip
    model.save_weights(tmp_path / "m.weights.h5")
    data = (tmp_path / "m.weights.h5").read_bytes()
    found = arrays(data)
    with h5py.File(tmp_path / "m.weights.h5") as file:
        for path, numbers in found.items():
            assert file[path].shape == numbers.shape
            assert bytes(file[path][()].tobytes()) == numbers.tobytes()
    assert len(found) == len(model.weights)
