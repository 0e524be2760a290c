"""Attention beside Keras's own: random settings and shapes, every mask, dropout, whole models."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies

import lanthorn
from lanthorn import layers
from lanthorn.layers.example import Example
from tests.contract import checks
from tests.examples import examples
from tests.parity.twins import Twins

sizes = strategies.integers(1, 4)
flags = strategies.booleans()


def close(ours, theirs, tolerance=1e-5):
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=tolerance, atol=tolerance)


@strategies.composite
def multi_head(draw):
    """Settings, shapes and a call of MultiHeadAttention that Keras can compute too."""
    with_key, own_value, dropout = draw(flags), draw(flags), draw(flags)
    key_dim, steps, keys = draw(sizes), draw(sizes), draw(sizes)
    chosen = {
        "num_heads": draw(strategies.integers(1, 3)),
        "key_dim": key_dim,
        "dropout": 0.2 if dropout else 0.0,
        "use_bias": draw(flags),
        "use_gate": draw(flags),
        "sliding_window": draw(strategies.sampled_from([None, None, 1, 2])),
        "output_shape": draw(strategies.sampled_from([None, None, 3, (2, 2)])),
    }
    if own_value and dropout:  # Keras fails where it may use its fused kernel: differences.md
        chosen["value_dim"] = draw(sizes)
    shapes = [(steps, draw(sizes)), (keys, draw(sizes))]
    shapes += [(keys, draw(sizes))] if with_key else []
    return Example(chosen, shapes, arguments={"use_causal_mask": draw(flags)})


@settings(max_examples=examples(3, 30))
@given(example=multi_head(), seed=strategies.integers(0, 100))
def test_random_multi_head_attention(example, seed):
    twins = Twins("MultiHeadAttention", example, batch=2, seed=seed)
    close(*twins.outputs())
    case = checks.Case(layers.MultiHeadAttention, example)
    checks.shape_rule_tells_the_real_shape(case)
    checks.arithmetic_gives_the_real_numbers(case)
    checks.intermediates_are_what_the_wiring_says(case)
    checks.parameter_arithmetic_counts_the_weights(case)


@settings(max_examples=examples(2, 15))
@given(
    groups=strategies.integers(1, 2),
    repeats=strategies.integers(1, 3),
    shape=strategies.tuples(sizes, sizes, sizes, sizes),
    seed=strategies.integers(0, 100),
    causal=flags,
)
def test_random_grouped_queries(groups, repeats, shape, seed, causal):
    steps, keys, features, of_keys = shape
    chosen = {"head_dim": 2, "num_query_heads": groups * repeats, "num_key_value_heads": groups}
    example = Example(
        chosen,
        [(steps, features), (keys, features), (keys, of_keys)],
        arguments={"use_causal_mask": causal},
    )
    twins = Twins("GroupQueryAttention", example, batch=2, seed=seed)
    close(*twins.outputs())
    case = checks.Case(layers.GroupQueryAttention, example)
    checks.arithmetic_gives_the_real_numbers(case)
    checks.intermediates_are_what_the_wiring_says(case)


@pytest.mark.filterwarnings("ignore:(?s).*softmax over axis")  # Keras, of a single key
@settings(max_examples=examples(3, 25))
@given(
    name=strategies.sampled_from(["Attention", "AdditiveAttention"]),
    mode=strategies.sampled_from(["dot", "concat"]),
    use_scale=flags,
    shape=strategies.tuples(sizes, sizes, sizes, sizes),
    lead=strategies.sampled_from([(), (2,)]),
    seed=strategies.integers(0, 100),
    causal=flags,
)
def test_random_direct_attention(name, mode, use_scale, shape, lead, seed, causal):
    steps, keys, features, of_values = shape
    chosen = {"use_scale": use_scale} | ({"score_mode": mode} if name == "Attention" else {})
    shapes = [(*lead, steps, features), (*lead, keys, of_values), (*lead, keys, features)]
    example = Example(chosen, shapes, arguments={"use_causal_mask": causal})
    twins = Twins(name, example, batch=2, seed=seed)
    close(*twins.outputs())
    case = checks.Case(getattr(layers, name), example)
    checks.shape_rule_tells_the_real_shape(case)
    checks.arithmetic_gives_the_real_numbers(case)


# -- masks -----------------------------------------------------------------------------------------

STEPS, KEYS, FEATURES, HEADS = 3, 4, 2, 2


def pair(name="MultiHeadAttention", seed=0, **more):
    chosen = {"num_heads": HEADS, "key_dim": 3}
    if name == "GroupQueryAttention":
        chosen = {"head_dim": 3, "num_query_heads": HEADS, "num_key_value_heads": 1}
    return Twins(name, Example({**chosen, **more}, [(STEPS, FEATURES), (KEYS, FEATURES)]), 2, seed)


ATTENTION_MASKS = {
    "of every sample": (2, STEPS, KEYS),
    "the same for all": (1, STEPS, KEYS),
    "of every head": (2, HEADS, STEPS, KEYS),
    "of the heads alone": (1, HEADS, 1, 1),
    "of the keys alone": (2, 1, KEYS),
}


@pytest.mark.parametrize("wants_scores", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("shape", ATTENTION_MASKS.values(), ids=ATTENTION_MASKS)
def test_attention_masks_of_every_shape(shape, causal, wants_scores):
    """Rows that see nothing are among them: alike shares of all, or zeros when scores are told."""
    twins = pair()
    mask = np.random.default_rng(1).random(shape) < 0.5
    arguments = {"attention_mask": mask, "use_causal_mask": causal}
    arguments["return_attention_scores"] = wants_scores
    ours, theirs = (twins.called(layer, **arguments) for layer in (twins.ours, twins.theirs))
    for mine, other in zip(*((o if wants_scores else [o]) for o in (ours, theirs)), strict=True):
        close(mine, other)


@pytest.mark.parametrize("name", ["MultiHeadAttention", "GroupQueryAttention"])
@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_masks_of_value_and_key_are_joined(name, dropout):
    twins = pair(name, dropout=dropout)
    rng = np.random.default_rng(2)
    arguments = {
        "value_mask": rng.random((2, KEYS)) < 0.6,
        "key_mask": rng.random((2, KEYS)) < 0.6,
        "attention_mask": rng.integers(0, 2, (2, STEPS, KEYS)),
    }
    close(*(twins.called(layer, **arguments) for layer in (twins.ours, twins.theirs)))


def test_a_mask_given_for_the_query_counts():
    """Keras drops it: in its `call`, the mask beside the tensor takes the place of the argument."""
    layer = pair().ours
    rng = np.random.default_rng(3)
    query, value = rng.normal(size=(1, 3, 2)), rng.normal(size=(1, 4, 2))
    mask = np.array([[True, False, True]])
    given = layer(query, value, query_mask=mask)
    _, shares = layer(query, value, query_mask=mask, return_attention_scores=True)
    plain = layer(query, value)
    close(given[:, 0], plain[:, 0])
    assert not np.allclose(given[:, 1], plain[:, 1])
    assert np.all(np.asarray(shares)[:, :, 1] == 0)


@pytest.mark.parametrize("mode", ["dot", "concat"])
@pytest.mark.parametrize("causal", [False, True])
def test_direct_attention_takes_a_list_of_masks(mode, causal):
    twins = Twins("Attention", Example({"score_mode": mode}, [(3, 2), (4, 2)]), 2)
    masks = [np.array([[1, 0, 1], [1, 1, 1]], bool), np.array([[0, 1, 1, 0], [0, 0, 0, 1]], bool)]
    arguments = {"mask": masks, "use_causal_mask": causal, "return_attention_scores": True}
    ours, theirs = (twins.called(layer, **arguments) for layer in (twins.ours, twins.theirs))
    for mine, other in zip(ours, theirs, strict=True):
        close(mine, other)
    assert np.all(np.asarray(ours[0])[0, 1] == 0)


def masked_model(library, kind):
    x = library.Input((5,), dtype="int32")
    y = library.Input((4,), dtype="int32")
    query = library.layers.Embedding(7, 3, mask_zero=True, name="q")(x)
    value = library.layers.Embedding(7, 3, mask_zero=True, name="v")(y)
    if kind == "direct":
        out = library.layers.Attention(name="a")([query, value])
    elif kind == "self":
        out = library.layers.MultiHeadAttention(2, 2, name="a")(query, query, use_causal_mask=True)
    elif kind == "grouped":
        out = library.layers.GroupQueryAttention(2, 2, 1, name="a")(query, value, key=value)
    else:
        out = library.layers.MultiHeadAttention(2, 2, name="a")(query, value)
    return library.Model([x, y], library.layers.Dense(2, name="d")(out))


IDS = [np.array([[3, 1, 0, 2, 0], [1, 0, 0, 0, 0]]), np.array([[0, 2, 2, 0], [1, 1, 3, 0]])]


@pytest.mark.filterwarnings("ignore:(?s).*passed an input with a mask")  # Keras, of its own layers
@pytest.mark.parametrize("kind", ["cross", "self", "grouped", "direct"])
def test_masks_of_embeddings_reach_attention_and_the_loss(kind):
    ours, theirs = masked_model(lanthorn, kind), masked_model(keras, kind)
    rng = np.random.default_rng(0)
    ours.set_weights([rng.uniform(-1, 1, w.shape) for w in ours.get_weights()])
    theirs.set_weights(ours.get_weights())
    close(ours(IDS), theirs(IDS))
    target = rng.normal(size=(2, 5, 2)).astype("float32")
    for model in (ours, theirs):
        model.compile("sgd", "mse")
    mine, other = (model.evaluate(IDS, target, verbose=0) for model in (ours, theirs))
    assert mine == pytest.approx(other, rel=1e-5)


@pytest.mark.parametrize("kind", ["cross", "self", "grouped", "direct"])
def test_why_knows_the_masks(kind):
    model = masked_model(lanthorn, kind)
    rng = np.random.default_rng(0)
    for variable in model.weights:
        variable.assign(rng.uniform(-1, 1, tuple(variable.shape)))
    for sample in (0, 1):
        for step in range(5):
            why = model.why(IDS, "a", step, 1, sample=sample)
            assert abs(why.difference) < 1e-5, (sample, step)
    name = ("shares", 1) if kind == "direct" else ("shares", 1, 0)
    last = model.why(IDS, "a", *name, 3, sample=1)
    assert last.how == "always" and "whatever comes in" in last.text(80)


# -- dropout ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["MultiHeadAttention", "GroupQueryAttention"])
def test_dropout_draws_keras_s_numbers(name):
    twins = pair(name, dropout=0.5)
    ours = type(twins.ours)(**{**twins.ours.get_config(), "seed": 7, "name": "ours"})
    theirs = type(twins.theirs)(**{**_settings(twins.theirs), "seed": 7})
    for layer in (ours, theirs):
        twins.called(layer)
        layer.set_weights(twins.ours.get_weights())
    for _ in range(3):
        close(*(twins.called(layer, training=True) for layer in (ours, theirs)))
    assert not np.allclose(twins.called(ours, training=True), twins.called(ours))


def _settings(layer):
    dropped = ("name", "trainable", "dtype", "quantization_config")
    return {key: value for key, value in layer.get_config().items() if key not in dropped}


def test_direct_attention_s_dropout_draws_keras_s_numbers():
    example = Example({"dropout": 0.5, "seed": 5}, [(3, 2), (4, 2)])
    twins = Twins("Attention", example)
    for _ in range(3):
        close(*(twins.called(layer, training=True) for layer in (twins.ours, twins.theirs)))


def test_a_soft_cap_bounds_the_scores():
    rng = np.random.default_rng(0)
    query, key, value = (rng.normal(size=(2, 3, 1, 4)) * 5 for _ in range(3))
    found = lanthorn.ops.dot_product_attention(query, key, value, attn_logits_soft_cap=2.0)
    scores = 2.0 * np.tanh(np.einsum("btnh,bsnh->bnts", query, key) / 2.0 / 2.0)
    parts = np.exp(scores)
    shares = parts / parts.sum(axis=-1, keepdims=True)
    close(found, np.einsum("bnts,bsnh->btnh", shares, value), 1e-4)
    assert not np.allclose(found, lanthorn.ops.dot_product_attention(query, key, value))


# -- models ----------------------------------------------------------------------------------------


def block(library, **arguments):
    """One layer of a transformer, attending to itself, with the scores as a second output."""
    x = library.Input((4, 6), name="x")
    attention = library.layers.MultiHeadAttention(2, 3, name="mha")
    y, shares = attention(x, x, x, return_attention_scores=True, **arguments)
    y = library.layers.Add(name="add")([x, y])
    return library.Model(x, [library.layers.Dense(3, name="d")(y), shares])


def test_self_attention_explains_counts_and_tells_why():
    model = block(lanthorn, use_causal_mask=True)
    data = np.random.default_rng(0).normal(size=(2, 4, 6)).astype("float32")
    assert [tuple(t.shape) for t in model.outputs] == [(None, 4, 3), (None, 2, 4, 4)]
    entry = next(e for e in model.explain().entries if e.name == "mha")
    assert entry.sentence.startswith("Each of the 4 steps looks at itself and the steps before it")
    assert entry.arithmetic == (
        "query, key and value each 6 × 2 × 3 weights + 2 × 3 biases; "
        "output 2 × 3 × 6 weights + 6 biases: 168 parameters"
    )
    assert model.count_params() == 168 + 21
    for index in [(2, 5), ("mixed", 2, 1, 0), ("scores", 1, 2, 1), ("shares", 1, 2, 1)]:
        why = model.why(data, "mha", *index)
        assert abs(why.difference) < 1e-6 and why.terms
    assert sum(t.product for t in model.why(data, "mha", "shares", 1, 3, 0).terms) == pytest.approx(
        1
    )
    assert model.why(data, "mha", "shares", 0, 0, 3).value == 0.0
    with pytest.raises(ValueError, match=r"has 'query', 'key', 'value', 'scores', 'shares'"):
        model.why(data, "mha", "score", 0, 0, 0)


def test_a_score_names_both_numbers_of_each_product():
    model = block(lanthorn)
    data = np.random.default_rng(0).normal(size=(1, 4, 6)).astype("float32")
    why = model.why(data, "mha", "scores", 1, 2, 0)
    assert {term.by for term in why.terms} == {f"key[0, 1, {i}]" for i in range(3)}
    assert "mha.query[2, 1, 0] × key[0, 1, 0]" in why.text(80)


@pytest.mark.parametrize("arguments", [{}, {"use_causal_mask": True}])
def test_a_block_passes_through_files_both_ways(arguments, tmp_path):
    data = np.random.default_rng(0).normal(size=(2, 4, 6)).astype("float32")
    for writer, reader in ((lanthorn, keras), (keras, lanthorn), (lanthorn, lanthorn)):
        model = block(writer, **arguments)
        model.save(tmp_path / "m.keras")
        loaded = reader.saving.load_model(tmp_path / "m.keras")
        for mine, other in zip(model(data), loaded(data), strict=True):
            close(mine, other)


@pytest.mark.parametrize("settings", [{"attention_axes": (1, 2)}, {"dropout": 0.1, "seed": 1}])
def test_settings_pass_through_files(settings, tmp_path):
    data = np.random.default_rng(0).normal(size=(2, 2, 3, 2)).astype("float32")
    for writer, reader in ((lanthorn, keras), (keras, lanthorn)):
        x = writer.Input((2, 3, 2))
        layer = writer.layers.MultiHeadAttention(2, 3, **settings)
        model = writer.Model(x, layer(x, x))
        model.save(tmp_path / "m.keras")
        close(reader.saving.load_model(tmp_path / "m.keras")(data), model(data))


def test_first_weights_are_spread_as_keras_s():
    """All that goes into a head and all that comes out counts, not one head's alone."""
    ours, theirs = pair(num_heads=8, key_dim=16), pair(num_heads=8, key_dim=16)
    made = [layer.__class__(8, 16) for layer in (ours.ours, theirs.theirs)]
    spread = []
    for layer in made:
        layer(*zeros((1, 3, 64), (1, 4, 64)))
        spread.append([float(np.abs(w).max()) for w in layer.get_weights()])
    close(*spread, 0.02)


