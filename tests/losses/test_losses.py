"""What losses refuse, how they are named and kept, and losses of one's own."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest

import lanthorn.losses as losses
from lanthorn import ops
from lanthorn.engine.errors import DataError, DataWarning, LanthornError
from lanthorn.engine.registry import UnknownNameError, custom_object_scope
from losses.cases import CASES, FUNCTIONS, IDS, Case

keras = pytest.importorskip("keras")

NUMBER_BY_NUMBER = [
    "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error", "log_cosh", "huber", "cosine_similarity", "hinge",
    "squared_hinge", "categorical_hinge", "kl_divergence", "poisson", "binary_crossentropy",
    "binary_focal_crossentropy", "categorical_crossentropy", "categorical_focal_crossentropy",
    "dice", "tversky",
]  # fmt: skip


@pytest.mark.parametrize("name", NUMBER_BY_NUMBER)
@pytest.mark.parametrize(
    ("true_shape", "pred_shape"),
    [((4, 1), (4, 5)), ((4, 5), (4, 3, 5)), ((5,), (4, 5)), ((), (4,))],
)
def test_shapes_that_only_broadcast_are_refused(
    name: str, true_shape: Any, pred_shape: Any
) -> None:
    with pytest.raises(DataError) as caught:
        getattr(losses, name)(np.ones(true_shape), np.ones(pred_shape))
    message = str(caught.value)
    assert message.startswith(f"{name} compares y_true and y_pred number by number")
    assert f"y_true has shape {true_shape}" in message
    assert f"y_pred has shape {pred_shape}" in message
    assert f"This fits: y_true of shape {pred_shape}." in message


def test_the_loss_objects_refuse_them_too_and_before_compiling() -> None:
    with pytest.raises(DataError, match=r"mean_squared_error .* \(4, 1\) and y_pred .* \(4, 5\)"):
        jax.jit(losses.MeanSquaredError())(np.ones((4, 1)), np.ones((4, 5)))


@pytest.mark.parametrize("true_shape", [(4,), (4, 1)])
def test_class_numbers_for_a_one_hot_loss_are_told_apart(true_shape: Any) -> None:
    with pytest.raises(DataError, match="class numbers, sparse_categorical_crossentropy takes it"):
        losses.CategoricalCrossentropy()(np.ones(true_shape), np.ones((4, 3)))


def test_one_hot_targets_for_a_sparse_loss_are_told_apart() -> None:
    with pytest.raises(DataError) as caught:
        losses.SparseCategoricalCrossentropy()(np.ones((4, 3)), np.ones((4, 3)))
    assert str(caught.value) == (
        "sparse_categorical_crossentropy wants one class number for each prediction, but y_true "
        "has shape (4, 3) and y_pred has shape (4, 3).\n  This fits: y_true of shape (4,).\n"
        "  If y_true has one number per class, categorical_crossentropy takes it as it is."
    )


def test_one_class_only_is_warned_of() -> None:
    with pytest.warns(DataWarning, match="one class only .* use binary_crossentropy"):
        losses.categorical_crossentropy(np.ones((4, 1)), np.ones((4, 1)))


def test_circle_and_ctc_say_which_shapes_they_want() -> None:
    with pytest.raises(DataError, match=r"labels have shape \(3,\) and the embeddings \(4, 2\)"):
        losses.circle(np.ones(3), np.ones((4, 2)))
    with pytest.raises(DataError, match=r"y_true has shape \(4,\) and y_pred has shape \(4, 2\)"):
        losses.ctc(np.ones(4), np.ones((4, 2)))


# -- weights -------------------------------------------------------------------------------------


def test_a_weight_per_sample_counts_for_each_of_its_steps() -> None:
    y_true, y_pred = np.zeros((3, 3, 2)), np.arange(18.0).reshape(3, 3, 2)
    per_sample = losses.MeanSquaredError()(y_true, y_pred, np.array([0.0, 1.0, 3.0]))
    column = losses.MeanSquaredError()(y_true, y_pred, np.array([[0.0], [1.0], [3.0]]))
    assert float(per_sample) == float(column)
    assert float(column) == float(
        keras.losses.MeanSquaredError()(y_true, y_pred, np.array([[0.0], [1.0], [3.0]]))
    )


@pytest.mark.parametrize("shape", [(2,), (3, 5), (5, 3, 4)])
def test_weights_that_belong_to_nothing_are_refused(shape: Any) -> None:
    with pytest.raises(DataError) as caught:
        losses.MeanSquaredError()(np.ones((3, 4, 2)), np.ones((3, 4, 2)), np.ones(shape))
    assert f"The weights have shape {shape}, but the losses have shape (3, 4)." in str(caught.value)
    assert "one weight per sample, of shape (3,)" in str(caught.value)


def test_a_reduction_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LanthornError, match='"auto" is called "sum_over_batch_size"'):
        losses.MeanSquaredError(reduction="auto")
    with pytest.raises(LanthornError, match="Did you mean 'sum_over_batch_size'"):
        losses.MeanSquaredError(reduction="sum_over_batchsize")


def test_no_samples_have_no_loss() -> None:
    nothing = np.ones((0, 3))
    theirs = keras.losses.MeanSquaredError()(nothing, nothing)
    ours = losses.MeanSquaredError()(nothing, nothing)
    assert ours.shape == theirs.shape == (0,)


# -- losses of one's own -------------------------------------------------------------------------


class Largest(losses.Loss):
    def call(self, y_true: Any, y_pred: Any) -> Any:
        return ops.max(ops.abs(y_true - y_pred), axis=-1)


def test_a_subclass_is_weighed_and_reduced() -> None:
    class Theirs(keras.losses.Loss):
        def call(self, y_true: Any, y_pred: Any) -> Any:
            return keras.ops.max(keras.ops.abs(y_true - y_pred), axis=-1)

    y_true, y_pred = CASES[0].data(np.random.default_rng(0), (4, 3))
    for weights in (None, np.arange(4.0)):
        for reduction in ("sum", "mean_with_sample_weight", None):
            ours = Largest(reduction=reduction)(y_true, y_pred, weights)
            theirs = Theirs(reduction=reduction)(y_true, y_pred, weights)
            np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    assert Largest(name="top").get_config() == Theirs(name="top").get_config()
    assert Largest.from_config({"name": "top", "reduction": "sum"}).reduction == "sum"


def test_a_loss_of_one_s_own_may_broadcast() -> None:
    wrapped = losses.LossFunctionWrapper(lambda y_true, y_pred: ops.mean(y_true - y_pred, axis=-1))
    assert float(wrapped(np.ones((4, 1)), np.zeros((4, 5)))) == 1.0


def test_a_loss_of_one_s_own_may_take_dicts() -> None:
    def sums(y_true: Any, y_pred: Any) -> Any:
        return sum(abs(y_true[key] - y_pred[key]) for key in y_true)

    y_true = {"a": np.ones((2, 1)), "b": np.zeros(2)}
    y_pred = {"a": np.zeros(2), "b": np.ones((2, 1))}
    ours = losses.LossFunctionWrapper(sums)(y_true, y_pred)
    theirs = keras.src.losses.losses.LossFunctionWrapper(sums)(y_true, y_pred)
    assert float(ours) == float(theirs) == 2.0


def test_a_subclass_without_call_is_told() -> None:
    with pytest.raises(NotImplementedError, match=r"Loss must define call\(y_true, y_pred\)"):
        losses.Loss()(np.ones(2), np.ones(2))


def test_lists_of_numbers_are_one_tensor() -> None:
    assert float(losses.MeanSquaredError()([[0.0], [0.0]], [[1.0], [3.0]])) == 5.0


# -- names and configs ---------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_config_is_keras_s(case: Case) -> None:
    ours = getattr(losses, case.name)(reduction="sum", **case.settings)
    theirs = getattr(keras.losses, case.name)(reduction="sum", **case.settings)
    expected = theirs.get_config()
    if case.settings.get("delta"):  # Keras's file forgets it
        assert "delta" not in expected
        expected["delta"] = 0.3
    assert ours.get_config() == expected
    again = losses.deserialize(losses.serialize(ours))
    assert type(again) is type(ours)
    assert again.get_config() == ours.get_config()
    assert again.settings == ours.settings


@pytest.mark.parametrize("name", [*FUNCTIONS, "Circle", "CTC"])
def test_defaults_and_saved_forms_are_keras_s(name: str) -> None:
    assert losses.serialize(getattr(losses, name)()) == keras.losses.serialize(
        getattr(keras.losses, name)()
    )
    function = FUNCTIONS[name]
    assert losses.serialize(getattr(losses, function)) == keras.losses.serialize(
        getattr(keras.losses, function)
    )
    assert losses.deserialize(losses.serialize(getattr(losses, function))) is getattr(
        losses, function
    )


def test_a_wrapped_function_keeps_keras_s_config_and_comes_back() -> None:
    theirs = keras.src.losses.losses.LossFunctionWrapper(keras.losses.huber, name="h", delta=2.0)
    ours = losses.LossFunctionWrapper(losses.huber, name="h", delta=2.0)
    assert ours.get_config() == theirs.get_config()
    again = losses.deserialize(losses.serialize(ours))
    assert again.fn is losses.huber
    assert again.settings == {"delta": 2.0}


def mine(y_true: Any, y_pred: Any) -> Any:
    return y_true - y_pred


def test_a_wrapped_function_of_one_s_own_comes_back_when_it_is_named() -> None:
    config = losses.serialize(losses.LossFunctionWrapper(mine, name="m"))
    with pytest.raises(UnknownNameError, match="mine"):
        losses.deserialize(config)
    assert losses.deserialize(config, custom_objects={"mine": mine}).fn is mine
    with custom_object_scope({"mine": mine}):
        assert losses.get("mine") is mine


def test_every_string_keras_takes_is_taken() -> None:
    for name, found in keras.src.losses.ALL_OBJECTS_DICT.items():
        if name == "LossFunctionWrapper":
            continue
        ours = losses.get(name)
        if isinstance(found, type):
            assert type(ours).__name__ == found.__name__
        else:
            assert ours.__name__ == found.__name__


@pytest.mark.parametrize(
    ("name", "function"),
    [("logcosh", "log_cosh"), ("kullback_leibler_divergence", "kl_divergence")],
)
def test_keras_2_names_are_taken_too(name: str, function: str) -> None:
    assert losses.get(name) is getattr(losses, function) is getattr(losses, name)


def test_a_wrong_name_is_answered_with_the_right_one() -> None:
    with pytest.raises(UnknownNameError, match=r"'mean_square_error'\. Did you mean 'mean_squared"):
        losses.get("mean_square_error")
    with pytest.raises(ValueError, match="is not a loss"):
        losses.get(3)
    assert losses.get(None) is None


def test_everything_keras_lists_is_here_with_the_same_arguments() -> None:
    import inspect

    for name in dir(keras.losses):
        if name.startswith("_"):
            continue
        ours, theirs = getattr(losses, name), getattr(keras.losses, name)
        if name in ("get", "serialize", "deserialize"):
            continue
        wanted = inspect.signature(theirs).parameters
        given = inspect.signature(ours).parameters
        assert [(p.name, p.default) for p in given.values()] == [
            (p.name, p.default) for p in wanted.values()
        ], name


# -- what compile() asks for ---------------------------------------------------------------------


@pytest.mark.parametrize("word", ["crossentropy", "ce", "CE"])
@pytest.mark.parametrize(
    ("true_shape", "pred_shape", "function"),
    [
        ((8, 1), (8, 1), "binary_crossentropy"),
        ((8,), (8, 1), "binary_crossentropy"),
        ((8,), (8, 3), "sparse_categorical_crossentropy"),
        ((8, 1), (8, 3), "sparse_categorical_crossentropy"),
        ((8, 3), (8, 3), "categorical_crossentropy"),
        ((8, 3), (8, 3, 5), "sparse_categorical_crossentropy"),
    ],
)
def test_crossentropy_is_the_one_that_fits_the_shapes(
    word: str, true_shape: Any, pred_shape: Any, function: str
) -> None:
    from keras.src.trainers.compile_utils import get_loss

    ours = losses.resolve(word, true_shape, pred_shape)
    assert ours.fn is getattr(losses, function)
    theirs = get_loss(word, np.zeros(true_shape), np.zeros(pred_shape))
    assert (ours.name, ours.fn.__name__) == (theirs.name, theirs.fn.__name__)


def test_a_loss_is_called_as_it_was_asked_for() -> None:
    from keras.src.trainers.compile_utils import get_loss

    def MyLoss(y_true: Any, y_pred: Any) -> Any:
        return y_true - y_pred

    shape = (4, 2)
    for asked in ("mse", "mean_squared_error", MyLoss, lambda a, b: a - b):
        theirs = get_loss(asked, np.zeros(shape), np.zeros(shape))
        assert losses.resolve(asked, shape, shape).name == theirs.name
    own = losses.Huber(name="h")
    assert losses.resolve(own, shape, shape) is own
    assert losses.resolve("Huber", shape, shape).name == "huber_loss"
    assert losses.resolve(None, shape, shape) is None
