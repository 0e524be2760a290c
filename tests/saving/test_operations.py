"""Operations of a graph (`x * 2`, `ops.relu(x)`) are in files as in Keras's, and read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lanthorn
from lanthorn import saving
from lanthorn.models.operations import entries

keras = pytest.importorskip("keras")

X = np.random.default_rng(0).uniform(0.05, 0.95, size=(3, 4, 6)).astype("float32")

Make = Callable[[Any, Any], Any]

ONE = """
    absolute arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil copy cos cosh deg2rad exp exp2
    expm1 fabs fliplr flipud floor isfinite isinf isnan log log10 log1p log2 logical_not negative
    ones_like rad2deg ravel reciprocal round sign sin sinc sinh sqrt square tan tanh transpose
    trunc zeros_like celu elu gelu glu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu
    log_sigmoid log_softmax relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign
    sparse_plus sparse_sigmoid squareplus tanh_shrink stop_gradient erf erfc logsumexp
    rsqrt sort argsort nan_to_num
""".split()
TWO = """
    add arctan2 divide divide_no_nan equal floor_divide fmax fmin fmod greater greater_equal
    heaviside hypot isclose less less_equal logaddexp logaddexp2 logical_and logical_or logical_xor
    maximum minimum mod multiply not_equal power subtract true_divide
""".split()
REDUCING = """
    all amax amin any argmax argmin mean median max min nanmax nanmean nanmin nansum prod ptp std
    sum var
