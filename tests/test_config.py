"""config: the defaults under Keras's names, and who goes by them."""

import keras
import numpy as np
import pytest

import lanthorn
from lanthorn import config, layers, losses, metrics, ops
from lanthorn.engine import defaults


@pytest.fixture(autouse=True)
def as_at_first():
    yield
    defaults.reset()


def test_names_and_first_values_are_keras_s():
    for name in config.__all__:
        assert hasattr(keras.config, name), name
    for name in ("floatx", "epsilon", "image_data_format", "is_interactive_logging_enabled",
                 "is_flash_attention_enabled", "backend"):  # fmt: skip
        assert getattr(config, name)() == getattr(keras.config, name)(), name
    assert config.dtype_policy().name == keras.config.dtype_policy().name
    assert lanthorn.config is config


def test_layers_inputs_and_variables_take_the_float_type():
    config.set_floatx("float16")
    layer = layers.Dense(2)
    assert layer.dtype_policy.name == "float16"
    assert lanthorn.Input((3,)).dtype == "float16"
    assert layer(np.ones((1, 3), "float32")).dtype.name == "float16"
    assert lanthorn.Variable([1.0]).dtype == "float16"
    assert layers.Dense(2, dtype="float32").dtype == "float32"
    assert losses.MeanSquaredError().dtype == metrics.Mean().dtype == "float16"
    assert ops.zeros((2,)).dtype.name == "float16"


def test_layers_take_the_policy_but_losses_and_metrics_the_float_type():
    config.set_dtype_policy("mixed_bfloat16")
    layer = layers.Dense(2)
    assert (layer.compute_dtype, layer.variable_dtype) == ("bfloat16", "float32")
    assert losses.MeanSquaredError().dtype == metrics.Mean().dtype == "float32"
    assert layer.get_config()["dtype"]["config"] == {"name": "mixed_bfloat16"}
    config.set_floatx("float16")
    assert config.dtype_policy().name == "mixed_bfloat16"
    model = lanthorn.Sequential([layers.Input((3,)), layers.Dense(2)])
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)


def test_a_model_remembers_its_types_whatever_holds_later(tmp_path):
    config.set_dtype_policy("mixed_bfloat16")
    lanthorn.Sequential([layers.Input((3,)), layers.Dense(2, name="d")]).save(tmp_path / "m.keras")
    config.set_dtype_policy("float32")
    loaded = lanthorn.saving.load_model(tmp_path / "m.keras")
    assert loaded.get_layer("d").compute_dtype == "bfloat16"


def test_epsilon_is_read_when_it_is_used():
    zero = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    before = float(losses.categorical_crossentropy(*zero)[0])
    config.set_epsilon(1e-3)
    keras.config.set_epsilon(1e-3)
    try:
        after = float(losses.categorical_crossentropy(*zero)[0])
        theirs = float(keras.losses.categorical_crossentropy(*zero)[0])
    finally:
        keras.config.set_epsilon(1e-7)
    assert after == pytest.approx(theirs, rel=1e-5) and after < before


def test_pictures_take_the_order_of_axes():
    config.set_image_data_format("channels_first")
    for layer in (
        layers.Conv2D(2, 3), layers.MaxPooling2D(), layers.Flatten(), layers.SpatialDropout2D(0.5),
        layers.RandomFlip(),
    ):  # fmt: skip
        assert layer.data_format == "channels_first", layer
    assert layers.Conv2D(2, 3).compute_output_shape((None, 1, 8, 8)) == (None, 2, 6, 6)
    assert layers.Conv2D(2, 3, data_format="channels_last").data_format == "channels_last"


def test_progress_is_a_line_for_each_epoch_when_logging_is_off(capsys):
    config.disable_interactive_logging()
    assert not config.is_interactive_logging_enabled()
    model = lanthorn.Sequential([layers.Input((3,)), layers.Dense(2)])
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 2)))
    out = capsys.readouterr().out
    assert out.startswith("1/1 - ") and "━" not in out
    config.enable_interactive_logging()
    assert config.is_interactive_logging_enabled()


def test_flash_attention_is_remembered():
    config.enable_flash_attention()
    with pytest.raises(ValueError, match="no dropout"):
        layers.MultiHeadAttention(1, 2, dropout=0.1)
    config.disable_flash_attention()
    layers.MultiHeadAttention(1, 2, dropout=0.1)


@pytest.mark.parametrize(
    ("set_it", "value", "message"),
    [
        (config.set_floatx, "float23", "floatx is one of 'bfloat16', 'float16'"),
        (config.set_epsilon, 0, "epsilon is a small number above 0, not 0"),
        (config.set_epsilon, "1e-7", "above 0, not '1e-7'"),
        (config.set_image_data_format, "last", "one of 'channels_last', 'channels_first'"),
        (config.set_dtype_policy, 32, "A policy is a name"),
        (config.set_dtype_policy, "mixed_float17", "Did you mean"),
    ],
)
def test_impossible_defaults_are_refused(set_it, value, message):
    with pytest.raises(ValueError, match=message):
        set_it(value)
    assert config.floatx() == "float32" and config.epsilon() == 1e-7


def test_mixed_precision_has_keras_s_older_names():
    older = lanthorn.mixed_precision
    older.set_global_policy("mixed_float16")
    assert older.global_policy() == older.Policy("mixed_float16") == config.dtype_policy()
    assert older.Policy is older.DTypePolicy is lanthorn.DTypePolicy