def test_a_mask_may_be_an_input_of_the_model(tmp_path):
    def model_in(library):
        x = library.Input((3, 4), name="x")
        m = library.Input((3, 3), dtype="bool", name="m")
        layer = library.layers.MultiHeadAttention(1, 2, name="mha")
        return library.Model([x, m], layer(x, x, attention_mask=m))

    ours, theirs = model_in(lanthorn), model_in(keras)
    theirs.set_weights(ours.get_weights())
    rng = np.random.default_rng(0)
    data = [rng.normal(size=(2, 3, 4)).astype("float32"), rng.random((2, 3, 3)) < 0.6]
    close(ours(data), theirs(data))
    for place in np.ndindex(3, 4):
        assert abs(ours.why(data, "mha", *map(int, place), sample=1).difference) < 1e-6
    entry = next(e for e in ours.explain().entries if e.name == "mha")
    assert "The call is given a mask, which hides more." in entry.remarks
    ours.save(tmp_path / "m.keras")
    close(keras.saving.load_model(tmp_path / "m.keras")(data), ours(data))


def test_attention_learns_as_in_keras():
    ours, theirs = block(lanthorn), block(keras)
    theirs.set_weights(ours.get_weights())
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(8, 4, 6)), rng.normal(size=(8, 4, 3))
    shares = np.full((8, 2, 4, 4), 0.25)
    for model in (ours, theirs):
        model.compile("sgd", ["mse", "mae"])
        model.fit(x, [y, shares], epochs=2, batch_size=4, shuffle=False, verbose=0)
    for mine, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        close(mine, other, 1e-4)


