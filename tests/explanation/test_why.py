"""why: the arithmetic of one number, redone from the wiring, equals what JAX computed."""

import json
import math

import numpy as np
import pytest

import lanthorn as keras
from lanthorn import layers, ops
from lanthorn.words.columns import shown_width
from tests.examples import first_examples

EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{index}")
    for names in layers.FILES.values()
    for name in names
    if name not in ("Input", "InputLayer", "Layer")
    for index, example in enumerate(getattr(layers, name).examples)
]


def model_of(name, example, rng):
    """The example's layer in a model of its own, with weights that hide no mistake."""
    shapes = example.shape if isinstance(example.shape, list) else [example.shape]
    dtype = "float32" if example.below is None else "int32"
    inputs = [keras.Input(shape, dtype=dtype) for shape in shapes]
    layer = getattr(layers, name)(**example.settings, name="asked")
    several = isinstance(example.shape, list)
    given = inputs if layer.several_arguments else [inputs if several else inputs[0]]
    model = keras.Model(inputs if several else inputs[0], layer(*given, **example.arguments))
    for variable in layer.weights:
        variable.assign(rng.uniform(0.2, 1.5, tuple(variable.shape)))
    if example.below is None:
        data = [rng.normal(size=(3, *shape)).astype("float32") for shape in shapes]
    else:
        data = [rng.integers(0, example.below, (3, *shape)).astype("int32") for shape in shapes]
    return model, data if several else data[0]


@pytest.mark.parametrize(("name", "example"), first_examples(EXAMPLES, 2))
def test_the_arithmetic_gives_what_jax_computed(name, example):
    rng = np.random.default_rng(3)
    model, data = model_of(name, example, rng)
    output = np.asarray(model(data))
    places = [tuple(rng.integers(0, output.shape[1:])) for _ in range(4)]
    for at in places:
        why = model.why(data, "asked", *map(int, at), sample=2)
        assert why.computed == pytest.approx(output[(2, *at)], rel=1e-5, abs=1e-6)
        if why.how in ("opaque", "measured"):  # told in words, not number by number
            assert "Opaque(" in repr(model.get_layer("asked").wired(model.input.shape))
            continue
        assert abs(why.difference) <= 1e-5 * max(1.0, abs(why.computed))
        assert why.value == pytest.approx(why.computed - why.difference)
        is_fixed = why.how == "always" or bool(why.steps)  # past an edge; a bias under no window
        assert (why.terms or is_fixed) and why.how not in ("opaque", "inside")
        for language in ("en", "ko"):
            again = model.why(data, "asked", *map(int, at), sample=2, language=language)
            for width in (30, 80):
                for line in again.text(width).splitlines():
                    assert shown_width(line) <= width, line


def chain():
    model = keras.Sequential(
        [
            layers.Input((3, 2)),
            layers.Dense(16, name="D16"),
            layers.Activation("relu", name="A"),
            layers.Flatten(name="F"),
            layers.Dense(4, name="D4"),
            layers.Dense(12, activation="softmax", name="S"),
        ]
    )
    rng = np.random.default_rng(0)
    for variable in model.weights:
        variable.assign(rng.uniform(-1, 1, tuple(variable.shape)))
    return model


X = [[[1, 2], [3, 4], [5, 6]]]


def test_terms_are_the_reads_with_weights_largest_first():
    model = chain()
    why = model.why(X, "D4", 2)
    kernel, bias = (v.numpy() for v in model.get_layer("D4").weights)
    flat = keras.Model(model.inputs, model.get_layer("F").output)(np.array(X))
    flat = np.asarray(flat)[0]
    assert len(why.terms) == 48
    sizes = [abs(term.product) for term in why.terms]
    assert sizes == sorted(sizes, reverse=True)
    for term in why.terms:
        (place,) = term.at
        assert term.source == "F"
        assert term.value == pytest.approx(flat[place])
        assert term.weight == pytest.approx(kernel[place, 2])
        assert term.product == pytest.approx(term.value * term.weight)
        assert term.place == f"step {place // 16}, unit {place % 16}"
    assert [step.name for step in why.steps] == ["bias"]
    total = math.fsum(term.product for term in why.terms) + float(bias[2])
    assert total == pytest.approx(why.value)


