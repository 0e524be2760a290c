"""Every layer beside Keras's own, under what it meets in models: files, types, masks, training.

The loops take each class's own examples, so a new layer is covered by existing.
"""

from __future__ import annotations

import inspect

import keras
import numpy as np
import pytest
from keras.src import backend as keras_backend

import lanthorn
from lanthorn.engine.scope import keep_mask, mask_between_calls
from tests.examples import first_examples
from tests.parity.test_layers import CASES, NUMBERS
from tests.parity.twins import KERAS_WARNS, NOT_IN_KERAS_MODELS, Twins

pytestmark = KERAS_WARNS
ANY = first_examples(NUMBERS, 2)
IN_MODELS = [case for case in ANY if case.values[0] not in NOT_IN_KERAS_MODELS]
FIRST = first_examples(NUMBERS, 1)
MASKED = [
    case
    for case in ANY
    if not isinstance(case.values[1].shape, list)  # merging layers have tests of their own
    and len(case.values[1].shape) + (case.values[1].below is not None) > 1
]
"""Cases whose input has an axis behind the batch for a mask to lie on."""

WRONG_UNDER_MASKS = ("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "TimeDistributed")
"""Layers whose masks Keras lays along the wrong axes, or stumbles over (docs/differences)."""

SHORT_TYPES = ("mixed_bfloat16", "float16", "bfloat16")


def close(ours, theirs, tolerance=1e-5):
    np.testing.assert_allclose(
        np.asarray(ours, "float32"), np.asarray(theirs, "float32"), rtol=tolerance, atol=tolerance
    )


def model_of(library, layer, twins):
    """A functional model of nothing but this layer, in either library."""
    arrays = twins.inputs if isinstance(twins.inputs, list) else [twins.inputs]
    inputs = [library.Input(array.shape[1:], dtype=array.dtype.name) for array in arrays]
    given = inputs if isinstance(twins.inputs, list) else inputs[0]
    outputs = layer(*(given if twins.ours.several_arguments else [given]), **twins.arguments)
    return library.Model(inputs if len(inputs) > 1 else inputs[0], outputs)


@pytest.mark.parametrize(("name", "example"), IN_MODELS)
def test_our_files_open_in_keras(name, example, tmp_path):
    twins = Twins(name, example)
    model = model_of(lanthorn, twins.ours, twins)
    model.save(tmp_path / "ours.keras")
    theirs = keras.saving.load_model(tmp_path / "ours.keras")
    close(model.predict(twins.inputs, verbose=0), theirs.predict(twins.inputs, verbose=0))


@pytest.mark.parametrize(("name", "example"), IN_MODELS)
def test_keras_s_files_open_here(name, example, tmp_path):
    twins = Twins(name, example)
    model = model_of(keras, twins.theirs, twins)
    model.save(tmp_path / "theirs.keras")
    ours = lanthorn.saving.load_model(tmp_path / "theirs.keras")
    close(ours.predict(twins.inputs, verbose=0), model.predict(twins.inputs, verbose=0))


@pytest.mark.parametrize("dtype", SHORT_TYPES)
@pytest.mark.parametrize(("name", "example"), FIRST)
def test_short_types_give_the_same_type_and_nearly_the_same_numbers(name, example, dtype):
    settings = {**example.settings, "dtype": dtype}
    if "recurrent_initializer" in inspect.signature(getattr(keras.layers, name)).parameters:
        settings["recurrent_initializer"] = "glorot_uniform"  # Keras draws no short orthogonal one
    if name == "TimeDistributed":  # around a layer of another type Keras gives now one, now other
        inside = settings["layer"]
        settings["layer"] = {**inside, "config": {**inside["config"], "dtype": dtype}}
    twins = Twins(name, example._replace(settings=settings))
    ours = twins.called(twins.ours)
    try:
        theirs = twins.called(twins.theirs)
    except TypeError as error:
        assert "Invalid input type" in str(error)  # STFTSpectrogram: Keras's own limit
        return
    assert ours.dtype.name == keras_backend.standardize_dtype(theirs.dtype)
    close(ours, theirs, 5e-2)
    types = [weight.dtype for weight in twins.theirs.weights]
    assert [weight.dtype for weight in twins.ours.weights] == types


def is_random(twins):
    return len(twins.theirs.variables) > len(twins.theirs.weights)  # it keeps a seed's state


@pytest.mark.parametrize(("name", "example"), first_examples(CASES, 2))
def test_training_gives_the_same_numbers_and_moves_the_same_statistics(name, example):
    twins = Twins(name, example)
    if "training" not in inspect.signature(twins.theirs.call).parameters:
        return  # it does the same always: the other tests
    theirs = twins.called(twins.theirs, training=True)
    ours = twins.called(twins.ours, training=True)
    if not is_random(twins):  # random layers draw by seed: their families' own tests
        close(ours, theirs, 1e-4)
        for mine, other in twins.gradients(training=True):
            close(mine, other, 1e-3)
    for mine, other in zip(twins.ours.get_weights(), twins.theirs.get_weights(), strict=True):
        close(mine, other)


@pytest.mark.filterwarnings("ignore:.*does not support masking")  # Keras says so where it drops one
@pytest.mark.parametrize(("name", "example"), MASKED)
def test_masks_come_out_as_keras_s_do(name, example):
    import jax.numpy as jnp

    if name in WRONG_UNDER_MASKS:
        return  # tests/parity/test_recurrent.py
    twins = Twins(name, example)
    mask = jnp.asarray(twins.rng.random(twins.inputs.shape[:2]) < 0.7).at[:, 0].set(True)
    mine, other = jnp.asarray(twins.inputs), jnp.array(twins.inputs)
    keep_mask(mine, mask)
    keras_backend.set_keras_mask(other, mask)
    try:
        theirs = twins.theirs(other, **twins.told)
    except ValueError as error:
        assert "mask" in str(error)  # Keras's own: a mask on fewer axes than it can use
        return
    ours = twins.ours(mine, **twins.told)
    close(ours, theirs)
    found, wanted = mask_between_calls(ours), keras_backend.get_keras_mask(theirs)
    assert (found is None) == (wanted is None), (found, wanted)
    if wanted is not None:
        np.testing.assert_array_equal(np.asarray(found), np.asarray(wanted))
