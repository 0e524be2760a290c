"""The layer that CONTRIBUTING.md shows is a real one: it runs, and it keeps the contract."""

import doctest
import re
from pathlib import Path
from types import ModuleType

import keras
import numpy as np
import pytest

from lanthorn.engine.registry import custom_object_scope
from lanthorn.layers import Input
from lanthorn.models.sequential import Sequential
from tests.contract import checks

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
NAME = "GlobalAveragePooling1D"


@pytest.fixture(scope="module")
def shown() -> ModuleType:
    """The guide's code block as a module."""
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    module = ModuleType("lanthorn.layers.shown")
    exec(code, module.__dict__)
    return module


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
def test_the_shown_layer_keeps_its_word(check, shown):
    cls = getattr(shown, NAME)
    with custom_object_scope({NAME: cls}):
        for example in cls.examples:
            check(checks.Case(cls, example))


def test_the_shown_example_runs(shown):
    assert doctest.testmod(shown) == doctest.TestResults(failed=0, attempted=1)


def test_the_shown_layer_has_keras_s_numbers_and_config(shown):
    ours, theirs = getattr(shown, NAME)(name="mean"), getattr(keras.layers, NAME)(name="mean")
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    np.testing.assert_allclose(np.asarray(ours(x)), np.asarray(theirs(x)), rtol=1e-6)
    assert set(ours.get_config()) == set(theirs.get_config())


def test_the_shown_layer_is_explained_in_both_languages(shown):
    model = Sequential([Input((3, 4)), getattr(shown, NAME)(name="mean")])
    assert "mean" in str(model.explain())
    assert re.search("[가-힣]", str(model.explain(language="ko")))


@pytest.mark.parametrize(
    "path", re.findall(r"`((?:src|tests)/[\w/.]*|[A-Z]+\.md|\w+\.toml|\w+\.txt)`", TEXT)
)
def test_every_place_the_guide_names_exists(path: str):
    assert (Path(__file__).parents[1] / path).exists()