def test_the_rest_is_told_by_its_exact_sum():
    why = chain().why(X, "D4", 2)
    text = why.text(80)
    assert "40 smaller ones" in text
    rest = math.fsum(term.product for term in why.terms[8:])
    line = next(line for line in text.splitlines() if "smaller ones" in line)
    assert float(line.rpartition("=")[2]) == pytest.approx(rest, abs=5e-5)


def test_only_its_own_step_goes_into_a_shared_dense():
    why = chain().why(X, "D16", 1, 5)
    assert sorted(term.at for term in why.terms) == [(1, 0), (1, 1)]
    assert {term.source for term in why.terms} == {"x"}
    assert {term.value for term in why.terms} == {3.0, 4.0}


def test_flatten_tells_where_a_number_comes_from():
    why = chain().why(X, "F", 17)
    assert why.how == "copy" and why.place == "step 1, unit 1"
    assert why.terms[0].at == (1, 1) and why.terms[0].source == "A"


def test_pooling_tells_which_input_won():
    model = keras.Sequential([layers.Input((4, 4, 1)), layers.MaxPooling2D(2, name="P")])
    x = np.arange(16.0).reshape(1, 4, 4, 1)
    why = model.why(x, "P", 1, 0, 0)
    assert why.terms[0].at == (3, 1, 0) and why.value == 13.0
    winner = next(line for line in why.text(80).splitlines() if "x[3, 1, 0]" in line)
    assert "← the largest" in winner


def test_past_the_edge_is_told_apart():
    model = keras.Sequential(
        [layers.Input((3, 3, 1)), layers.Conv2D(1, 3, padding="same", name="C")]
    )
    why = model.why(np.ones((1, 3, 3, 1)), "C", 0, 0, 0)
    assert sum(term.source == "" for term in why.terms) == 5
    assert "5 past the edge" in why.text(80)


def test_softmax_tells_the_sum_and_the_shares():
    why = chain().why(X, "S", 7)
    assert why.formula == "softmax" and len(why.among) == 12
    assert math.fsum(term.product for term in why.among) == pytest.approx(1.0)
    own = next(term for term in why.among if term.at == (7,))
    assert own.product == pytest.approx(why.value)
    assert own.value == pytest.approx(dict(why.steps)["sum"])
    assert sum("← this one" in line for line in why.text(80).splitlines()) == 1


def test_a_lookup_tells_its_row():
    model = keras.Sequential([layers.Input((3,), dtype="int32"), layers.Embedding(5, 2, name="E")])
    why = model.why(np.array([[4, 0, 2]]), "E", 0, 1)
    assert why.row == ("embeddings", 4, 1)
    assert "embeddings[4, 1]" in why.text(80)


def test_each_input_of_a_merge_is_named():
    a, b = keras.Input((2,), name="a"), keras.Input((2,), name="b")
    model = keras.Model([a, b], layers.Add(name="sum")([a, layers.Dense(2, name="D")(b)]))
    why = model.why([np.ones((1, 2)), np.ones((1, 2))], "sum", 1)
    assert [term.source for term in why.terms] == ["a", "D"]


def test_both_languages_tell_the_same_numbers():
    import re

    model = chain()
    english, korean = (
        set(re.findall(r"\d+\.\d+", model.why(X, "S", 2, language=language).text(100)))
        for language in ("en", "ko")
    )
    assert english == korean


def test_it_is_plain_data_too():
    why = chain().why(X, "S", 2)
    data = json.loads(json.dumps(why.to_dict()))
    assert data["index"] == [2] and len(data["terms"]) == 4 and data["value"] == why.value


def test_it_shows_itself_in_a_notebook_escaped():
    model = keras.Sequential([layers.Input((1,)), layers.Dense(1, name="<i>")])
    html = model.why([[1.0]], "<i>", 0)._repr_html_()
    assert "<i>" not in html and "&lt;i&gt;" in html


class Scaled(layers.Layer):
    def call(self, x):
        return x * 2.0


def test_a_layer_of_the_users_own_gives_its_number_and_what_moves_it():
    model = keras.Sequential([layers.Input((2,)), Scaled(name="mine")])
    why = model.why([[1.0, 3.0]], "mine", 1)
    assert why.computed == 6.0 and why.value is None
    assert [(term.at, term.product) for term in why.terms] == [((1,), 2.0)]
    assert "not described" in why.text(80) and "JAX computed 6." in why.text(80)


