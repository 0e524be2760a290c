"""Every loss gives Keras's values and gradients, whatever shape, weights, mask and reduction."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanthorn import losses, ops
from lanthorn.engine.scope import Scope, in_scope
from losses.cases import CASES, FUNCTIONS, IDS, Case
from tests.examples import examples

keras = pytest.importorskip("keras")

# a few shapes, so that most examples find their operations compiled
SHAPES = st.sampled_from([(1, 1), (4, 1), (5, 3), (1, 4), (3, 2, 4), (2, 3, 1), (2, 2, 2, 3)])
SEEDS = st.integers(0, 2**16)
REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None)


def close(ours: Any, theirs: Any) -> None:
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=2e-6)


def weights_for(draw: np.random.Generator, kind: str, losses_shape: tuple[int, ...]) -> Any:
    if kind == "none":
        return None
    if kind == "scalar":
        return 0.7
    if kind == "sample":
        return draw.uniform(0, 2, size=losses_shape[:1] + (1,) * (len(losses_shape) - 1))
    if kind == "column":
        return draw.uniform(0, 2, size=(*losses_shape, 1))
    return draw.uniform(0, 2, size=losses_shape)


@pytest.mark.parametrize("case", CASES, ids=IDS)
@settings(max_examples=examples(2, 8))
@given(
    shape=SHAPES,
    seed=SEEDS,
    reduction=st.sampled_from(REDUCTIONS),
    kind=st.sampled_from(("none", "scalar", "sample", "column", "place")),
)
def test_a_loss_has_keras_s_value(
    case: Case, shape: tuple[int, ...], seed: int, reduction: str | None, kind: str
) -> None:
    draw = np.random.default_rng(seed)
    y_true, y_pred = case.data(draw, shape)
    theirs = getattr(keras.losses, case.name)(reduction=reduction, **case.settings)
    ours = getattr(losses, case.name)(reduction=reduction, **case.settings)
    is_single = case.name in ("Dice", "Tversky") and case.settings.get("axis") is None
    weights = weights_for(draw, "none" if is_single else kind, y_pred.shape[:-1])
    close(ours(y_true, y_pred, weights), theirs(y_true, y_pred, weights))


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_loss_has_keras_s_gradient(case: Case) -> None:
    y_true, y_pred = case.data(np.random.default_rng(1), (3, 2, 4))
    theirs = getattr(keras.losses, case.name)(**case.settings)
    ours = getattr(losses, case.name)(**case.settings)
    close(
        jax.grad(lambda p: ours(y_true, p))(y_pred), jax.grad(lambda p: theirs(y_true, p))(y_pred)
    )


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_loss_function_has_keras_s_value(case: Case) -> None:
    name = FUNCTIONS[case.name]
    y_true, y_pred = case.data(np.random.default_rng(2), (3, 2, 4))
    if case.name == "CategoricalGeneralizedCrossEntropy":
        y_true, y_pred = jax.numpy.asarray(y_true), jax.numpy.asarray(y_pred)
    close(
        getattr(losses, name)(y_true, y_pred, **case.settings),
        getattr(keras.losses, name)(y_true, y_pred, **case.settings),
    )


def with_mask(theirs: Any, ours: Any, y_true: Any, y_pred: Any, mask: Any, weights: Any) -> Any:
    """Both losses of predictions that carry a mask."""
    masked = jax.numpy.array(y_pred)
    keras.src.backend.set_keras_mask(masked, jax.numpy.asarray(mask))
    scope = Scope()
    scope.set_mask(y_pred, mask)
    with in_scope(scope):
        own = ours(y_true, y_pred, weights)
    return own, theirs(y_true, masked, weights)


@settings(max_examples=examples(6, 25))
@given(
    seed=SEEDS,
    case=st.sampled_from([case for case in CASES if case.name not in ("Dice", "Tversky")]),
    reduction=st.sampled_from(REDUCTIONS),
    weighted=st.booleans(),
    keep=st.sampled_from((0.0, 0.5, 1.0)),
)
def test_a_mask_leaves_out_what_keras_leaves_out(
    seed: int, case: Case, reduction: str | None, weighted: bool, keep: float
) -> None:
    draw = np.random.default_rng(seed)
    y_true, y_pred = case.data(draw, (3, 4, 2))
    mask = draw.uniform(size=(3, 4)) < keep
    weights = draw.uniform(size=(3, 4)) if weighted else None
    own, theirs = with_mask(
        getattr(keras.losses, case.name)(reduction=reduction, **case.settings),
        getattr(losses, case.name)(reduction=reduction, **case.settings),
        y_true, y_pred, mask, weights,
    )  # fmt: skip
    close(own, theirs)


@pytest.mark.parametrize(
    ("true_shape", "pred_shape"),
    [((4,), (4, 1)), ((4, 1), (4,)), ((4, 3), (4, 3, 1)), ((4, 3, 1), (4, 3)), ((4,), (4,))],
)
def test_a_last_axis_of_one_is_aligned_as_in_keras(true_shape: Any, pred_shape: Any) -> None:
    draw = np.random.default_rng(3)
    y_true, y_pred = draw.normal(size=true_shape), draw.uniform(size=pred_shape)
    for name in ("MeanSquaredError", "Huber", "Poisson", "Hinge", "BinaryCrossentropy"):
        if name == "BinaryCrossentropy":
            y_true = (y_true > 0).astype("float32")
        close(
            getattr(losses, name)()(y_true, y_pred), getattr(keras.losses, name)()(y_true, y_pred)
        )


def test_class_numbers_may_stand_in_a_column() -> None:
    y_true, y_pred = np.array([[1], [0]]), np.array([[0.2, 0.8], [0.3, 0.7]])
    close(
        losses.SparseCategoricalCrossentropy()(y_true, y_pred),
        keras.losses.SparseCategoricalCrossentropy()(y_true, y_pred),
    )


def test_classes_may_lie_on_another_axis() -> None:
    y_true, y_pred = CASES[0].data(np.random.default_rng(4), (2, 3, 5))
    y_true = np.abs(y_true) / np.abs(y_true).sum(1, keepdims=True)
    close(
        losses.CategoricalCrossentropy(from_logits=True, axis=1)(y_true, y_pred),
        keras.losses.CategoricalCrossentropy(from_logits=True, axis=1)(y_true, y_pred),
    )
    ids = np.argmax(y_true, axis=1)
    close(
        losses.SparseCategoricalCrossentropy(from_logits=True, axis=1)(ids, y_pred),
        losses.SparseCategoricalCrossentropy(from_logits=True)(ids, np.moveaxis(y_pred, 1, -1)),
    )


@pytest.mark.parametrize("remove_diagonal", [True, False])
@pytest.mark.parametrize("column", [True, False])
def test_circle_has_keras_s_value(remove_diagonal: bool, column: bool) -> None:
    draw = np.random.default_rng(5)
    y_pred = draw.normal(size=(6, 4)).astype("float32")
    y_pred /= np.linalg.norm(y_pred, axis=1, keepdims=True)
    y_true = np.array([0, 1, 0, 2, 1, 3])
    y_true = y_true[:, None] if column else y_true
    for reduction in REDUCTIONS:
        settings = {"gamma": 20.0, "margin": 0.3, "remove_diagonal": remove_diagonal}
        close(
            losses.Circle(reduction=reduction, **settings)(y_true, y_pred),
            keras.losses.Circle(reduction=reduction, **settings)(y_true, y_pred),
        )


def test_circle_compares_with_others_that_are_given() -> None:
    draw = np.random.default_rng(6)
    y_pred, others = draw.normal(size=(2, 3, 4)).astype("float32")
    arguments = np.array([0, 1, 1]), y_pred, np.array([1, 0, 2]), others
    close(losses.circle(*arguments), keras.losses.circle(*arguments))


@pytest.mark.skipif(not hasattr(ops, "ctc_loss"), reason="CTC stands on ops.ctc_loss")
def test_ctc_has_keras_s_value() -> None:
    draw = np.random.default_rng(7)
    y_true = np.array([[1, 2, 0], [3, 3, 1]])
    y_pred = draw.normal(size=(2, 9, 5)).astype("float32")
    for reduction in REDUCTIONS:
        close(
            losses.CTC(reduction=reduction)(y_true, y_pred),
            keras.losses.CTC(reduction=reduction)(y_true, y_pred),
        )


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_a_loss_computes_in_the_type_it_is_given(dtype: str) -> None:
    y_true, y_pred = CASES[0].data(np.random.default_rng(8), (3, 4))
    ours = losses.MeanSquaredError(dtype=dtype)(y_true, y_pred)
    theirs = keras.losses.MeanSquaredError(dtype=dtype)(y_true, y_pred)
    assert ours.dtype == theirs.dtype
    assert float(ours) == float(theirs)
    assert losses.MeanSquaredError(dtype=dtype).dtype == dtype


def test_the_example_of_the_mask_in_keras_s_semantics() -> None:
    y_true, y_pred = np.zeros((1, 4, 1)), np.array([[[1.0], [2.0], [3.0], [4.0]]])
    own, theirs = with_mask(
        keras.losses.MeanSquaredError(), losses.MeanSquaredError(),
        y_true, y_pred, np.array([[True, True, True, False]]), None,
    )  # fmt: skip
    assert float(own) == pytest.approx(14 / 3) == float(theirs)
