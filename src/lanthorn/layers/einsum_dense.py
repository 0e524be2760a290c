"""EinsumDense: weighted sums along whichever axes an equation names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from lanthorn import activations, constraints, initializers, ops, regularizers
from lanthorn.axes import Axes, Axis
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import positive
from lanthorn.layers.example import Example
from lanthorn.wiring import Einsum

EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?")

SPARE = "αβγδεζηθικλμνξοπρστυφχψω"
"""Letters for the axes that an ellipsis stands for."""


class Letters(NamedTuple):
    """An equation with a letter for every axis: of the input, the kernel, the output."""

    into: str
    by: str
    out: str
    elided: str


class EinsumDense(Layer):
    """`y = activation(einsum(equation, x, kernel) + bias)`.

    equation: `"ab,bc->ac"`, a letter for each axis of input, kernel and output; the batch comes
        first. Axes that are not named are written `...`, before or behind both input and output:
        `"...b,bc->...c"`.
    output_shape: the output's sizes, without the batch and the axes of `...`; None where the input
        tells. One number serves one axis.
    bias_axes: the letters of the output along which the bias differs.
    Axes: by their letters; new ones are called `units` (one) or by their letter.
    Raises: ValueError for an equation that is none; ShapeError for an input it does not fit.
    Source: keras 3.15 `layers/core/einsum_dense.py`.
    Example:
        >>> EinsumDense("abc,cd->abd", (None, 64), bias_axes="d").compute_output_shape((None, 8, 3))
        (None, 8, 64)
    """

    keeps_activity_regularizer = True
    examples = (
        Example({"equation": "ab,bc->ac", "output_shape": 3, "bias_axes": "c"}, (4,)),
        Example({"equation": "...x,xy->...y", "output_shape": 2, "activation": "softmax"}, (3, 4)),
        Example(
            {"equation": "abc,cde->abde", "output_shape": [3, 2, 2], "bias_axes": "de"}, (3, 4)
        ),
        Example({"equation": "ab...,bc->ac...", "output_shape": 2, "bias_axes": "c"}, (3, 4)),
        Example({"equation": "abc,bcd->abd", "output_shape": (2, 3), "bias_axes": "bd"}, (2, 4)),
        Example({"equation": "abc,bc->ab", "output_shape": 2, "activation": "relu"}, (2, 3)),
        Example({"equation": "abc,cb->a", "output_shape": ()}, (2, 3)),
    )

    def __init__(
        self,
        equation: str,
        output_shape: int | Sequence[int | None],
        activation: Any = None,
        bias_axes: str | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.equation = equation
        self._parts = parts(equation)
        sizes = (output_shape,) if isinstance(output_shape, int) else output_shape
        if not isinstance(sizes, list | tuple):
            raise ValueError(
                f"EinsumDense: output_shape is one size or a list of them, not {output_shape!r}."
            )
        self.output_shape = tuple(
            size if size is None else positive(self, "output_shape", size) for size in sizes
        )
        self.bias_axes = bias_axes
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias = None
        out = self._parts[5]
        for letter in bias_axes or "":
            if letter not in out or (letter == out[0] and not self._parts[4]):
                raise ValueError(
                    f"EinsumDense: bias_axes are letters of the output {out!r} besides the batch, "
                    f"and {letter!r} is none."
                )

    def letters(self, x: Axes) -> Letters:
        """A letter for every axis of an input of these axes.

        Raises: ShapeError when the equation names another number of them.
        """
        left, into, right, by, _, out, _ = self._parts
        count = len(x) - len(into)
        self.require(
            count == 0 or (count > 0 and bool(left or right)),
            x,
            f"an input with {'at least ' if left or right else ''}{len(into)} axes, as "
            f"{self.equation!r} names them",
        )
        elided = SPARE[:count]
        if left:
            return Letters(elided + into, by, elided + out, elided)
        return Letters(into + elided, by, out + elided, elided)

    def output_axes(self, x: Axes) -> Axes:
        letters = self.letters(x)
        here = dict(zip(letters.into, x.axes, strict=True))
        told = [letter for letter in letters.out[1:] if letter not in letters.elided]
        self.require(
            len(told) == len(self.output_shape),
            x,
            f"{len(told)} sizes in output_shape, one for each of {', '.join(told)}",
            f"output_shape is {self.output_shape}.",
        )
        sizes = dict(zip(told, self.output_shape, strict=True))
        new = [letter for letter in told if letter not in here]
        found = []
        for letter in letters.out:
            size = sizes.get(letter)
            if letter not in here:
                found.append(Axis("units" if len(new) == 1 else letter, size))
                continue
            axis = here[letter]
            self.require(
                None in (size, axis.size) or size == axis.size,
                x,
                f"{axis.name} of size {size}, as output_shape {self.output_shape} says",
            )
            found.append(axis._replace(size=size) if axis.size is None else axis)
        if self.built:
            known = {**{c: axis.size for c, axis in here.items()}, **sizes}
            made_for = dict(zip(letters.by, self.kernel.shape, strict=True))
            self.require(
                all(known.get(c) in (None, size) for c, size in made_for.items()),
                x,
                ", ".join(f"{here[c].name} {size}" for c, size in made_for.items() if c in here),
                "It was built for these and learns one weight for each.",
            )
        return Axes(found)

    def build(self, x: Axes) -> None:
        letters = self.letters(x)
        y = self.output_axes(x)
        axes = {**dict(zip(letters.into, x.axes, strict=True)),
                **dict(zip(letters.out, y.axes, strict=True))}  # fmt: skip
        sizes = [axes[letter].size for letter in letters.by]
        self.require(
            None not in sizes, x, f"known sizes along {', '.join(letters.by)}",
            "It learns one weight for each place there.",
        )  # fmt: skip
        self.kernel = self.add_weight(
            sizes,
            self._initializer(letters),
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
            axes=[axes[letter].name for letter in letters.by],
        )
        if self.bias_axes:
            first = min(map(letters.out.index, self.bias_axes))
            along = [axes[letter] if letter in self.bias_axes else Axis(axes[letter].name, 1)
                     for letter in letters.out[first:]]  # fmt: skip
            self.bias = self.add_weight(
                [axis.size for axis in along],
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
                axes=[axis.name for axis in along],
            )

    def _initializer(self, letters: Letters) -> Any:
        """The kernel's, told which of its axes are summed over and which are new."""
        given = self.kernel_initializer
        is_scaling = isinstance(given, initializers.VarianceScaling)
        if not is_scaling or None not in (given.input_axes, given.output_axes):
            return given
        out = [i for i, letter in enumerate(letters.by) if letter in letters.out]
        over = [i for i, letter in enumerate(letters.by) if letter not in letters.out]
        config = {**given.get_config(), "seed": given.seed}
        return type(given).from_config({**config, "input_axes": over, "output_axes": out})

    def call(self, inputs: Any) -> Any:
        y = ops.einsum(self.equation, inputs, self.compute(self.kernel))
        return activations.applied(
            self.activation, y if self.bias is None else y + self.compute(self.bias)
        )

    def wiring(self, x: Axes) -> Einsum:
        letters = self.letters(x)
        return Einsum(
            letters.into[1:],
            letters.by,
            letters.out[1:],
            self.kernel.spec,
            self.bias.spec if self.bias is not None else None,
            activations.name_of(self.activation),
        )


