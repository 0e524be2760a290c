"""A package that loads a name's module only when the name is first used."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def attach(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` for a package whose public names live in other modules.

    `homes` maps each public name to `"module"` (the name is that module) or `"module:attribute"`,
    both relative to nothing: full module paths. `import_module` and not `from . import x`, because
    the latter asks this very `__getattr__` again and recurses.
    """
    namespace = import_module(package).__dict__

    def load(name: str) -> Any:
        home = homes.get(name)
        if home is None:
            raise AttributeError(_missing(package, name, homes))
        module, _, attribute = home.partition(":")
        value = import_module(module)
        if attribute:
            value = getattr(value, attribute)
        namespace[name] = value
        return value

    def names() -> list[str]:
        return sorted({*namespace, *homes})

    return load, names


def _missing(package: str, name: str, homes: Mapping[str, str]) -> str:
    message = f"module {package!r} has no attribute {name!r}"
    if name.startswith("_"):  # Python and its tools probe for these; a suggestion would be noise
        return message
    from lanthorn.words.nearest import did_you_mean

    return message + did_you_mean(name, homes)
