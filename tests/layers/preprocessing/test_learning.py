"""What `adapt` takes and learns, and what is refused, in words that help."""

import numpy as np
import pytest

import lanthorn
from lanthorn import layers

WORDS = [["a", "c", "d"], ["d", "z", "b"]]
LEARNT = ["[UNK]", "d", "z", "c", "b", "a"]


class Batches:
    """Batches by their number, as keras.utils.PyDataset has them."""

    def __init__(self, *batches):
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        if index >= len(self.batches):
            raise AssertionError("asked for a batch that is not there")
        return self.batches[index], "target"


FORMS = {
    "lists": WORDS,
    "an array of text": np.array(WORDS),
    "an array of bytes": np.array(WORDS).astype("S"),
    "an array of objects": np.array(WORDS, dtype=object),
    "a generator": (np.array(row) for row in WORDS),
    "pairs from a generator": ((np.array(row), 1) for row in WORDS),
    "batches by number": Batches(*map(np.array, WORDS)),
}


@pytest.mark.parametrize("form", FORMS)
def test_words_are_learnt_from_any_form(form):
    layer = layers.StringLookup()
    layer.adapt(FORMS[form])
    assert layer.get_vocabulary() == LEARNT
    assert layer.get_vocabulary(include_special_tokens=False) == LEARNT[1:]
    assert layer.vocabulary_size() == 6


