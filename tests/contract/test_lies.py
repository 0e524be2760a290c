"""The contract test catches a layer that lies, in each of the ways a layer can lie."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lanthorn.axes import Axis
from lanthorn.layers import Conv2D, Dense, Flatten, MaxPooling2D
from lanthorn.layers.example import Example
from lanthorn.wiring import Contract, Rearrange
from lanthorn.wiring.arithmetic import Dot, Read
from tests.contract import checks


class WrongShape(Dense):
    def output_axes(self, x):
        return x.replace(-1, Axis("units", self.units + 1))


class WrongNumber(Dense):
    def call(self, inputs):
        return super().call(inputs) * 1.01


class ForgottenRead(Dense):
    def wiring(self, x):
        return Forgetful(self.kernel.spec, self.bias.spec)


class Forgetful(Contract):
    def element(self, at):
        whole = super().element(at)
        return Dot(whole.terms[1:], whole.bias)


class ReadTooMuch(MaxPooling2D):
    def wiring(self, x):
        window = super().wiring(x)
        return replace(window, size=(3, 3), strides=(2, 2))


class HiddenBias(Conv2D):
    def wiring(self, x):
        return replace(super().wiring(x), bias=None)


class ForgetfulConfig(Dense):
    def get_config(self):
        return {**super().get_config(), "units": 1}


def fails(check, cls, example):
    with pytest.raises(AssertionError):
        check(checks.Case(cls, example))


def test_a_wrong_shape_rule_is_caught():
    fails(checks.shape_rule_tells_the_real_shape, WrongShape, Example({"units": 2}, (3,)))


def test_wrong_numbers_are_caught():
    fails(checks.arithmetic_gives_the_real_numbers, WrongNumber, Example({"units": 2}, (3,)))


def test_a_forgotten_read_is_caught():
    example = Example({"units": 2}, (3,))
    fails(checks.declared_reads_are_the_inputs_that_matter, ForgottenRead, example)
    fails(checks.jacobian_is_zero_where_nothing_is_declared, ForgottenRead, example)


def test_a_read_that_does_not_matter_is_caught():
    example = Example({"pool_size": 2}, (6, 6, 1))
    fails(checks.declared_reads_are_the_inputs_that_matter, ReadTooMuch, example)


def test_another_order_of_elements_is_caught():
    class Shuffled(Flatten):
        def wiring(self, x):
            return Backwards("reshape")

    class Backwards(Rearrange):
        def element(self, at):
            return Read(tuple(reversed(super().element(at).at)))

    fails(checks.arithmetic_gives_the_real_numbers, Shuffled, Example({}, (3, 3)))


def test_a_hidden_weight_is_caught():
    fails(
        checks.parameter_arithmetic_counts_the_weights,
        HiddenBias,
        Example({"filters": 2, "kernel_size": 2}, (3, 3, 1)),
    )


def test_a_config_that_forgets_is_caught(monkeypatch):
    from lanthorn import layers

    monkeypatch.setattr(
        layers, "deserialize", lambda config: ForgetfulConfig.from_config(config["config"])
    )
    with pytest.raises((AssertionError, ValueError)):
        checks.config_makes_an_equal_layer(
            checks.Case(ForgetfulConfig, Example({"units": 2}, (3,)))
        )


def test_an_honest_layer_passes():
    for check in checks.CHECKS:
        check(checks.Case(Dense, Example({"units": 2}, (3, 2))))
