"""explain: every layer of a model, told from its wiring, in both languages, in any width."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lanthorn as keras
from lanthorn import layers, ops
from lanthorn.words.columns import shown_width
from tests.sources import SOURCE


def question_model():
    return keras.Sequential(
        [
            layers.Input((3, 2)),
            layers.Dense(16, name="D16"),
            layers.Activation("relu", name="A"),
            layers.Flatten(name="F"),
            layers.Dense(4, name="D4"),
        ],
        name="question",
    )


def branching_model():
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    dense = layers.Dense(8, name="D")
    left, right = dense(a), layers.Dense(8, name="E")(b)
    both = layers.Add(name="sum")([left, right])
    wide = layers.Concatenate(name="cat")([both, left])
    inner = keras.Sequential([layers.Input((16,)), layers.Dense(2)], name="inner")
    return keras.Model([a, b], inner(wide) * 2.0, name="two")


ENGLISH = """\
question   (batch, steps 3, features 2) → (batch, units 4)                            244 parameters

1  D16   Dense 16          (batch, steps 3, features 2) → (batch, steps 3, units 16)
   At each of the 3 steps the same small layer turns 2 features into 16 units. Steps do not see each
   other.
   2 × 16 weights + 16 biases = 48, shared by the 3 steps, so not 3 × 2 × 16.
2  A     Activation relu   same shape
   Each number by itself: negative becomes 0.
3  F     Flatten           (batch, steps 3, units 16) → (batch, steps·units 48)
   Lays 3 × 16 numbers in one row, step after step. Nothing is computed; the batch stays as it is.
   place 17 is step 1, unit 1 (counted from 0)          place = step × 16 + unit
4  D4    Dense 4           (batch, steps·units 48) → (batch, units 4)
   Each of the 4 units now sees all 48 numbers, that is, every step.
   48 × 4 weights + 4 biases = 196

batch is written None in summary(): any number of samples, one answer each."""

KOREAN = """\
question   (배치, 단계 3, 특성 2) → (배치, 유닛 4)                                    파라미터 244개

1  D16   Dense 16          (배치, 단계 3, 특성 2) → (배치, 단계 3, 유닛 16)
   3개 단계마다 똑같은 작은 층이 특성 2개를 유닛 16개로 바꿉니다. 단계끼리는 서로 보지 않습니다.
   가중치 2 × 16 + 편향 16 = 48. 3개 단계가 함께 쓰므로 3 × 2 × 16이 아닙니다.
2  A     Activation relu   모양 그대로
   수마다 따로: 음수는 0이 됩니다.
3  F     Flatten           (배치, 단계 3, 유닛 16) → (배치, 단계·유닛 48)
   3 × 16개의 수를 단계 순서대로 한 줄로 늘어놓습니다. 계산은 없고, 배치는 그대로입니다.
   자리 17은 단계 1, 유닛 1 (0부터 셈)          자리 = 단계 × 16 + 유닛
4  D4    Dense 4           (배치, 단계·유닛 48) → (배치, 유닛 4)
   이제 유닛 4개가 저마다 수 48개를 모두, 곧 모든 단계를 봅니다.
   가중치 48 × 4 + 편향 4 = 196

