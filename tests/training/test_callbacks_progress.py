"""Progress: Keras's look on a terminal, plain lines anywhere else."""

import io
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanthorn.training import callbacks, progress
from training.watched import WatchedModel


class Terminal(io.StringIO):
    """A terminal of some width that tells what its screen shows."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def screen(self, columns: int) -> list[str]:
        """The lines shown, with wrapping as a terminal wraps."""
        lines, column = [""], 0
        for token in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|.|\n", self.getvalue(), re.S):
            if token == "\n":
                lines.append("")
                column = 0
            elif token == "\r":
                column = 0
            elif token == "\x1b[K":
                lines[-1] = lines[-1][:column]
            elif not token.startswith("\x1b"):
                if column >= columns:
                    lines.append("")
                    column = 0
                lines[-1] = (lines[-1][:column]).ljust(column) + token + lines[-1][column + 1 :]
                column += 1
        return lines


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


@pytest.fixture
def terminal(monkeypatch) -> Terminal:
    terminal = Terminal()
    # pytest puts its own sys.stdout back after fixtures have run
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stdout=terminal))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("PYCHARM_HOSTED", raising=False)
    return terminal


def fit(clock: Clock, logs: list[dict[str, float]], *, verbose=1, steps=3, known=True, every=1.0):
    """Epochs of steps that take `every` seconds each, the first of them twice as long."""
    listeners = callbacks.CallbackList(
        add_progbar=True,
        model=WatchedModel(),
        verbose=verbose,
        epochs=len(logs),
        steps=steps if known else None,
    )
    listeners.on_train_begin()
    for epoch, found in enumerate(logs):
        listeners.on_epoch_begin(epoch)
        for step in range(steps):
            clock.now += every * (2 if step == 0 else 1)
            listeners.on_train_batch_end(step, found)
        listeners.on_epoch_end(epoch, found)
    listeners.on_train_end()


def test_a_terminal_shows_keras_s_line(terminal, clock) -> None:
    fit(clock, [{"loss": 0.1234, "mae": 2.0}], every=0.002)
    assert terminal.screen(100) == [
        "3/3 ━━━━━━━━━━━━━━━━━━━━ 0s 2ms/step - loss: 0.1234 - mae: 2.0000",
        "",
    ]
    text = terminal.getvalue()
    assert "\x1b[1m3/3\x1b[0m \x1b[32m" + "━" * 20 + "\x1b[0m \x1b[1m0s\x1b[0m 2ms/step" in text
    assert "\b" not in text


def test_several_epochs_are_numbered_and_each_keeps_its_line(terminal, clock) -> None:
    fit(clock, [{"loss": 0.5}, {"loss": 0.25, "val_loss": 0.75}], every=2.0)
    assert terminal.screen(100) == [
        "Epoch 1/2",
        "3/3 ━━━━━━━━━━━━━━━━━━━━ 8s 2s/step - loss: 0.5000",
        "Epoch 2/2",
        "3/3 ━━━━━━━━━━━━━━━━━━━━ 8s 2s/step - loss: 0.2500 - val_loss: 0.7500",
        "",
    ]


def test_while_it_runs_it_shows_how_far_and_how_long_still(terminal, clock) -> None:
    bar = progress.Progbar(200, stateless_metrics=())
    for step in (1, 2, 100):
        clock.now += 1.0
        bar.update(step, [("loss", 1.0)])
    # the first step is left out: 2 seconds for 99 steps
    assert terminal.screen(100) == ["100/200 ━━━━━━━━━━━━━━━━━━━━ 2s 20ms/step - loss: 1.0000"]
    assert terminal.getvalue().endswith(
        "\r\x1b[1m100/200\x1b[0m \x1b[32m━━━━━━━━━━\x1b[0m\x1b[37m━━━━━━━━━━\x1b[0m "
        "\x1b[1m2s\x1b[0m 20ms/step - loss: 1.0000\x1b[K"
    )


def test_step_time_leaves_the_first_step_out(terminal, clock) -> None:
    bar = progress.Progbar(3, verbose=2)
    for step, seconds in ((1, 30.0), (2, 1.0), (3, 1.0)):
        clock.now += seconds
        bar.update(step)
    assert terminal.getvalue() == "3/3 - 32s - 1s/step\n"


def test_it_draws_no_oftener_than_the_interval(terminal, clock) -> None:
    bar = progress.Progbar(1000)
    for step in range(1, 1000):
        clock.now += 0.001
        bar.update(step)
    assert terminal.getvalue().count("\r") == 20


@given(st.integers(1, 90), st.integers(0, 40), st.text("가나aé", min_size=1, max_size=20))
def test_the_line_never_wraps(columns: int, step: int, name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        terminal = Terminal()
        patch.setattr("sys.stdout", terminal)
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("TERM", "xterm")
        bar = progress.Progbar(40)
        bar.update(step, [("loss", 1.0), (name, 2.0)], finalize=False)
        bar.update(40, [("loss", 1.0), (name, 2.0)])
    for drawn in terminal.getvalue().split("\r")[1:]:
        plain = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", drawn).rstrip("\n")
        assert progress.width_of(plain) < max(columns, 1) or plain == ""


def test_in_a_narrow_terminal_the_bar_gives_way_to_the_words(terminal, clock, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "53")
    fit(clock, [{"loss": 0.5, "mae": 0.25}], every=0.002)
    assert terminal.screen(53) == ["3/3 ━━━━━━━ 0s 2ms/step - loss: 0.5000 - mae: 0.2500", ""]
    monkeypatch.setenv("COLUMNS", "30")
    fit(clock, [{"loss": 0.5, "mae": 0.25}], every=0.002)
    assert terminal.screen(53)[1] == "3/3  0s 2ms/step - loss: 0.5…"


def test_a_shorter_line_leaves_nothing_of_the_longer_one(terminal, clock) -> None:
    bar = progress.Progbar(3, stateless_metrics=())
    bar.update(1, [("loss", 1234567.0)])
    clock.now += 1
    bar.update(2, [("loss", 1.0)])
    assert terminal.screen(100)[0].endswith("- loss: 1.0000")


def test_a_message_takes_the_place_of_an_unfinished_line(terminal, clock) -> None:
    class Talks(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            progress.say("saved")

    listeners = callbacks.CallbackList(
        [Talks()], add_progbar=True, model=WatchedModel(), verbose=1, epochs=1, steps=1
    )
    listeners.on_epoch_begin(0)
    listeners.on_train_batch_end(0, {"loss": 1.0})
    listeners.on_epoch_end(0, {"loss": 1.0})
    shown = terminal.screen(100)
    assert shown[0] == "saved" and shown[1].endswith("loss: 1.0000") and shown[2:] == [""]


def test_colours_can_be_switched_off(terminal, clock, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    fit(clock, [{"loss": 1.0}])
    assert set(re.findall(r"\x1b\[[0-9;]*[A-Za-z]", terminal.getvalue())) == {"\x1b[K"}


def test_a_terminal_without_the_bar_s_letter_gets_another(terminal, clock) -> None:
    terminal.encoding = "ascii"
    fit(clock, [{"loss": 1.0}])
    assert "=" * 20 in terminal.screen(100)[0] and "━" not in terminal.getvalue()


@pytest.mark.parametrize("verbose", [1, 2, "auto"])
def test_a_pipe_gets_finished_lines_and_no_control_characters(clock, capsys, verbose) -> None:
    fit(clock, [{"loss": 0.5}, {"loss": 0.25, "val_loss": -1.5}], verbose=verbose)
    assert capsys.readouterr().out == (
        "Epoch 1/2\n"
        "3/3 - 4s - 1s/step - loss: 0.5000\n"
        "Epoch 2/2\n"
        "3/3 - 4s - 1s/step - loss: 0.2500 - val_loss: -1.5000\n"
    )


def test_a_dumb_terminal_is_a_pipe(terminal, clock, monkeypatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    fit(clock, [{"loss": 0.5}])
    assert terminal.getvalue() == "3/3 - 4s - 1s/step - loss: 0.5000\n"


def test_verbose_2_on_a_terminal_is_plain_too(terminal, clock) -> None:
    fit(clock, [{"loss": 0.5}], verbose=2)
    assert terminal.getvalue() == "3/3 - 4s - 1s/step - loss: 0.5000\n"


def test_verbose_0_is_silent(clock, capsys) -> None:
    fit(clock, [{"loss": 0.5}] * 2, verbose=0)
    assert capsys.readouterr().out == ""


def test_a_notebook_gets_a_line_that_is_padded_and_not_erased(clock, monkeypatch) -> None:
    class OutStream(io.StringIO):
        pass

    OutStream.__module__ = "ipykernel.iostream"
    stream = OutStream()
    monkeypatch.setattr("sys.stdout", stream)
    bar = progress.Progbar(2, stateless_metrics=())
    bar.update(1, [("loss", 100000.0)])
    clock.now += 1
    bar.update(2, [("loss", 1.0)])
    first, second = stream.getvalue().split("\r")[1:]
    assert "\x1b[K" not in stream.getvalue() and second.endswith("loss: 1.0000     \n")
    assert "loss: 100000.0000" in first


def test_an_unknown_total_is_counted_and_known_the_next_time(terminal, clock) -> None:
    fit(clock, [{"loss": 0.5}] * 2, known=False)
    shown = terminal.screen(100)
    assert shown[1] == "3/3 ━━━━━━━━━━━━━━━━━━━━ 4s 1s/step - loss: 0.5000"
    assert "      2/Unknown \x1b[1m3s" in terminal.getvalue()
    epoch_two = terminal.getvalue().split("Epoch 2/2")[1]
    assert "Unknown" not in epoch_two


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.12344, "0.1234"), (0.0, "0.0000"), (-0.5, "-0.5000"), (1e-3, "1.0000e-03"),
        (-5e-4, "-5.0000e-04"), (1.5e-9, "1.5000e-09"), (float("nan"), "nan"),
        (12345.6, "12345.6000"), (0.0011, "0.0011"),
    ],
)  # fmt: skip
def test_numbers_are_shown_so_that_something_is_seen(value: float, text: str) -> None:
    assert progress.number(value, 1) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(5.9, "5s"), (61, "1:01"), (3661, "1:01:01"), (60, "60s")]
)
def test_the_time_left_is_said_in_the_largest_units(seconds: float, text: str) -> None:
    assert progress.time_left(seconds) == text


def test_values_are_averaged_unless_they_come_as_means(capsys) -> None:
    bar = progress.Progbar(4, verbose=2, stateful_metrics=["mean"])
    bar.update(1, [("loss", 1.0), ("mean", 1.0)])
    bar.update(3, [("loss", 4.0), ("mean", 4.0)])
    bar.update(4, finalize=True)
    assert "loss: 3.0000 - mean: 4.0000" in capsys.readouterr().out
    with pytest.raises(ValueError, match="not both"):
        progress.Progbar(1, stateful_metrics=[], stateless_metrics=[])


def test_evaluate_and_predict_show_their_own_progress_and_validation_none(capsys) -> None:
    def listeners():
        return callbacks.CallbackList(add_progbar=True, model=WatchedModel(), verbose=2, steps=1)

    alone = listeners()
    alone.on_test_begin()
    alone.on_test_batch_end(0, {"loss": 1.0})
    alone.on_test_end({"loss": 1.0})
    assert "1/1" in capsys.readouterr().out
    predicting = listeners()
    predicting.on_predict_begin()
    predicting.on_predict_batch_end(0, {"outputs": [1]})
    predicting.on_predict_end()
    assert re.fullmatch(r"1/1 - 0s - \d+(s|ms|us)/step\n", capsys.readouterr().out)
    inside = listeners()
    inside.on_train_begin()
    inside.on_test_begin()
    inside.on_test_batch_end(0, {"loss": 1.0})
    inside.on_test_end({"loss": 1.0})
    assert capsys.readouterr().out == ""


def test_a_metric_name_that_the_stream_cannot_write_does_not_end_training(monkeypatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", stream)
    progress.Progbar(1, verbose=2).update(1, [("정확도", 0.5)])
    assert stream.buffer.getvalue().decode().endswith("???: 0.5000\n")
