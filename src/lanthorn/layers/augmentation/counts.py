"""MaxNumBoundingBoxes: as many boxes for every picture."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers.augmentation.pictures import Pictures
from lanthorn.layers.checks import positive
from lanthorn.layers.example import Example
from lanthorn.wiring import Elementwise, Wiring


class MaxNumBoundingBoxes(Pictures):
    """The first `max_number` boxes of each picture; where there are fewer, `fill_value` follows.

    Axes: pictures unchanged; boxes (batch, count, 4) -> (batch, max_number, 4), labels alike.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/max_num_bounding_box.py`.
    Example:
        >>> MaxNumBoundingBoxes(5).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"max_number": 3}, (3, 4, 2)),
        Example({"max_number": 1, "fill_value": 0}, (2, 2, 1)),
    )

    def __init__(self, max_number: int, fill_value: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_number = positive(self, "max_number", max_number)
        self.fill_value = int(fill_value)

    def prepared(self, images: Any) -> Any:
        return images

    def transform(self, images: Any, transformation: Any) -> Any:
        return images

    def move_boxes(self, found: Any, labels: Any, transformation: Any) -> Any:
        missing = max(self.max_number - found.shape[1], 0)
        edges = ((0, 0), (0, missing), (0, 0))
        found, labels = found[:, : self.max_number], labels[:, : self.max_number]
        return (
            ops.pad(found, edges, constant_values=self.fill_value),
            ops.pad(labels, edges[: labels.ndim], constant_values=self.fill_value),
        )

    def output_axes(self, x: Any) -> Any:
        found = super().output_axes(x)
        if isinstance(x, dict) and "bounding_boxes" in x:
            found["bounding_boxes"] = {
                name: Axes.of((*part[:1], self.max_number, *part[2:]))
                for name, part in x["bounding_boxes"].items()
            }
        return found

    def wiring(self, x: Axes) -> Wiring:
        return Elementwise("linear")