summary()에서는 배치를 None으로 적습니다. 표본은 몇 개든 되고, 표본마다 답이 하나씩 나옵니다."""


def test_the_question_is_answered_in_english():
    assert question_model().explain().text(100) == ENGLISH


def test_the_question_is_answered_in_korean():
    assert question_model().explain(language="ko").text(100) == KOREAN


def test_it_prints_as_its_text_as_wide_as_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    explanation = question_model().explain()
    assert str(explanation) == repr(explanation) == explanation.text(50)
    monkeypatch.setenv("COLUMNS", "300")
    assert str(explanation) == explanation.text(100)


@given(width=st.integers(24, 130), language=st.sampled_from(("en", "ko")))
def test_no_line_is_wider_than_the_page(width, language):
    for model in (question_model(), branching_model()):
        for line in model.explain(language=language).text(width).splitlines():
            assert shown_width(line) <= width and line == line.rstrip()


@pytest.mark.parametrize("width", [24, 40, 60, 100])
def test_narrow_pages_lose_nothing(width):
    whole = question_model().explain().text(100).split()
    narrow = question_model().explain().text(width).split()
    assert sorted(narrow) == sorted(whole)


def test_one_layer_can_be_asked_for_by_name():
    explanation = question_model().explain("F")
    assert [entry.name for entry in explanation.entries] == ["F"]
    assert explanation.text(100).startswith("3  F   Flatten   (batch, steps 3, units 16)")


def test_an_unknown_layer_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'D16'"):
        question_model().explain("d-16")


def test_a_bare_layer_is_told_for_a_shape_and_stays_as_it_was():
    layer = layers.Dense(16, name="dense")
    explanation = keras.explain(layer, (3, 2))
    assert not layer.built and explanation.parameters == 48
    assert explanation.text(100).startswith("dense   Dense 16   (batch, steps 3, features 2) → ")
    layer.ensure_built(keras.Axes.of_sample((7,)))
    assert keras.explain(layer).parameters == 7 * 16 + 16
    with pytest.raises(keras.ShapeError, match="features 7"):
        keras.explain(layer, (3,))


def test_a_bare_layer_without_a_shape_says_what_it_needs():
    with pytest.raises(ValueError, match=r"Give the shape of one sample.*\(3, 2\)"):
        keras.explain(layers.Dense(2))


def test_layers_with_several_inputs_take_a_list_of_shapes():
    explanation = keras.explain(layers.Concatenate(), [(3, 2), (3, 4)])
    assert "2 + 4 = 6" in explanation.entries[0].sentence


@pytest.mark.parametrize("shape", ["abc", [1.5], {"a": 1}])
def test_what_is_no_shape_is_refused(shape):
    with pytest.raises(ValueError, match="sizes of one sample"):
        keras.explain(layers.Dense(2), shape)


@pytest.mark.parametrize("target", [3, layers.Dense, None])
def test_only_models_and_layers_are_explained(target):
    with pytest.raises(TypeError):
        keras.explain(target)


def test_a_graph_tells_where_inputs_come_from():
    entries = {entry.name: entry for entry in branching_model().explain().entries}
    assert entries["sum"].sources == ("D", "E")
    assert entries["cat"].sources == ("sum", "D")
    assert entries["inner"].sources == ()
    assert "from sum and D" in branching_model().explain().text(60)
    assert "sum과 D에서" in branching_model().explain(language="ko").text(60)


def test_a_layer_called_twice_counts_its_weights_once():
    x = keras.Input((4,), name="x")
    dense = layers.Dense(4, name="D")
    model = keras.Model(x, dense(dense(x)))
    first, second = [entry for entry in model.explain().entries if entry.name == "D"]
    assert first.parameters == 20 and second.parameters == 0
    assert "called again: the same weights" in second.arithmetic
    assert sum(entry.parameters for entry in model.explain().entries) == model.count_params()


def test_a_model_within_a_model_is_told_layer_by_layer_when_asked_for():
    model = branching_model()
    entry = next(entry for entry in model.explain().entries if entry.name == "inner")
    assert entry.sentence == "A model within the model, of 1 layer."
    assert 'get_layer("inner").explain()' in entry.remarks[0]
    assert model.explain("inner").parameters == 34


class Scaled(layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="scale")

    def call(self, x):
        return x * self.scale


class Raising(layers.Layer):
    def call(self, x):
        return x

    def wiring(self, x):
        raise RuntimeError("not today")


def test_layers_of_the_users_own_are_told_as_far_as_they_go():
    model = keras.Sequential([layers.Input((3,)), Scaled(name="mine"), Raising(), layers.Dense(1)])
    mine, raising, dense = model.explain().entries
    assert raising.sentence == "Its own computation, not described."
    assert "Tried out: each number depends on the one at its own place" in mine.sentence
    assert mine.arithmetic == "3 parameters: 3 (scale)"
    assert "wiring(self, x)" in mine.remarks[0]
    assert dense.sentence == "The only unit sees all 3 features."


def test_a_model_that_knows_no_input_says_what_to_do():
    model = keras.Sequential([layers.Dense(3, name="D")])
    text = model.explain().text(100)
    assert "D   Dense 3   shape not known yet" in text and "Input(shape)" in text
    assert keras.explain(model, (7,)).parameters == 24
    assert not model.built
    assert "no layers yet" in keras.Sequential().explain().text(100)


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.one = layers.Dense(4, name="one")
        self.two = layers.Dense(2, name="two")

    def call(self, x):
        return self.two(ops.relu(self.one(x)))


def test_a_class_of_its_own_is_told_by_its_layers():
    model = Own()
    assert "shape not known yet" in model.explain().text(100)
    model.build((None, 3))
    one, two = model.explain().entries
    assert one.sentence == "Each of the 4 units sees all 3 features."
    assert two.parameters == 10
    assert "How call() joins them is not described." in model.explain().text(200)


def test_what_is_not_trained_is_told():
    normal = keras.explain(layers.BatchNormalization(), (4,)).entries[0]
    assert "8 of these are not trained." in normal.remarks
    frozen = layers.Dense(2)
    frozen.trainable = False
    assert "They are not trained." in keras.explain(frozen, (3,)).entries[0].remarks


def test_it_is_plain_data_too():
    data = json.loads(json.dumps(branching_model().explain(language="ko").to_dict()))
    assert data["language"] == "ko"
    assert {entry["name"] for entry in data["entries"]} >= {"a", "b", "D", "sum", "inner"}
    entry = json.loads(json.dumps(question_model().explain().to_dict()))["entries"][0]
    assert entry["outputs"] == [
        [
            {"name": "batch", "size": None},
            {"name": "steps", "size": 3},
            {"name": "units", "size": 16},
        ]
    ]


def test_html_escapes_names_from_outside():
    name = "<script>alert(1)</script>".replace("/", "")
    model = keras.Sequential([layers.Input((2,)), layers.Dense(1, name=name)], name="<b>&")
    html = model.explain()._repr_html_()
    assert "<script" not in html and "&lt;script&gt;" in html and "&lt;b&gt;&amp;" in html
    assert "3 parameters" in html


def test_names_from_outside_cannot_move_the_cursor():
    model = keras.Sequential([layers.Input((2,)), layers.Dense(1, name="a\x1b[2Jb\nc")])
    assert "\x1b" not in model.explain().text(80) and "b\nc" not in model.explain().text(80)


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="'en' and 'ko'"):
        question_model().explain(language="fr")


HEAVY = "jax numpy h5py optax rich keras".split()
LIGHT = """
import sys
import lanthorn as keras
from lanthorn import layers
model = keras.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(4, 3), layers.MaxPooling2D(),
                          layers.Flatten(), layers.Dense(3, activation="softmax")])
