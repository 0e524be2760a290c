"""Identity, Masking, EinsumDense, Wrapper, spectral normalization, InputSpec beside Keras's."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies

import lanthorn
from lanthorn import ShapeError, layers
from lanthorn.layers.example import Example
from lanthorn.wiring.evaluation import Evaluation
from tests.contract import checks
from tests.examples import examples
from tests.parity.test_random_settings import compare
from tests.parity.twins import Twins

sizes = strategies.integers(1, 3)

# -- Masking ---------------------------------------------------------------------------------------


@settings(max_examples=examples(6, 40))
@given(
    shape=strategies.lists(sizes, min_size=1, max_size=3),
    value=strategies.sampled_from([0, 0.0, -1, 2.0]),
    dtype=strategies.sampled_from(["float32", "int32"]),
    seed=strategies.integers(0, 100),
)
def test_masking_marks_and_empties_what_keras_does(shape, value, dtype, seed):
    x = np.random.default_rng(seed).integers(-1, 3, (4, *shape)).astype(dtype)
    ours, theirs = layers.Masking(value), keras.layers.Masking(value)
    a, b = ours(x), theirs(x)
    assert a.dtype == b.dtype
    np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(ours.compute_mask(x), theirs.compute_mask(x))


def test_masking_is_told_exactly_for_empty_and_for_full_steps():
    x = np.array([[[-1.0, -1.0], [-1.0, 2.0], [0.0, 0.0]]], "float32")
    layer = layers.Masking(-1.0)
    y = np.asarray(layer(x))
    wiring = layer.wired(lanthorn.Axes.of_sample((3, 2)))
    told = Evaluation(wiring, lambda source, at: float(x[(0, *at)]), lambda name, at: 0.0)
    for at in np.ndindex(3, 2):
        assert told.element(at) == y[(0, *at)]
    assert "all -1 count as empty" in str(lanthorn.explain(layer, (3, 2)))


def test_a_mask_of_masking_reaches_the_loss_as_keras_s_does():
    x = np.random.default_rng(0).normal(size=(8, 5, 2)).astype("float32")
    x[:, 3:] = 0

    def loss(library):
        model = library.Sequential(
            [
                library.layers.Input((5, 2)),
                library.layers.Masking(),
                library.layers.Activation("tanh"),
            ]
        )
        model.compile(loss="mse")
        return model.evaluate(x, np.ones_like(x), verbose=0)

    assert loss(lanthorn) == pytest.approx(loss(keras), rel=1e-6)


# -- EinsumDense -----------------------------------------------------------------------------------


@strategies.composite
def equations(draw):
    """Sums, products, kept and new axes in any order, with or without an ellipsis."""
    kinds = draw(strategies.lists(strategies.sampled_from("ospn"), min_size=1, max_size=4))
    letters = {letter: kind for letter, kind in zip("bcde", kinds, strict=False)}
    size = {letter: draw(sizes) for letter in letters}
    into = draw(strategies.permutations([c for c in letters if letters[c] != "n"]))
    out = draw(strategies.permutations([c for c in letters if letters[c] != "o"]))
    by = draw(strategies.permutations([c for c in letters if letters[c] != "s"]))
    left = draw(strategies.booleans())
    if not by or not out or (left and not into):
        return None
    bias = "".join(c for c in out if draw(strategies.booleans())) or None
    given = [size[c] for c in out]
    into, by, out = "".join(into), "".join(by), "".join(out)
    if left:
        equation, shape = f"...{into},{by}->...{out}", [draw(sizes), *(size[c] for c in into)]
    else:
        equation, shape = f"a{into},{by}->a{out}", [size[c] for c in into]
    if not shape:
        return None
    chosen = {"equation": equation, "output_shape": tuple(given), "bias_axes": bias,
              "activation": draw(strategies.sampled_from([None, "softmax", "tanh"]))}  # fmt: skip
    return Example(chosen, tuple(shape))


@pytest.mark.filterwarnings("ignore:softmax over axis")
@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")
@settings(max_examples=examples(6, 100))
@given(example=equations(), seed=strategies.integers(0, 100))
def test_random_equations(example, seed):
    if example is not None:
        compare("EinsumDense", example, seed)
        case = checks.Case(layers.EinsumDense, example)
        checks.jacobian_is_zero_where_nothing_is_declared(case)


@pytest.mark.parametrize("initializer", ["glorot_uniform", "he_normal"])
@pytest.mark.parametrize(
    ("equation", "output_shape", "shape"),
    [("abc,cde->abde", (3, 20, 30), (3, 10)), ("abde,dec->abc", (3, 40), (3, 20, 30))],
)
def test_the_kernel_is_drawn_as_wide_as_keras_draws_it(initializer, equation, output_shape, shape):
    def spread(library):
        library.utils.set_random_seed(0)
        layer = library.layers.EinsumDense(equation, output_shape, kernel_initializer=initializer)
        layer.build((None, *shape))
        return np.asarray(layer.kernel).std()

    assert spread(lanthorn) == pytest.approx(spread(keras), rel=0.05)


def test_several_axes_behind_an_ellipsis_keep_their_order():
    layer = layers.EinsumDense("...x,xy->...y", 4)
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 6)).astype("float32")
    y = np.asarray(layer(x))
    assert y.shape == (2, 3, 5, 4) and layer.compute_output_shape((None, 3, 5, 6)) == (
        None,
        3,
        5,
        4,
    )
    np.testing.assert_allclose(y, x @ layer.kernel.numpy(), rtol=1e-5)
    checks.arithmetic_gives_the_real_numbers(
        checks.Case(layers.EinsumDense, Example({"equation": "...x,xy->...y", "output_shape": 4},
                                                (3, 2, 3)))
    )  # fmt: skip


def test_a_size_left_open_is_taken_from_the_input():
    layer = layers.EinsumDense("abc,cd->abd", (None, 64), bias_axes="d")
    assert layer.compute_output_shape((None, 32, 128)) == (None, 32, 64)
    assert layer(np.ones((2, 3, 4))).shape == (2, 3, 64) and layer.bias.shape == (64,)


# -- wrappers --------------------------------------------------------------------------------------


def spectral(library, inner, **chosen):
    return library.layers.SpectralNormalization(inner(library), **chosen)


INNER = {
    "dense": (lambda library: library.layers.Dense(3, activation="tanh"), (4,)),
    "convolution": (lambda library: library.layers.Conv2D(2, 2), (4, 4, 3)),
    "embedding": (lambda library: library.layers.Embedding(5, 3), (4,)),
}


@pytest.mark.parametrize("power_iterations", [1, 3])
@pytest.mark.parametrize("kind", INNER)
def test_spectral_normalization_trains_alike(kind, power_iterations):
    inner, shape = INNER[kind]
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, *shape)).astype("float32")
    if kind == "embedding":
        x = rng.integers(0, 5, (2, *shape)).astype("int32")
    ours, theirs = (
        spectral(library, inner, power_iterations=power_iterations) for library in (lanthorn, keras)
    )
    ours.build((None, *shape)), theirs.build((None, *shape))
    assert [tuple(w.shape) for w in ours.weights] == [tuple(w.shape) for w in theirs.weights]
    assert [w.name for w in ours.weights] == [w.name for w in theirs.weights]
    weights = [rng.uniform(-1, 1, w.shape).astype("float32") for w in ours.weights]
    ours.set_weights(weights), theirs.set_weights(weights)
    for training in (False, True, True, False):
        np.testing.assert_allclose(
            np.asarray(ours(x, training=training)), np.asarray(theirs(x, training=training)),
            rtol=1e-4, atol=1e-5,
        )  # fmt: skip
        for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_spectral_normalization_keeps_the_largest_stretch_at_one():
    layer = layers.SpectralNormalization(layers.Dense(3), power_iterations=30)
    x = np.ones((1, 5), "float32")
    layer(x)
    layer(x, training=True)
    assert np.linalg.svd(layer.layer.kernel.numpy())[1].max() == pytest.approx(1, rel=1e-4)


@pytest.mark.parametrize("writer", [lanthorn, keras])
@pytest.mark.parametrize("kind", INNER)
def test_spectral_normalization_in_files(kind, writer, tmp_path):
    inner, shape = INNER[kind]
    reader = keras if writer is lanthorn else lanthorn
    rng = np.random.default_rng(0)
    model = writer.Sequential(
        [writer.layers.Input(shape, dtype="int32" if kind == "embedding" else "float32"),
         spectral(writer, inner, power_iterations=2)]
    )  # fmt: skip
    model.set_weights([rng.uniform(-1, 1, w.shape) for w in model.get_weights()])
    model.save(tmp_path / "m.keras")
    loaded = reader.saving.load_model(tmp_path / "m.keras")
    x = rng.integers(0, 5, (2, *shape)).astype("int32") if kind == "embedding" else (
        rng.normal(size=(2, *shape)).astype("float32"))  # fmt: skip
    np.testing.assert_allclose(np.asarray(loaded(x)), np.asarray(model(x)), rtol=1e-5, atol=1e-6)
    for a, b in zip(loaded.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert loaded.layers[-1].power_iterations == 2


def test_spectral_normalization_is_told_with_the_layer_inside():
    layer = layers.SpectralNormalization(layers.Dense(3, name="d"))
    for check in (
        checks.arithmetic_gives_the_real_numbers,
        checks.declared_reads_are_the_inputs_that_matter,
        checks.parameter_arithmetic_counts_the_weights,
        checks.wiring_is_plain_data,
    ):
        check(checks.Case(layers.SpectralNormalization, Example({"layer": layers.Dense(3)}, (4,))))
    text = str(lanthorn.explain(layer, (4,)))
    assert "Each of the 3 units sees all 4 features." in text and "divided by the most" in text
    assert "3 biases" in text and "= 18" in text
    assert "나눕니다" in str(lanthorn.explain(layer, (4,), language="ko"))


def test_spectral_normalization_fits_like_keras():
    x = np.random.default_rng(0).normal(size=(16, 4)).astype("float32")
    y = x[:, :2]

    def trained(library):
        model = library.Sequential(
            [
                library.layers.Input((4,)),
                library.layers.SpectralNormalization(library.layers.Dense(2)),
            ]
        )
        rng = np.random.default_rng(1)
        model.set_weights([rng.uniform(-1, 1, w.shape) for w in model.get_weights()])
        model.compile(library.optimizers.SGD(0.1), "mse")
        model.fit(x, y, epochs=2, batch_size=8, shuffle=False, verbose=0)
        return model.get_weights()

    for a, b in zip(trained(lanthorn), trained(keras), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)


class Doubled(layers.Wrapper):
    def call(self, inputs):
        return 2 * self.layer(inputs)


def test_a_wrapper_of_ones_own_keeps_the_layer_inside(tmp_path):
    model = lanthorn.Sequential([layers.Input((3,)), Doubled(layers.Dense(2))])
    assert [w.shape for w in model.weights] == [(3, 2), (2,)]
    model.save(tmp_path / "m.keras")
    loaded = lanthorn.saving.load_model(tmp_path / "m.keras", custom_objects={"Doubled": Doubled})
    x = np.ones((2, 3), "float32")
    np.testing.assert_array_equal(loaded(x), model(x))
    assert isinstance(loaded.layers[0].layer, layers.Dense)


# -- InputSpec -------------------------------------------------------------------------------------

SPECS = [
    ({"ndim": 2}, (2, 3), (2, 3, 4)),
    ({"min_ndim": 2, "axes": {-1: 3}}, (2, 3), (2, 4)),
    ({"min_ndim": 3}, (2, 3, 4), (2, 3)),
    ({"max_ndim": 2}, (2, 3), (2, 3, 4)),
    ({"shape": (None, 3)}, (2, 3), (2, 4)),
    ({"shape": (None, 3, 1), "allow_last_axis_squeeze": True}, (2, 3), (2, 4)),
    ({"shape": (None, 3), "allow_last_axis_squeeze": True}, (2, 3, 1), (2, 4, 1)),
    ({"dtype": "float32"}, (2, 3), None),
]


def guarded(library, spec):
    class Guarded(library.layers.Layer):
        def __init__(self):
            super().__init__()
            self.input_spec = library.layers.InputSpec(**spec)

        def call(self, inputs):
            return inputs

    return Guarded()


@pytest.mark.parametrize(("spec", "good", "bad"), SPECS)
def test_what_a_layer_says_of_its_input_is_held(spec, good, bad):
    for library in (lanthorn, keras):
        guarded(library, spec)(np.ones(good, "float32"))
        wrong = np.ones(bad, "float32") if bad else np.ones(good, "int32")
        with pytest.raises(ValueError):
            guarded(library, spec)(wrong)
    layer = guarded(lanthorn, spec)
    layer(lanthorn.Input(good[1:]))
    with pytest.raises(ShapeError, match=rf"{layer.name} \(Guarded\) wants an input .*batch"):
        layer(lanthorn.Input(bad[1:]) if bad else np.ones(good, "int32"))


def test_a_layer_of_several_inputs_says_something_of_each():
    class Two(layers.Layer):
        input_spec = [lanthorn.InputSpec(ndim=2), lanthorn.InputSpec(ndim=3)]  # noqa: RUF012

        def call(self, inputs):
            return inputs[0]

    a, b = np.ones((2, 3)), np.ones((2, 3, 1))
    Two()([a, b])
    with pytest.raises(ShapeError, match="3 axes"):
        Two()([a, a])
    with pytest.raises(ValueError, match="takes 2 inputs, but was given 1"):
        Two()([a])


def test_inputs_of_a_dict_are_held_by_name():
    class Named(layers.Layer):
        input_spec = [lanthorn.InputSpec(ndim=2, name="a"), lanthorn.InputSpec(ndim=3, name="b")]  # noqa: RUF012

        def call(self, inputs):
            return inputs["a"]

    a, b = np.ones((2, 3)), np.ones((2, 3, 1))
    Named()({"b": b, "a": a})
    with pytest.raises(ValueError, match="'b' is missing"):
        Named()({"a": a})


def test_a_spec_says_and_makes_itself():
    spec = layers.InputSpec(min_ndim=2, axes={"-1": 3})
    assert repr(spec) == "InputSpec(min_ndim=2, axes={-1: 3})"
    theirs = keras.layers.InputSpec(min_ndim=2, axes={"-1": 3})
    assert spec.get_config() == theirs.get_config()
    assert layers.InputSpec.from_config(spec.get_config()).axes == {-1: 3}
    with pytest.raises(ValueError, match="axis 2, but there are at most 2 axes"):
        layers.InputSpec(ndim=2, axes={2: 5})
    with pytest.raises(TypeError, match="dict of axis and size"):
        layers.InputSpec(axes=3)


# -- ReversibleEmbedding ---------------------------------------------------------------------------


@settings(max_examples=examples(5, 30))
@given(
    tie_weights=strategies.booleans(),
    cap=strategies.sampled_from([None, 2.0]),
    reverse_dtype=strategies.sampled_from([None, "float32", "float16"]),
    dtype=strategies.sampled_from(["float32", "mixed_float16"]),
)
def test_a_table_asked_both_ways(tie_weights, cap, reverse_dtype, dtype):
    chosen = {"input_dim": 5, "output_dim": 3, "tie_weights": tie_weights, "logit_soft_cap": cap,
              "reverse_dtype": reverse_dtype, "dtype": dtype}  # fmt: skip
    twins = Twins("ReversibleEmbedding", Example(chosen, (4,), below=5))
    x = twins.rng.normal(size=(2, 4, 3)).astype("float32")
    ours, theirs = twins.ours(x, reverse=True), twins.theirs(x, reverse=True)
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(
        np.asarray(ours, "float32"), np.asarray(theirs, "float32"), rtol=1e-3, atol=1e-3
    )


def test_a_language_model_goes_both_ways_by_one_table(tmp_path):
    def model(library):
        words = library.Input((4,), dtype="int32")
        table = library.layers.ReversibleEmbedding(5, 3, name="table")
        hidden = library.layers.Dense(3, name="d")(table(words))
        return library.Model(words, table(hidden, reverse=True))

    ours, theirs = model(lanthorn), model(keras)
    assert ours.output_shape == (None, 4, 5)
    ours.set_weights(theirs.get_weights())
    x = np.random.default_rng(0).integers(0, 5, (2, 4)).astype("int32")
    np.testing.assert_allclose(np.asarray(ours(x)), np.asarray(theirs(x)), rtol=1e-5, atol=1e-6)
    ours.save(tmp_path / "ours.keras"), theirs.save(tmp_path / "theirs.keras")
    for loaded in (keras.saving.load_model(tmp_path / "ours.keras"),
                   lanthorn.saving.load_model(tmp_path / "theirs.keras")):  # fmt: skip
        np.testing.assert_allclose(np.asarray(loaded(x)), np.asarray(ours(x)), rtol=1e-5, atol=1e-6)


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.Masking("empty"), "mask_value is a number, not 'empty'"),
        (lambda: layers.Masking()(np.ones(3)), r"\(batch, …, features\)"),
        (lambda: layers.EinsumDense("ab", 3), "'ab' is no equation"),
        (lambda: layers.EinsumDense("ab,bc", 3), "is no equation"),
        (lambda: layers.EinsumDense(3, 3), "3 is no equation"),
        (lambda: layers.EinsumDense("...ab,bc->ac", 3), "same side"),
        (lambda: layers.EinsumDense("...ab...,bc->...ac...", 3), "stands once"),
        (lambda: layers.EinsumDense("abb,bc->ac", 3), "one axis of each"),
        (lambda: layers.EinsumDense("ab,bc->ca", 3), "batch 'a' comes first"),
        (lambda: layers.EinsumDense("ab,bc->ad", 3), "'d' of the output is nowhere else"),
        (lambda: layers.EinsumDense("ab,bcd->ac", 3), "'d' of the kernel is nowhere else"),
        (lambda: layers.EinsumDense("ab,abc->ac", 3), "knows no batch"),
        (lambda: layers.EinsumDense("ab,bc->ac", 3, bias_axes="x"), "'x' is none"),
        (lambda: layers.EinsumDense("ab,bc->ac", 3, bias_axes="a"), "'a' is none"),
        (lambda: layers.EinsumDense("ab,bc->ac", 3)(np.ones((2, 3, 4))), "an input with 2 axes"),
        (lambda: layers.EinsumDense("...ab,bc->...ac", 3)(np.ones(3)), "at least 2 axes"),
        (lambda: layers.EinsumDense("ab,bc->ac", (3, 4))(np.ones((2, 3))), "1 sizes in output"),
        (lambda: layers.EinsumDense("abc,cd->abd", (5, 3))(np.ones((2, 4, 3))), "steps of size 5"),
        (lambda: layers.EinsumDense("ab,bc->ac", None), "output_shape"),
        (lambda: built(layers.EinsumDense("ab,bc->ac", 3), (4,))(np.ones((2, 5))), "features 4"),
        (lambda: layers.EinsumDense("ab,bc->ac", 3).build((None, None)), "known sizes"),
        (lambda: layers.Wrapper("Dense"), "around a layer, not 'Dense'"),
        (lambda: layers.SpectralNormalization(layers.Dense(2), 0), "power_iterations"),
        (lambda: layers.SpectralNormalization(layers.Flatten())(np.ones((2, 3))),
         "Flatten has neither"),
        (lambda: layers.ReversibleEmbedding(5, 3, logit_soft_cap=0), "above 0, not 0"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_what_is_wanted(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def built(layer, shape):
    layer.build((None, *shape))
    return layer
