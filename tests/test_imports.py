"""Imports point one way, and what is heavy is imported only where numbers are made."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.sources import PACKAGE, SOURCE, Import, imports, room

FLOORS = (
    ("axes", "lazy", "wiring", "words"),
    ("engine", "kernels", "ops", "random"),
    (
        "activations",
        "config",
        "constraints",
        "initializers",
        "layers",
        "losses",
        "metrics",
        "mixed_precision",
        "optimizers",
        "regularizers",
    ),
    ("training",),
    ("models",),
    ("datasets", "explanation", "saving", "utils"),
    ("__init__", "__main__", "cli", "demo"),
)
"""The rooms, lowest first. A room imports from its own floor and from those below."""

DOORS = {
    ("models/model.py", "explanation"),  # model.explain(), model.why()
    ("models/model.py", "saving"),  # model.save() and the rest of what Keras has there
    ("models/__init__.py", "saving"),  # keras.models.load_model, a second name
}
"""The few imports that go up, each in a function or by a lazy name."""

NUMBER_ROOMS = {"distribution", "engine", "export", "kernels", "ops", "random", "training"}
"""Where JAX lives, with NumPy, at the top of files that are loaded for the first number."""

ANYWHERE_ABOVE_THE_GROUND = set().union(*map(set, FLOORS[1:])) | NUMBER_ROOMS

HEAVY = {
    # package:   rooms that may import it inside functions
    "jax": NUMBER_ROOMS | {"optimizers"},
    "jaxlib": NUMBER_ROOMS,
    "optax": {"optimizers"},
    "numpy": ANYWHERE_ABOVE_THE_GROUND,
    "ml_dtypes": ANYWHERE_ABOVE_THE_GROUND,
    "h5py": {"saving"},
    "scipy": {"initializers"},
    "rich": {"cli", "demo", "explanation", "models", "training"},
}
AT_THE_TOP = {"jax", "jaxlib", "numpy", "ml_dtypes"}
"""What the number rooms may import at the top of a file. The rest is for functions only."""


def imports_that_go_up(source: Path) -> list[str]:
    """Every import from a higher floor, and every room that is on no floor."""
    floor = {name: height for height, names in enumerate(FLOORS) for name in names}
    wrong = []
    for found in imports(source):
        if found.top != PACKAGE or found.module == f"{PACKAGE}.__version__":
            continue
        here, target = room(found.file), [*found.module.split("."), "__init__"][1]
        if target not in floor and not is_room(source, target):
            target = "__init__"  # a public name, taken from the top
        missing = [name for name in (here, target) if name not in floor]
        if missing:
            wrong.append(f"{found.where} {missing[0]} has no floor: give it one in {__file__}")
        elif floor[target] > floor[here] and not is_door(found, target):
            wrong.append(f"{found.where} {here} imports {found.module}, which lies above it")
    return wrong


def is_room(source: Path, name: str) -> bool:
    return (source / name).exists() or (source / f"{name}.py").exists()


def is_door(found: Import, target: str) -> bool:
    return found.in_function and (found.file, target) in DOORS


def heavy_imports(source: Path) -> list[str]:
    """Every import from outside that stands where it may not, and every unknown package."""
    wrong = []
    for found in imports(source):
        if found.top == PACKAGE or found.top in sys.stdlib_module_names:
            continue
        here = room(found.file)
        if found.top not in HEAVY:
            wrong.append(f"{found.where} imports {found.top}, which is no dependency")
        elif here not in HEAVY[found.top]:
            wrong.append(f"{found.where} imports {found.top}, which is not for {here}")
        elif not found.in_function and (here not in NUMBER_ROOMS or found.top not in AT_THE_TOP):
            wrong.append(f"{found.where} imports {found.top} at the top: do it in the function")
    return wrong


def test_no_import_goes_up():
    assert imports_that_go_up(SOURCE) == []


def test_heavy_packages_are_imported_only_where_they_belong():
    assert heavy_imports(SOURCE) == []


def test_the_architecture_page_shows_these_floors():
    page = (SOURCE.parents[1] / "ARCHITECTURE.md").read_text(encoding="utf-8")
    shown = {
        (name, int(height))
        for names, height in re.findall(r"^\| (`.*?) \|.*\| (\d+) \|$", page, re.MULTILINE)
        for name in re.findall(r"`(\w+)(?:/|\.py)`", names)
    }
    ours = {(name, height) for height, names in enumerate(FLOORS) for name in names}
    assert shown == {(name, height) for name, height in ours if not name.startswith("__")}


def test_every_door_is_used():
    used = {(found.file, name) for found in imports(SOURCE) for name in found.module.split(".")}
    assert DOORS <= used


def test_the_source_is_really_read():
    found = imports(SOURCE)
    assert len({one.file for one in found}) > 20
    assert {"jax", "numpy", PACKAGE} <= {one.top for one in found}


# -- the checks can fail --------------------------------------------------------------------------


def tree(folder: Path, **texts: str) -> Path:
    """A small source tree with some of the real rooms; `texts` are files, `__` for a slash."""
    for name in (
        "wiring",
        "engine",
        "ops",
        "layers",
        "models",
        "training",
        "explanation",
        "saving",
    ):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("")
    for name, text in texts.items():
        file = folder / (name.replace("__", "/") + ".py")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    return folder


RIGHT = {
    "layers__dense": "from lanthorn import ops\nfrom lanthorn.wiring import contract\n",
    "ops__core": "import jax.numpy as jnp\nfrom jax import lax\nimport numpy as np\n",
    "layers__base": "def get_weights():\n    import numpy as np\n",
    "models__model": "def explain():\n    from lanthorn.explanation import explain\n",
    "models__topology": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import numpy\n",
    "optimizers__sgd": "def rule():\n    import optax\n",
    "saving__files": "from lanthorn import __version__\ndef read():\n    import h5py\n",
}


def test_a_tree_that_keeps_the_rules_passes(tmp_path: Path):
    source = tree(tmp_path, **RIGHT)
    assert imports_that_go_up(source) == []
    assert heavy_imports(source) == []


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("wiring__dot", "import lanthorn.engine.scope", "dot.py:1 wiring imports"),
        ("wiring__dot", "def f():\n    from lanthorn import ops", "dot.py:2 wiring imports"),
        ("engine__scope", "from lanthorn.layers.base import Layer", "engine imports"),
        ("engine__scope", "from ..layers import base", "engine imports lanthorn.layers.base"),
        ("engine__scope", "from .. import layers", "engine imports lanthorn.layers"),
        ("layers__rnn", "async def f():\n    import lanthorn.models", "layers imports"),
        ("layers__rnn", "class A:\n    from lanthorn.training import loop", "layers imports"),
        ("layers__rnn", "try:\n    import lanthorn.saving\nexcept E: pass", "layers imports"),
        ("layers__rnn", "import lanthorn", "layers imports lanthorn,"),
        ("layers__rnn", "from lanthorn import Model", "layers imports lanthorn.Model"),
        ("layers__rnn", "homes = {'M': 'lanthorn.models.model:M'}", "layers imports"),
        ("models__model", "from lanthorn.explanation import why", "model.py:1 models imports"),
        ("models__graph", "def f():\n    import lanthorn.saving", "models imports"),
        ("attic__box", "from lanthorn import ops", "attic has no floor"),
    ],
)
def test_an_import_that_goes_up_is_found(file: str, text: str, complaint: str, tmp_path: Path):
    (found,) = imports_that_go_up(tree(tmp_path, **{file: text}))
    assert complaint in found


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("layers__dense", "def f():\n    import jax", "dense.py:2 imports jax, which is not for"),
        ("layers__dense", "from jax import numpy as jnp", "imports jax, which is not for layers"),
        ("layers__dense", "import numpy as np", "imports numpy at the top"),
        ("layers__dense", "if True:\n    import numpy as np", "imports numpy at the top"),
        ("layers__dense", "class A:\n    import numpy as np", "imports numpy at the top"),
        ("layers__dense", "def f():\n    import optax", "imports optax, which is not for layers"),
        ("wiring__dot", "def f():\n    import numpy", "imports numpy, which is not for wiring"),
        ("optimizers__sgd", "import jax", "imports jax at the top"),
        ("optimizers__sgd", "import optax", "imports optax at the top"),
        ("saving__files", "import h5py", "imports h5py at the top"),
        ("training__bar", "from rich.progress import Progress", "imports rich at the top"),
        ("ops__core", "import tensorflow as tf", "imports tensorflow, which is no dependency"),
        ("layers__dense", "def f():\n    import keras", "imports keras, which is no dependency"),
    ],
)
def test_a_heavy_import_in_a_wrong_place_is_found(
    file: str, text: str, complaint: str, tmp_path: Path
):
    (found,) = heavy_imports(tree(tmp_path, **{file: text}))
    assert complaint in found


# -- lazily loaded names ---------------------------------------------------------------------------


def hidden_names(source: Path, public: dict[str, list[str]]) -> list[str]:
    """Public names that a module or folder of the same name would hide once it is imported.

    `public` has each package's names that are not modules.
    """
    wrong = []
    for package, names in public.items():
        folder = source.joinpath(*package.split(".")[1:])
        here = {path.name.removesuffix(".py") for path in folder.iterdir()}
        wrong += [f"{package}.{name} is hidden by a module" for name in names if name in here]
    return wrong


def test_no_module_hides_a_public_name():
    public = {}
    for file in sorted(SOURCE.rglob("__init__.py")):
        parts = file.parent.relative_to(SOURCE).parts
        package = import_module(".".join([PACKAGE, *parts]))
        names = getattr(package, "__all__", [])
        public[package.__name__] = [
            name for name in names if not isinstance(getattr(package, name), ModuleType)
        ]
    assert len(public) > 10
    assert hidden_names(SOURCE, public) == []


def test_a_name_that_a_module_hides_is_found(tmp_path: Path):
    source = tree(tmp_path, explain__pictures="")
    assert hidden_names(source, {PACKAGE: ["explain", "Dense"]}) == [
        "lanthorn.explain is hidden by a module"
    ]