text = str(model.explain()) + str(model.explain(language="ko")) + model.explain()._repr_html_()
model.explain().to_dict()
keras.explain(layers.Dense(3), (2,))
{extra}
print([name for name in {heavy} if name in sys.modules])
"""


def modules_loaded(extra=""):
    code = LIGHT.format(extra=extra, heavy=HEAVY)
    environment = {**os.environ, "PYTHONPATH": str(SOURCE.parent), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip()


def test_explaining_loads_nothing_heavy():
    assert modules_loaded() == "[]"


def test_the_check_for_heavy_modules_can_fail():
    assert modules_loaded("import numpy") == "['numpy']"


def test_a_layer_whose_numbers_mean_something_else_is_not_called_the_same():
    told = keras.explain(layers.Dense(6), (6,)).text(80)
    assert "(batch, features 6) → (batch, units 6)" in told and "same shape" not in told


def test_two_ways_of_reading_are_counted_once_and_doubled():
    told = keras.explain(layers.Bidirectional(layers.LSTM(2)), (None, 3)).text(200)
    assert "4 gates × (3 × 2 weights + 2 × 2 recurrent weights + 2 biases) = 48" in told
    assert "Both: 2 × 48 = 96" in told


def test_all_steps_are_an_object_in_korean():
    attention = layers.MultiHeadAttention(2, 4)
    told = keras.explain(attention, [(None, 4), (None, 4)], language="ko").text(200)
    assert "모든 단계를 보고" in told