def parts(equation: Any) -> tuple[str, ...]:
    """The pieces of an equation: `...` or "", input, `...` or "", kernel, and the output likewise.

    Raises: ValueError for one that names no weighted sum.
    """
    found = EQUATION.fullmatch(equation) if isinstance(equation, str) else None
    if found is None:
        raise ValueError(
            f"EinsumDense: {equation!r} is no equation. Write a letter for each axis of input, "
            'kernel and output: "ab,bc->ac", or with axes unnamed "...b,bc->...c".'
        )
    pieces = tuple(piece or "" for piece in found.groups())
    left, into, right, by, left_out, out, right_out = pieces
    problem = ""
    if (left, right) != (left_out, right_out) or (left and right):
        problem = "'...' stands once, on the same side of input and output"
    elif any(len(set(word)) < len(word) for word in (into, by, out)):
        problem = "a letter names one axis of each"
    elif not left and into[0] != out[0]:
        problem = f"the batch {into[0]!r} comes first in the output too"
    elif set(out) - set(into) - set(by):
        problem = f"{min(set(out) - set(into) - set(by))!r} of the output is nowhere else"
    elif set(by) - set(into) - set(out):
        problem = f"{min(set(by) - set(into) - set(out))!r} of the kernel is nowhere else"
    elif not left and into[0] in by:
        problem = f"the kernel knows no batch {into[0]!r}"
    if problem:
        raise ValueError(f"EinsumDense: {equation!r} cannot be worked out: {problem}.")
    return pieces