def test_penalties_fall_on_what_the_projections_give():
    settings = {"num_heads": 1, "key_dim": 2, "activity_regularizer": "l2"}
    twins = Twins("MultiHeadAttention", Example(settings, [(3, 2), (3, 2)]))

    def losses(layer):
        weights = [v.value for v in layer.trainable_variables]
        rest = [v.value for v in layer.non_trainable_variables]
        found = layer.stateless_call(weights, rest, *twins.inputs, return_losses=True)[2]
        return sorted(map(float, found))

    assert losses(twins.ours) == pytest.approx(losses(twins.theirs), rel=1e-5)
    assert len(losses(twins.ours)) == 4


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cls", "settings", "message"),
    [
        ("MultiHeadAttention", {"num_heads": 0, "key_dim": 2}, "num_heads is a whole number"),
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": -1}, "key_dim is a whole number"),
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2, "value_dim": 0}, "value_dim is a"),
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2, "dropout": 2}, "from 0 to 1, not 2"),
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2, "sliding_window": 0}, "sliding_win"),
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2, "output_shape": "a"}, "tuple of siz"),
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2, "attention_axes": "a"}, "of them, n"),
        ("MultiHeadAttention",
         {"num_heads": 2, "key_dim": 2, "dropout": 0.1, "flash_attention": True}, "no dropout"),
        ("GroupQueryAttention",
         {"head_dim": 2, "num_query_heads": 3, "num_key_value_heads": 2},
         "3 query heads cannot be shared out evenly to 2"),
        ("Attention", {"score_mode": "dott"}, "score_mode is one of 'dot', 'concat'"),
        ("Attention", {"dropout": -1}, "from 0 to 1, not -1"),
        ("AdditiveAttention", {"dropout": True}, "from 0 to 1, not True"),
    ],
)  # fmt: skip
def test_impossible_settings_are_refused(cls, settings, message):
    with pytest.raises(ValueError, match=message):
        getattr(layers, cls)(**settings)