""".split()

CASES: dict[str, Make] = {
    **{name: lambda ops, x, name=name: getattr(ops, name)(x) for name in ONE},
    **{name: lambda ops, x, name=name: getattr(ops, name)(x, 1.0 - x) for name in TWO},
    **{name: lambda ops, x, name=name: getattr(ops, name)(x, axis=-1) for name in REDUCING},
    "append": lambda ops, x: ops.append(x, x, axis=1),
    "average": lambda ops, x: ops.average(x, axis=1),
    "average_pool": lambda ops, x: ops.average_pool(x, 2, strides=1),
    "bitwise_and": lambda ops, x: ops.bitwise_and(whole(ops, x), whole(ops, 1 - x)),
    "bitwise_not": lambda ops, x: ops.bitwise_not(whole(ops, x)),
    "bitwise_or": lambda ops, x: ops.bitwise_or(whole(ops, x), whole(ops, 1 - x)),
    "bitwise_xor": lambda ops, x: ops.bitwise_xor(whole(ops, x), whole(ops, 1 - x)),
    "broadcast_to": lambda ops, x: ops.broadcast_to(x, (3, 4, 6)),
    "cast": lambda ops, x: ops.cast(x * 9, "int32"),
    "clip": lambda ops, x: ops.clip(x, 0.2, 0.6),
    "concatenate": lambda ops, x: ops.concatenate([x, x * 2], axis=-1),
    "conv": lambda ops, x: ops.conv(x, np.full((2, 6, 2), 0.5, "float32"), padding="same"),
    "count_nonzero": lambda ops, x: ops.count_nonzero(x, axis=1),
    "cross": lambda ops, x: ops.cross(x[:, :, :3], x[:, :, 3:]),
    "cumprod": lambda ops, x: ops.cumprod(x, axis=1),
    "cumsum": lambda ops, x: ops.cumsum(x, axis=1),
    "depthwise_conv": lambda ops, x: ops.depthwise_conv(x, np.full((2, 6, 1), 0.5, "float32")),
    "diagonal": lambda ops, x: ops.diagonal(x, axis1=1, axis2=2),
    "dot": lambda ops, x: ops.dot(x, np.full((6, 2), 0.5, "float32")),
    "dstack": lambda ops, x: ops.dstack([x, x]),
    "einsum": lambda ops, x: ops.einsum("bij,bkj->bik", x, x),
    "expand_dims": lambda ops, x: ops.expand_dims(x, 1),
    "flip": lambda ops, x: ops.flip(x, axis=1),
    "full_like": lambda ops, x: ops.full_like(x, 3.0),
    "get_item": lambda ops, x: x[:, 1, ::2],
    "hstack": lambda ops, x: ops.hstack([x, x]),
    "inner": lambda ops, x: ops.inner(x[0], x[1]),
    "kron": lambda ops, x: ops.kron(x[0], x[1]),
    "matmul": lambda ops, x: ops.matmul(x, ops.transpose(x, (0, 2, 1))),
    "max_pool": lambda ops, x: ops.max_pool(x, 2, strides=2),
    "moveaxis": lambda ops, x: ops.moveaxis(x, 1, -1),
    "norm": lambda ops, x: ops.norm(x),
    "normalize": lambda ops, x: ops.normalize(x, axis=-1),
    "one_hot": lambda ops, x: ops.one_hot(whole(ops, x), 5),
    "outer": lambda ops, x: ops.outer(x[0, 0], x[0, 1]),
    "pad": lambda ops, x: ops.pad(x, ((0, 0), (1, 0), (0, 2))),
    "quantile": lambda ops, x: ops.quantile(x, 0.25),
    "repeat": lambda ops, x: ops.repeat(x, 2, axis=1),
    "reshape": lambda ops, x: ops.reshape(x, (-1, 12, 2)),
    "roll": lambda ops, x: ops.roll(x, 1, axis=1),
    "rot90": lambda ops, x: ops.rot90(x, axes=(1, 2)),
    "split": lambda ops, x: ops.split(x, 2, axis=1)[1],
    "squeeze": lambda ops, x: ops.squeeze(ops.expand_dims(x, 1), 1),
    "stack": lambda ops, x: ops.stack([x, x], axis=1),
    "swapaxes": lambda ops, x: ops.swapaxes(x, 1, 2),
    "take": lambda ops, x: ops.take(x, np.array([0, 2]), axis=2),
    "take_along_axis": lambda ops, x: ops.take_along_axis(x, ops.argsort(x, axis=2), axis=2),
    "tensordot": lambda ops, x: ops.tensordot(x, np.full((6, 2), 0.5, "float32"), axes=1),
    "threshold": lambda ops, x: ops.threshold(x, 0.5, 9.0),
    "tile": lambda ops, x: ops.tile(x, (1, 2, 1)),
    "top_k": lambda ops, x: ops.top_k(x, 2)[0],
    "trace": lambda ops, x: ops.trace(x, axis1=1, axis2=2),
    "tril": lambda ops, x: ops.tril(x),
    "triu": lambda ops, x: ops.triu(x, 1),
    "unstack": lambda ops, x: ops.unstack(x, axis=1)[2],
    "vdot": lambda ops, x: ops.vdot(x, x),
    "vstack": lambda ops, x: ops.vstack([x, x]),
    "where": lambda ops, x: ops.where(x > 0.5, x, -x),
}


CANNOT_READ = {keras: ["rot90"], lanthorn: []}
"""What a library cannot run once its own file was read: Keras makes lists of tuples there."""


def whole(ops: Any, x: Any) -> Any:
    return ops.cast(ops.floor(x * 5), "int32")


def test_every_operation_of_the_table_is_tried():
    assert set(CASES) == set(entries())


def graph(k: Any, names: list[str]) -> Any:
    x = k.Input(batch_shape=X.shape, name="x")
    return k.Model(x, {name: CASES[name](k.ops, x) for name in names})


NAMES = sorted(CASES)
PARTS = [NAMES[start : start + 32] for start in range(0, len(NAMES), 32)]


@pytest.mark.parametrize(
    ("writer", "reader"), [(lanthorn, keras), (keras, lanthorn), (lanthorn, lanthorn)],
    ids=["Keras reads", "Lanthorn reads", "Lanthorn reads its own"],
)  # fmt: skip
@pytest.mark.parametrize("names", PARTS, ids=lambda names: f"{names[0]}-{names[-1]}")
def test_operations_go_both_ways(names: list[str], writer: Any, reader: Any, tmp_path: Path):
    names = [name for name in names if name not in CANNOT_READ[reader]]
    graph(writer, names).save(tmp_path / "m.keras")
    loaded = reader.saving.load_model(tmp_path / "m.keras")
    found = loaded(X)
    wanted = graph(keras, names)(X)
    assert found.keys() == wanted.keys()
    for name, numbers in wanted.items():
        close = np.testing.assert_allclose
        close(np.asarray(found[name]), np.asarray(numbers), rtol=1e-5, atol=1e-5, err_msg=name)


def test_python_operators_and_slices_of_every_form(tmp_path: Path):
    x = lanthorn.Input((4, 6))
    y = (2 - x) ** 2 / 3 + (x @ np.ones((6, 6), "float32")) * x - (-x) % 0.3 + abs(x) // 0.25
    y = y[..., None, 1:5:2][:, ::-1, 0]
    model = lanthorn.Model(x, y)
    model.save(tmp_path / "m.keras")
    for k in (lanthorn, keras):
        found = np.asarray(k.saving.load_model(tmp_path / "m.keras")(X))
        np.testing.assert_allclose(found, np.asarray(model(X)), rtol=1e-5, atol=1e-6)


def test_names_of_operations_are_kept(tmp_path: Path):
    x = lanthorn.Input((4, 6))
    model = lanthorn.Model(x, lanthorn.ops.relu(x * 2))
    names = [operation.name for operation in model._graph.operations]
    model.save(tmp_path / "m.keras")
    loaded = saving.load_model(tmp_path / "m.keras")
    assert [operation.name for operation in loaded._graph.operations] == names


def test_an_operation_that_files_have_no_form_for_is_refused_before_anything_is_written(
    tmp_path: Path,
):
    x = lanthorn.Input((4, 6))
    square = lanthorn.ops.matmul(x, lanthorn.ops.transpose(x, (0, 2, 1)))
    model = lanthorn.Model(x, lanthorn.ops.cholesky(square))
    with pytest.raises(ValueError, match=r"cannot keep ops\.cholesky"):
        model.save(tmp_path / "m.keras")
    assert list(tmp_path.iterdir()) == []
