"""Initializers have Keras's names, configs and distributions, and numbers of their own."""

import random
import subprocess
import sys

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanthorn import initializers
from lanthorn.engine.registry import UnknownNameError
from lanthorn.initializers.drawn import fans
from lanthorn.random import SeedGenerator

FAMILY = ["GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform"]
DRAWN = [
    *((name, {}) for name in FAMILY),
    ("GlorotUniform", {"input_axes": [0], "output_axes": [2]}),
    ("RandomNormal", {}), ("RandomNormal", {"mean": 2.0, "stddev": 0.5}), ("RandomUniform", {}),
    ("RandomUniform", {"minval": 1.0, "maxval": 3.0}), ("TruncatedNormal", {}),
    ("TruncatedNormal", {"mean": -1.0, "stddev": 2.0}), ("VarianceScaling", {}),
    *(("VarianceScaling", {"scale": 2.0, "mode": mode, "distribution": distribution})
      for mode in ("fan_in", "fan_out", "fan_avg")
      for distribution in ("uniform", "normal", "untruncated_normal")),
    ("Orthogonal", {}), ("Orthogonal", {"gain": 3.0}),
]  # fmt: skip
FIXED = [("Zeros", {}), ("Ones", {}), ("Constant", {"value": 3.5}), ("Constant", {}),
         ("Identity", {}), ("Identity", {"gain": 2.0})]  # fmt: skip


@pytest.mark.parametrize(("name", "settings"), DRAWN)
def test_the_distribution_is_that_of_keras(name, settings):
    shape = (40, 50, 20)
    mine = getattr(initializers, name)(**settings, seed=1)(shape)
    theirs = np.asarray(getattr(keras.initializers, name)(**settings, seed=1)(shape))
    assert mine.dtype == theirs.dtype == np.float32
    spread = theirs.std()
    # 40 000 numbers: means differ by 0.7 %, quantiles of a normal by 1.5 % of the spread.
    assert abs(mine.mean() - theirs.mean()) < 0.03 * spread
    fractions = np.linspace(0.02, 0.98, 13)
    ours, keras_s = np.quantile(mine, fractions), np.quantile(theirs, fractions)
    assert np.abs(ours - keras_s).max() < 0.06 * spread
    limit = np.abs(theirs - theirs.mean()).max() * 1.1
    if name != "Orthogonal" and "untruncated" not in str(settings) and name != "RandomNormal":
        assert np.abs(mine - mine.mean()).max() < limit


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (3, 2, 5)])
def test_an_orthogonal_matrix_keeps_lengths(shape):
    drawn = initializers.Orthogonal(gain=2.0, seed=3)(shape).reshape(-1, shape[-1])
    small = drawn.T @ drawn if drawn.shape[0] >= drawn.shape[1] else drawn @ drawn.T
    np.testing.assert_allclose(small, 4.0 * np.eye(len(small)), atol=1e-5)


@pytest.mark.parametrize(("name", "settings"), FIXED)
def test_a_fixed_value_is_that_of_keras(name, settings):
    for shape, dtype in (((3, 4), None), ((2, 2), "int32"), ((2, 3), "bfloat16")):
        mine = getattr(initializers, name)(**settings)(shape, dtype)
        theirs = np.asarray(getattr(keras.initializers, name)(**settings)(shape, dtype=dtype))
        if (name, dtype) != ("Identity", "int32"):  # Keras: float gain · int32 gives float32
            assert mine.dtype == theirs.dtype
        np.testing.assert_array_equal(mine.astype("float32"), theirs.astype("float32"))


@pytest.mark.parametrize(("name", "settings"), DRAWN + FIXED)
def test_a_config_is_that_of_keras_and_comes_back(name, settings):
    mine = getattr(initializers, name)(**settings)
    config = initializers.serialize(mine)
    theirs = keras.initializers.serialize(getattr(keras.initializers, name)(**settings))
    if name == "Identity":  # Keras 3.15 forgets the gain
        theirs["config"] = {"gain": settings.get("gain", 1.0)}
    assert config == theirs
    assert initializers.deserialize(config).get_config() == mine.get_config()


WAVES = [{}, {"side": "imag"}, {"window": None}, {"scaling": "spectrum", "periodic": True},
         {"window": "hamming", "scaling": None}, {"window": ("kaiser", 4.0)}]  # fmt: skip


@pytest.mark.parametrize("settings", WAVES)
def test_the_waves_of_a_transform_are_those_of_keras(settings):
    mine = initializers.STFT(**settings)
    if not isinstance(settings.get("window"), tuple):  # Keras takes a name or numbers alone
        theirs = keras.initializers.STFT(**settings)
        wanted = np.asarray(theirs((20, 1, 17)))
        np.testing.assert_allclose(mine((20, 1, 17)), wanted, atol=1e-5)
        assert initializers.serialize(mine) == keras.initializers.serialize(theirs)
    assert initializers.deserialize(initializers.serialize(mine)).get_config() == mine.get_config()
    assert initializers.get("stft").get_config() == initializers.STFT().get_config()


