"""What all tests share: real Keras on JAX beside ours, no network, nothing drawn by the clock."""

import os
import socket

os.environ["KERAS_BACKEND"] = "jax"  # before anything imports keras
os.environ.setdefault("JAX_PLATFORMS", "cpu")  # parity is held on the CPU; a device run says so

import pytest
from hypothesis import settings

settings.register_profile("lanthorn", deadline=None, derandomize=True, max_examples=25)
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
