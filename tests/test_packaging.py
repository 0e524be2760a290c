"""What is installed is whole, and what it asks for is what it is tested with."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.sources import SOURCE

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINNED = dict(
    line.split("==")
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("#")
)


def asked_for(lines: list[str]) -> list[Requirement]:
    return [asked for asked in map(Requirement, lines) if asked.name != PROJECT["name"]]


def test_everything_asked_for_is_pinned_for_the_tests_within_its_bounds():
    pinned = {canonicalize_name(name): Version(version) for name, version in PINNED.items()}
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    for asked in asked_for(PROJECT["dependencies"] + extras):
        assert pinned[canonicalize_name(asked.name)] in asked.specifier, asked


def test_every_dependency_has_a_lower_bound():
    for asked in asked_for(PROJECT["dependencies"]):
        assert [bound.operator for bound in asked.specifier] == [">="], asked


def test_the_command_names_a_function_of_the_package():
    module, function = PROJECT["scripts"]["lanthorn"].split(":")
    file = SOURCE.parent / (module.replace(".", "/") + ".py")
    assert re.search(rf"^def {function}\(", file.read_text(encoding="utf-8"), re.MULTILINE)


def test_what_is_not_code_lies_inside_the_package():
    for name in ("py.typed", "datasets/data/digits.gz", "datasets/data/README.md"):
        assert (SOURCE / name).is_file()
