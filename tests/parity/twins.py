"""A layer or model of ours and Keras's own, with the same settings and the same weights."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import keras
import numpy as np
import pytest

import lanthorn
from lanthorn.axes import Axes
from lanthorn.layers.example import Example
from tests.contract.checks import outside_training

IGNORED = ("quantization_config",)
"""Settings that Keras keeps for features that are not layers' business here (docs/differences)."""
KERAS_WARNS = pytest.mark.filterwarnings("ignore:Explicitly requested dtype int64")
"""Keras's MixUp asks for a type that JAX does not have."""

FORGOTTEN = {
    "MaxNumBoundingBoxes": ("fill_value",),
    "RandomGrayscale": ("seed",),
    "SimpleRNN": ("seed",),
}
"""Settings that Keras leaves out of a layer's config (docs/differences)."""

ANOTHER_AT_INFERENCE = {"RandomCrop"}
"""Layers that Keras's own shape rule and documentation do not fit outside training."""

NOT_IN_KERAS_MODELS = {"Equalization"}
"""Layers whose symbolic output is their input: Keras finds a cycle in any model of them."""


class Twins:
    """Ours and Keras's layer, built for the same input and holding the same random weights."""

    def __init__(self, name: str, example: Example, batch: int = 3, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.ours = getattr(lanthorn.layers, name)(**example.settings)
        try:
            self.theirs = getattr(keras.layers, name)(**of_keras(example.settings))
        except ImportError as error:  # of TensorFlow, which ours do without
            pytest.skip(str(error))
        several = isinstance(example.shape, list)
        shapes = example.shape if several else [example.shape]
        arrays = [self._numbers(example, (batch, *shape)) for shape in shapes]
        self.inputs: Any = arrays if several else arrays[0]
        axes = [Axes.of_sample(shape) for shape in shapes]
        one_by_one = self.ours.several_arguments
        self.ours.ensure_built(*(axes if one_by_one else [axes if several else axes[0]]))
        full = [(None, *shape) for shape in shapes]
        if not self.theirs.built:
            self.theirs.build(*(full if one_by_one else [full if several else full[0]]))
        weights = [
            self.rng.uniform(0.2, 1.3, tuple(w.shape)).astype(w.dtype) for w in self.ours.weights
        ]
        self.arguments = example.arguments
        self.told = outside_training(self.ours) | example.arguments
        self.ours.set_weights(weights)
        self.theirs.set_weights(weights)
        if hasattr(self.theirs, "finalize_state"):  # Keras looks at the weights only then
            self.theirs.finalize_state()

    def outputs(self) -> tuple[Any, Any]:
        """What ours and Keras's make of the inputs."""
        return self.called(self.ours), self.called(self.theirs)

    def called(self, layer: Any, inputs: Any = None, **arguments: Any) -> Any:
        """What one of the two makes of the inputs, or of others in the same form."""
        inputs = self.inputs if inputs is None else inputs
        given = inputs if self.ours.several_arguments else [inputs]
        return layer(*given, **(self.told | arguments))

    def gradients(self, **arguments: Any) -> Any:
        """Pairs of gradients, ours and Keras's."""
        told = {"one_by_one": self.ours.several_arguments} | self.told | arguments
        both = (gradients(layer, self.inputs, **told) for layer in (self.ours, self.theirs))
        return zip(*both, strict=True)

    def _numbers(self, example: Example, shape: tuple[int, ...]) -> Any:
        if example.below is not None:
            return self.rng.integers(0, example.below, shape).astype("int32")
        return self.rng.normal(size=shape).astype("float32")


def of_keras(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings for Keras: layers that are told by their configs are made there."""
    return {
        name: keras.layers.deserialize(deepcopy(value))  # Keras empties what it is given
        if isinstance(value, dict) and "class_name" in value and "module" in value
        else value
        for name, value in settings.items()
    }


def gradients(layer: Any, inputs: Any, one_by_one: bool = False, **arguments: Any) -> Any:
    """Gradients of Σ output², for weights and for inputs of real numbers, as a list of arrays.

    one_by_one: whether several inputs are arguments of their own. arguments: what else the call
        is given, such as `training`.
    """
    import jax
    import jax.numpy as jnp

    trainable = [jnp.asarray(v.value) for v in layer.trainable_variables]
    rest = [jnp.asarray(v.value) for v in layer.non_trainable_variables]
    several = isinstance(inputs, list)
    arrays = [jnp.asarray(a) for a in (inputs if several else [inputs])]

    def loss(weights: Any, values: Any) -> Any:
        given = values if one_by_one else [values if several else values[0]]
        outputs, _ = layer.stateless_call(weights, rest, *given, **arguments)
        return jnp.sum(jnp.square(outputs.astype("float32")))

    if arrays[0].dtype == jnp.int32:
        return jax.grad(lambda w: loss(w, arrays))(trainable)
    first, second = jax.grad(loss, argnums=(0, 1))(trainable, arrays)
    return [*first, *second]


def plain(config: Any) -> Any:
    """A config without what is deliberately not kept."""
    if isinstance(config, dict):
        return {key: plain(value) for key, value in config.items() if key not in IGNORED}
    if isinstance(config, list | tuple):
        return [plain(item) for item in config]
    return config
