"""Default names: the class in snake case, numbered, as Keras numbers them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_counts: dict[str, int] = {}


def to_snake_case(name: str) -> str:
    """`Conv2D` → `conv2d`, `MaxPooling2D` → `max_pooling2d`, `ReLU` → `re_lu`.

    Source: the convention of keras 3.15 `utils/naming.py`.
    """
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def unique_name(name: str) -> str:
    """`dense` the first time, then `dense_1`, `dense_2`."""
    count = _counts.get(name, 0)
    _counts[name] = count + 1
    return f"{name}_{count}" if count else name


def class_in_snake_case(cls: type) -> str:
    """A class's name as default names and files have it; `snake_name` where Keras's own differs."""
    return vars(cls).get("snake_name") or to_snake_case(cls.__name__)


def default_name(cls: type) -> str:
    return unique_name(class_in_snake_case(cls))


def clear_session() -> None:
    """Begin counting default names anew."""
    _counts.clear()


_names: ContextVar[tuple[str, ...]] = ContextVar("lanthorn_names", default=())


@contextmanager
def name_scope(name: str) -> Iterator[None]:
    """Variables made within it have `name/` in their path."""
    token = _names.set((*_names.get(), name))
    try:
        yield
    finally:
        _names.reset(token)


def scoped_path(name: str = "", owner: str = "") -> str:
    """The path of a variable made now by `owner`: `lstm/lstm_cell/kernel`; of the scope itself
    without a name."""
    names = _names.get() or ((owner,) if owner else ())
    return "/".join([*names, name] if name else names)
