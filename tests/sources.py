"""What the library's source says it imports, read without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = "lanthorn"
SOURCE = Path(__file__).parents[1] / "src" / PACKAGE
LAZY_HOME = re.compile(rf"{PACKAGE}(\.\w+)+:\w+")


class Import(NamedTuple):
    """One import: in which file and line, what, and whether only when a function is called."""

    file: str
    line: int
    module: str
    in_function: bool

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


def files(source: Path) -> Iterator[tuple[str, ast.Module]]:
    """Every file of the package, its path within the package and its syntax tree."""
    for path in sorted(source.rglob("*.py")):
        yield path.relative_to(source).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports(source: Path) -> list[Import]:
    """Every import of every file, in functions too; not what only a type checker sees.

    The homes of lazily loaded names (`"lanthorn.saving:load_model"`) count as imports in a
    function, because that is when they are followed.
    """
    return [found for file, tree in files(source) for found in _imports(file, tree, False)]


def _imports(file: str, node: ast.AST, in_function: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield Import(file, node.lineno, alias.name, in_function)
    elif isinstance(node, ast.ImportFrom):
        base = _absolute(file, node)
        for alias in node.names:
            yield Import(file, node.lineno, f"{base}.{alias.name}", in_function)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if LAZY_HOME.fullmatch(node.value):
            yield Import(file, node.lineno, node.value.replace(":", "."), True)
    elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        for child in node.orelse:
            yield from _imports(file, child, in_function)
    else:
        inside = in_function or isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
        )
        for child in ast.iter_child_nodes(node):
            yield from _imports(file, child, inside)


def _absolute(file: str, node: ast.ImportFrom) -> str:
    """The module that `from … import` names, with leading dots resolved."""
    if not node.level:
        return node.module or ""
    package = [PACKAGE, *file.split("/")[:-1]]
    kept = package[: len(package) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])


def room(file: str) -> str:
    """The room a file is in: the folder or the file right below the package."""
    return file.partition("/")[0].removesuffix(".py")
