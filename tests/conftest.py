"""What all tests share: real Keras on JAX beside ours, no network, nothing drawn by the clock."""

import os
import socket
import sys
from itertools import count

os.environ["KERAS_BACKEND"] = "jax"  # before anything imports keras
os.environ.setdefault("JAX_PLATFORMS", "cpu")  # parity is held on the CPU; a device run says so

import pytest
from hypothesis import settings

from tests.examples import examples

settings.register_profile("lanthorn", deadline=None, derandomize=True, max_examples=examples(5, 50))
settings.load_profile("lanthorn")

HERE = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True, scope="session")
def no_network():
    """A test that reaches for another machine fails at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in HERE:
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


MOST_TESTS = 100
"""So many tests may leave compiled programs behind before they are forgotten."""

_tests_run = count(1)


@pytest.fixture(autouse=True)
def forget_compiled_programs():
    """Thousands of small programs would fill the memory."""
    yield
    if next(_tests_run) % MOST_TESTS == 0 and "jax" in sys.modules:
        sys.modules["jax"].clear_caches()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much was held: layers, their configurations, cases beside real Keras."""
    from lanthorn import layers

    names = [name for names in layers.FILES.values() for name in names if name != "Layer"]
    classes = [found for name in names if isinstance(found := getattr(layers, name), type)]
    configurations = sum(len(getattr(cls, "examples", ())) for cls in classes)
    passed = terminalreporter.stats.get("passed", [])
    held = {
        room: sum(report.nodeid.startswith(f"tests/{room}/") for report in passed)
        for room in ("contract", "parity")
    }
    terminalreporter.write_line(
        f"{len(classes)} layers in {configurations} configurations; "
        f"{held['contract']} checks of the contract and {held['parity']} cases beside Keras passed"
    )