def zeros(*shapes):
    return [np.zeros(shape, "float32") for shape in shapes]


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([(2, 3), (2, 3)], r"at least three|\(batch, steps, features\)"),
        ([(2, 3, 4), (2, 4)], "query and value of"),
        ([(2, 3, 4), (5, 3, 4)], "batch: 2 here, 5 there"),
        ([(2, 3, 4), (2, 5, 4), (2, 6, 4)], "steps: 5 here, 6 there"),
    ],
)
def test_inputs_that_do_not_go_together_are_refused(shapes, message):
    layer = layers.MultiHeadAttention(2, 3, name="mha")
    with pytest.raises(lanthorn.ShapeError, match=message) as caught:
        layer(*zeros(*shapes))
    text = str(caught.value)
    assert text.startswith("mha (MultiHeadAttention) wants")
    assert all(f"steps {shape[1]}" in text for shape in shapes[-2:] if len(shape) == 3)
    assert not layer.built


def test_other_features_than_it_was_built_for_are_refused():
    layer = layers.MultiHeadAttention(2, 3, name="mha")
    layer(*zeros((1, 3, 4), (1, 2, 5)))
    with pytest.raises(lanthorn.ShapeError, match="query weights were made for 4 features; 6 came"):
        layer(*zeros((1, 3, 6), (1, 2, 5)))
    with pytest.raises(lanthorn.ShapeError, match="value weights were made for 5 features; 7 came"):
        layer(*zeros((1, 3, 4), (1, 2, 7)))
    with pytest.raises(lanthorn.ShapeError, match="key weights were made for 5 features; 7 came"):
        layer(*zeros((1, 3, 4), (1, 2, 5), (1, 2, 7)))


