"""Every metric gives Keras's answer after any number of batches, with weights and with masks."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanthorn import metrics
from lanthorn.engine.scope import Scope, in_scope
from metrics.sides import ALL, AVERAGED, COUNTED, OTHERS, close, label
from tests.examples import examples

keras = pytest.importorskip("keras")

# Keras's own: its IoU asks for int64, which JAX has only in another mode
pytestmark = pytest.mark.filterwarnings("ignore:Explicitly requested dtype int64:UserWarning")

SEEDS = st.integers(0, 2**16)
# a few shapes, so that most examples find their operations compiled
SHAPES = st.sampled_from([(4, 1), (5, 3), (3, 2, 4)])


def both(name: str, options: dict[str, Any]) -> tuple[Any, Any]:
    return getattr(metrics, name)(**options), getattr(keras.metrics, name)(**options)


def compare(ours: Any, theirs: Any) -> None:
    close(ours.result(), theirs.result())
    for own, other in zip(ours.variables, theirs.variables, strict=True):
        assert own.name == other.name
        assert own.dtype == other.dtype
        close(own.numpy(), other.value)


def fed(case: Any, shape: Any, seed: int, batches: int, weigh: Any) -> tuple[Any, Any]:
    name, options, data = case
    draw = np.random.default_rng(seed)
    ours, theirs = both(name, options)
    for _ in range(batches):
        y_true, y_pred = data(draw, shape)
        weights = weigh(draw, y_true, y_pred)
        ours.update_state(y_true, y_pred, weights)
        theirs.update_state(y_true, y_pred, weights)
    compare(ours, theirs)
    return ours, theirs


def unweighted(draw: Any, y_true: Any, y_pred: Any) -> None:
    return None


def per_sample(draw: Any, y_true: Any, y_pred: Any) -> Any:
    return draw.uniform(0.1, 2, size=y_pred.shape[:1])


@pytest.mark.parametrize("case", ALL, ids=label)
@settings(max_examples=examples(2, 6))
@given(shape=SHAPES, seed=SEEDS, batches=st.integers(1, 3))
def test_a_metric_has_keras_s_answer(case: Any, shape: Any, seed: int, batches: int) -> None:
    ours, theirs = fed(case, shape, seed, batches, unweighted)
    ours.reset_state()
    theirs.reset_state()
    if "num_regressors" not in case[1]:  # without samples Keras warns of too few for them
        compare(ours, theirs)
    y_true, y_pred = case[2](np.random.default_rng(seed + 1), shape)
    ours.update_state(y_true, y_pred)
    theirs.update_state(y_true, y_pred)
    compare(ours, theirs)


@pytest.mark.parametrize("case", AVERAGED, ids=label)
@settings(max_examples=2)
@given(
    shape=SHAPES,
    seed=SEEDS,
    form=st.sampled_from(("scalar", "sample", "column", "place")),
)
def test_an_averaged_metric_weighs_as_keras_does(
    case: Any, shape: Any, seed: int, form: str
) -> None:
    def weigh(draw: Any, y_true: Any, y_pred: Any) -> Any:
        sizes = {
            "scalar": (),
            "sample": y_pred.shape[:1],
            "column": (y_pred.shape[0], 1),
            "place": y_pred.shape[:-1],
        }
        return draw.uniform(0.1, 2, size=sizes[form])

    fed(case, shape, seed, 2, weigh)


@pytest.mark.parametrize("case", COUNTED, ids=label)
@settings(max_examples=2)
@given(shape=st.sampled_from([(4, 1), (5, 3)]), seed=SEEDS, full=st.booleans())
def test_a_counting_metric_weighs_as_keras_does(
    case: Any, shape: Any, seed: int, full: bool
) -> None:
    full = full and "class_id" not in case[1]

    def weigh(draw: Any, y_true: Any, y_pred: Any) -> Any:
        return draw.uniform(0.1, 2, size=y_pred.shape if full else y_pred.shape[:1])

    fed(case, shape, seed, 2, weigh)


@pytest.mark.parametrize("case", OTHERS, ids=label)
def test_other_metrics_weigh_as_keras_does(case: Any) -> None:
    def whole(draw: Any, y_true: Any, y_pred: Any) -> Any:
        return draw.integers(0, 3, size=np.size(y_pred) // (3 if "OneHot" in case[0] else 1))

    weigh = whole if "IoU" in case[0] else per_sample
    fed(case, (5, 3), 3, 2, weigh)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    "name", ["MeanSquaredError", "BinaryAccuracy", "SparseCategoricalAccuracy", "KLDivergence"]
)
def test_a_mask_leaves_out_what_keras_leaves_out(name: str, weighted: bool) -> None:
    draw = np.random.default_rng(0)
    case = next(case for case in AVERAGED if case[0] == name)
    ours, theirs = both(name, case[1])
    for _ in range(2):
        y_true, y_pred = case[2](draw, (3, 4, 2))
        mask = draw.integers(0, 2, size=(3, 4)).astype(bool)
        weights = draw.uniform(size=(3, 4)) if weighted else None
        masked = jax.numpy.array(y_pred)
        keras.src.backend.set_keras_mask(masked, jax.numpy.asarray(mask))
        theirs.update_state(y_true, masked, weights)
        scope = Scope()
        scope.set_mask(y_pred, mask)
        with in_scope(scope):
            ours.update_state(y_true, y_pred, weights)
    compare(ours, theirs)


@pytest.mark.parametrize("name", ["Mean", "Sum"])
@settings(max_examples=examples(4, 12))
@given(
    seed=SEEDS,
    shape=st.sampled_from([(), (3,), (3, 2), (3, 2, 2)]),
    form=st.sampled_from(("none", "scalar", "sample", "all")),
)
def test_means_and_sums_are_keras_s(name: str, seed: int, shape: Any, form: str) -> None:
    draw = np.random.default_rng(seed)
    ours, theirs = both(name, {})
    for _ in range(2):
        values = draw.normal(size=shape).astype("float32")
        sizes = {"scalar": (), "sample": shape[:1], "all": shape}
        weights = None if form == "none" else draw.uniform(size=sizes[form])
        ours.update_state(values, weights)
        theirs.update_state(values, weights)
    compare(ours, theirs)


def test_sorted_ids_are_looked_up_as_keras_does() -> None:
    y_true, y_pred = np.array([3, 1]), np.array([[2, 3, 0], [2, 0, 1]])
    for k in (1, 2, 3):
        options = {"k": k, "from_sorted_ids": True}
        ours, theirs = both("SparseTopKCategoricalAccuracy", options)
        close(ours(y_true, y_pred), theirs(y_true, y_pred))
        assert ours.get_config() | {"name": ""} == theirs.get_config() | {"name": ""}


def test_pearson_correlation_is_keras_s() -> None:
    draw = np.random.default_rng(1)
    ours, theirs = both("PearsonCorrelation", {"axis": 0})
    y_true, y_pred = draw.normal(size=(2, 6, 3)).astype("float32")
    close(ours(y_true, y_pred), theirs(y_true, y_pred))
    ours, theirs = both("PearsonCorrelation", {})
    close(ours(y_true, y_pred), theirs(y_true, y_pred))


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_a_metric_counts_in_the_type_it_is_given(dtype: str) -> None:
    draw = np.random.default_rng(2)
    for name in ("Mean", "Sum"):
        ours, theirs = both(name, {"dtype": dtype})
        for _ in range(3):
            values = draw.normal(size=(5,))
            ours.update_state(values)
            theirs.update_state(values)
        close(ours.result(), theirs.result())
        assert ours.dtype == dtype


@pytest.mark.parametrize("case", ALL, ids=label)
def test_the_config_is_keras_s(case: Any) -> None:
    name, options, _ = case
    ours, theirs = both(name, options)
    ours.name = theirs.name = "m"
    assert ours.get_config() == {
        key: value.tolist() if hasattr(value, "tolist") else value
        for key, value in theirs.get_config().items()
    } or (name == "AUC" and "label_weights" in options)
    again = metrics.deserialize(metrics.serialize(ours))
    assert type(again) is type(ours)
    assert again.get_config() == ours.get_config()


def test_label_weights_stay_in_the_config_as_they_were_given() -> None:
    ours, theirs = both("AUC", {"label_weights": [1.0, 2.0], "multi_label": True})
    np.testing.assert_array_equal(
        ours.get_config()["label_weights"], theirs.get_config()["label_weights"]
    )


@pytest.mark.parametrize("case", ALL, ids=label)
def test_the_better_way_is_keras_s_where_keras_knows_it(case: Any) -> None:
    ours, theirs = both(*case[:2])
    assert ours._direction == getattr(theirs, "_direction", ours._direction)
    assert ours._direction in ("up", "down")


@pytest.mark.parametrize("case", ALL, ids=label)
def test_default_names_are_keras_s(case: Any) -> None:
    keras.utils.clear_session()
    from lanthorn.engine.naming import clear_session

    clear_session()
    ours, theirs = both(*case[:2])
    assert ours.name == theirs.name
    assert [v.path for v in ours.variables] == [v.path for v in theirs.variables]