def test_an_array_as_constant_survives_its_config():
    value = np.arange(3.0)
    config = initializers.serialize(initializers.Constant(value))
    assert config == keras.initializers.serialize(keras.initializers.Constant(value))
    np.testing.assert_array_equal(initializers.deserialize(config)((2, 3)), [value, value])


def test_one_object_repeats_itself_and_another_does_not():
    first, second = initializers.GlorotUniform(), initializers.GlorotUniform()
    np.testing.assert_array_equal(first((3, 4)), first((3, 4)))
    assert not np.array_equal(first((3, 4)), second((3, 4)))
    assert not np.array_equal(first((3, 4)), first.clone()((3, 4)))
    assert first.get_config()["seed"] is None


def test_one_seed_is_drawn_from_python_random_for_each_unseeded_object():
    random.seed(5)
    made = [initializers.HeNormal(), initializers.RandomNormal(), initializers.Orthogonal()]
    random.seed(5)
    assert [one.seed for one in made] == [random.randint(1, 10**9) for _ in made]
    random.seed(5)
    keras_made = [keras.initializers.HeNormal(), keras.initializers.RandomNormal()]
    assert [one.seed for one in keras_made] == [one.seed for one in made[:2]]


def test_a_seed_generator_gives_other_numbers_at_every_call_and_is_kept():
    drawn = initializers.RandomNormal(seed=SeedGenerator(3, name="key"))
    assert not np.array_equal(drawn((4,)), drawn((4,)))
    config = initializers.serialize(drawn)
    theirs = keras.initializers.RandomNormal(seed=keras.random.SeedGenerator(3, name="key"))
    assert config == keras.initializers.serialize(theirs)
    again = initializers.deserialize(config)
    np.testing.assert_array_equal(again((4,)), initializers.deserialize(config)((4,)))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("name", ["RandomNormal", "HeUniform", "Orthogonal", "TruncatedNormal"])
def test_numbers_come_in_the_type_that_was_asked_for(name, dtype):
    made = getattr(initializers, name)(seed=3)
    assert made((4, 3), dtype).dtype.name == dtype
    np.testing.assert_allclose(made((4, 3), dtype).astype("f4"), made((4, 3)), rtol=1e-2)


NAMES = """glorot_uniform glorot_normal he_normal he_uniform lecun_normal lecun_uniform zeros ones
    zero one normal uniform random_normal random_uniform truncated_normal variance_scaling
    orthogonal identity IdentityInitializer OrthogonalInitializer GlorotUniform Zeros
    HeNormal""".split()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_gives_what_it_gives_in_keras(name):
    mine, theirs = initializers.get(name), keras.initializers.get(name)
    assert type(mine).__name__ == type(theirs).__name__
    if "dentity" not in name:  # Keras 3.15 forgets the gain
        assert mine.get_config() == theirs.get_config()


def test_public_names_are_those_of_keras():
    theirs = {n for n in dir(keras.initializers) if not n.startswith("_")}
    assert theirs == set(initializers.__all__)
    assert initializers.glorot_uniform is initializers.GlorotUniform


def test_an_array_a_function_and_a_class_can_be_initializers():
    array = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(initializers.get(array)((2, 3)), array)
    with pytest.raises(ValueError, match=r"\(3, 2\)"):
        initializers.get(array)((3, 2))
    function = lambda shape, dtype=None: np.full(shape, 7.0, dtype)  # noqa: E731
    assert initializers.get(function) is function
    assert isinstance(initializers.get(initializers.Zeros), initializers.Zeros)
    assert initializers.get(None) is None


def test_an_unknown_name_is_told_the_nearest():
    with pytest.raises(UnknownNameError, match="HeNormal"):
        initializers.get("he_norm")


@pytest.mark.parametrize(
    "call",
    [
        lambda: initializers.VarianceScaling(scale=0.0),
        lambda: initializers.VarianceScaling(mode="fan"),
        lambda: initializers.VarianceScaling(distribution="cauchy"),
        lambda: initializers.RandomNormal(seed=1.5),
        lambda: initializers.Identity()((2, 2, 2)),
        lambda: initializers.Orthogonal()((2,)),
    ],
)
def test_settings_that_make_no_sense_are_refused(call):
    with pytest.raises(ValueError):
        call()


@given(st.lists(st.integers(1, 9), max_size=4))
def test_fans_are_those_of_keras(shape):
    from keras.src.initializers.random_initializers import compute_fans

    assert fans(shape) == compute_fans(shape)


def test_initializers_are_made_without_numpy_and_draw_without_jax():
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; "
        "from lanthorn import initializers; made = initializers.get('he_normal'); "
        "assert not {'jax', 'numpy'} & set(sys.modules); made((3, 4)); "
        "assert 'jax' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
