"""Closed tables of names: one per kind of object, for strings in code and for configs in files.

A slot looks only in its own table. A file picks a row of it and nothing more: no module is
imported and nothing is called because a file names it. Objects of the user's own are rows that the
user adds, by decorator, by scope or by `custom_objects=`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any

from lanthorn.engine.errors import LanthornError
from lanthorn.engine.refusals import DamagedModelError, UnsafeModelError, cut, quoted
from lanthorn.words.nearest import did_you_mean


class UnknownNameError(LanthornError):
    """A name that is in no table."""


class Table:
    """The objects of one kind, by every name they answer to.

    kind: what they are called in messages ("initializer").
    package: where they live; `classes` and `functions` are public names of it.
    aliases: other accepted spellings → a name in `classes` or `functions`.
    """

    def __init__(
        self,
        kind: str,
        package: str,
        classes: Sequence[str] = (),
        functions: Sequence[str] = (),
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self.kind = kind
        self.package = package
        self.classes = tuple(classes)
        self.functions = tuple(functions)
        self.aliases = dict(aliases or {})
        self.readers: dict[str, Callable[[dict[str, Any]], Any]] = {}
        """Classes that another room reads from configs: models, which may stand for layers."""

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.functions, *self.classes, *self.aliases)

    def lookup(self, name: str) -> Any:
        """The class or function called `name`.

        Raises: UnknownNameError, with the nearest name that exists.
        """
        if not isinstance(name, str):
            raise UnknownNameError(f"{cut(repr(name))} is not the name of {_a(self.kind)}.")
        if name in self.functions or name in self.classes:
            return getattr(import_module(self.package), name)
        if name in self.aliases:
            return self.lookup(self.aliases[name])
        custom = custom_object(name)
        if custom is not None:
            return custom
        raise UnknownNameError(
            f"There is no {self.kind} called {str(name)[:80]!r}{did_you_mean(name, self.names)}"
        )

    def get(self, identifier: Any) -> Any:
        """The object meant by a name, a config, or the object itself; None stays None.

        A class's name gives an instance with its defaults, a function's name the function.
        """
        if identifier is None:
            return None
        if isinstance(identifier, str):
            found = self.lookup(identifier)
            return found() if isinstance(found, type) else found
        if isinstance(identifier, dict):
            return self.deserialize(identifier)
        if isinstance(identifier, type):
            return identifier()
        if callable(identifier) or hasattr(identifier, "get_config"):
            return identifier
        raise LanthornError(
            f"{str(identifier)[:80]!r} ({type(identifier).__name__}) is not {_a(self.kind)}: "
            f"give a name, {_a(self.kind)} or a function."
        )

    def serialize(self, thing: Any) -> Any:
        """What a file keeps: the name of a function of ours, the config of anything else."""
        if thing is None or isinstance(thing, str):
            return thing
        return to_config(thing) if hasattr(thing, "get_config") else function_setting(thing)

    def deserialize(self, config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
        """The object a file's config describes: a row of this table, or one of the user's own.

        Raises: UnknownNameError; UnsafeModelError for what holds code; DamagedModelError for what
            is no config.
        """
        with custom_object_scope(custom_objects or {}):
            if config is None or isinstance(config, str):
                return self.get(config)
            name, settings = checked_config(config)
            if name in self.readers:
                return self.readers[name](config)
            if name == "function":
                return self.lookup(settings)
            found = self.named_by(config)
            return found.from_config(settings) if isinstance(found, type) else found

    def named_by(self, config: Mapping[str, Any]) -> Any:
        """The class that a config names: Keras's and ours by class, the user's by its own name."""
        name = config["class_name"]
        if is_keras_module(config.get("module", "keras")):
            if name in self.classes or name in self.aliases:
                return self.lookup(name)
        for own in (config.get("registered_name"), name):
            found = custom_object(own) if isinstance(own, str) else None
            if found is not None:
                return found
        raise UnknownNameError(
            f"names {cut(repr(name))} of module {cut(repr(config.get('module')))}, which is no "
            f"{self.kind} known here{did_you_mean(name, self.names) or '.'} "
            f"If it is yours, pass custom_objects={{{cut(repr(name))}: …}}."
        )


def is_keras_module(module: Any) -> bool:
    """Whether a config's module says that the object is Keras's own, and so one of ours."""
    return isinstance(module, str) and module.split(".")[0] in ("keras", "tf_keras", "lanthorn")


def checked_config(config: Any) -> tuple[str, Any]:
    """The class's name and the settings of a config from a file.

    Raises: DamagedModelError when it is none; UnsafeModelError when it holds code.
    """
    name = config.get("class_name") if isinstance(config, dict) else None
    if not isinstance(name, str):
        raise DamagedModelError(f"{cut(repr(config))} describes no object.")
    if name in HOLDS_CODE and not is_named_function(config):
        raise UnsafeModelError(
            f"{quoted(name)} {HOLDS_CODE[name]}. Lanthorn never runs code from a file.",
            hint="Build the model in Python and take over its weights with load_weights.",
        )
    settings = config.get("config") or {}
    if not isinstance(settings, str if name == "function" else dict):
        raise DamagedModelError(f"the config of {quoted(name)} is {cut(repr(settings))}.")
    return name, settings


def is_named_function(config: Any) -> bool:
    """Whether a config is of Keras's Lambda: by name or by code, which its `from_config` tells."""
    return config["class_name"] == "Lambda" and is_keras_module(config.get("module", "keras"))