def test_a_class_of_its_own_is_watched_while_it_runs():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.one = layers.Dense(3, name="one")
            self.two = layers.Dense(2, name="two")

        def call(self, x):
            return self.two(ops.relu(self.one(x)))

    model = Own()
    x = np.array([[1.0, -2.0]])
    output = np.asarray(model(x))
    why = model.why(x, "two", 1)
    assert why.value == pytest.approx(float(output[0, 1]), rel=1e-5, abs=1e-6)
    assert len(why.terms) == 3
    assert "call" not in vars(model.two)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda m: m.why(X, "d4", 2), "Did you mean 'D4'"),
        (lambda m: m.why(X, "D4", 4), "goes from 0 to 3"),
        (lambda m: m.why(X, "D4", 1.5), "no place 1.5"),
        (lambda m: m.why(X, "D4"), r"1 index \(units\), not 0"),
        (lambda m: m.why(X, "D16", 1), r"2 indices \(steps, units\), not 1"),
        (lambda m: m.why(X, "D4", 2, sample=1), "x has 1 sample"),
        (lambda m: m.why([[[1, 2, 3]]], "D4", 2), "features 2"),
        (lambda m: m.why("words", "D4", 2), "text"),
        (lambda m: m.why(None, "D4", 2), "x is None"),
        (lambda m: m.why(X, "D4", 2, language="xx"), "'en' and 'ko'"),
    ],
)
def test_questions_that_have_no_answer_are_refused_clearly(ask, message):
    with pytest.raises(ValueError, match=message):
        ask(chain())


def test_a_model_without_weights_says_so():
    with pytest.raises(ValueError, match="no weights yet"):
        keras.Sequential([layers.Dense(2, name="D")]).why([[1.0]], "D", 0)


def test_asking_changes_nothing():
    model = chain()
    before = [array.copy() for array in model.get_weights()]
    names = [len(layer.inbound_nodes) for layer in model.layers]
    model.why(X, "S", 1)
    model.explain()
    assert names == [len(layer.inbound_nodes) for layer in model.layers]
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_numbers_too_large_to_retrace_are_said_to_be():
    model = keras.Sequential([layers.Input((1,)), layers.Activation("exponential", name="E")])
    why = model.why([[1000.0]], "E", 0)
    assert math.isnan(why.value) and "too large to retrace" in why.text(80)


def test_places_may_count_from_the_end():
    model = chain()
    assert model.why(X, "D4", -1).index == (3,)
    assert model.why([*X, *X], "D4", 0, sample=-1).sample == 1


def test_what_a_normalization_measures_by_goes_by_its_name_in_the_formula():
    model = keras.Sequential([layers.Input((3,)), layers.LayerNormalization(name="n")])
    lines = model.why([[1.0, 2.0, 6.0]], "n", 0).text(80).splitlines()
    labels = [line.split()[0] for line in lines[2:8]]
    assert labels == ["x[0]", "mean", "variance", "gamma", "beta", "epsilon"]


def test_channels_first_names_the_axes_in_the_order_of_the_data():
    model = keras.Sequential(
        [layers.Input((2, 3, 4)), layers.MaxPooling2D(2, data_format="channels_first", name="M")]
    )
    why = model.why(np.arange(24.0).reshape(1, 2, 3, 4), "M", (1, 0, 1))
    assert why.place == "channel 1, row 0, column 1"
    assert why.terms[0].at == (1, 1, 3) and why.terms[0].place == "channel 1, row 1, column 3"


def test_stretched_contrast_is_told_number_by_number():
    model = keras.Sequential([keras.Input((3, 4, 2)), layers.AutoContrast((0, 1), name="contrast")])
    x = np.random.default_rng(1).random((1, 3, 4, 2)).astype("float32")
    found = model.why(x, "contrast", 1, 2, 0)
    channel = x[0, :, :, 0]
    assert [step.name for step in found.steps] == ["smallest", "largest", "low", "high"]
    measured = [step.value for step in found.steps]
    np.testing.assert_allclose(measured, [channel.min(), channel.max(), 0, 1], rtol=1e-6)
    assert "(x - smallest) / (largest - smallest)" in str(found)
