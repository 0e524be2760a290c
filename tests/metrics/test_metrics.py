"""What metrics keep, refuse and are called; that they are pure while the loop is compiled."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from typing import Any

import jax
import numpy as np
import pytest

import lanthorn.losses as losses
import lanthorn.metrics as metrics
from lanthorn import ops
from lanthorn.engine.errors import DataError, DataWarning, LanthornError
from lanthorn.engine.registry import UnknownNameError
from lanthorn.engine.scope import Scope, in_scope
from metrics.sides import ALL, close, label

keras = pytest.importorskip("keras")


class Largest(metrics.Metric):
    """A metric as a user writes it."""

    def __init__(self, name: str = "largest", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.top = self.add_weight(name="top", initializer="zeros")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        self.top.assign(ops.maximum(self.top, ops.max(y_pred)))

    def result(self) -> Any:
        return self.top


# -- state ---------------------------------------------------------------------------------------


def test_calling_a_metric_gives_the_running_answer() -> None:
    mean = metrics.Mean()
    assert float(mean(1.0)) == 1.0
    assert float(mean(4.0)) == 2.5
    mean.reset_state()
    assert float(mean.result()) == 0.0


def test_a_user_s_metric_counts_resets_and_comes_back() -> None:
    metric = Largest()
    metric.update_state(None, np.array([1.0, 3.0]))
    assert float(metric(None, np.array([2.0]))) == 3.0
    assert [(v.name, v.path, v.trainable) for v in metric.variables] == [
        ("top", "largest/top", False)
    ]
    metric.reset_state()
    assert float(metric.result()) == 0.0
    assert metric._direction is None
    assert Largest.from_config(metric.get_config()).name == "largest"
    assert repr(metric) == "<Largest name=largest>"


def test_counters_of_metrics_within_a_metric_are_its_own() -> None:
    class Spread(metrics.Metric):
        def __init__(self) -> None:
            super().__init__(name="spread")
            self.mean = metrics.Mean()
            self.square = metrics.Mean()
            self.count = self.add_variable((2,), "ones", name="count")

    spread = Spread()
    assert spread.variables == [spread.count, *spread.mean.variables, *spread.square.variables]
    assert spread.count.numpy().tolist() == [1.0, 1.0]
    spread.mean.update_state(3.0)
    spread.reset_state()
    assert float(spread.mean.result()) == 0.0


def test_forgetting_super_init_is_told() -> None:
    class Hasty(metrics.Metric):
        def __init__(self) -> None:
            self.total = self.add_weight(name="total")

    with pytest.raises(LanthornError, match=r"Hasty.__init__ must call super\(\).__init__\(\)"):
        Hasty()


@pytest.mark.parametrize("case", ALL, ids=label)
def test_a_metric_runs_in_a_compiled_loop_and_its_counters_keep_their_types(case: Any) -> None:
    name, options, data = case
    draw = np.random.default_rng(0)
    batches = [data(draw, (4, 3)) for _ in range(3)]
    y_true, y_pred = (np.stack(side) for side in zip(*batches, strict=True))
    metric = getattr(metrics, name)(**options)
    metric.build_state(y_true[0].shape, y_pred[0].shape)

    def step(index: Any, state: Any) -> Any:
        return metric.stateless_update_state(state, y_true[index], y_pred[index])

    y_true, y_pred = jax.numpy.asarray(y_true), jax.numpy.asarray(y_pred)
    start = metric.stateless_reset_state()
    end = jax.jit(lambda state: jax.lax.fori_loop(0, 3, step, state))(start)
    assert [(v.shape, v.dtype) for v in end] == [(v.shape, v.dtype) for v in start]
    for variable in metric.variables:
        assert not np.any(variable.numpy())  # nothing leaked out of the loop
    outcome = jax.jit(metric.stateless_result)(end)
    for true, pred in batches:
        metric.update_state(true, pred)
    np.testing.assert_allclose(outcome, metric.result(), rtol=1e-5, atol=1e-6)


def test_stateless_calls_give_and_change_nothing_of_the_metric() -> None:
    mean = metrics.Mean()
    state = mean.stateless_update_state([np.float32(3), np.float32(1)], [1.0, 2.0])
    assert [float(value) for value in state] == [6.0, 3.0]
    assert float(mean.stateless_result(state)) == 2.0
    assert float(mean.result()) == 0.0
    mean.update_state(5.0)
    assert [float(value) for value in mean.stateless_reset_state()] == [0.0, 0.0]
    assert float(mean.result()) == 5.0
    with pytest.raises(LanthornError, match=r"mean.* has 2 variables, but 1 values were given"):
        mean.stateless_result([0.0])


def test_a_stateless_call_within_a_scope_still_sees_the_scope_s_masks() -> None:
    metric, y_pred = metrics.MeanSquaredError(), np.array([[[1.0], [3.0]]])
    outer = Scope({})
    outer.set_mask(y_pred, np.array([[True, False]]))
    with in_scope(outer):
        state = metric.stateless_update_state([0.0, 0.0], np.zeros((1, 2, 1)), y_pred)
    assert float(metric.stateless_result(state)) == 1.0


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "MeanSquaredError", "Precision", "AUC",
     "RootMeanSquaredError", "R2Score", "F1Score", "TopKCategoricalAccuracy", "FalsePositives"],
)  # fmt: skip
def test_shapes_that_only_broadcast_are_refused(name: str) -> None:
    with pytest.raises(DataError, match=r"y_true has shape \(4, 1\) and y_pred has shape \(4, 5\)"):
        getattr(metrics, name)()(np.ones((4, 1)), np.ones((4, 5)))


def test_class_numbers_and_one_hot_targets_are_told_apart() -> None:
    with pytest.raises(DataError, match="class numbers, sparse_categorical_accuracy takes it"):
        metrics.CategoricalAccuracy()(np.ones((4, 1)), np.ones((4, 5)))
    with pytest.raises(DataError, match="one number per class, categorical_accuracy takes it"):
        metrics.SparseCategoricalAccuracy()(np.ones((4, 5)), np.ones((4, 5)))


def test_wrong_settings_are_refused_with_the_right_ones() -> None:
    for make, message in [
        (lambda: metrics.Precision(thresholds=[0.5, 1.5]), r"within 0 and 1, .* \[1.5\]"),
        (lambda: metrics.AUC(curve="ROX"), "curve must be one of 'ROC', 'PR'.*Did you mean 'ROC'"),
        (lambda: metrics.AUC(summation_method="mean"), "summation_method must be one of"),
        (lambda: metrics.AUC(num_thresholds=1), "num_thresholds must be 2 or more, not 1"),
        (lambda: metrics.AUC(num_labels=3), "num_labels belongs to multi_label=True"),
        (lambda: metrics.F1Score(average="mean"), "average must be one of"),
        (lambda: metrics.FBetaScore(beta=2), "beta must be a float above 0, not 2"),
        (lambda: metrics.F1Score(threshold=0), "threshold must be None or a float"),
        (lambda: metrics.R2Score(class_aggregation="mean"), "class_aggregation must be one of"),
        (lambda: metrics.R2Score(num_regressors=-1), "num_regressors must be 0 or more"),
        (lambda: metrics.IoU(2, [0, 2]), "has 2, but 2 classes are numbered 0 to 1"),
        (lambda: metrics.PrecisionAtRecall(1.5), "recall must lie within 0 and 1, but is 1.5"),
    ]:
        with pytest.raises(LanthornError, match=message):
            make()


def test_data_without_the_axes_a_metric_counts_by_is_refused() -> None:
    with pytest.raises(DataError, match=r"F1Score wants .* shape \(batch, outputs\)"):
        metrics.F1Score()(np.ones(4), np.ones(4))
    with pytest.raises(DataError, match="multi_label=True wants"):
        metrics.AUC(multi_label=True)(np.ones(4), np.ones(4))
    with pytest.raises(DataError, match="looks at class 1 of a last axis"):
        metrics.Precision(class_id=1)(np.ones(4), np.ones(4))
    with pytest.raises(DataError, match=r"weights have shape \(3,\), but the predictions"):
        metrics.Recall()(np.ones(4), np.ones(4), np.ones(3))


def test_fractions_of_weights_that_would_be_lost_are_warned_of() -> None:
    with pytest.warns(DataWarning, match='fractions of its weights are lost. dtype="float32"'):
        metrics.MeanIoU(2)([0, 1], [0, 1], np.array([0.5, 1.5]))


def test_a_row_without_any_score_says_no_to_every_class() -> None:
    metric = metrics.F1Score()
    metric.update_state(np.eye(2), np.zeros((2, 2)))
    assert metric.false_positives.numpy().tolist() == [0.0, 0.0]


# -- names and configs ---------------------------------------------------------------------------


def test_every_string_keras_takes_is_taken() -> None:
    for name, found in keras.src.metrics.ALL_OBJECTS_DICT.items():
        assert metrics.table.lookup(name).__name__ == found.__name__, name
    for name in ("mse", "MSE", "mean_squared_error", "MeanSquaredError"):
        assert type(metrics.get(name)) is metrics.MeanSquaredError
    assert type(metrics.get("accuracy")) is metrics.Accuracy is type(metrics.get("acc"))
    assert metrics.get("huber") is losses.huber
    assert type(metrics.get("logcosh")) is metrics.LogCoshError
    with pytest.raises(UnknownNameError, match=r"'acuracy'\. Did you mean 'Accuracy'"):
        metrics.get("acuracy")
    assert metrics.get(None) is None


def test_everything_keras_lists_is_here_with_the_same_arguments() -> None:
    for name in dir(keras.metrics):
        if name.startswith("_") or name in ("get", "serialize", "deserialize"):
            continue
        wanted = inspect.signature(getattr(keras.metrics, name)).parameters
        given = inspect.signature(getattr(metrics, name)).parameters
        assert [(p.name, p.default) for p in given.values()] == [
            (p.name, p.default) for p in wanted.values()
        ], name


@pytest.mark.parametrize("case", ALL, ids=label)
def test_the_saved_form_is_keras_s(case: Any) -> None:
    name, options, _ = case
    if "label_weights" in options:
        return  # Keras keeps a tensor there, which no file can hold
    ours = getattr(metrics, name)(**options, name="m")
    theirs = getattr(keras.metrics, name)(**options, name="m")
    expected = keras.metrics.serialize(theirs)
    if "thresholds" in expected["config"] and name == "AUC":  # boxed floats in Keras's
        expected["config"]["thresholds"] = [
            one["config"]["value"] if isinstance(one, dict) else float(one)
            for one in expected["config"]["thresholds"]
        ]
    assert metrics.serialize(ours) == expected


def test_functions_are_saved_as_keras_saves_them() -> None:
    for name in ("binary_accuracy", "mean_squared_error", "pearson_correlation", "huber"):
        function = getattr(metrics, name)
        config = metrics.serialize(function)
        assert config == keras.metrics.serialize(getattr(keras.metrics, name))
        assert metrics.deserialize(config) is function


@pytest.mark.parametrize("function", ["huber", "binary_accuracy"])
def test_a_wrapped_function_keeps_keras_s_config_and_comes_back(function: str) -> None:
    theirs = keras.metrics.MeanMetricWrapper(getattr(keras.metrics, function), name="h")
    ours = metrics.MeanMetricWrapper(getattr(metrics, function), name="h")
    assert ours.get_config() == theirs.get_config()
    again = metrics.deserialize(metrics.serialize(ours))
    assert again.fn is getattr(metrics, function)


def test_a_wrapped_loss_or_function_of_one_s_own_comes_back() -> None:
    def mine(y_true: Any, y_pred: Any) -> Any:
        return y_true - y_pred

    config = metrics.serialize(metrics.MeanMetricWrapper(mine))
    assert metrics.deserialize(config, custom_objects={"mine": mine}).fn is mine
    with pytest.raises(UnknownNameError, match="mine"):
        metrics.deserialize(config)
    wrapped = metrics.MeanMetricWrapper(losses.Huber(delta=2.0))
    again = metrics.deserialize(metrics.serialize(wrapped))
    assert (again.fn.delta, again._direction) == (2.0, "down")


def test_settings_that_keras_s_files_forget_are_kept() -> None:
    assert metrics.CosineSimilarity().get_config() == keras.metrics.CosineSimilarity().get_config()
    assert metrics.CosineSimilarity(axis=1).get_config()["axis"] == 1


def test_making_metrics_and_losses_loads_neither_jax_nor_numpy() -> None:
    code = (
        "import sys\n"
        "from lanthorn import losses, metrics\n"
        "metrics.AUC(), metrics.Precision(), metrics.MeanIoU(2), losses.get('mse')\n"
        "metrics.resolve('accuracy', (8, 1), (8, 1)), losses.resolve('ce', (8,), (8, 3))\n"
        "print(*{'jax', 'numpy'} & set(sys.modules))"
    )
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=path)
    assert (done.stderr, done.stdout.strip()) == ("", "")


# -- what compile() asks for ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("true_shape", "pred_shape"),
    [
        ((8, 1), (8, 1)), ((8,), (8, 1)), ((8,), (8, 3)), ((8, 1), (8, 3)), ((8, 3), (8, 3)),
        ((8, 3), (8, 3, 5)), ((8, 3, 1), (8, 3, 5)), ((8, 3, 5), (8, 3, 5)), ((8, 4, 1), (8, 4, 1)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("word", ["accuracy", "acc", "Accuracy", "mse", "AUC"])
def test_a_metric_by_name_is_the_one_keras_chooses(
    word: str, true_shape: Any, pred_shape: Any
) -> None:
    from keras.src.trainers.compile_utils import get_metric

    theirs = get_metric(word, np.zeros(true_shape), np.zeros(pred_shape))
    ours = metrics.resolve(word, true_shape, pred_shape)
    assert (type(ours).__name__, ours.name) == (type(theirs).__name__, theirs.name)


@pytest.mark.parametrize(
    ("true_shape", "pred_shape", "kind"),
    [
        ((8, 1), (8, 1), metrics.BinaryCrossentropy),
        ((8,), (8, 3), metrics.SparseCategoricalCrossentropy),
        ((8, 3), (8, 3), metrics.CategoricalCrossentropy),
    ],
)
def test_crossentropy_fits_the_shapes_and_the_loss_s_logits(
    true_shape: Any, pred_shape: Any, kind: type
) -> None:
    found = metrics.resolve("crossentropy", true_shape, pred_shape)
    assert (type(found), found.name, found.from_logits) == (kind, "crossentropy", False)
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    assert metrics.resolve("ce", true_shape, pred_shape, loss).from_logits


def test_functions_and_objects_are_taken_as_metrics() -> None:
    def my_error(y_true: Any, y_pred: Any) -> Any:
        return ops.abs(y_true - y_pred)

    shape = (2, 2)
    found = metrics.resolve(my_error, shape, shape)
    assert (type(found), found.name) == (metrics.MeanMetricWrapper, "my_error")
    assert found._direction is None
    assert metrics.resolve(lambda a, b: a, shape, shape).name == "lambda"
    own = metrics.Mean(name="own")
    assert metrics.resolve(own, shape, shape) is own
    assert metrics.resolve(losses.mean_squared_error, shape, shape)._direction == "down"
    assert metrics.resolve(metrics.binary_accuracy, shape, shape)._direction == "up"
    as_metric = metrics.resolve(losses.MeanSquaredError(), shape, shape)
    close(as_metric(np.ones(shape), np.zeros(shape)), np.float32(1))
    with pytest.raises(LanthornError, match="None is not a metric"):
        metrics.resolve(None, shape, shape)


def test_counters_that_need_the_shapes_are_made_when_they_are_known() -> None:
    assert len(metrics.resolve("f1_score", (8, 3), (8, 3)).variables) == 4
    assert len(metrics.resolve(metrics.AUC(multi_label=True), (8, 3), (8, 3)).variables) == 4
    assert len(metrics.resolve("R2Score", (8, 3), (8, 3)).variables) == 5


@pytest.mark.parametrize(
    "loss", ["binary_crossentropy", "bce", losses.BinaryCrossentropy(), losses.binary_crossentropy]
)
def test_accuracy_of_several_yes_and_no_is_warned_of(loss: Any) -> None:
    with pytest.warns(DataWarning, match=r"largest of the 3 outputs.*\['binary_accuracy'\]"):
        found = metrics.resolve("accuracy", (8, 3), (8, 3), loss)
    assert type(found) is metrics.CategoricalAccuracy  # Keras's answer all the same


def test_accuracy_of_logits_is_warned_of() -> None:
    with pytest.warns(DataWarning, match=r"where a yes begins at 0.*BinaryAccuracy\(threshold=0\)"):
        metrics.resolve("acc", (8, 1), (8, 1), losses.BinaryCrossentropy(from_logits=True))


def test_a_plain_accuracy_is_not_warned_of() -> None:
    metrics.resolve("acc", (8, 1), (8, 1), losses.BinaryCrossentropy())
    metrics.resolve("acc", (8, 3), (8, 3), losses.CategoricalCrossentropy())
    metrics.resolve("acc", (8, 3), (8, 3))