@pytest.mark.parametrize("form", ["whole", "list", "generator", "by number"])
def test_mean_and_variance_are_those_of_all_numbers_in_batches_too(form):
    x = np.random.default_rng(1).normal(3, 5, (50, 4))
    parts = [x[:20], x[20:21], x[21:]]
    data = {"whole": x, "list": parts, "generator": iter(parts), "by number": Batches(*parts)}
    layer = layers.Normalization()
    layer.adapt(data[form])
    mean, variance, count = layer.get_weights()
    np.testing.assert_allclose(mean, x.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(variance, x.var(axis=0), rtol=1e-6)
    assert count == 0
    y = np.asarray(layer(x))
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(y.std(axis=0), 1, rtol=1e-5)


def test_a_large_mean_does_not_drown_the_variance():
    x = 1e6 + np.random.default_rng(2).normal(size=(1000, 1))
    layer = layers.Normalization()
    layer.adapt([x[:300], x[300:]])
    np.testing.assert_allclose(layer.get_weights()[1], x.var(axis=0), rtol=1e-5)


def test_adapting_again_forgets_what_was_before():
    words, numbers, bins = layers.StringLookup(), layers.Normalization(), layers.Discretization(
        num_bins=2
    )  # fmt: skip
    words.adapt(["x", "y"])
    words.adapt(WORDS)
    assert words.get_vocabulary() == LEARNT
    numbers.adapt(np.full((3, 1), 9.0))
    numbers.adapt(np.array([[1.0], [3.0]]))
    assert np.asarray(numbers.mean).tolist() == [[2.0]]
    bins.adapt(np.arange(100.0))
    bins.adapt(np.array([0.0, 1.0, 2.0, 3.0]))
    assert bins.bin_boundaries == [1.0]


def test_steps_stop_a_stream_that_never_ends():
    def forever():
        while True:
            yield np.array(["a", "b"])

    for layer in (layers.StringLookup(), layers.TextVectorization()):
        layer.adapt(forever(), steps=3)
        assert layer.get_vocabulary(include_special_tokens=False) == ["b", "a"]


def test_state_may_be_updated_by_hand():
    layer = layers.TextVectorization()
    layer.reset_state()
    layer.update_state(["one two", "two"])
    layer.update_state(np.array([["two three"]]))
    layer.finalize_state()
    assert layer.get_vocabulary() == ["", "[UNK]", "two", "three", "one"]


def test_functions_get_arrays_of_text_and_lists_come_back():
    seen = []

    def shout(texts):
        seen.append(texts)
        return np.char.upper(texts)

    def by_comma(texts):
        return [text.split(",") for text in texts]

    layer = layers.TextVectorization(standardize=shout, split=by_comma)
    layer.adapt(["a,b c", "b c"])
    assert layer.get_vocabulary() == ["", "[UNK]", "B C", "A"]
    assert layer([["b c,x,a"]]).tolist() == [[2, 1, 3]]
    assert seen[0].dtype.kind == "U" and seen[0].shape == (2, 1)


def test_numbers_go_back_to_words():
    layer = layers.StringLookup(vocabulary=["a", "b"], mask_token="", invert=True)
    found = layer([[0, 1, 2, 3], [9, -1, 3, 2]])
    assert found.tolist() == [["", "[UNK]", "a", "b"], ["[UNK]", "[UNK]", "b", "a"]]
    with pytest.raises(ValueError, match=r"no token has the number 7; the vocabulary has 3"):
        layers.StringLookup(vocabulary=["a", "b"], oov_token=None, invert=True)([1, 7])


def test_a_vocabulary_may_come_from_the_callers_file(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("red\nblue\r\ngrün\n", encoding="utf-8", newline="")
    for given in (str(path), path):
        layer = layers.StringLookup(vocabulary=given)
        assert layer.get_vocabulary() == ["[UNK]", "red", "blue", "grün"]
        assert layer.get_config()["vocabulary"] is None
    path.write_text("4\n-7\n")
    assert layers.IntegerLookup(vocabulary=str(path)).get_vocabulary() == [-1, 4, -7]
    text = layers.TextVectorization()
    text.set_vocabulary(str(path))
    assert text.get_vocabulary() == ["", "[UNK]", "4", "-7"]


def test_a_vocabulary_with_and_without_special_tokens_is_the_same():
    plain = layers.StringLookup(vocabulary=["a", "b"], mask_token="")
    whole = layers.StringLookup(vocabulary=["", "[UNK]", "a", "b"], mask_token="")
    assert plain.get_vocabulary() == whole.get_vocabulary() == ["", "[UNK]", "a", "b"]


def test_a_new_vocabulary_is_what_the_config_tells():
    layer = layers.StringLookup(vocabulary=["a"])
    layer.set_vocabulary(["b", "c"])
    assert layer.get_config()["vocabulary"] == ["b", "c"]


def test_numbers_wider_than_the_device_s_are_looked_up():
    far = 2**40
    layer = layers.IntegerLookup()
    layer.adapt([far, far, 3, -far])
    assert layer.get_vocabulary() == [-1, far, 3, -far]
    assert layer([far, 3, -far, far + 1]).tolist() == [1, 2, 3, 0]


def test_text_that_is_no_utf_8_keeps_its_bytes():
    layer = layers.StringLookup()
    layer.adapt(np.array([b"\xff\xfe", b"ok"], dtype=object))
    (odd,) = [word for word in layer.get_vocabulary() if word not in ("[UNK]", "ok")]
    assert odd.encode("utf-8", "surrogateescape") == b"\xff\xfe"
    assert layer(np.array([b"\xff\xfe"], dtype=object)).tolist() == layer([odd]).tolist()


def test_a_single_value_is_no_batch_of_one():
    assert layers.HashedCrossing(3)(["a", "b"]).shape == ()
    assert layers.Hashing(3)("a").shape == ()
    assert layers.Hashing(3, output_mode="one_hot")("a").shape == (3,)
    assert layers.StringLookup(vocabulary=["a"])("a").tolist() == 1
    assert layers.StringLookup(vocabulary=["a"], invert=True)(1) == "a"
    assert layers.TextVectorization(vocabulary=["a"])("b a").tolist() == [1, 2]
    assert layers.CategoryEncoding(3)(2).tolist() == [0, 0, 1]
    assert layers.CategoryEncoding(3, output_mode="one_hot")(2).tolist() == [0, 0, 1]


# -- what is refused -------------------------------------------------------------------------------

TEXT = layers.TextVectorization
REFUSED = [
    (lambda: layers.StringLookup()(["a"]), "has not seen data yet: call adapt"),
    (lambda: layers.IntegerLookup()([1]), "has not seen data yet: call adapt"),
    (lambda: TEXT()(["a"]), "has not seen data yet: call adapt"),
    (lambda: layers.Discretization(num_bins=3)([1.0]), "has not seen data yet: call adapt"),
    (lambda: layers.StringLookup(vocabulary=["a"])([1]), r"but was given 1 \(int\).*IntegerL"),
    (lambda: layers.StringLookup(vocabulary=["a"])([None]), "takes text, but was given None"),
    (lambda: layers.IntegerLookup(vocabulary=[1])(["a"]), "takes whole numbers.*'a'.*StringLookup"),
    (lambda: layers.StringLookup(vocabulary=["a"])([["a"], ["a", "b"]]), "of different lengths"),
    (lambda: layers.StringLookup(vocabulary=["a", "b", "a"]), "a token twice: 'a'"),
    (lambda: layers.IntegerLookup(vocabulary=[]), "the vocabulary has no tokens"),
    (lambda: layers.StringLookup(max_tokens=1), "max_tokens is 2 or more"),
    (lambda: layers.StringLookup(pad_to_max_tokens=True), "needs max_tokens"),
    (lambda: layers.StringLookup(num_oov_indices=-1), "num_oov_indices is 0 or more"),
    (lambda: layers.StringLookup(max_tokens=2, vocabulary=["a", "b"]), "has 3 tokens.*is 2"),
    (lambda: layers.StringLookup(output_mode="hot"), "output_mode is one of 'int'"),
    (lambda: layers.StringLookup(invert=True, output_mode="count"), "output_mode is 'int', not"),
    (lambda: layers.StringLookup(sparse=True), "sparse=True is not offered"),
    (lambda: TEXT(ragged=True), "ragged=True is not offered"),
    (lambda: layers.StringLookup(idf_weights=[1.0]), "idf_weights go with output_mode='tf_idf'"),
    (lambda: layers.StringLookup(output_mode="tf_idf", vocabulary=["a"]), "needs idf_weights"),
    (
        lambda: layers.StringLookup(output_mode="tf_idf", vocabulary=["a"], idf_weights=[1, 2]),
        r"one for each token: 1 of them, not an array of shape \(2,\)",
    ),
    (lambda: layers.StringLookup(vocabulary=["a", ""], mask_token=""), "holds mask_token ''"),
    (lambda: layers.StringLookup(vocabulary=["a"]).adapt(["b"]), "given a vocabulary.*nothing to"),
    (
        lambda: layers.StringLookup(vocabulary=["a"], num_oov_indices=0)(["a", "b", "c"]),
        r"was given 'b', 'c'. With num_oov_indices=1",
    ),
    (lambda: layers.IntegerLookup(vocabulary_dtype="int32"), "vocabulary_dtype is 'int64'"),
    (lambda: layers.IntegerLookup(salt=3), "salt goes with oov_method='farmhash'"),
    (lambda: layers.IntegerLookup(oov_method="hash"), "oov_method is one of 'floormod'"),
    (lambda: layers.Hashing(0), "num_bins is a whole number of 1 or more"),
    (lambda: layers.Hashing(3, salt="x"), "salt is a whole number, or two of them, not 'x'"),
    (lambda: layers.Hashing(3, dtype="float32"), "dtype is 'int32' or 'int64', not 'float32'"),
    (lambda: layers.Hashing(3)(np.array([None])), "takes text, but was given None"),
        (lambda: layers.Hashing(3, mask_value="")([1]), "mask_value=''.*which is whole numbers"),
    (lambda: layers.Hashing(3, mask_value=0)(["a"]), "mask_value=0.*which is text"),
    (lambda: layers.HashedCrossing(3)([["a", "b"]]), "two features or more"),
    (lambda: layers.HashedCrossing(3)(np.array(["a"])), "two features or more"),
    (lambda: layers.HashedCrossing(3)([["a"], [1, 2]]), "inputs of the same shape"),
    (lambda: layers.HashedCrossing(3)([[["a", "b"]], [[1, 2]]]), "one value for each sample"),
    (lambda: layers.HashedCrossing(3, output_mode="count"), "one of 'int', 'one_hot'"),
    (lambda: layers.CategoryEncoding(), "num_tokens says how many categories"),
    (lambda: layers.CategoryEncoding(3)([0, 3]), "from 0 to 2, but the input runs from 0 to 3"),
    (lambda: layers.CategoryEncoding(3)(["a"]), "takes whole numbers.*StringLookup"),
    (
        lambda: layers.CategoryEncoding(3)([[1]], count_weights=[[1.0]]),
        "count_weights goes with output_mode='count', not 'multi_hot'",
    ),
    (lambda: layers.Discretization(), "either bin_boundaries or num_bins, not neither"),
    (lambda: layers.Discretization([1.0], 2), "either bin_boundaries or num_bins, not both"),
    (lambda: layers.Discretization([1.0, 0.0]), "ascend, but 0 follows 1"),
    (lambda: layers.Discretization(num_bins=2, epsilon=0), "epsilon is a fraction"),
    (lambda: layers.Discretization([1.0]).adapt([1.0]), "was given bin_boundaries"),
    (lambda: layers.Discretization(num_bins=2).adapt(["a"]), "takes numbers, but was given"),
    (lambda: layers.Normalization(mean=1.0), "give both mean and variance"),
    (lambda: layers.Normalization(mean=[1.0], variance=[1.0, 2.0]), r"not \(1,\) and \(2,\)"),
    (lambda: layers.Normalization(mean=[[1.0]], variance=[[1.0]]), "has more axes than axis"),
    (lambda: layers.Normalization(mean=1.0, variance=1.0).adapt([[1.0]]), "nothing to adapt"),
    (lambda: layers.Normalization(axis=3)(np.ones((2, 2))), r"axis \(3,\)"),
    (lambda: layers.Normalization().adapt([["a"]]), "takes numbers, but adapt"),
    (lambda: layers.Normalization().adapt(iter([])), "was given no data"),
    (lambda: layers.Normalization().adapt(3), "wants an array, a list or batches, not int"),
    (
        lambda: layers.Normalization(mean=[1.0, 2.0], variance=[1.0, 1.0])(np.ones((4, 3))),
        r"wants 2 places on axis \(-1,\), as mean has, but was given \(batch \?, features 3\)",
    ),
    (lambda: TEXT(standardize="upper"), "standardize is one of"),
    (lambda: TEXT(split="words"), "split is one of"),
    (lambda: TEXT(ngrams=0), "ngrams is a whole number of 1 or more"),
    (lambda: TEXT(output_mode="one_hot"), "output_mode is one of 'int', 'multi_hot'"),
    (lambda: TEXT(output_mode="count", output_sequence_length=3), "goes with output_mode='int'"),
    (lambda: TEXT(vocabulary=["a"])([["a", "b"]]), r"\(batch\) or \(batch, 1\)"),
    (lambda: TEXT(vocabulary=["a"])([3]), "takes text, but was given 3"),
    (lambda: layers.Pipeline([3]), "made of layers, not 3"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_cannot_be_is_refused_in_words_that_help(number):
    act, message = REFUSED[number]
    with pytest.raises(ValueError, match=f"(?s){message}"):
        act()


def test_a_layer_built_for_other_features_says_so():
    layer = layers.Normalization(name="n")
    layer.adapt(np.ones((3, 2)))
    with pytest.raises(lanthorn.ShapeError, match=r"n \(Normalization\) wants 2 places on axis"):
        layer.adapt(np.ones((3, 4)))


def test_a_vocabulary_of_another_size_does_not_fit_a_model_any_more():
    layer = layers.StringLookup(vocabulary=["a"], output_mode="multi_hot", name="words")
    layer(lanthorn.Input((2,), dtype="string"))
    with pytest.raises(ValueError, match="made for a vocabulary of 2 tokens; this one has 3"):
        layer.set_vocabulary(["a", "b"])
    assert layer.vocabulary_size() == 2


def test_looking_for_weights_does_not_look_through_the_words():
    words = [f"w{i}" for i in range(1000)]
    given = layers.StringLookup(vocabulary=words, output_mode="tf_idf", idf_weights=[1.0] * 1000)
    text = layers.TextVectorization()
    text.adapt(words)
    for layer in (given, text._lookup_layer, layers.IntegerLookup(vocabulary=list(range(1000)))):
        kept = [value for value in vars(layer).values() if isinstance(value, list | tuple | dict)]
        assert all(len(value) < 10 for value in kept[1:])  # the first is what was given, skipped
