"""Nothing in the library can turn the bytes of a file into running code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.sources import SOURCE, files, imports

CODE_IN_FILES = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "runpy", "shelve", "code"}
"""Modules whose files hold code, or that run what they are given."""

RUNNING = {"eval", "exec", "compile", "__import__"}


def dangers(source: Path) -> list[str]:
    """Every place of the source that could run what a file says."""
    wrong = [
        f"{found.where} imports {found.top}"
        for found in imports(source)
        if found.top in CODE_IN_FILES
    ]
    for file, tree in files(source):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                wrong += [f"{file}:{node.lineno} {danger}" for danger in _dangers_of_call(node)]
    return wrong


def _dangers_of_call(call: ast.Call) -> list[str]:
    name = ast.unparse(call.func)
    found = []
    if name.removeprefix("builtins.") in RUNNING:
        found.append(f"calls {name}")
    if name in ("yaml.load", "yaml.unsafe_load", "yaml.full_load"):
        found.append(f"calls {name}: yaml.safe_load holds only data")
    for argument in call.keywords:
        allowed = isinstance(argument.value, ast.Constant) and argument.value.value is False
        if argument.arg == "allow_pickle" and not allowed:
            found.append(f"{name} may be given pickles")
    if name.endswith(("np.load", "numpy.load")) and len(call.args) > 2:
        found.append(f"{name} may be given pickles")
    return found


def test_no_code_comes_from_files():
    assert dangers(SOURCE) == []


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from pickle import loads",
        "def f():\n    import marshal",
        "import cloudpickle as cp",
        "import shelve",
        "eval(text)",
        "exec(text)",
        "import builtins\nbuiltins.eval(text)",
        "compile(text, '', 'exec')",
        "__import__(name)",
        "yaml.load(text, Loader=yaml.SafeLoader)",
        "yaml.unsafe_load(text)",
        "np.load(file, allow_pickle=True)",
        "np.load(file, allow_pickle=trusted)",
        "numpy.load(file, None, True)",
        "load(file, allow_pickle=True)",
    ],
)
def test_each_way_to_run_a_file_is_found(text: str, tmp_path: Path):
    (tmp_path / "wrong.py").write_text(text)
    assert len(dangers(tmp_path)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "model.compile(loss='mse')",
        "model.eval()",
        "re.compile(pattern)",
        "yaml.safe_load(text)",
        "np.load(file)",
        "np.load(file, allow_pickle=False)",
        "# eval(text)",
        "text = 'import pickle'",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str, tmp_path: Path):
    (tmp_path / "right.py").write_text(text)
    assert dangers(tmp_path) == []
