"""Models that both libraries can make, by functions of the library: one per kind of structure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Inputs = Any


class Case(NamedTuple):
    """A model of library `k`, and how to make inputs and targets for it."""

    name: str
    make: Callable[[Any], Any]
    data: Callable[[np.random.Generator], tuple[Inputs, Any]]
    loss: Any = "mse"
    optimizer: Any = "adam"


def numbers(*shape: int) -> Callable[[np.random.Generator], Any]:
    return lambda random: random.normal(size=(8, *shape)).astype("float32")


def data(x: Any, y: Any) -> Callable[[np.random.Generator], tuple[Any, Any]]:
    def draw(random: np.random.Generator) -> tuple[Any, Any]:
        def drawn(part: Any) -> Any:
            if isinstance(part, list):
                return [drawn(item) for item in part]
            if isinstance(part, dict):
                return {key: drawn(item) for key, item in part.items()}
            return part(random)

        return drawn(x), drawn(y)

    return draw


def row(k: Any) -> Any:
    return k.Sequential(
        [
            k.layers.Input((4,)),
            k.layers.Dense(5, activation="relu", name="hidden"),
            k.layers.BatchNormalization(),
            k.layers.Dropout(0.0),
            k.layers.Dense(3, activation="softmax"),
        ]
    )


def pictures(k: Any) -> Any:
    return k.Sequential(
        [
            k.layers.Input((8, 8, 3)),
            k.layers.Rescaling(1 / 255.0, offset=0.1),
            k.layers.Conv2D(4, 3, padding="same", activation="relu"),
            k.layers.MaxPooling2D(),
            k.layers.Conv2D(2, (2, 3), strides=1),
            k.layers.BatchNormalization(),
            k.layers.ReLU(max_value=6.0),
            k.layers.AveragePooling2D((1, 2)),
            k.layers.Flatten(),
            k.layers.Dense(2),
            k.layers.Softmax(),
        ]
    )


def words(k: Any) -> Any:
    return k.Sequential(
        [
            k.layers.Input((6,), dtype="int32"),
            k.layers.Embedding(10, 4),
            k.layers.Permute((2, 1)),
            k.layers.Reshape((3, 8)),
            k.layers.Dense(2, use_bias=False),
            k.layers.Activation("tanh"),
            k.layers.Flatten(),
        ]
    )


def pooled(k: Any) -> Any:
    x = k.Input((8, 8, 2), name="picture")
    a = k.layers.GlobalAveragePooling2D()(x)
    b = k.layers.GlobalMaxPooling2D()(x)
    return k.Model(x, k.layers.Dense(1)(k.layers.Concatenate()([a, b])), name="pooled")


def branches(k: Any) -> Any:
    x = k.Input((4,))
    a = k.layers.Dense(3, activation="relu")(x)
    b = k.layers.Dense(3)(x)
    both = k.layers.Add()([a, b])
    all_ = k.layers.Concatenate()([both, a, x])
    return k.Model(x, k.layers.Dense(2)(all_))


def shared(k: Any) -> Any:
    a, b = k.Input((4,), name="a"), k.Input((4,), name="b")
    one = k.layers.Dense(4, activation="tanh", name="one")
    deep = one(one(a))
    both = k.layers.Add()([deep, one(b)])
    return k.Model([a, b], k.layers.Dense(1, name="answer")(both))


def ends(k: Any) -> Any:
    a, b = k.Input((4,), name="a"), k.Input((3,), name="b")
    both = k.layers.Concatenate()([a, b])
    y = k.layers.Dense(2, name="y")(both)
    z = k.layers.Dense(1, name="z", activation="sigmoid")(both)
    return k.Model({"a": a, "b": b}, [y, z])


def nested(k: Any) -> Any:
    inner = k.Sequential(
        [k.layers.Input((4,)), k.layers.Dense(4, activation="relu"), k.layers.Dropout(0.0)],
        name="inner",
    )
    x = k.Input((4,))
    i = k.Input((4,), name="i")
    graph = k.Model(i, k.layers.Add()([i, k.layers.Dense(4)(i)]), name="graph")
    y = graph(inner(x))
    return k.Model(x, graph(y))


def nested_in_a_row(k: Any) -> Any:
    inner = k.Sequential([k.layers.Input((4,)), k.layers.Dense(3), k.layers.BatchNormalization()])
    return k.Sequential([k.layers.Input((4,)), inner, k.layers.Dense(2)])


def layers_of_two_models(k: Any) -> Any:
    one = k.layers.Dense(4, name="one")
    i, j = k.Input((4,), name="i"), k.Input((4,), name="j")
    first = k.Model(i, one(i), name="first")
    second = k.Model(j, k.layers.Dense(4)(one(j)), name="second")
    x = k.Input((4,))
    return k.Model(x, k.layers.Add()([second(first(x)), one(x)]))


def operations(k: Any) -> Any:
    x = k.Input((4,))
    y = k.layers.Dense(6)(x)
    y = k.ops.relu(y)[:, 1:5] * 2 - x / 4.0
    y = k.ops.concatenate([y, 1.0 - y], axis=-1)
    y = k.ops.softmax(k.ops.reshape(y, (-1, 2, 4)), axis=1)
    return k.Model(x, k.layers.Dense(2)(k.ops.mean(y, axis=1) ** 2))


CASES = [
    Case("a row", row, data(numbers(4), numbers(3)), "categorical_crossentropy"),
    Case("pictures", pictures, data(numbers(8, 8, 3), numbers(2)), optimizer="rmsprop"),
    Case("words", words, data(lambda r: r.integers(0, 10, (8, 6)), numbers(6)), optimizer="sgd"),
    Case("pooled", pooled, data(numbers(8, 8, 2), numbers(1)), optimizer="adagrad"),
    Case("branches", branches, data(numbers(4), numbers(2)), optimizer="nadam"),
    Case("shared", shared, data([numbers(4), numbers(4)], numbers(1)), optimizer="adamw"),
    Case(
        "several ends",
        ends,
        data({"a": numbers(4), "b": numbers(3)}, [numbers(2), numbers(1)]),
        {"y": "mse", "z": "mae"},
        "adamax",
    ),
    Case("nested", nested, data(numbers(4), numbers(4)), optimizer="lion"),
    Case("nested in a row", nested_in_a_row, data(numbers(4), numbers(2)), optimizer="adadelta"),
    Case("operations", operations, data(numbers(4), numbers(2))),
]


LAYERS_OF_TWO_MODELS = Case(
    "layers of two models", layers_of_two_models, data(numbers(4), numbers(4))
)
"""Not among the others: Keras 3.15.1 cannot load its own file of such a model."""


def compiled(k: Any, case: Case) -> Any:
    """The case's model in library `k`, compiled; every optimizer with Keras's defaults."""
    model = case.make(k)
    metrics = {"y": ["mae"], "z": ["mse"]} if case.name == "several ends" else ["mae"]
    model.compile(case.optimizer, case.loss, metrics=metrics)
    return model


def as_list(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    return list(value) if isinstance(value, list | tuple) else [value]


def outputs(model: Any, x: Any) -> list[np.ndarray]:
    return [np.asarray(part) for part in as_list(model.predict(x, verbose=0))]


def state(model: Any) -> list[np.ndarray]:
    """The optimizer's variables, in the order of files."""
    return [np.asarray(variable.numpy()) for variable in model.optimizer.variables]


def assert_close(a: list[Any], b: list[Any], tolerance: float = 1e-5) -> None:
    assert len(a) == len(b)
    for one, other in zip(a, b, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)
