"""What kind of file it is, told by its first bytes, before anything of it is parsed."""

from __future__ import annotations

from lanthorn.engine.refusals import DamagedModelError
from lanthorn.saving.hdf5.tree import SIGNATURE
from lanthorn.saving.source import Source

ZIP = b"PK\x03\x04"

OTHERS = (
    (b"version https://git-lfs", "is a Git LFS pointer, not the model: run `git lfs pull`."),
    (b"<", "is a web page or XML, not a model: download the file itself."),
    (b"{", "is JSON text, not a model; if it is a config, use models.model_from_json."),
    (b"\x1f\x8b", "is compressed with gzip: unpack it first."),
    (b"PK\x05\x06", "is an empty zip archive."),
    (b"PK", "is a damaged zip archive."),
    (b"\x93NUMPY", "is a NumPy array, not a model."),
    (b"\x00\x00\x00\x00", "begins with zeros: it was not written whole."),
)
PICKLE_PROTOCOLS = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


def kind_of(source: Source) -> str:
    """`"keras"` or `"hdf5"`.

    Raises: DamagedModelError that says what the file is instead.
    """
    start = source.at(0, min(source.size, 64))
    if start.startswith(ZIP):
        return "keras"
    if start.startswith(SIGNATURE):
        return "hdf5"
    if not start:
        raise DamagedModelError("is empty (0 bytes).")
    if start.startswith(PICKLE_PROTOCOLS):
        raise DamagedModelError("is a Python pickle, not a Keras model; it was not opened.")
    for beginning, what in OTHERS:
        if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(beginning):
            raise DamagedModelError(what)
    raise DamagedModelError("is not a Keras model.")
