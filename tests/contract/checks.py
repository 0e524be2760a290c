"""What a layer's five statements owe each other. A check raises AssertionError."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from lanthorn import layers
from lanthorn.axes import Axes
from lanthorn.layers.example import Example
from lanthorn.layers.signatures import accepted, call_signature
from lanthorn.layers.symbols import inferred_axes
from lanthorn.wiring.evaluation import Evaluation, reads
from lanthorn.wiring.rearrange import unravel

SEED = 7
MOST_ELEMENTS = 40


def outside_training(layer: Any) -> dict[str, Any]:
    """What a layer that trains unless told otherwise has to be told: wirings speak of inference."""
    return {"training": False} if call_signature(type(layer)).training_default else {}


class Case:
    """A layer made for one of its examples, with inputs (three samples) and outputs."""

    def __init__(self, cls: type, example: Example) -> None:
        self.example = example
        self.layer = cls(**example.settings)
        several = isinstance(example.shape, list)
        shapes = example.shape if several else [example.shape]
        rng = np.random.default_rng(SEED)
        self.inputs = [self.numbers(rng, (3, *shape)) for shape in shapes]
        axes = [Axes.of_sample(shape) for shape in shapes]
        self.axes: Any = axes if several else axes[0]
        self.layer.ensure_built(*(axes if self.layer.several_arguments else [self.axes]))
        for variable in self.layer.weights:  # zeros and ones would hide mistakes
            if "int" in variable.dtype:
                continue
            low = 0.5 if "variance" in variable.name else -1.0
            variable.assign(rng.uniform(low, 1.5, tuple(variable.shape)))
        self.told = outside_training(self.layer) | example.arguments
        self.output = np.asarray(self.called(self.inputs))
        self.wiring = self.layer.wired_between(
            self.axes, inferred_axes(self.layer, self.axes), example.arguments
        )
        count = int(np.prod(self.output.shape[1:]))
        chosen = rng.permutation(count)[:MOST_ELEMENTS]
        self.places = [unravel(int(place), self.output.shape[1:]) for place in chosen]

    @property
    def is_described(self) -> bool:
        """Whether its wiring says number by number how it works; `Opaque` does not."""
        return self.wiring.told_by.kind != "opaque"

    def called(self, inputs: Any, layer: Any = None) -> Any:
        """What the layer (or its twin) makes of these arrays."""
        layer = layer or self.layer
        if layer.several_arguments:
            return layer(*inputs, **self.told)
        given = list(inputs) if isinstance(self.axes, list) else inputs[0]
        return layer(given, **self.told)

    def numbers(self, rng: Any, shape: tuple[int, ...]) -> Any:
        if self.example.below is not None:
            return rng.integers(0, self.example.below, shape).astype("int32")
        return rng.normal(size=shape).astype("float32")

    def weigh(self, name: str, at: tuple[int, ...]) -> float:
        return float(self.layer.named_weights()[name].numpy()[at])


def shape_rule_tells_the_real_shape(case: Case) -> None:
    told = inferred_axes(case.layer, case.axes)
    assert tuple(told[1:]) == case.output.shape[1:], (tuple(told), case.output.shape)
    assert len(told.names) == len(told) and all(told.names)


def arithmetic_gives_the_real_numbers(case: Case) -> None:
    if not case.is_described:
        return
    evaluation = Evaluation(
        case.wiring, lambda source, place: float(case.inputs[source][(1, *place)]), case.weigh
    )
    for at in case.places:
        told = evaluation.element(at)
        real = float(case.output[(1, *at)])
        assert abs(told - real) <= 1e-5 * max(1.0, abs(real)), (at, told, real)


def intermediates_are_what_the_wiring_says(case: Case) -> None:
    """Numbers that a layer hands out for `why` are those its wiring's arithmetic gives."""
    rng = np.random.default_rng(SEED)
    told = Evaluation(
        case.wiring, lambda source, place: float(case.inputs[source][(1, *place)]), case.weigh
    )
    named = accepted(type(case.layer).intermediates, case.example.arguments)
    for name, array in case.layer.intermediates(*case.inputs, **named).items():
        numbers = np.asarray(array)[1]
        assert numbers.shape == tuple(case.wiring.intermediates[name][1:]), name
        for place in rng.permutation(numbers.size)[:5]:
            at = unravel(int(place), numbers.shape)
            assert abs(told.inner(name, at) - numbers[at]) < 1e-5, (name, at)


