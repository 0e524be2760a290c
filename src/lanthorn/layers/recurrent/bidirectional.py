"""Bidirectional: a sequence read from both ends, and what both readers say put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.engine.registry import to_config
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example, inside
from lanthorn.layers.recurrent.sequences import mask_beside, sequence_and_states
from lanthorn.layers.signatures import call_signature
from lanthorn.wiring import Combine, Compose, Opaque, Part, Rearrange, Recur, Wiring
from lanthorn.wiring.compose import owned

MERGED = {"sum": "add", "mul": "multiply", "ave": "average", "concat": "concatenate"}
"""merge_mode → what is done with the two outputs."""


class Bidirectional(Layer):
    """`y = merge(forward(x), backward(x))`: two layers alike, one beginning with the last step.

    layer: a recurrent layer. Both are made anew from its settings; its own weights are not used.
    merge_mode: "concat" lays the outputs side by side, "sum", "mul" and "ave" join them number by
        number, None hands on both.
    backward_layer: another layer for the way back; it must go backwards.
    With return_sequences both outputs of a step lie at that step, and a step that the mask leaves
    out puts out 0.
    Axes: (batch, steps, …) -> (batch, 2 × units), or (batch, steps, 2 × units)
    Raises: ValueError for layers that do not fit together.
    Source: Schuster & Paliwal 1997; keras 3.15 `layers/rnn/bidirectional.py`.
    Example:
        >>> from lanthorn.layers import LSTM
        >>> Bidirectional(LSTM(4, return_sequences=True)).compute_output_shape((None, 10, 8))
        (None, 10, 8)
    """

    supports_masking = True
    reads_sequences = True
    not_kept = ("weights",)
    examples = (
        Example({"layer": inside("LSTM", units=2, name="read")}, (3, 2)),
        Example(
            {
                "layer": inside("GRU", units=3, return_sequences=True, name="read"),
                "merge_mode": "ave",
            },
            (3, 2),
        ),
        Example(
            {
                "layer": inside("GRU", units=2, return_sequences=True, name="read"),
                "backward_layer": inside(
                    "LSTM", units=2, return_sequences=True, go_backwards=True, name="back"
                ),
            },
            (3, 1),
        ),
    )

    def __init__(
        self,
        layer: Any,
        merge_mode: str | None = "concat",
        weights: Sequence[Any] | None = None,
        backward_layer: Any = None,
        **kwargs: Any,
    ) -> None:
        layer = made(layer)
        checked_recurrent("layer", layer)
        if merge_mode not in (*MERGED, None):
            raise ValueError(
                f"Bidirectional: merge_mode is one of {', '.join(map(repr, MERGED))} or None, "
                f"not {merge_mode!r}."
            )
        super().__init__(**kwargs)
        self.forward_layer = anew(layer, "forward")
        if backward_layer is None:
            self.backward_layer = anew(layer, "backward", go_backwards=True)
        else:
            self.backward_layer = made(backward_layer)
            checked_recurrent("backward_layer", self.backward_layer)
        self._refuse_misfits()
        for each in (self.forward_layer, self.backward_layer):
            if getattr(each, "zero_output_for_mask", None) is not None:
                each.zero_output_for_mask = each.return_sequences
        self.merge_mode = merge_mode
        self._first_weights = weights

    def _refuse_misfits(self) -> None:
        both = self.forward_layer, self.backward_layer
        if both[0].go_backwards == both[1].go_backwards:
            raise ValueError(
                "Bidirectional: one layer reads forwards and the other backwards, but both have "
                f"go_backwards={both[0].go_backwards}."
            )
        for name in ("stateful", "return_sequences", "return_state"):
            values = [getattr(each, name) for each in both]
            if values[0] != values[1]:
                raise ValueError(
                    f"Bidirectional: {name} is {values[0]} for the forward layer and {values[1]} "
                    "for the backward layer; it must be the same for both."
                )

    @property
    def layer(self) -> Any:
        """The layer that reads forwards."""
        return self.forward_layer

    @property
    def stateful(self) -> bool:
        return self.forward_layer.stateful

    @property
    def return_sequences(self) -> bool:
        return self.forward_layer.return_sequences

    @property
    def return_state(self) -> bool:
        return self.forward_layer.return_state

    @property
    def wants_batch_size(self) -> bool:
        return self.stateful

    def output_axes(self, x: Any, initial_state: Any = None) -> Any:
        x, states = sequence_and_states(x, initial_state)
        half = len(states) // 2
        first, second = (
            layer.output_axes(x, given or None)
            for layer, given in (
                (self.forward_layer, states[:half]),
                (self.backward_layer, states[half:]),
            )
        )
        after: tuple[Any, ...] = ()
        if self.return_state:
            after = (*first[1:], *second[1:])
            first, second = first[0], second[0]
        out: Any = first
        if self.merge_mode == "concat":
            total = (first[-1] or 0) + (second[-1] or 0)
            out = first.replace(-1, first.axes[-1]._replace(size=total))
        elif self.merge_mode is not None:
            self.require(
                first[-1] == second[-1],
                x,
                f"layers of equally many units for merge_mode={self.merge_mode!r}, "
                f"not {first[-1]} and {second[-1]}",
            )
        if self.merge_mode is None:
            return (first, second, *after)
        return (out, *after) if self.return_state else out

    def build(self, x: Any) -> None:
        x = Axes.of(x)
        self.forward_layer.ensure_built(x)
        self.backward_layer.ensure_built(x)
        if self._first_weights:
            half = len(self._first_weights) // 2
            self.forward_layer.set_weights(self._first_weights[:half])
            self.backward_layer.set_weights(self._first_weights[half:])

    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False
    ) -> Any:
        if mask is None and initial_state is not None:
            mask = mask_beside(sequences)
        states: list[Any] = list(initial_state or ())
        half = len(states) // 2
        first = self._one(self.forward_layer, sequences, states[:half], mask, training)
        second = self._one(self.backward_layer, sequences, states[half:], mask, training)
        after: tuple[Any, ...] = ()
        if self.return_state:
            after = (*first[1:], *second[1:])
            first, second = first[0], second[0]
        first, second = (ops.cast(each, self.compute_dtype) for each in (first, second))
        if self.return_sequences:
            second = ops.flip(second, axis=1)
        if self.merge_mode is None:
            return (first, second, *after)
        output = self._merged(first, second)
        return (output, *after) if self.return_state else output

    def _one(self, layer: Any, x: Any, states: list[Any], mask: Any, training: bool) -> Any:
        names = call_signature(type(layer)).names
        told = {"mask": mask, "training": training}
        options = {name: value for name, value in told.items() if name in names}
        if states:
            options["initial_state"] = states
        return layer(x, **options)

    def _merged(self, first: Any, second: Any) -> Any:
        if self.merge_mode == "concat":
            return ops.concatenate([first, second], axis=-1)
        if self.merge_mode == "mul":
            return first * second
        return (first + second) / (2 if self.merge_mode == "ave" else 1)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        mask = mask[0] if isinstance(mask, list) else mask
        mask = mask if self.return_sequences else None
        return [mask, mask] if self.merge_mode is None else [mask]

    def reset_state(self) -> None:
        """Let both layers begin anew."""
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    def reset_states(self) -> None:
        """`reset_state` by its older name."""
        self.reset_state()

    @property
    def states(self) -> Any:
        """The variables of both layers' states; None when they keep none."""
        both = self.forward_layer.states, self.backward_layer.states
        return tuple(both[0] + both[1]) if all(both) else None

    # -- what is told of it ---------------------------------------------------------------------

    def intermediates(self, *inputs: Any, mask: Any = None) -> dict[str, Any]:
        x, *states = inputs
        half = len(states) // 2
        found = {}
        for layer, given in ((self.forward_layer, states[:half]),
                             (self.backward_layer, states[half:])):  # fmt: skip
            parts = layer.intermediates(x, *given, mask=mask)
            found |= {f"{layer.name}/{name}": array for name, array in parts.items()}
        return found

    def wiring(self, x: Any) -> Wiring:
        x, states = sequence_and_states(x)
        half = len(states) // 2
        pieces = []
        for layer, first in ((self.forward_layer, 1), (self.backward_layer, 1 + half)):
            given = [x, *states[first - 1 : first - 1 + half]]
            out = layer.output_axes(x)
            out = out if isinstance(out, Axes) else out[0]
            found = layer.wired_between(given if half else x, out)
            if isinstance(found, Opaque):
                return Opaque(weights=tuple(variable.spec for variable in self.weights))
            sources = (0, *range(first, first + half))
            pieces.append(Part(layer.name, owned(layer.name, by_step(found)), sources))
        if self.merge_mode is None:
            return Compose(tuple(pieces), pieces[0].name, told="both ways")
        ends = tuple(piece.wiring.output for piece in pieces)
        function = MERGED[self.merge_mode]
        merge = Rearrange(function, axis=-1) if function == "concatenate" else Combine(function)
        out = self.output_axes(x)
        merge = merge.between(ends, out if isinstance(out, Axes) else out[0])
        names = tuple(piece.name for piece in pieces)
        return Compose((*pieces, Part("merged", merge, names)), told="both ways")

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        return config | {
            "layer": to_config(self.forward_layer),
            "backward_layer": to_config(self.backward_layer),
        }


