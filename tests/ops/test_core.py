"""What has no twin to compare number by number: asking about tensors, gradients, symbolic ones."""

import subprocess
import sys

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from lanthorn import ops
from lanthorn.engine.scope import Scope, in_scope
from lanthorn.engine.variable import Variable
from lanthorn.ops.operation import operation

A = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")


def in_a_fresh_process(code, **environment):
    import os

    path = f"import sys; sys.path[:] = {sys.path!r}; "
    found = subprocess.run(
        [sys.executable, "-c", path + code],
        env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    return found


def test_naming_every_operation_loads_nothing():
    in_a_fresh_process(
        "from lanthorn import ops; dir(ops); ops.__all__; ops.nn; ops.image; "
        "assert not {'jax', 'numpy'} & set(sys.modules)"
    )


def test_the_rooms_of_keras_hold_the_same_functions():
    assert ops.nn.relu is ops.relu and ops.numpy.add is ops.add and ops.linalg.norm is ops.norm
    assert not hasattr(ops.numpy, "relu")
    for room in (ops.nn, ops.numpy, ops.linalg, ops.image):
        theirs = getattr(keras.ops, room.__name__.rpartition(".")[2])
        known = {name for name in dir(room) if not name.startswith("_")} - {"attach", "homes"}
        assert {n for n in known if n.islower()} <= set(dir(theirs))


def test_questions_about_a_tensor_are_answered_with_plain_numbers():
    assert ops.shape(A) == (3, 4) and ops.ndim(A) == 2 and ops.size(A) == 12
    assert ops.dtype(A) == "float32" and ops.shape([[1, 2]]) == (1, 2)
    assert ops.is_tensor(jnp.ones(2)) and not ops.is_tensor(A) and not ops.is_tensor([1.0])


def test_variables_arrays_numbers_and_lists_are_all_tensors():
    v = Variable(A)
    np.testing.assert_array_equal(ops.add(v, v), 2 * A)
    np.testing.assert_array_equal(ops.matmul(v, A.T.tolist()), jnp.matmul(A, A.T))
    np.testing.assert_array_equal(ops.concatenate([v, A]), np.concatenate([A, A]))
    np.testing.assert_array_equal(ops.where(v > 0, v, 0.0), np.where(A > 0, A, 0.0))
    np.testing.assert_array_equal(ops.convert_to_numpy(v), A)
    assert ops.cast(v, "int32").dtype == "int32"


def test_in_a_scope_a_variable_is_what_the_scope_says():
    v = Variable(A)
    with in_scope(Scope(values={id(v): jnp.zeros((3, 4))})):
        assert float(ops.sum(v)) == 0.0


@pytest.mark.parametrize("short", ["bfloat16", "float16"])
def test_python_numbers_do_not_widen_short_floats(short):
    x = ops.cast(A, short)
    assert ops.multiply(x, 2.0).dtype == short and ops.maximum(x, 0).dtype == short


def test_wide_types_become_the_short_ones_in_silence():
    for name, given in (("float64", A), ("int64", [1, 2])):
        found = ops.cast(given, name).dtype.name
        assert found == {"float64": "float32", "int64": "int32"}[name]
    assert ops.zeros((2,), "float64").dtype == "float32"


def test_numpy_copies_are_free_to_write_to():
    x = jnp.ones(3)
    copied = ops.convert_to_numpy(x)
    copied[0] = 7
    assert x[0] == 1


def test_a_gradient_of_ones_own_is_used():
    @ops.custom_gradient
    def doubled(x):
        return 2.0 * x, lambda upstream: 100.0 * upstream

    assert float(doubled(3.0)) == 6.0 and float(jax.grad(doubled)(3.0)) == 100.0
    value, change = ops.jvp(ops.square, (3.0,), (1.0,))
    assert (float(value), float(change)) == (9.0, 6.0)


def test_divide_no_nan_has_a_finite_slope_at_zero():
    assert float(jax.grad(lambda x: ops.divide_no_nan(1.0, x))(0.0)) == 0.0


def test_remaining_operations_agree_with_plain_numpy():
    doubled = ops.vectorize(lambda x: x * 2)
    np.testing.assert_array_equal(doubled(A), 2 * A)
    values, vectors = ops.eig(A[:3, :3])
    np.testing.assert_allclose(A[:3, :3] @ vectors, vectors * values, atol=1e-5)
    image = np.arange(12.0, dtype="float32").reshape(1, 2, 6, 1)
    ones, shift = np.ones(2, "float32"), np.array([0.0, 2.0], "float32")
    moved = ops.image.scale_and_translate(image, (1, 2, 6, 1), ones, shift, (1, 2), "linear")
    np.testing.assert_allclose(moved[0, :, 2:, 0], image[0, :, :4, 0], atol=1e-5)


@pytest.mark.parametrize("window", ["hann", "hamming"])
def test_istft_undoes_stft_as_in_keras(window):
    x = np.random.default_rng(1).normal(size=(2, 96)).astype("float32")
    pair = ops.stft(x, 16, 4, 32, window=window)
    back = ops.istft(pair, 16, 4, 32, length=96, window=window)
    np.testing.assert_allclose(back, x, atol=1e-4)
    theirs = keras.ops.istft(pair, 16, 4, 32, length=96, window=window)
    np.testing.assert_allclose(back, theirs, atol=1e-4)


class Symbol:
    is_symbolic = True
    shape = (None, 4)
    dtype = "float32"


@pytest.mark.parametrize(
    "call",
    [
        lambda s: ops.add(s, 1.0),
        lambda s: ops.add(1.0, x2=s),
        lambda s: ops.concatenate([A, s]),
        lambda s: ops.scan(lambda c, x: (c, x), {"state": (s,)}, A),
        lambda s: ops.cast(s, "int32"),
    ],
)
def test_a_symbolic_tensor_anywhere_adds_a_node_to_the_graph(monkeypatch, call):
    added = []
    monkeypatch.setattr(
        "lanthorn.engine.graph.symbolic_operation",
        lambda name, function, args, kwargs: added.append((name, callable(function))) or "node",
    )
    assert call(Symbol()) == "node"
    assert len(added) == 1 and added[0][1]


def test_questions_about_a_symbolic_tensor_need_no_node():
    assert ops.shape(Symbol()) == (None, 4) and ops.ndim(Symbol()) == 2
    assert ops.size(Symbol()) is None and ops.dtype(Symbol()) == "float32"
    symbol = Symbol()
    assert ops.convert_to_tensor(symbol) is symbol


def test_an_operation_keeps_its_name_and_words():
    @operation
    def tripled(x):
        """3 x."""
        return 3 * x

    assert tripled.__name__ == "tripled" and tripled.__doc__ == "3 x." and tripled(x=2) == 6


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ops.cast(A, "float33"), "number type"),
        (lambda: ops.scatter_update(A, [[0, 0]], [1.0], reduction="div"), "reduction"),
        (lambda: ops.segment_sum(A, [0, 1, 0]), "num_segments"),
        (lambda: ops.one_hot([1], 3, sparse=True), "dense"),
        (lambda: ops.binary_crossentropy(A, A[:2]), "same shape"),
        (lambda: ops.sparse_categorical_crossentropy([0, 1], A), r"\(3,\)"),
        (lambda: ops.cholesky(-np.eye(2, dtype="float32")), "positive definite"),
        (lambda: ops.searchsorted(A, A), "vector"),
        (lambda: ops.dot_product_attention(A, A, A), "four axes"),
        (lambda: ops.image.resize(A, (2, 2)), "batch of images"),
        (lambda: ops.image.crop_images(np.zeros((2, 2, 1)), 1), "exactly two"),
        (lambda: ops.fft(A), "pair"),
        (lambda: ops.no_such_operation, "no attribute"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_words(call, said):
    with pytest.raises((ValueError, AttributeError), match=said):
        call()


def test_a_misspelled_operation_is_told_the_nearest():
    with pytest.raises(AttributeError, match="'reshape'"):
        ops.reshpe  # noqa: B018
