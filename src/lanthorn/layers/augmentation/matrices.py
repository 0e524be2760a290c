"""RandomRotation, RandomTranslation, RandomZoom, RandomShear: one matrix for every picture."""

from __future__ import annotations

import math
from typing import Any

from lanthorn import ops, random
from lanthorn.layers.augmentation import boxes
from lanthorn.layers.augmentation.factors import span
from lanthorn.layers.augmentation.pictures import LAST
from lanthorn.layers.augmentation.random_changes import Bending
from lanthorn.layers.checks import one_of
from lanthorn.layers.example import Example

FILL_MODES = ("reflect", "wrap", "constant", "nearest")
METHODS = ("nearest", "bilinear")


class Affine(Bending):
    """What layers share whose places move by a matrix of their own in every picture.

    fill_mode: what lies past the edge of `a b c d`: "constant" k k | a b c d | k k,
        "nearest" a a | a b c d | d d, "wrap" c d | a b c d | a b,
        "reflect" b a | a b c d | d c.
    """

    def __init__(self, *, fill_mode: str, fill_value: float, interpolation: str, **kwargs: Any
                 ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.fill_mode = one_of(self, "fill_mode", fill_mode, FILL_MODES)
        self.interpolation = one_of(self, "interpolation", interpolation, METHODS)
        self.fill_value = fill_value

    def matrices(self, transformation: Any, height: int, width: int) -> Any:
        """Where each place of the result lies in pictures of this size: (batch, 8)."""
        raise NotImplementedError

    def move(self, images: Any, transformation: Any, interpolation: str) -> Any:
        matrices = self.matrices(transformation, *images.shape[1:3])
        return ops.image.affine_transform(
            images, matrices, interpolation, self.fill_mode, self.fill_value, LAST
        )

    def move_corners(self, corners: Any, transformation: Any, size: tuple[int, int]) -> Any:
        return boxes.mapped(corners, self.matrices(transformation, *size))


def stacked(count: int, rows: Any) -> Any:
    """`a0 a1 a2 b0 b1 b2` for each picture, some drawn and some fixed, as (count, 8)."""
    columns = [ops.broadcast_to(ops.cast(part, "float32"), (count,)) for part in (*rows, 0, 0)]
    return ops.stack(columns, axis=-1)


class RandomRotation(Affine):
    """While training, turns each picture about its middle.

    factor: how far, in whole turns counter-clockwise: `0.1` draws from -36° to 36°.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_rotation.py`.
    Example:
        >>> RandomRotation(0.1).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"factor": 0.2, "seed": 1}, (4, 5, 2)),
        Example({"factor": (-0.1, 0.3), "fill_mode": "constant", "fill_value": 0.5,
                 "interpolation": "nearest", "seed": 2}, (3, 3, 1)),
        Example({"factor": 0.5, "seed": 3, "data_format": "channels_first"}, (2, 3, 4)),
    )  # fmt: skip

    def __init__(
        self,
        factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            fill_mode=fill_mode, fill_value=fill_value, interpolation=interpolation, seed=seed,
            data_format=data_format, **kwargs,
        )  # fmt: skip
        self.factor = span(self, "factor", factor, -1, 1)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        count, height, width, _ = shape
        least, most = (360.0 * turn for turn in self.factor)
        angle = random.uniform((count,), least, most, seed=seed)
        turn = angle * (math.pi / 180.0)
        cos, sin = ops.cos(turn), ops.sin(turn)
        x, y = 0.5 * (width - 1), 0.5 * (height - 1)
        rows = (cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos)
        return {"angle": angle, "rotation_matrix": stacked(count, rows)}

    def matrices(self, transformation: Any, height: int, width: int) -> Any:
        return ops.reshape(transformation["rotation_matrix"], (-1, 8))


class RandomTranslation(Affine):
    """While training, moves each picture down or up and right or left.

    height_factor: how far down, as a fraction of the height; negative is up.
    width_factor: how far right, as a fraction of the width; negative is left.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_translation.py`.
    Example:
        >>> RandomTranslation(0.1, 0.1).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"height_factor": 0.3, "width_factor": 0.2, "seed": 1}, (4, 5, 2)),
        Example({"height_factor": (-0.5, 0.1), "width_factor": 0.0, "fill_mode": "wrap",
                 "seed": 2}, (3, 3, 1)),
        Example({"height_factor": 1, "width_factor": 0.5, "data_format": "channels_first",
                 "seed": 3}, (2, 3, 4)),
    )  # fmt: skip

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            fill_mode=fill_mode, fill_value=fill_value, interpolation=interpolation, seed=seed,
            data_format=data_format, **kwargs,
        )  # fmt: skip
        self.height_factor = height_factor
        self.width_factor = width_factor
        self.down = span(self, "height_factor", height_factor, -1, 1, within=True)
        self.right = span(self, "width_factor", width_factor, -1, 1, within=True)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        count, height, width, _ = shape
        down = random.uniform((count, 1), *self.down, seed=seed) * height
        right = random.uniform((count, 1), *self.right, seed=seed) * width
        return {"translations": ops.concatenate([right, down], axis=1)}

    def matrices(self, transformation: Any, height: int, width: int) -> Any:
        moves = ops.convert_to_tensor(transformation["translations"])
        return stacked(len(moves), (1, 0, -moves[:, 0], 0, 1, -moves[:, 1]))


class RandomZoom(Affine):
    """While training, zooms each picture about its middle.

    height_factor, width_factor: how much more of the picture is seen, as a fraction; `0.2` draws
        from a fifth less (larger things) to a fifth more. Without width_factor proportions stay.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_zoom.py`.
    Example:
        >>> RandomZoom(0.2).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"height_factor": 0.3, "seed": 1}, (4, 5, 2)),
        Example({"height_factor": (-0.5, 0.1), "width_factor": 0.5, "fill_mode": "nearest",
                 "seed": 2}, (3, 3, 1)),
        Example({"height_factor": 1, "interpolation": "nearest", "seed": 3,
                 "data_format": "channels_first"}, (2, 3, 4)),
    )  # fmt: skip

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any = None,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            fill_mode=fill_mode, fill_value=fill_value, interpolation=interpolation, seed=seed,
            data_format=data_format, **kwargs,
        )  # fmt: skip
        self.height_factor = height_factor
        self.width_factor = width_factor
        self.rows = self.seen("height_factor", height_factor)
        self.columns = None if width_factor is None else self.seen("width_factor", width_factor)

    def seen(self, setting: str, factor: Any) -> tuple[float, float]:
        """How much of the picture is seen, as a fraction: the least and the most."""
        least, most = span(self, setting, factor, -1, 1, within=True)
        if least <= -1 and factor != 1:
            raise ValueError(
                f"RandomZoom: with {setting}={factor!r} nothing would be left to see: it is more "
                "than -1."
            )
        return 1.0 + least, 1.0 + most

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        rows = columns = random.uniform((shape[0], 1), *self.rows, seed=seed)
        if self.columns is not None:
            columns = random.uniform((shape[0], 1), *self.columns, seed=seed)
        return {"height_zoom": rows, "width_zoom": columns}

    def matrices(self, transformation: Any, height: int, width: int) -> Any:
        rows, columns = (
            ops.reshape(transformation[name], (-1,)) for name in ("height_zoom", "width_zoom")
        )
        right = (width - 1.0) / 2.0 * (1.0 - columns)
        down = (height - 1.0) / 2.0 * (1.0 - rows)
        return stacked(len(rows), (columns, 0, right, 0, rows, down))


