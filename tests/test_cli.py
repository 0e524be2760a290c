"""The command `lanthorn`: what it prints, and its exit codes."""

import os
import subprocess
import sys

import pytest

import lanthorn as keras
from lanthorn import cli, layers
from tests.sources import SOURCE

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE.parent)}


@pytest.fixture(scope="module")
def model_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "small.keras"
    keras.Sequential(
        [layers.Input((3, 2)), layers.Dense(4, name="D"), layers.Flatten(name="F")], name="small"
    ).save(path)
    return str(path)


def test_summary_prints_a_saved_models_table(model_file, capsys):
    assert cli.main(["summary", model_file]) == 0
    out = capsys.readouterr().out
    assert "D (Dense)" in out and "Total params: 12" in out


@pytest.mark.parametrize(("language", "said"), [("en", "4 units"), ("ko", "유닛 4개")])
def test_explain_tells_a_saved_model(model_file, capsys, language, said):
    assert cli.main(["explain", model_file, "--lang", language]) == 0
    assert said in capsys.readouterr().out


def test_explain_tells_one_layer(model_file, capsys):
    assert cli.main(["explain", model_file, "F"]) == 0
    out = capsys.readouterr().out
    assert "Flatten" in out and "Dense" not in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["summary", "/nowhere/at/all.keras"], "no such file"),
        (["explain", "/"], "is a folder"),
        (["explain", __file__], "not a Keras model"),
        (["demo", "--out", "/dev/null/x"], "Not a directory"),
    ],
)
def test_what_a_user_can_get_wrong_is_one_line_on_stderr(arguments, said, capsys):
    assert cli.main(arguments) == 1
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("lanthorn: ")
    assert said in told.err and told.err.count("\n") == 1


def test_an_unknown_layer_is_one_line_with_the_nearest(model_file, capsys):
    assert cli.main(["explain", model_file, "G"]) == 1
    assert "no layer 'G'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["dance"], ["explain"], ["demo", "--lang", "xx"]])
def test_a_wrong_call_ends_with_two(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert "usage: lanthorn" in capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0 and keras.__version__ in capsys.readouterr().out


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "lanthorn.cli", *arguments],
        capture_output=True,
        env={**ENVIRONMENT, **environment},
        timeout=120,
    )


def test_a_reader_that_leaves_early_is_no_error(model_file):
    command = f"'{sys.executable}' -m lanthorn.cli explain '{model_file}' | true"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, env=ENVIRONMENT
    )
    assert done.returncode == 0 and done.stderr == b""


def test_a_terminal_without_korean_letters_gets_question_marks_and_no_traceback(model_file):
    done = run("explain", model_file, "--lang", "ko", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and done.stderr == b"" and b"?" in done.stdout
