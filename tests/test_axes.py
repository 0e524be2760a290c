"""Axes are tuples of sizes that also know names."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given, strategies

from lanthorn.axes import Axes, Axis, joined
from lanthorn.wiring.rearrange import ravel, unravel
from lanthorn.words.shapes import axes_text, place_text


def test_axes_are_a_tuple_of_sizes():
    x = Axes.of_sample((3, 2))
    assert x == (None, 3, 2) and isinstance(x, tuple) and len(x) == 3
    assert x[-1] == 2 and x[1:] == (3, 2) and (*x[:-1], 16) == (None, 3, 16)
    assert str(x) == repr(x) == "(None, 3, 2)"
    batch, steps, features = x
    assert (batch, steps, features) == (None, 3, 2)


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        ((4,), ("batch", "features")),
        ((3, 2), ("batch", "steps", "features")),
        ((28, 28, 1), ("batch", "height", "width", "channels")),
        ((8, 28, 28, 1), ("batch", "depth", "height", "width", "channels")),
        ((1, 2, 3, 4, 5), ("batch", "axis 1", "axis 2", "axis 3", "axis 4", "features")),
        ((), ("batch",)),
    ],
)
def test_axes_are_named_by_how_many_there_are(sizes, names):
    assert Axes.of_sample(sizes).names == names


def test_names_can_be_given_and_must_be_as_many():
    assert Axes.of_sample((5, 2), ("days", "prices")).names == ("batch", "days", "prices")
    with pytest.raises(ValueError, match=r"2 sizes \(5, 2\) want 2 axis names, but 1 were given"):
        Axes.of_sample((5, 2), ("days",))


def test_axes_are_written_with_names():
    assert axes_text(Axes.of_sample((3, 16))) == "(batch ?, steps 3, features 16)"
    assert axes_text(Axes.of_sample((3, 16)), "ko", "") == "(배치, 단계 3, 특성 16)"


@given(strategies.lists(strategies.integers(1, 5), min_size=1, max_size=4), strategies.data())
def test_a_joined_axis_remembers_where_each_place_came_from(sizes, data):
    axis = joined([Axis(f"a{i}", size) for i, size in enumerate(sizes)])
    place = data.draw(strategies.integers(0, (axis.size or 1) - 1))
    found = tuple(index for _, index in axis.coordinates(place))
    assert found == unravel(place, tuple(sizes)) and ravel(found, tuple(sizes)) == place


def test_unit_17_of_flattened_steps_and_units_is_step_1_unit_1():
    axis = joined([Axis("steps", 3), Axis("units", 16)])
    assert (axis.name, axis.size) == ("steps·units", 48)
    assert place_text([axis], (17,)) == "step 1, unit 1"
    again = joined([axis, Axis("channels", 2)])
    assert place_text([again], (35,)) == "step 1, unit 1, channel 1"


def test_axes_can_be_copied_and_cannot_be_changed():
    x = Axes.of_sample((3, 2))
    for twin in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert twin == x and twin.names == x.names
    with pytest.raises(AttributeError):
        x.axes = ()
