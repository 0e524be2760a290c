"""What loading a file can raise. All are ValueErrors; `.path`, `.where` and `.hint` say more."""

from lanthorn.engine.refusals import (
    DamagedModelError,
    ModelFileError,
    ModelFileWarning,
    ModelLimitError,
    ModelMismatchError,
    UnknownObjectError,
    UnsafeModelError,
)

__all__ = [
    "DamagedModelError",
    "ModelFileError",
    "ModelFileWarning",
    "ModelLimitError",
    "ModelMismatchError",
    "UnknownObjectError",
    "UnsafeModelError",
]
