"""Discretization: numbers become the bins they fall into."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import positive
from lanthorn.layers.example import Example
from lanthorn.layers.preprocessing.data import as_numpy, batches, who
from lanthorn.layers.preprocessing.encoding import dense_only, encoded, encoded_axes, mode_of
from lanthorn.wiring import Encode


class Discretization(Layer):
    """`y = how many boundaries are not above x`: the number of x's bin, counted from 0.

    bin_boundaries: ascending; n of them make n + 1 bins. Or num_bins: `adapt(data)` then finds
        boundaries between which equally many of the data lie.
    epsilon: how far off such a boundary may be, as a fraction of the data; smaller is slower.
    output_mode: `"int"`, or bins as `"one_hot"`, `"multi_hot"` or `"count"`.
    Axes: unchanged; (…, bins) for the other modes, which take the last axis as one sample.
    Source: keras 3.15 `layers/preprocessing/discretization.py`.
    Example:
        >>> Discretization(bin_boundaries=[0.0, 1.0])([-0.5, 0.0, 7.0]).tolist()
        [0, 1, 2]
    """

    examples = (
        Example({"bin_boundaries": [-1.0, 0.0, 0.5]}, (4,)),
        Example({"bin_boundaries": [0.25], "output_mode": "one_hot"}, (2, 3)),
        Example({"bin_boundaries": [-0.5, 0.5], "output_mode": "one_hot"}, (3, 1)),
        Example({"bin_boundaries": [-0.5, 0.5], "output_mode": "multi_hot"}, (5,)),
        Example({"bin_boundaries": [0.0, 1.0], "output_mode": "count"}, (4,)),
    )

    def __init__(
        self,
        bin_boundaries: Sequence[float] | None = None,
        num_bins: int | None = None,
        epsilon: float = 0.01,
        output_mode: str = "int",
        sparse: bool = False,
        dtype: Any = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype, **kwargs)
        if (bin_boundaries is None) == (num_bins is None):
            raise ValueError(
                "Discretization: give either bin_boundaries or num_bins, not "
                f"{'neither' if num_bins is None else 'both'}."
            )
        self.bin_boundaries = None if bin_boundaries is None else _ascending(bin_boundaries)
        self.num_bins = None if num_bins is None else positive(self, "num_bins", num_bins)
        if not 0 < epsilon <= 1:
            raise ValueError(f"Discretization: epsilon is a fraction from 0 to 1, not {epsilon!r}.")
        self.epsilon = epsilon
        self.output_mode = mode_of(self, output_mode)
        self.sparse = dense_only(self, sparse=sparse)
        self.reset_state()

    # -- learning ------------------------------------------------------------------------------

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Find boundaries between which equally many of the data lie, forgetting earlier ones.

        data: an array, or anything that yields batches. steps: how many batches at most.
        """
        if self.num_bins is None:
            raise ValueError(
                f"{who(self)} was given bin_boundaries, so there is nothing to adapt. Give "
                "num_bins instead to have them found."
            )
        self.reset_state()
        for batch in batches(self, data, steps):
            self.update_state(batch)
        self.finalize_state()

    def reset_state(self) -> None:
        """Forget the data seen so far; boundaries in use stay."""
        self.summary: Any = None

    def update_state(self, data: Any) -> None:
        """See a batch of the data."""
        import numpy as np

        values = as_numpy(self, data)
        if values.dtype.kind not in "biuf":
            raise ValueError(f"{who(self)} takes numbers, but was given {values.dtype}.")
        summary = summarized(values.astype("float32"), self.epsilon)
        if self.summary is not None:
            both = np.concatenate([summary, self.summary], axis=1)
            summary = compressed(both[:, np.argsort(both[0])], self.epsilon)
        elif summary.size:
            summary = compressed(summary, self.epsilon)
        self.summary = summary

    def finalize_state(self) -> None:
        """Make the boundaries from the data seen."""
        if self.num_bins is None or self.summary is None:
            return
        if not self.summary.size:
            raise ValueError(f"{who(self)}: adapt(data) was given arrays without numbers.")
        found = compressed(self.summary, 1.0 / self.num_bins)[0, :-1].tolist()
        if self.inbound_nodes and len(found) + 1 != self._bins and self.output_mode != "int":
            raise ValueError(
                f"{who(self)} is part of a model that was made for {self._bins} bins, but this "
                f"data gives {len(found) + 1}. Call adapt(data) before the model is made."
            )
        self.bin_boundaries = found

    # -- numbers -------------------------------------------------------------------------------

    @property
    def _bins(self) -> int:
        boundaries = self.bin_boundaries
        return self.num_bins or 0 if boundaries is None else len(boundaries) + 1

    def output_dtype(self) -> str:
        return "int32" if self.output_mode == "int" else self.compute_dtype

    def output_axes(self, x: Axes) -> Axes:
        return encoded_axes(x, self.output_mode, self._bins)

    def call(self, inputs: Any) -> Any:
        boundaries = self._learnt()
        if boundaries:
            bins = ops.digitize(inputs, ops.cast(boundaries, "float32"))
        else:
            bins = ops.zeros_like(inputs, dtype="int32")
        return encoded(bins, self.output_mode, self._bins, self.output_dtype())

    def _learnt(self) -> list[float]:
        if self.bin_boundaries is None:
            raise ValueError(
                f"{who(self)} has not seen data yet: call adapt(data), or give bin_boundaries=."
            )
        return self.bin_boundaries

    def wiring(self, x: Axes) -> Encode:
        return Encode("bins", self.output_mode, tuple(self._learnt()))

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["trainable"]  # Keras's class does not take it
        return {**config, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        if config.get("bin_boundaries") is None or config.get("num_bins") is None:
            return super().from_config(config)
        layer = super().from_config({**config, "bin_boundaries": None})
        layer.bin_boundaries = _ascending(config["bin_boundaries"])
        return layer


def _ascending(boundaries: Any) -> list[float]:
    """Boundaries as a list.

    Raises: ValueError when one is not above the one before it.
    """
    found = [float(boundary) for boundary in boundaries]
    for before, after in pairwise(found):
        if not before <= after:
            raise ValueError(
                f"Discretization: bin_boundaries ascend, but {after:g} follows {before:g}."
            )
    return found


# -- summaries: values with how many numbers each stands for ------------------------------------


def summarized(values: Any, epsilon: float) -> Any:
    """About 1 / epsilon of the sorted values, evenly spaced, and below each its weight."""
    import numpy as np

    ordered = np.sort(values.ravel())
    step = max(ordered.size * epsilon, 1)
    chosen = ordered[int(step - 1) :: int(step)]
    return np.stack([chosen, np.full_like(chosen, step)])


def compressed(summary: Any, epsilon: float) -> Any:
    """A summary with a value at every `epsilon` of the whole weight, between the values it has."""
    import numpy as np

    if summary.shape[1] * epsilon < 1:
        return summary
    values, weights = summary
    sums = weights.cumsum()
    wanted = epsilon + np.arange(0.0, 1.0, epsilon)
    found = np.interp(wanted, sums / sums[-1], values)
    reached = np.interp(wanted, sums / sums[-1], sums)
    return np.stack([found, np.diff(reached, prepend=0.0)]).astype("float32")