def test_what_else_cannot_be_done_is_said():
    grouped = layers.GroupQueryAttention(2, 2, 1)
    with pytest.raises(lanthorn.ShapeError, match="features: 4 in the query, 3 in the value"):
        grouped(*zeros((1, 3, 4), (1, 3, 3)))
    with pytest.raises(lanthorn.ShapeError, match="steps, features"):
        grouped(*zeros((1, 3, 3, 4), (1, 3, 3, 4)))
    wide = layers.MultiHeadAttention(1, 2)
    with pytest.raises(ValueError, match="attends over 2 axes at once"):
        wide(*zeros((1, 2, 3, 4), (1, 2, 3, 4)), use_causal_mask=True)
    with pytest.raises(lanthorn.ShapeError, match="to attend over"):
        layers.MultiHeadAttention(1, 2, attention_axes=(3,))(*zeros((1, 3, 4), (1, 3, 4)))
    flash = layers.MultiHeadAttention(1, 2, flash_attention=True)
    with pytest.raises(ValueError, match="no scores to return"):
        flash(*zeros((1, 3, 4), (1, 3, 4)), return_attention_scores=True)


def test_direct_attention_says_what_it_takes():
    with pytest.raises(ValueError, match=r"Write Attention\(\)\(\[query, value\]\)"):
        layers.Attention()(np.zeros((1, 3, 2), "float32"))
    with pytest.raises(lanthorn.ShapeError, match="features: 2 here, 3 there"):
        layers.Attention()(zeros((1, 3, 2), (1, 4, 3)))
    with pytest.raises(lanthorn.ShapeError, match="steps: 4 here, 5 there"):
        layers.Attention()(zeros((1, 3, 2), (1, 4, 6), (1, 5, 2)))
    with pytest.raises(ValueError, match="takes a list of masks"):
        layers.Attention()(zeros((1, 3, 2), (1, 4, 2)), mask=np.ones((1, 3), bool))
    additive = layers.AdditiveAttention()
    additive(zeros((1, 3, 2), (1, 4, 2)))
    with pytest.raises(lanthorn.ShapeError, match="built for 2 features"):
        additive(zeros((1, 3, 5), (1, 4, 5)))
