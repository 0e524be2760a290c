"""Data is used only when it is, byte for byte, what was meant."""

from hashlib import sha256

from lanthorn.engine.errors import DataError


class DamagedDatasetError(DataError):
    """A data set's file is not the one that was published: cut short, changed, or another file."""


def verified(data: bytes, checksum: str, name: str, remedy: str) -> bytes:
    """`data` itself, when its SHA-256 is `checksum`.

    Raises: DamagedDatasetError, with both checksums and the remedy.
    Example:
        >>> verified(b"abc", sha256(b"abc").hexdigest(), "letters", "Fetch them again.")
        b'abc'
    """
    found = sha256(data).hexdigest()
    if found != checksum:
        raise DamagedDatasetError(
            f"{name} is damaged ({len(data):,} bytes): its SHA-256 is {found[:16]}…, "
            f"and should be {checksum[:16]}…. Nothing of it was used. {remedy}"
        )
    return data