def made(layer: Any) -> Any:
    """A layer, or the one that a config describes."""
    if isinstance(layer, dict):
        from lanthorn import layers

        return layers.table.deserialize(layer)
    return layer


def checked_recurrent(setting: str, layer: Any) -> None:
    """Raises: ValueError for what is no recurrent layer."""
    needed = ("go_backwards", "return_sequences", "return_state", "stateful")
    missing = [name for name in needed if not hasattr(layer, name)]
    if not isinstance(layer, Layer) or missing:
        kind = type(layer).__name__
        why = f": it has no {', '.join(missing)}" if isinstance(layer, Layer) else ""
        raise ValueError(
            f"Bidirectional: {setting} must be a recurrent layer such as LSTM(8), not {kind}{why}."
        )


def anew(layer: Any, side: str, **settings: Any) -> Any:
    """The same layer made anew, named after the side it begins on."""
    from lanthorn import layers

    config = to_config(layer)
    name = f"{side}_{layer.name.removeprefix(side + '_')}"
    config["config"] = config["config"] | {"name": name} | settings
    own = type(layer)
    is_ours = own.__module__.startswith("lanthorn.")
    found = layers.table.deserialize(config) if is_ours else own.from_config(config["config"])
    if hasattr(layer, "use_cudnn"):  # no config says it
        found.use_cudnn = layer.use_cudnn
    return found


def by_step(wiring: Wiring) -> Any:
    """A recurrent wiring whose outputs lie at their own steps, whichever way it reads."""
    from dataclasses import replace

    if isinstance(wiring, Recur):
        return replace(wiring, by_step=True)
    assert isinstance(wiring, Compose)
    last = wiring.pieces[-1]
    turned = last._replace(wiring=by_step(last.wiring))
    return replace(wiring, pieces=(*wiring.pieces[:-1], turned))