HOLDS_CODE = {
    "Lambda": "holds Python code",
    "__lambda__": "holds Python code",
    "TFSMLayer": "loads a program from another folder",
    "TorchModuleWrapper": "holds a Python pickle",
    "JaxLayer": "holds Python code",
    "FlaxLayer": "holds Python code",
}
"""Classes of Keras that are code, or fetch it, under a class's name."""


def to_config(thing: Any) -> dict[str, Any]:
    """The form in which Keras 3 files keep an object."""
    from lanthorn.engine.plain import object_config

    return object_config(thing)


def function_setting(function: Any) -> Any:
    """How settings keep a function: ours by name, the user's so that Keras finds it too."""
    if getattr(function, "__module__", "").startswith("lanthorn."):
        return function.__name__
    from lanthorn.engine.plain import function_config

    return function_config(function)


# -- the user's own objects ----------------------------------------------------------------------

_registered: dict[str, Any] = {}
_scoped: ContextVar[Mapping[str, Any] | None] = ContextVar("lanthorn_custom_objects", default=None)


def register_keras_serializable(
    package: str = "Custom", name: str | None = None
) -> Callable[[Any], Any]:
    """Make a class or function of yours loadable from files, under `package>name`.

    Example:
        >>> @register_keras_serializable(package="mine")
        ... def squared(x): return x * x
        >>> registered_name(squared)
        'mine>squared'
    """

    def register(thing: Any) -> Any:
        _registered[f"{package}>{name or thing.__name__}"] = thing
        return thing

    return register


def registered_name(thing: Any) -> str | None:
    """The name under which a class or function was registered, if it was."""
    return next((name for name, known in _registered.items() if known is thing), None)


def get_custom_objects() -> dict[str, Any]:
    """The table of registered objects itself: what is put in becomes loadable."""
    return _registered


def custom_object(name: str) -> Any:
    """One of the user's own objects: by `custom_objects`, or as registered."""
    scoped = _scoped.get() or {}
    if name in scoped:
        return scoped[name]
    if name in _registered:
        return _registered[name]
    tail = name.rpartition(">")[2]
    return scoped.get(tail)


@contextmanager
def custom_object_scope(custom_objects: Mapping[str, Any] | None) -> Iterator[None]:
    """Within it, `custom_objects` can be named by files and strings."""
    token = _scoped.set({**(_scoped.get() or {}), **(custom_objects or {})})
    try:
        yield
    finally:
        _scoped.reset(token)


def _a(word: str) -> str:
    return ("an " if word[0] in "aeiou" else "a ") + word
