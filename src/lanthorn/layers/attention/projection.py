"""The weighted sums inside an attention layer, to several heads and back."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any, NamedTuple

from lanthorn.axes import Axes, Axis
from lanthorn.layers.einsum_dense import EinsumDense
from lanthorn.wiring.arithmetic import Weight
from lanthorn.wiring.attend import Projection


class Plan(NamedTuple):
    """One projection: `y[…, o] = Σ_i x[…, i] · kernel[i, o] + bias[o]`, i and o one axis or more.

    name: the layer's. given: what goes in; its last axes are `summed` over, and `made` come in
        their place.
    """

    name: str
    given: Axes
    summed: tuple[Axis, ...]
    made: tuple[Axis, ...]

    def layer(self, use_bias: bool, **settings: Any) -> EinsumDense:
        """The layer that learns it, built. Its equation is Keras's, such as `abc,cde->abde`."""
        letters = iter(ascii_lowercase)
        free = len(self.given) - len(self.summed)
        kept, summed, made = (
            "".join(next(letters) for _ in range(count))
            for count in (free, len(self.summed), len(self.made))
        )
        layer = EinsumDense(
            f"{kept}{summed},{summed}{made}->{kept}{made}",
            [None] * (free - 1) + [axis.size for axis in self.made],
            bias_axes=made if use_bias else None,
            name=self.name,
            **settings,
        )
        layer.ensure_built(self.given)
        return layer

    def wired(self, use_bias: bool) -> Projection:
        """What the wiring of the layer around it knows of it."""
        kernel = Weight(f"{self.name}/kernel", Axes([*self.summed, *self.made]))
        return Projection(
            kernel, Weight(f"{self.name}/bias", Axes(self.made)) if use_bias else None
        )
