"""TimeDistributed: the same layer at every step of a sequence, each step by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.engine.dtypes import is_float
from lanthorn.engine.scope import Scope, current_scope, in_scope
from lanthorn.engine.structure import map_leaves
from lanthorn.layers.base import Layer
from lanthorn.layers.example import Example, inside
from lanthorn.layers.recurrent.bidirectional import made
from lanthorn.layers.recurrent.sequences import require_by_step, step_of
from lanthorn.layers.signatures import call_signature
from lanthorn.layers.symbols import inferred_axes
from lanthorn.layers.wrapping import Wrapper
from lanthorn.wiring import Opaque, PerStep, Wiring
from lanthorn.wiring.compose import owned


class TimeDistributed(Wrapper):
    """`y[t] = layer(x[t])`: every step goes through the same layer, with the same weights.

    Where the steps of all samples can go through it as one large batch, they do; a layer that
    draws random numbers or keeps statistics while training is called step after step.
    Axes: (batch, steps, …) -> (batch, steps, what the layer makes of …)
    Raises: ShapeError for an input with fewer than three axes.
    Source: keras 3.15 `layers/rnn/time_distributed.py`.
    Example:
        >>> from lanthorn.layers import Conv2D
        >>> TimeDistributed(Conv2D(4, 3)).compute_output_shape((None, 10, 28, 28, 1))
        (None, 10, 26, 26, 4)
    """

    supports_masking = True
    reads_sequences = True
    examples = (
        Example({"layer": inside("Dense", units=3, activation="tanh", name="each")}, (4, 2)),
        Example({"layer": inside("Flatten", name="flat")}, (2, 3, 2)),
        Example({"layer": inside("LSTM", units=2, name="read")}, (2, 3, 1)),
    )

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        layer = made(layer)
        if not isinstance(layer, Layer):
            raise ValueError(
                f"TimeDistributed: layer must be a layer such as Dense(8), not {layer!r}."
            )
        super().__init__(layer, **kwargs)

    def output_axes(self, x: Axes) -> Axes:
        self._require_steps(x)
        after = inferred_axes(self.layer, step_of(x))
        self.require(
            isinstance(after, Axes), x, f"a layer with one output; {self.layer.name} has several"
        )
        return Axes([after.axes[0], x.as_sequence().axes[1], *after.sample])

    def build(self, x: Any) -> None:
        x = Axes.of(x)
        self._require_steps(x)
        self.layer.ensure_built(step_of(x))

    def _require_steps(self, x: Axes) -> None:
        self.require(
            len(x) >= 3,
            x,
            "(batch, steps, features), or more axes behind the steps",
            "It calls its layer once for each step, with what lies behind the axis of steps.",
        )

    def call(self, inputs: Any, training: bool = False, mask: Any = None) -> Any:
        require_by_step(self, mask, inputs)
        run = self._at_once if self._is_one_batch(training) else self._in_turn
        found = run(inputs, training, mask)
        return ops.cast(found, self.compute_dtype) if is_float(found.dtype.name) else found

    def _is_one_batch(self, training: bool) -> bool:
        """Whether the layer's calls change nothing and samples do not see each other.

        Of a class of the user's own nobody knows: it is called step after step.
        """
        inside = self.layer._flatten_layers()
        is_known = all(type(layer).__module__.startswith("lanthorn.") for layer in inside)
        if not is_known or any(getattr(layer, "stateful", False) for layer in inside):
            return False
        return not training or all(variable.trainable for variable in self.layer.variables)

    def _options(self, training: bool, mask: Any) -> dict[str, Any]:
        signature = call_signature(type(self.layer))
        options: dict[str, Any] = {"training": training} if signature.takes_training else {}
        if mask is not None and "mask" in signature.names:
            options["mask"] = mask
        return options

    def _at_once(self, inputs: Any, training: bool, mask: Any) -> Any:
        batch, steps = inputs.shape[:2]

        def together(array: Any) -> Any:
            return ops.reshape(array, (batch * steps, *array.shape[2:]))

        options = self._options(training, None if mask is None else together(mask))
        found = self.layer(together(inputs), **options)
        return map_leaves(lambda array: ops.reshape(array, (batch, steps, *array.shape[1:])), found)

    def _in_turn(self, inputs: Any, training: bool, mask: Any) -> Any:
        """Step after step, what one call changes reaching the next."""
        from lanthorn.kernels import recurrence

        variables = self.layer.non_trainable_variables
        outer = current_scope()
        values = dict(outer.values) if outer is not None else {}

        def step(given: Any, states: Any, shared: Any) -> Any:
            x, counts = given
            now = dict(zip(map(id, variables), shared, strict=True))
            with in_scope(Scope({**values, **now}, training)):
                output = self.layer(x, **self._options(training, counts))
                return output, states, [variable.value for variable in variables]

        first = [ops.convert_to_tensor(variable.value) for variable in variables]
        outputs, _, after = recurrence.rnn(step, (inputs, mask), (), first)
        for variable, value in zip(variables, after, strict=True):
            variable.assign(value)
        return outputs

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None or mask.ndim == 2:
            return mask
        batch, steps = mask.shape[:2]
        return ops.any(ops.reshape(mask, (batch, steps, -1)), axis=-1)

    # -- what is told of it ---------------------------------------------------------------------

    def mask_told(self, mask: Any, inputs: Sequence[Any], arguments: Mapping[str, Any]) -> Any:
        return None if mask is None or mask.ndim == 2 else mask[0].tolist()

    def wiring(self, x: Axes) -> Wiring:
        inner = self.layer.wired(step_of(x))
        if isinstance(inner, Opaque):
            return Opaque(weights=tuple(variable.spec for variable in self.weights))
        return PerStep(owned(self.layer.name, inner))
