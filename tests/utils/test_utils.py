"""The helpers of `utils`, beside Keras's."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lanthorn
from lanthorn import layers, utils

keras = pytest.importorskip("keras")


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=12),
    st.sampled_from([None, 7, 9]),
    st.booleans(),
)
def test_one_hot_rows_are_keras_own(classes: list[int], num_classes: Any, as_column: bool):
    x = np.array(classes).reshape(-1, 1) if as_column else np.array(classes)
    found, wanted = utils.to_categorical(x, num_classes), keras.utils.to_categorical(x, num_classes)
    assert found.dtype == wanted.dtype
    np.testing.assert_array_equal(found, wanted)


def test_a_class_that_has_no_room_is_refused():
    with pytest.raises(ValueError, match=r"classes run from 1 to 3.*room for 0 to 2"):
        utils.to_categorical([1, 2, 3], 3)
    with pytest.raises(ValueError, match="from -1"):
        utils.to_categorical([-1, 0])


def test_one_seed_fixes_weights_and_numbers():
    def drawn() -> list[Any]:
        utils.set_random_seed(7)
        model = lanthorn.Sequential([layers.Input((3,)), layers.Dense(2), layers.Dropout(0.5)])
        return [*model.get_weights(), random.random(), np.random.rand(3)]

    for one, other in zip(drawn(), drawn(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("seed", ["7", 1.5, None, -1, True])
def test_what_is_no_seed_is_refused(seed: Any):
    with pytest.raises(ValueError, match="whole number"):
        utils.set_random_seed(seed)


def test_a_new_session_counts_names_anew():
    utils.clear_session()
    assert [layers.Dense(1).name, layers.Dense(1).name] == ["dense", "dense_1"]
    utils.clear_session()
    assert layers.Dense(1).name == "dense"


def test_own_objects_are_found_in_a_scope_and_nowhere_else():
    def twice(x: Any) -> Any:
        return x * 2

    with utils.custom_object_scope({"twice": twice}), utils.CustomObjectScope({"other": twice}):
        assert layers.Dense(1, activation="twice").activation is twice
        assert layers.Dense(1, activation="other").activation is twice
    with pytest.raises(ValueError, match="twice"):
        layers.Dense(1, activation="twice")


def test_own_objects_can_be_put_into_the_table():
    def thrice(x: Any) -> Any:
        return x * 3

    utils.get_custom_objects()["thrice"] = thrice
    try:
        assert layers.Dense(1, activation="thrice").activation is thrice
    finally:
        del utils.get_custom_objects()["thrice"]
    registered = utils.register_keras_serializable("mine")(thrice)
    assert registered is thrice
    assert utils.get_custom_objects().pop("mine>thrice") is thrice


def test_the_progress_bar_is_there():
    assert utils.Progbar(3, verbose=0).target == 3
