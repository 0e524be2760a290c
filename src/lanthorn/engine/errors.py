"""What the library raises. All are ValueErrors, as in Keras, so old `except` clauses work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.axes import Axes
from lanthorn.words.shapes import axes_text


class LanthornError(ValueError):
    """Anything the library refuses because of what it was given."""


class ShapeError(LanthornError):
    """A layer was given axes it cannot work on.

    `layer` is its name, `layer_class` its class, `given` the axes that came (one per input) and
    `wanted` what it can work on: data first, so that repairs can be searched; the text is made
    from them.
    """

    def __init__(
        self,
        layer: Any,
        given: Sequence[Axes],
        wanted: str,
        hint: str = "",
    ) -> None:
        self.layer = layer.name
        self.layer_class = type(layer).__name__
        self.given = tuple(given)
        self.wanted = wanted
        self.hint = hint
        came = " and ".join(axes_text(axes) for axes in self.given)
        message = f"{self.layer} ({self.layer_class}) wants {wanted}, but was given {came}."
        super().__init__(f"{message}\n  {hint}" if hint else message)


class DataError(LanthornError):
    """Data handed to fit, evaluate or predict that no model could use."""


class DataWarning(UserWarning):
    """Data that can be used but is probably not what was meant.

    Silence it: `warnings.filterwarnings("ignore", category=lanthorn.DataWarning)`.
    """


class NotAdaptedError(LanthornError, RuntimeError):
    """A layer that learns from `adapt(data)` was called before; Keras's type too."""


class NotCompiledError(LanthornError):
    """fit or evaluate was called before compile()."""
