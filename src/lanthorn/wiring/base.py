"""What every wiring answers: one element's arithmetic, the parameters, the facts for the words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self

from lanthorn.axes import Axes, product
from lanthorn.wiring.arithmetic import At, Expr, Weight
from lanthorn.words.shapes import sizes_text


class NotDescribedError(Exception):
    """Asked for the arithmetic of a wiring that has none (`Opaque`), or not with these settings."""


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """Frozen data between named axes. Layers make it; `between` tells it where it lies."""

    kind: ClassVar[str] = ""

    inputs: tuple[Axes, ...] = field(default=(), repr=False)
    output: Axes = field(default=Axes(()), repr=False)

    def between(self, inputs: Sequence[Axes], output: Axes) -> Self:
        """The same wiring, knowing the axes before and after it."""
        return replace(self, inputs=tuple(inputs), output=output)

    # -- to be answered by each kind -----------------------------------------------------------

    def element(self, at: At) -> Expr:
        """The arithmetic of the output element at `at` (the batch left out)."""
        raise NotDescribedError(self.kind)

    @property
    def weights(self) -> tuple[Weight, ...]:
        """The weights it reads, in the layer's own order."""
        return ()

    @property
    def intermediates(self) -> dict[str, Axes]:
        """What lies between input and output and can be asked for: names and their axes."""
        return {}

    def part(self, name: str, at: At) -> Expr:
        """The arithmetic of one element of an intermediate."""
        raise NotDescribedError(f"{self.kind} has no intermediate {name!r}")

    def needs_first(self, name: str, at: At) -> Iterable[tuple[str, At]]:
        """Intermediates to work out before this one, so that a long sequence nests no deeper."""
        return ()

    def under(self, mask: Sequence[bool] | None) -> Self:
        """The same wiring for a sample whose places (on its first axis) are masked out where False.

        Wirings that no mask touches stay as they are.
        """
        return self

    @property
    def variant(self) -> str:
        """Which sentence of its kind tells it."""
        return ""

    def facts(self) -> dict[str, Any]:
        """The numbers that its sentence names, besides those of the axes."""
        return {}

    @property
    def told_by(self) -> Wiring:
        """The wiring that words are made of: itself, unless it only moves the axes of another."""
        return self

    # -- derived ---------------------------------------------------------------------------------

    @property
    def x(self) -> Axes:
        """The axes of the first input."""
        return self.inputs[0]

    def parameters(self) -> int:
        """How many numbers the layer keeps."""
        return sum(weight.size for weight in self.weights)

    def parameter_arithmetic(self) -> str:
        """`2 × 16 + 16 = 48`; a single product of one size is just the number.

        Example:
            >>> from lanthorn.axes import Axis
            >>> kernel = Weight("kernel", Axes([Axis("features", 2), Axis("units", 16)]))
            >>> Opaque(weights=(kernel,)).parameter_arithmetic()
            '2 × 16 = 32'
        """
        if not self.weights:
            return "0"
        terms = [_term(weight) for weight in self.weights]
        total = str(self.parameters())
        sum_text = " + ".join(terms)
        return total if sum_text == total else f"{sum_text} = {total}"

    def to_json(self) -> dict[str, Any]:
        """Plain data that says all of it: what the explorer draws and runs."""
        settings = {
            spec.name: _json(getattr(self, spec.name))
            for spec in fields(self)
            if spec.name not in ("inputs", "output")
        }
        return {
            "kind": self.kind,
            "inputs": [_json(axes) for axes in self.inputs],
            "output": _json(self.output),
            **settings,
        }


@dataclass(frozen=True)
class Opaque(Wiring):
    """A computation that does not say how it works: a user's own layer without a wiring.

    seen: the pattern in which its numbers were found to depend on its input (`wiring/seen.py`), ""
        when nobody tried. over: the sample axes that pattern runs along.
    told: the sentence of a layer of ours that can be told, if not number by number, and settings,
        what it names.
    """

    kind: ClassVar[str] = "opaque"
    weights: tuple[Weight, ...] = ()  # type: ignore[assignment]
    seen: str = ""
    over: tuple[int, ...] = ()
    told: str = ""
    settings: tuple[tuple[str, Any], ...] = ()

    @property
    def variant(self) -> str:
        return self.told or self.seen

    def facts(self) -> dict[str, Any]:
        return {"parameters": self.parameters(), **dict(self.settings)}


def renamed(value: Any, rename: Callable[[str], str]) -> Any:
    """A wiring (or anything it holds) whose weights go by other names."""
    if isinstance(value, Weight):
        return value._replace(name=rename(value.name))
    if isinstance(value, Wiring):
        return replace(value, **{
            spec.name: renamed(getattr(value, spec.name), rename) for spec in fields(value)
        })  # fmt: skip
    if isinstance(value, tuple) and not isinstance(value, Axes):
        parts = [renamed(part, rename) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


def _term(weight: Weight) -> str:
    sizes = tuple(weight.axes)
    if len(sizes) <= 2:
        return sizes_text(sizes) if sizes else "1"
    return f"({sizes_text(sizes[:-1])}) × {sizes[-1]}"


def _json(value: Any) -> Any:
    if isinstance(value, Axes):
        return [_axis_json(axis) for axis in value.axes]
    if isinstance(value, Weight):
        return {"name": value.name, "axes": _json(value.axes)}
    if isinstance(value, Wiring):
        return value.to_json()
    if hasattr(value, "_asdict"):
        return {name: _json(item) for name, item in value._asdict().items()}
    if isinstance(value, tuple | list):
        return [_json(item) for item in value]
    return value


def _axis_json(axis: Any) -> dict[str, Any]:
    found = {"name": axis.name, "size": axis.size}
    if axis.parts:
        found["parts"] = [_axis_json(part) for part in axis.parts]
    return found


def sizes(axes: Axes) -> tuple[int, ...]:
    """The sizes of one sample, all known.

    Raises: NotDescribedError when one is open: single elements can only be named in a known shape.
    """
    found = axes[1:]
    if product(found) is None:
        raise NotDescribedError("an axis has no size yet")
    return found  # type: ignore[return-value]
