"""Preparing layers within models, and in files: what they learnt stays, and files are only data."""

import io
import json
import zipfile

import numpy as np
import pytest

import lanthorn
from files.makers import changed, members
from lanthorn import Input, Sequential, layers
from lanthorn.saving import (
    DamagedModelError,
    Limits,
    ModelLimitError,
    ModelMismatchError,
    UnsafeModelError,
    load_model,
)


def saved(model, tmp_path):
    path = tmp_path / "m.keras"
    model.save(path)
    return path


def text_model(layer, shape=(1,)):
    return Sequential([Input(shape, dtype="string"), layer])


# -- in models -------------------------------------------------------------------------------------


def test_numbers_are_prepared_within_a_model_that_learns():
    rng = np.random.default_rng(0)
    x = rng.normal(50, 20, (64, 3)).astype("float32")
    normalize = layers.Normalization()
    normalize.adapt(x)
    model = Sequential([Input((3,)), normalize, layers.Dense(1)])
    model.compile("sgd", "mse")
    before = normalize.get_weights()
    losses = model.fit(x, x[:, :1] / 20, epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    for old, new in zip(before, normalize.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    np.testing.assert_allclose(model.predict(x, verbose=0), model(x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "settings",
    [
        {"vocabulary": [7, 100, -3]},
        {"vocabulary": [7, 100], "mask_token": 0},
        {"vocabulary": [7, 100], "num_oov_indices": 3},
        {"vocabulary": [7, 2**40]},
        {"vocabulary": [7, 100], "output_mode": "multi_hot", "mask_token": 0},
        {"vocabulary": [7], "output_mode": "count", "max_tokens": 6, "pad_to_max_tokens": True},
        {"vocabulary": [7, 100], "output_mode": "one_hot"},
        {"vocabulary": [7, 100], "output_mode": "tf_idf", "idf_weights": [0.5, 2.0]},
        {"vocabulary": [7, 100], "invert": True},
        {"vocabulary": [7, 100], "invert": True, "mask_token": 0, "num_oov_indices": 2},
    ],
)  # fmt: skip
def test_compiled_integers_are_looked_up_as_on_the_host(settings):
    layer = layers.IntegerLookup(**settings)
    x = np.array([[7, 100, 0], [5, -3, 7], [1, 2, 3], [4, -1, 100]], "int32")
    model = Sequential([Input((3,), dtype="int32"), layer])
    compiled = model.predict(x, verbose=0)
    np.testing.assert_array_equal(compiled, np.asarray(layer(x)))
    assert compiled.dtype == np.asarray(layer(x)).dtype
    assert model.output_shape[1:] == compiled.shape[1:]


def test_numbers_of_64_bits_are_taken_as_the_device_has_them():
    layer = layers.IntegerLookup(vocabulary=[5, 6])
    model = Sequential([Input((2,), dtype="int64"), layer])
    x = np.array([[6, 7]])
    assert model.predict(x, verbose=0).tolist() == model(x).tolist() == [[2, 0]]


def test_compiled_categories_out_of_range_have_no_place():
    model = Sequential([Input((2,), dtype="int32"), layers.CategoryEncoding(3)])
    assert model.predict(np.array([[1, 7]]), verbose=0).tolist() == [[0.0, 1.0, 0.0]]


def test_counts_are_weighed_within_a_model():
    x, weights = Input((2,), dtype="int32"), Input((2,))
    layer = layers.CategoryEncoding(4, output_mode="count")
    model = lanthorn.Model([x, weights], layer(x, count_weights=weights))
    given = [np.array([[0, 1], [3, 3]]), np.array([[0.1, 0.2], [0.4, 0.2]], "float32")]
    wanted = [[0.1, 0.2, 0, 0], [0, 0, 0, 0.6]]
    np.testing.assert_allclose(model.predict(given, verbose=0), wanted, rtol=1e-6)
    np.testing.assert_allclose(layer(given[0], given[1]), wanted, rtol=1e-6)


def test_bins_found_by_adapt_are_those_of_the_model():
    layer = layers.Discretization(num_bins=4, output_mode="one_hot")
    layer.adapt(np.arange(1000.0))
    model = Sequential([Input((1,)), layer, layers.Dense(2)])
    assert model.layers[1].kernel.shape == (4, 2)
    x = np.array([[10.0], [990.0]], "float32")
    assert np.asarray(layer(x)).argmax(axis=-1).tolist() == [0, 3]
    assert model.predict(x, verbose=0).shape == (2, 2)


def test_text_for_a_model_of_numbers_is_refused_with_what_would_turn_it_into_them():
    model = Sequential([Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    for texts in (np.array([["a"]]), np.array([["a"]], dtype=object)):
        with pytest.raises(ValueError, match=r"x holds text .'a'.*TextVectorization"):
            model.fit(texts, np.ones((1, 1)), verbose=0)


def test_wide_numbers_reach_a_layer_on_the_host_as_they_are():
    layer, wide = layers.Hashing(1000), np.array([[2**40 + 3]])
    model = Sequential([Input((1,), dtype="int64"), layer])
    for found in (model.predict(wide, verbose=0), model(wide), model.predict_on_batch(wide)):
        assert np.asarray(found).tolist() == layer(wide).tolist()


TEXTS = np.array([["good film"], ["bad bad film"], [""]])


@pytest.mark.parametrize("texts", [TEXTS, TEXTS.astype(object), TEXTS.astype("S"), TEXTS[:, 0]])
def test_a_model_predicts_from_text(texts):
    vectorize = layers.TextVectorization(output_sequence_length=4)
    vectorize.adapt(["good film", "bad film"])
    inner = Sequential([Input((4,)), layers.Embedding(5, 2), layers.Flatten(), layers.Dense(1)])
    wanted = inner.predict(vectorize(texts), verbose=0)
    x = Input((1,), dtype="string")
    for model in (
        Sequential([Input((1,), dtype="string"), vectorize, inner]),
        Sequential([vectorize, inner]),
        lanthorn.Model(x, inner(vectorize(x))),
    ):
        assert model.on_host
        for found in (model.predict(texts, verbose=0), model(texts), model.predict_on_batch(texts),
                      model.predict(iter([texts[:2], texts[2:]]), verbose=0)):  # fmt: skip
            np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
    assert not inner.on_host


def test_a_model_predicts_from_a_list_of_texts():
    vectorize = layers.TextVectorization(vocabulary=["a"], output_sequence_length=2)
    model = Sequential([vectorize, layers.Rescaling(2.0)])
    assert model.predict(["a b", "b"], verbose=0).tolist() == [[4, 2], [2, 0]]
    assert model(["a b"]).tolist() == [[4, 2]]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_layers_on_text_are_explained(language):
    x = Input((1,), dtype="string")
    made = [
        layers.TextVectorization(vocabulary=["a"]), layers.StringLookup(vocabulary=["a"]),
        layers.Hashing(3), layers.StringLookup(vocabulary=["a"], invert=True),
    ]  # fmt: skip
    texts = [str(lanthorn.Model(x, layer(x)).explain(language=language)) for layer in made]
    crossed = layers.HashedCrossing(3)([x, x])
    texts.append(str(lanthorn.Model(x, crossed).explain(language=language)))
    assert len({text.split("\n", 3)[3] for text in texts}) == 5
    for text in texts:
        assert "not described" not in text and "설명되어 있지" not in text


def test_a_pipeline_prepares_text_and_numbers():
    words = layers.StringLookup(vocabulary=["a", "b"])
    line = layers.Pipeline([words, layers.CategoryEncoding(3)])
    assert line.on_host
    assert line([["b", "z"]]).tolist() == [[1.0, 0.0, 1.0]]
    numbers = layers.Pipeline([layers.Rescaling(2.0), layers.Dropout(0.5, seed=1)])
    x = np.ones((1, 50), "float32")
    assert set(np.asarray(numbers(x)).ravel()) == {0.0, 4.0}  # training, unless told otherwise
    assert set(np.asarray(numbers(x, training=False)).ravel()) == {2.0}
    model = Sequential([Input((50,)), numbers, layers.Dense(1)])
    assert model.predict(x, verbose=0).shape == (1, 1)


def test_vectorized_text_is_what_an_embedding_takes():
    vectorize = layers.TextVectorization(output_sequence_length=4)
    vectorize.adapt(["good film", "bad film"])
    x = vectorize(np.array([["good film"], ["bad bad film"]]))
    model = Sequential([Input((4,), dtype="int32"),
                        layers.Embedding(vectorize.vocabulary_size(), 2, mask_zero=True),
                        layers.Flatten()])  # fmt: skip
    assert model.predict(x, verbose=0).shape == (2, 8)


# -- in files --------------------------------------------------------------------------------------


def learnt():
    texts = ["the cat sat", "a cat! ran", "é the end"]
    vectorize = layers.TextVectorization(output_sequence_length=5)
    weigh = layers.TextVectorization(output_mode="tf_idf", ngrams=2)
    words, numbers = layers.StringLookup(mask_token=""), layers.IntegerLookup(output_mode="tf_idf")
    for layer in (vectorize, weigh):
        layer.adapt(texts)
    words.adapt([["x", "y"], ["y", "z"]])
    numbers.adapt([[5, 6], [6, 9]])
    odd = layers.StringLookup()
    odd.adapt(["a\nb", "c\u2028", ""])
    return {
        "texts": (vectorize, (1,), "string", np.array([["cat the zzz"]])),
        "tf_idf": (weigh, (1,), "string", np.array([["cat the zzz"]])),
        "words": (words, (2,), "string", np.array([["y", "n"]])),
        "given": (layers.StringLookup(vocabulary=["y"]), (1,), "string", np.array([["y"]])),
        "words of several lines": (odd, (3,), "string", np.array([["a\nb", "c\u2028", ""]])),
        "numbers": (numbers, (2,), "int32", np.array([[6, 7]])),
        "hashes": (layers.Hashing(9, salt=3), (1,), "string", np.array([["y"]])),
        "pipeline": (layers.Pipeline([numbers, layers.Rescaling(2.0)]), (2,), "int32",
                     np.array([[6, 7]])),
    }  # fmt: skip


@pytest.mark.parametrize("name", learnt())
def test_what_was_learnt_comes_back_from_a_file(name, tmp_path):
    layer, shape, dtype, x = learnt()[name]
    model = Sequential([Input(shape, dtype=dtype), layer])
    twin = load_model(saved(model, tmp_path)).layers[-1]
    np.testing.assert_array_equal(np.asarray(twin(x)), np.asarray(layer(x)))
    if hasattr(layer, "get_vocabulary"):
        assert twin.get_vocabulary() == layer.get_vocabulary()


def test_vocabularies_lie_where_keras_looks_for_them(tmp_path):
    layer = learnt()["texts"][0]
    with zipfile.ZipFile(saved(text_model(layer), tmp_path)) as archive:
        names = [name for name in archive.namelist() if name.startswith("assets")]
        lines = archive.read("assets/layers/text_vectorization/vocabulary.txt").decode()
    folder = "assets/layers/text_vectorization"
    assert names == [f"{folder}/vocabulary.txt", f"{folder}/_lookup_layer/vocabulary.txt"]
    assert lines.splitlines() == layer.get_vocabulary()


def config_with(data, change):
    config = json.loads(members(data)["config.json"])
    change(config["config"]["layers"][-1]["config"])
    return changed(data, "config.json", json.dumps(config).encode())


@pytest.mark.parametrize("kind", ["StringLookup", "TextVectorization", "IntegerLookup"])
def test_a_file_may_not_choose_a_file_to_read(kind, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("1\n2\n")
    layer = getattr(layers, kind)(vocabulary=[3, 4] if kind == "IntegerLookup" else ["a"])
    data = saved(text_model(layer), tmp_path).read_bytes()
    bad = config_with(data, lambda config: config.update(vocabulary=str(secret)))
    with pytest.raises(UnsafeModelError, match="names a file to read its vocabulary from"):
        load_model(io.BytesIO(bad))
    with pytest.raises(UnsafeModelError):
        layers.deserialize({"class_name": kind, "config": {"vocabulary": str(secret)}})


WORDS = "assets/layers/string_lookup/vocabulary.txt"


@pytest.mark.parametrize(
    ("lines", "error", "message"),
    [
        (b"[UNK]\na\na", DamagedModelError, "a token twice"),
        (b"\n[UNK]\na\n[UNK]", None, ""),
        (b"[UNK]\n\na", DamagedModelError, "holds mask_token ''"),
    ],
)
def test_a_damaged_vocabulary_is_refused(lines, error, message, tmp_path):
    data = saved(text_model(learnt()["words"][0]), tmp_path).read_bytes()
    damaged = io.BytesIO(changed(data, WORDS, lines))
    if error is None:
        load_model(damaged)
        return
    with pytest.raises(error, match=message):
        load_model(damaged)


def test_a_vocabulary_that_is_missing_is_named(tmp_path):
    data = members(saved(text_model(learnt()["words"][0]), tmp_path).read_bytes())
    del data[WORDS]
    from files.makers import packed

    with pytest.raises(DamagedModelError, match=r"there is no vocabulary\.txt"):
        load_model(io.BytesIO(packed(data)))


def test_a_vocabulary_that_unpacks_to_too_much_is_refused(tmp_path):
    data = saved(text_model(learnt()["words"][0]), tmp_path).read_bytes()
    bomb = changed(data, WORDS, b"\n" * 2**24, zipfile.ZIP_DEFLATED)
    with pytest.raises(ModelLimitError, match="would grow"):
        load_model(io.BytesIO(bomb), limits=Limits(expand=10))


def test_weights_of_another_vocabulary_are_refused(tmp_path):
    layer, shape, _, _ = learnt()["numbers"]
    model = Sequential([Input(shape, dtype="int32"), layer], name="m")
    model.save_weights(tmp_path / "w.weights.h5")
    other = layers.IntegerLookup(output_mode="tf_idf")
    other.adapt([[1, 2], [3, 4]])
    twin = Sequential([Input(shape, dtype="int32"), other], name="m")
    with pytest.raises(
        ModelMismatchError, match=r"expects idf_weights \(5,\), the file has \(4,\)"
    ):
        twin.load_weights(tmp_path / "w.weights.h5")


def test_functions_of_the_users_come_back_by_name(tmp_path):
    def shout(texts):
        return np.char.upper(texts)

    layer = layers.TextVectorization(standardize=shout)
    layer.adapt(["a b"])
    path = saved(text_model(layer), tmp_path)
    twin = load_model(path, custom_objects={"shout": shout}).layers[-1]
    assert twin(["a"]).tolist() == layer(["a"]).tolist()
    with pytest.raises(lanthorn.saving.UnknownObjectError, match="shout"):
        load_model(path)
