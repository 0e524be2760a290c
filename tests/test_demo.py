"""`lanthorn demo`: the question answered, the digits learnt, on one page."""

import os
import subprocess
import sys

import numpy as np
import pytest

import lanthorn as keras
from lanthorn import demo
from lanthorn.words.columns import shown_width
from tests.sources import SOURCE


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """The page of a quick run in each language, piped, with the folder that it saved to."""
    pages = {}
    for language in ("en", "ko"):
        folder = tmp_path_factory.mktemp(language)
        done = subprocess.run(
            [sys.executable, "-m", "lanthorn.cli", "demo", "--quick", "--lang", language,
             "--out", str(folder)],
            capture_output=True, text=True, timeout=300,
            env={**os.environ, "COLUMNS": "80", "PYTHONPATH": str(SOURCE.parent)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        pages[language] = (done.stdout, folder)
    return pages


def test_the_questions_models_answer_with_the_questions_shapes():
    x = np.array([[[1, 2], [3, 4], [5, 6]]])
    assert demo.question_model().predict(x, verbose=0).shape == (1, 4)
    assert demo.without_flatten().predict(x, verbose=0).shape == (1, 3, 4)
    assert demo.flatten_first().predict(x, verbose=0).shape == (1, 4)
    assert [layer.count_params() for layer in demo.question_model().layers] == [48, 0, 0, 196]


def test_the_question_is_answered_on_the_page(quick):
    page, _ = quick["en"]
    for said in (
        "as above             (1, 4)",
        "without Flatten      (1, 3, 4)",
        "with Flatten first   (1, 4)",
        "(None, 3, 16)",
        "Total params: 244",
        "2 × 16 weights + 16 biases = 48, shared by the 3 steps, so not 3 × 2 × 16.",
        "place 17 is step 1, unit 1",
        "48 × 4 weights + 4 biases = 196",
        "batch is written None in summary()",
    ):
        assert said in page, said


def test_korean_says_it_too(quick):
    page, _ = quick["ko"]
    for said in (
        "Flatten 없이",
        "3개 단계가 함께 쓰므로 3 × 2 × 16이 아닙니다.",
        "자리 17은 단계 1, 유닛 1",
        "가중치 48 × 4 + 편향 4 = 196",
        "모델의 답",
    ):
        assert said in page, said


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_piped_page_has_no_control_characters_and_keeps_its_width(quick, language):
    page, folder = quick[language]
    assert all(character.isprintable() or character == "\n" for character in page)
    for line in page.replace(str(folder), "").splitlines():
        assert shown_width(line) <= 80, line


def test_the_program_on_the_page_runs_as_it_stands(quick):
    page, _ = quick["en"]
    lines = page.split("Here is the question's program:")[1].split("Its answers")[0]
    program = "\n".join(line.removeprefix("    ") for line in lines.splitlines())
    names: dict = {}
    last = program.strip().splitlines()[-1]
    exec(program.strip().removesuffix(last), names)
    assert eval(last, names) == (1, 4)


def test_the_saved_network_loads_and_answers(quick):
    page, folder = quick["en"]
    assert str(folder / "digits.keras") in page
    model = keras.models.load_model(folder / "digits.keras")
    (_, _), (x, y) = keras.datasets.digits.load_data()
    right = int((model.predict(x, verbose=0).argmax(-1) == y).sum())
    assert f"Right: {right} of {len(y)}" in page


def test_mistakes_are_shown_and_none_is_said_to_be_none(capsys):
    page = demo.Page("en")
    x, y = np.zeros((20, 8, 8)), np.arange(20) % 10
    demo.show_answers(page, x, y, y)
    assert "It got none wrong." in capsys.readouterr().out
    demo.show_answers(page, x, y, (y + 1) % 10)
    assert "5 of the 20 it got wrong:" in capsys.readouterr().out


def test_a_live_line_is_written_over_on_a_terminal_only(capsys):
    page = demo.Page("en")
    page.live("now", 0.5)
    assert "\r" not in capsys.readouterr().out
    page.is_live = True
    page.live("now", 0.5)
    assert capsys.readouterr().out.startswith("\r")


@pytest.mark.slow  # trains the whole network twice: about 15 seconds
@pytest.mark.parametrize("seed", [0, 1])
def test_the_network_reads_at_least_97_of_100_unseen_digits(seed, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(demo, "SEED", seed)
    page = demo.Page("en")
    path = demo.show_digits(page, tmp_path, demo.EPOCHS)
    (_, _), (x, y) = keras.datasets.digits.load_data()
    answers = keras.models.load_model(path).predict(x, verbose=0).argmax(-1)
    assert (answers == y).mean() >= 0.97


def test_real_keras_opens_the_saved_digits_and_predicts_the_same(quick):
    import keras as real
    import numpy as np

    path = quick["en"][1] / "digits.keras"
    (_, _), (x, _) = keras.datasets.digits.load_data()
    x = x[..., None].astype("float32")
    theirs = real.saving.load_model(path).predict(x, verbose=0)
    ours = keras.saving.load_model(path).predict(x, verbose=0)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)