def declared_reads_are_the_inputs_that_matter(case: Case) -> None:
    """Each input element is changed far up and down: the number moves exactly if it is read."""
    if not case.is_described:
        return
    moved = moving_inputs(case)
    for at in case.places[:10]:
        declared = {(read.source, read.at) for read in reads(case.wiring, at)}
        real = {key for key, outputs in moved.items() if outputs[at]}
        if case.wiring.kind == "encode":  # a place that occurs twice stays when one of them goes
            declared &= real
        assert declared == real, (at, declared ^ real)


def jacobian_is_zero_where_nothing_is_declared(case: Case) -> None:
    import jax

    if case.example.below is not None or case.output.dtype.kind in "iu" or not case.is_described:
        return
    arrays = [array[:1] for array in case.inputs]

    jacobians = jax.jacobian(
        lambda *values: case.called(values), argnums=tuple(range(len(arrays)))
    )(*arrays)
    for at in case.places[:10]:
        declared = {(read.source, read.at) for read in reads(case.wiring, at)}
        for source, jacobian in enumerate(jacobians):
            slope = np.asarray(jacobian)[(0, *at, 0)]
            for place in np.argwhere(np.abs(slope) > 1e-7):
                assert (source, tuple(map(int, place))) in declared, (at, source, place)


def moving_inputs(case: Case) -> dict[tuple[int, tuple[int, ...]], Any]:
    """For each input element, which output elements move when it is changed."""
    found = {}
    for source, array in enumerate(case.inputs):
        sample = array[1]
        for place in np.ndindex(*sample.shape):
            changed = np.stack([sample] * 3)
            for row, value in enumerate(other_values(case, sample[place])):
                changed[row][place] = value
            given = [np.stack([other[1]] * 3) for other in case.inputs]
            given[source] = changed
            outputs = np.asarray(case.called(given))
            found[source, place] = (np.abs(outputs - case.output[1]) > 1e-6).any(axis=0)
    return found


def other_values(case: Case, value: Any) -> list[Any]:
    if case.example.below is not None:
        return [(value + step) % case.example.below for step in (1, 2, 3)]
    return [value + 7.0, value - 7.0, value + 0.3]


def parameter_arithmetic_counts_the_weights(case: Case) -> None:
    real = sum(int(np.prod(array.shape)) for array in case.layer.get_weights())
    assert case.wiring.parameters() == real == case.layer.count_params()
    total = case.wiring.parameter_arithmetic().rpartition("=")[2]
    assert int(total) == real
    arithmetic = case.wiring.parameter_arithmetic().partition(" = ")[0]
    assert eval_sum(arithmetic) == real


def eval_sum(text: str) -> int:
    """The value of sums and products like `(3 × 3 × 1) × 32 + 32`."""
    total = 0
    for term in text.split(" + "):
        product = 1
        for factor in term.replace("(", "").replace(")", "").split(" × "):
            product *= int(factor)
        total += product
    return total


def config_makes_an_equal_layer(case: Case) -> None:
    config = case.layer.get_config()
    kept = json.loads(json.dumps(config))
    twin = layers.deserialize(
        {"module": "keras.layers", "class_name": type(case.layer).__name__, "config": kept,
         "registered_name": None}
    )  # fmt: skip
    twin.ensure_built(*(case.axes if twin.several_arguments else [case.axes]))
    assert json.dumps(twin.get_config(), sort_keys=True) == json.dumps(config, sort_keys=True)
    twin.set_weights(case.layer.get_weights())
    np.testing.assert_array_equal(np.asarray(case.called(case.inputs, twin)), case.output)


def wiring_is_plain_data(case: Case) -> None:
    data = json.loads(json.dumps(case.wiring.to_json()))
    assert data["kind"] == case.wiring.kind
    assert [axis["size"] for axis in data["output"]][1:] == list(case.output.shape[1:])


CHECKS = (
    shape_rule_tells_the_real_shape,
    arithmetic_gives_the_real_numbers,
    intermediates_are_what_the_wiring_says,
    declared_reads_are_the_inputs_that_matter,
    jacobian_is_zero_where_nothing_is_declared,
    parameter_arithmetic_counts_the_weights,
    config_makes_an_equal_layer,
    wiring_is_plain_data,
)

SLOW = (declared_reads_are_the_inputs_that_matter, jacobian_is_zero_where_nothing_is_declared)
"""Those that run a layer over and over."""