class RandomShear(Affine):
    """While training, slants each picture: rows slide along each other, and columns.

    x_factor: how far a row slides from the one above it, in places; y_factor: the same for columns.
    Axes: unchanged.
    Source: keras 3.15 `layers/preprocessing/image_preprocessing/random_shear.py`.
    Example:
        >>> RandomShear(0.2, 0.1).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    examples = (
        Example({"x_factor": (0.0, 0.3), "y_factor": (0.0, 0.0), "seed": 1}, (4, 5, 2)),
        Example({"x_factor": (0.1, 0.4), "y_factor": (0.2, 0.9), "fill_mode": "wrap", "seed": 2},
                (3, 3, 1)),
        Example({"x_factor": (0.0, 0.0), "y_factor": (0.5, 1.0), "seed": 3,
                 "data_format": "channels_first"}, (2, 3, 4)),
    )  # fmt: skip

    def __init__(
        self,
        x_factor: Any = 0.0,
        y_factor: Any = 0.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            fill_mode=fill_mode, fill_value=fill_value, interpolation=interpolation, seed=seed,
            data_format=data_format, **kwargs,
        )  # fmt: skip
        self.x_factor = x_factor  # as given: Keras cannot read the pair that it writes of a number
        self.y_factor = y_factor
        self.rows = span(self, "x_factor", x_factor, -1, 1, within=True)
        self.columns = span(self, "y_factor", y_factor, -1, 1, within=True)

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        def drawn(least: float, most: float) -> Any:
            return random.uniform((shape[0], 1), least, most, self.compute_dtype, seed)

        turn = ops.where(drawn(0, 1) > 0.5, -1, 1)
        y, x = drawn(*self.columns) * turn, drawn(*self.rows) * turn
        return {"shear_factor": ops.concatenate([x, y], axis=1)}

    def matrices(self, transformation: Any, height: int, width: int) -> Any:
        slants = ops.convert_to_tensor(transformation["shear_factor"])
        return stacked(len(slants), (1, slants[:, 0], 0, slants[:, 1], 1, 0))
